/* Hashes: a fast one for tables and test identities, SHA-256 for digests and fingerprints. */
#ifndef GATES_BASE_HASH_H
#define GATES_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* 64 bits, the same on every machine. Not for anything an attacker gains by colliding: chain
 * several texts by passing the last result as `seed`. */
uint64_t hash_text(uint64_t seed, const char *text, size_t len);

#define DIGEST_HEX 65 /* SHA-256 as hexadecimal digits, NUL included */

struct digest; /* a SHA-256 under way */

struct arena;
struct digest *digest_new(struct arena *mem);
void digest_add(struct digest *digest, const void *bytes, size_t len);
void digest_hex(struct digest *digest, char out[DIGEST_HEX]); /* ends and resets it */

/* HMAC-SHA-256 as hexadecimal digits: what only somebody with the key could make, or find again. */
void hash_keyed(const char *key, size_t key_len, const char *text, size_t len,
                char out[DIGEST_HEX]);

/* SHA-1 as hexadecimal digits: only where somebody else's format is made of it. */
#define SHA1_HEX 41
void hash_sha1(const char *text, size_t len, char out[SHA1_HEX]);

#endif
