#include "runner/store/queries.h"

#define STORE_QUERY_TEXT(name, text) (text),
const char *const store_queries[STORE_QUERY_COUNT] = {STORE_QUERIES(STORE_QUERY_TEXT)};
