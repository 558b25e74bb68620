#include "runner/store/keys.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gates/base/arena.h"
#include "gates/base/day.h"
#include "gates/base/hash.h"

enum { ID_DIGITS = 32, MS_A_DAY = 86400000 };

const char *store_id(const char *const texts[], size_t count, struct arena *mem)
{
    struct digest *digest = digest_new(mem);
    for (size_t i = 0; i < count; i++) {
        const char *length = arena_printf(mem, "%zu:", strlen(texts[i]));
        digest_add(digest, length, strlen(length));
        digest_add(digest, texts[i], strlen(texts[i]));
    }
    char hex[DIGEST_HEX];
    digest_hex(digest, hex);
    return arena_copy(mem, hex, ID_DIGITS);
}

/* 1 to 2^63 - 1 */
static int64_t number_of(const char *const texts[], size_t count)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const char *id = arena_copy(mem, store_id(texts, count, mem), 16);
    int64_t number = (int64_t)(strtoull(id, NULL, 16) >> 1);
    return number == 0 ? 1 : number; /* 0 is no project */
}

int64_t store_project_id(const char *provider, const char *base_url, const char *external_id)
{
    const char *const texts[] = {provider, base_url, external_id};
    return number_of(texts, 3);
}

int64_t store_change_id(const char *sha)
{
    return number_of(&sha, 1);
}

int64_t store_day(int64_t ms)
{
    char text[48];
    day_text(text, (int32_t)(ms / MS_A_DAY));
    return strtoll(text, NULL, 10) * 10000 + strtoll(text + 5, NULL, 10) * 100 +
           strtoll(text + 8, NULL, 10);
}
