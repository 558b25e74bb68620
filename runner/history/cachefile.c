#include "runner/history/cachefile.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/base/hash.h"
#include "runner/draft.h"
#include "runner/fd.h"

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

static bool is_good(const struct header *header, uint64_t version, size_t size)
{
    struct sum sum = {{0}};
    if (memcmp(header->magic, magic, sizeof magic) != 0 || header->version != version ||
        header->len != size - sizeof *header || header->len % CACHEFILE_ALIGN != 0)
        return false;
    sum_add(&sum, (const char *)(header + 1), header->len);
    return sum_end(&sum, header) == header->sum;
}

/* As with git: nobody else's files say what happened. */
static bool is_trusted(uid_t owner)
{
    return owner == geteuid() || owner == 0;
}

/* Mapped, because copying it would take longer than using it. */
const char *cachefile_read(int folder, const char *name, uint64_t version, size_t *len)
{
    struct stat now;
    if (folder < 0)
        return NULL;
    AUTO(close_fd) int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &now) != 0 || !S_ISREG(now.st_mode) || !is_trusted(now.st_uid) ||
        now.st_size < (off_t)sizeof(struct header) || now.st_size > LARGEST)
        return NULL;
    size_t size = (size_t)now.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (bytes == MAP_FAILED)
        return NULL;
    const struct header *header = bytes;
    *len = size - sizeof *header;
    if (is_good(header, version, size))
        return (const char *)(header + 1);
    munmap(bytes, size);
    return NULL;
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
    if (whole > 0) /* an empty part has no bytes */
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
    if (folder < 0 || header.len > LARGEST - sizeof header)
        return;
    AUTO(close_draft) struct draft draft = {.folder = dup(folder), .name = name};
    if (draft.folder < 0 || !draft_open(&draft, &ignored))
        return;
    fwrite(&header, sizeof header, 1, draft.out);
    for (size_t i = 0; i < count; i++)
        write_part(draft.out, &parts[i]);
    (void)!draft_finish(&draft, &ignored);
}
