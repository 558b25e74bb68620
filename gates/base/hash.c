#include "gates/base/hash.h"

#include <endian.h>
#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

#include "gates/base/arena.h"

__extension__ typedef unsigned __int128 wide;

static uint64_t fold(uint64_t a, uint64_t b)
{
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t eight_bytes(const char *text)
{
    uint64_t word;
    memcpy(&word, text, 8);
    return le64toh(word);
}

/* The same of fewer than eight. */
static uint64_t last_bytes(const char *text, size_t len)
{
    if (len >= 4) { /* two overlapping halves */
        uint32_t low, high;
        memcpy(&low, text, 4);
        memcpy(&high, text + len - 4, 4);
        return le32toh(low) | (uint64_t)le32toh(high) << (8 * (len - 4));
    }
    uint64_t word = 0;
    for (size_t i = 0; i < len; i++)
        word |= (uint64_t)(unsigned char)text[i] << (8 * i);
    return word;
}

/* Multiply and fold, eight bytes a step; the constants are odd numbers with mixed bits. */
uint64_t hash_text(uint64_t seed, const char *text, size_t len)
{
    const uint64_t odd = 0x9E3779B97F4A7C15U, other = 0xD1B54A32D192ED03U;
    uint64_t hash = fold(seed ^ odd, (uint64_t)len ^ other);
    for (; len >= 8; text += 8, len -= 8)
        hash = fold(hash ^ eight_bytes(text) ^ odd, other);
    return fold(hash ^ last_bytes(text, len) ^ other, odd);
}

struct digest {
    struct sha256_ctx context;
};

struct digest *digest_new(struct arena *mem)
{
    struct digest *digest = arena_new_item(mem, struct digest);
    sha256_init(&digest->context);
    return digest;
}

void digest_add(struct digest *digest, const void *bytes, size_t len)
{
    sha256_update(&digest->context, len, bytes);
}

static void put_hex(const uint8_t *bytes, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

void digest_hex(struct digest *digest, char out[DIGEST_HEX])
{
    uint8_t bytes[SHA256_DIGEST_SIZE];
    sha256_digest(&digest->context, sizeof bytes, bytes);
    put_hex(bytes, sizeof bytes, out);
}

void hash_keyed(const char *key, size_t key_len, const char *text, size_t len, char out[DIGEST_HEX])
{
    struct hmac_sha256_ctx context;
    uint8_t bytes[SHA256_DIGEST_SIZE];
    hmac_sha256_set_key(&context, key_len, (const uint8_t *)key);
    hmac_sha256_update(&context, len, (const uint8_t *)text);
    hmac_sha256_digest(&context, sizeof bytes, bytes);
    put_hex(bytes, sizeof bytes, out);
}

void hash_sha1(const char *text, size_t len, char out[SHA1_HEX])
{
    struct sha1_ctx context;
    uint8_t bytes[SHA1_DIGEST_SIZE];
    sha1_init(&context);
    sha1_update(&context, len, (const uint8_t *)text);
    sha1_digest(&context, sizeof bytes, bytes);
    put_hex(bytes, sizeof bytes, out);
}
