/* Keys that are made of what they stand for: the same on every machine, in every run. */
#ifndef RUNNER_STORE_KEYS_H
#define RUNNER_STORE_KEYS_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/* 128 bits of SHA-256 over the texts, each preceded by its length, as hexadecimal digits. */
const char *store_id(const char *const texts[], size_t count, struct arena *mem);

/* 1 to 2^63 - 1, of a project as its server knows it: "gitlab", "https://gitlab.example", "42". */
int64_t store_project_id(const char *provider, const char *base_url, const char *external_id);

/* The same, of a change: by the commit that it landed as. */
int64_t store_change_id(const char *sha);

/* 20270301, UTC; `ms` since 1970. */
int64_t store_day(int64_t ms);

#endif
