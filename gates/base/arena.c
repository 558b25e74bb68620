#include "gates/base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ALIGN 16U
#define PAGE_BYTES ((uintptr_t)4096)
#define HUGE_BYTES ((size_t)1024 * 1024)
#define CHUNK_BYTES ((size_t)256 * 1024)

/* Sanitizer builds give every block memory of its own, so that an overrun into a neighbour is seen.
 */
#ifdef ARENA_SEPARATE_BLOCKS
#define LARGE_BYTES ((size_t)1)
#else
#define LARGE_BYTES ((size_t)32 * 1024)
#endif

struct block { /* a large block; its bytes follow */
    struct block *prev, *next;
    size_t size;
    size_t unused; /* keeps the bytes aligned */
};

struct chunk { /* many small blocks; their bytes follow */
    struct chunk *next;
    size_t used;
};

struct arena {
    struct chunk *chunks;
    struct block large; /* head of a ring */
    size_t bytes;       /* handed out */
};

static void *checked(void *memory)
{
    if (memory == NULL) {
        fputs("qgate: out of memory\n", stderr);
        exit(70);
    }
    return memory;
}

struct arena *arena_new(void)
{
    struct arena *mem = checked(calloc(1, sizeof *mem));
    mem->large.prev = mem->large.next = &mem->large;
    return mem;
}

void arena_free(struct arena *mem)
{
    if (mem == NULL)
        return;
    for (struct chunk *chunk = mem->chunks; chunk != NULL;) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    for (struct block *block = mem->large.next; block != &mem->large;) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(mem);
}

size_t arena_bytes(const struct arena *mem)
{
    return mem->bytes;
}

/* Asking the kernel for memory page by page takes longer than using it. What it makes of the advice
 * is its own affair. */
static void advise(struct block *block, size_t size)
{
    size_t ahead = -(uintptr_t)block % PAGE_BYTES;
    if (size >= HUGE_BYTES)
        (void)!madvise((char *)block + ahead, size - ahead, MADV_HUGEPAGE);
}

static void *alloc_large(struct arena *mem, size_t size)
{
    struct block *block = checked(calloc(1, sizeof *block + size));
    advise(block, size);
    block->size = size;
    block->prev = &mem->large;
    block->next = mem->large.next;
    block->next->prev = block->prev->next = block;
    return block + 1;
}

void *arena_alloc(struct arena *mem, size_t size)
{
    if (size >= SIZE_MAX / 2)
        checked(NULL);
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    mem->bytes += size;
    if (size >= LARGE_BYTES)
        return alloc_large(mem, size);
    struct chunk *chunk = mem->chunks;
    if (chunk == NULL || chunk->used + size > CHUNK_BYTES) {
        chunk = checked(calloc(1, CHUNK_BYTES));
        chunk->next = mem->chunks;
        chunk->used = (sizeof *chunk + ALIGN - 1) / ALIGN * ALIGN;
        mem->chunks = chunk;
    }
    void *memory = (char *)chunk + chunk->used;
    chunk->used += size;
    return memory;
}

void *arena_grow(struct arena *mem, void *old, size_t old_size, size_t size)
{
    if (old_size == 0 || old_size < LARGE_BYTES) {
        void *memory = arena_alloc(mem, size);
        if (old_size > 0)
            memcpy(memory, old, old_size);
        return memory;
    }
    struct block *block = (struct block *)old - 1;
    size_t had = block->size;
    block = checked(realloc(block, sizeof *block + size));
    advise(block, size);
    block->prev->next = block->next->prev = block;
    block->size = size;
    mem->bytes += size - had;
    if (size > had)
        memset((char *)(block + 1) + had, 0, size - had);
    return block + 1;
}

char *arena_copy(struct arena *mem, const char *text, size_t len)
{
    char *copy = arena_alloc(mem, len + 1);
    if (len > 0)
        memcpy(copy, text, len);
    return copy;
}

char *arena_vprintf(struct arena *mem, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    char *text = arena_alloc(mem, (size_t)(len < 0 ? 0 : len) + 1);
    if (len > 0)
        vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return text;
}

char *arena_printf(struct arena *mem, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = arena_vprintf(mem, fmt, args);
    va_end(args);
    return text;
}

void close_arena(struct arena **mem)
{
    arena_free(*mem);
    *mem = NULL;
}
