#include "runner/store/queries.h"

#define STORE_QUERY_TEXT(NAME, text) (text),
const char *const store_queries[QUERY_COUNT] = {STORE_QUERIES(STORE_QUERY_TEXT)};
