#include "runner/history/cachefile.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/base/hash.h"
#include "runner/draft.h"

static const char magic[8] = "qgcache";

enum { LANES = CACHEFILE_ALIGN / 8, LARGEST = 1 << 30 };

struct header {
    char magic[8];
    uint64_t version; /* a number, so that another byte order has another one */
    uint64_t len;     /* of what follows */
    uint64_t sum;
};

/* A sum under way: four lanes, so that the processor need not wait for one of them. */
struct sum {
    uint64_t lanes[LANES];
};

static uint64_t mixed(uint64_t state, uint64_t word)
{
    state = (state ^ word) * UINT64_C(0x9E3779B185EBCA87);
    return state ^ state >> 32;
}

/* `len` is a multiple of CACHEFILE_ALIGN. */
static void sum_add(struct sum *sum, const char *bytes, size_t len)
{
    for (const char *at = bytes; at < bytes + len; at += CACHEFILE_ALIGN) {
        uint64_t words[LANES];
        memcpy(words, at, sizeof words);
        for (size_t i = 0; i < LANES; i++)
            sum->lanes[i] = mixed(sum->lanes[i], words[i]);
    }
}

static uint64_t sum_end(const struct sum *sum, const struct header *header)
{
    uint64_t end = mixed(header->version, header->len);
    for (size_t i = 0; i < LANES; i++)
        end = mixed(end, sum->lanes[i]);
    return end;
}

uint64_t cachefile_version(unsigned layout)
{
    return hash_text(layout, QGATE_VERSION, strlen(QGATE_VERSION));
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool read_whole(int fd, char *to, size_t len)
{
    while (len > 0) {
        ssize_t got = read(fd, to, len);
        if (got <= 0)
            return false;
        to += got;
        len -= (size_t)got;
    }
    return true;
}

static bool is_good(const struct header *header, uint64_t version, off_t size)
{
    return memcmp(header->magic, magic, sizeof magic) == 0 && header->version == version &&
           header->len <= LARGEST && header->len % CACHEFILE_ALIGN == 0 &&
           (uint64_t)size == sizeof *header + header->len;
}

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

const char *cachefile_read(int folder, const char *name, uint64_t version, struct arena *mem,
                           size_t *len)
{
    struct header header;
    struct sum sum = {{0}};
    struct stat now;
    if (folder < 0)
        return NULL;
    AUTO(close_fd) int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &now) != 0 || !S_ISREG(now.st_mode) ||
        !read_whole(fd, (char *)&header, sizeof header) || !is_good(&header, version, now.st_size))
        return NULL;
    char *bytes = arena_alloc(mem, header.len + 1);
    if (!read_whole(fd, bytes, header.len))
        return NULL;
    sum_add(&sum, bytes, header.len);
    *len = header.len;
    return sum_end(&sum, &header) == header.sum ? bytes : NULL;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* The whole blocks of a part, and what is left of it filled up with zeros. */
static size_t split(const struct cachefile_part *part, char rest[CACHEFILE_ALIGN])
{
    size_t whole = part->len / CACHEFILE_ALIGN * CACHEFILE_ALIGN;
    memset(rest, 0, CACHEFILE_ALIGN);
    if (part->len > whole)
        memcpy(rest, (const char *)part->bytes + whole, part->len - whole);
    return whole;
}

static void sum_part(struct sum *sum, const struct cachefile_part *part)
{
    char rest[CACHEFILE_ALIGN];
    size_t whole = split(part, rest);
    sum_add(sum, part->bytes, whole);
    sum_add(sum, rest, cachefile_aligned(part->len) - whole);
}

static void write_part(FILE *out, const struct cachefile_part *part)
{
    char rest[CACHEFILE_ALIGN];
    size_t whole = split(part, rest);
    fwrite(part->bytes, 1, whole, out);
    fwrite(rest, 1, cachefile_aligned(part->len) - whole, out);
}

static struct header header_of(uint64_t version, const struct cachefile_part *parts, size_t count)
{
    struct header header = {.version = version};
    struct sum sum = {{0}};
    memcpy(header.magic, magic, sizeof magic);
    for (size_t i = 0; i < count; i++) {
        header.len += cachefile_aligned(parts[i].len);
        sum_part(&sum, &parts[i]);
    }
    header.sum = sum_end(&sum, &header);
    return header;
}

void cachefile_write(int folder, const char *name, uint64_t version,
                     const struct cachefile_part *parts, size_t count)
{
    struct error ignored = {0};
    struct header header = header_of(version, parts, count);
    if (folder < 0 || header.len > LARGEST)
        return;
    AUTO(close_draft) struct draft draft = {.folder = dup(folder), .name = name};
    if (draft.folder < 0 || !draft_open(&draft, &ignored))
        return;
    fwrite(&header, sizeof header, 1, draft.out);
    for (size_t i = 0; i < count; i++)
        write_part(draft.out, &parts[i]);
    (void)!draft_finish(&draft, &ignored);
}
