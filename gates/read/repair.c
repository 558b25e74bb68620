#include "gates/read/repair.h"

#include <string.h>
#include <strings.h>

#include "gates/base/text.h"

#define BLOCK_BYTES ((size_t)64 * 1024)

/* `&#x10FFFF;` has 10; two more for leading zeros. A longer one is left as it is: the parser
 * refuses it when it is illegal. */
#define REFERENCE_BYTES 12U

enum encoding {
    ENCODING_UTF8,
    ENCODING_OTHER, /* a table of the parser, every byte below 0x20 stands for itself */
    ENCODING_UTF16,
};

struct repair {
    struct input *in;
    enum encoding encoding;
    bool at_end;
    bool moved; /* columns are not those of the file */
    uint64_t illegal_bytes;
    unsigned lines_dropped;
    size_t next, ready; /* block[next…ready): repaired, to be handed out */
    size_t raw, filled; /* block[raw…filled): held back, may be the begin of something */
    char block[BLOCK_BYTES];
};

static bool digit_of(char c, unsigned base, unsigned *digit)
{
    if (c >= '0' && c <= '9')
        *digit = (unsigned)(c - '0');
    else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        *digit = (unsigned)((c | 0x20) - 'a') + 10;
    else
        return false;
    return *digit < base;
}

static bool is_legal(uint32_t point)
{
    if (point < 0x20)
        return point == '\t' || point == '\n' || point == '\r';
    return point <= 0xD7FF || (point >= 0xE000 && point <= 0xFFFD) ||
           (point >= 0x10000 && point <= 0x10FFFF);
}

/* Length of the reference at `at` when it names a character that XML forbids, otherwise 0. */
static size_t illegal_reference(const char *at, size_t len)
{
    if (len < 4 || at[1] != '#')
        return 0;
    unsigned base = at[2] == 'x' ? 16 : 10, digit = 0;
    size_t first = base == 16 ? 3 : 2, i = first;
    uint64_t point = 0; /* at most ten digits: cannot overflow */
    for (; i < len && i < REFERENCE_BYTES && digit_of(at[i], base, &digit); i++)
        point = point * base + digit;
    if (i == first || i == len || at[i] != ';')
        return 0;
    return point <= UINT32_MAX && is_legal((uint32_t)point) ? 0 : i + 1;
}

#define EIGHT(byte) (0x0101010101010101U * (uint64_t)(byte))

/* The top bit of every byte that is 0; exact while the top bits of `word` are clear. */
static uint64_t zero_bytes(uint64_t word)
{
    return ~(word + EIGHT(0x7F)) & EIGHT(0x80);
}

/* Eight bytes that need no look: ASCII, no control character that XML forbids, no `&`. */
static bool is_plain(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    if (((word | ((word ^ EIGHT('&')) - EIGHT(1))) & EIGHT(0x80)) != 0)
        return false;
    uint64_t controls = ~(word + EIGHT(0x60)) & EIGHT(0x80);
    if (controls == 0)
        return true;
    return (controls & ~(zero_bytes(word ^ EIGHT('\n')) | zero_bytes(word ^ EIGHT('\r')) |
                         zero_bytes(word ^ EIGHT('\t')))) == 0;
}

struct piece {
    size_t len; /* 0: may go on in the next block */
    bool illegal;
};

/* What stands at `at`: one character, or a reference to an illegal one. */
static struct piece piece_at(const struct repair *r, const char *at, size_t len)
{
    unsigned char c = (unsigned char)*at;
    if (c == '&') {
        if (len < REFERENCE_BYTES && !r->at_end)
            return (struct piece){0, false};
        size_t size = illegal_reference(at, len);
        return (struct piece){size == 0 ? 1 : size, size > 0};
    }
    if (c < 0x80 || r->encoding == ENCODING_OTHER)
        return (struct piece){1, c < 0x20 && !is_legal(c)};
    if (len < 4 && !r->at_end)
        return (struct piece){0, false};
    size_t size = utf8_length(at, len);
    if (size == 0)
        return (struct piece){1, true};
    return (struct piece){size, size == 3 && !is_legal(utf8_point(at, size))};
}

/* Repair block[in…stop) one character at a time and put it at block + *out. Returns where it
 * stopped: behind `stop`, or before it at what may go on in the next block. */
static size_t repair_slowly(struct repair *r, size_t in, size_t stop, size_t *out)
{
    while (in < stop) {
        struct piece piece = piece_at(r, r->block + in, r->filled - in);
        if (piece.len == 0)
            break;
        if (piece.illegal) {
            r->in->repaired++;
            r->illegal_bytes += r->block[in] != '&'; /* a reference is written on purpose */
            r->moved |= piece.len > 1;
            r->block[(*out)++] = '?';
        } else {
            if (*out != in)
                memmove(r->block + *out, r->block + in, piece.len);
            *out += piece.len;
        }
        in += piece.len;
    }
    return in;
}

/* Repair what lies between raw and filled, in place: the result is never longer. */
static void repair_block(struct repair *r)
{
    char *block = r->block;
    size_t in = r->raw, out = 0, filled = r->filled;
    if (r->encoding == ENCODING_UTF16)
        in = out = filled;
    while (in < filled) {
        size_t from = in;
        while (filled - in >= 8 && is_plain(block + in))
            in += 8;
        if (out != from)
            memmove(block + out, block + from, in - from);
        out += in - from;
        size_t stop = in + (filled - in < 8 ? filled - in : 8);
        in = repair_slowly(r, in, stop, &out);
        if (in < stop)
            break;
    }
    r->raw = in;
    r->ready = out;
}

/* Fill the block behind what was held back. */
static bool fill(struct repair *r, struct error *err)
{
    memmove(r->block, r->block + r->raw, r->filled - r->raw);
    r->filled -= r->raw;
    r->next = r->ready = r->raw = 0;
    while (!r->at_end && r->filled < BLOCK_BYTES) {
        size_t got = 0;
        if (!input_read(r->in, r->block + r->filled, BLOCK_BYTES - r->filled, &got, err))
            return false;
        r->filled += got;
        r->at_end = got == 0;
    }
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Drop white space, and the byte order mark of UTF-8, before the document. */
static bool drop_begin(struct repair *r, struct error *err)
{
    if (r->filled >= 3 && memcmp(r->block, "\xEF\xBB\xBF", 3) == 0)
        r->raw = 3;
    for (;;) {
        size_t mark = r->raw;
        while (r->raw < r->filled && is_space(r->block[r->raw]))
            r->lines_dropped += r->block[r->raw++] == '\n';
        r->moved = r->moved || r->raw > mark;
        if (r->raw < r->filled || r->at_end)
            return true;
        if (!fill(r, err))
            return false;
    }
}

/* The value of `encoding` in the declaration `<?xml …?>`; NULL when there is none. */
static const char *declared_encoding(const char *text, size_t len, size_t *size)
{
    if (len < 6 || memcmp(text, "<?xml", 5) != 0)
        return NULL;
    const char *end = memmem(text, len, "?>", 2);
    if (end == NULL)
        return NULL;
    const char *at = memmem(text, (size_t)(end - text), "encoding", 8);
    if (at == NULL)
        return NULL;
    while (at < end && *at != '"' && *at != '\'')
        at++;
    if (at == end)
        return NULL;
    const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));
    if (close == NULL)
        return NULL;
    *size = (size_t)(close - at - 1);
    return at + 1;
}

/* How the names of encodings begin, in any case. A document that is not UTF-16 by its first bytes
 * and is labelled so is UTF-8. */
static bool encoding_named(const char *name, size_t len, enum encoding *encoding)
{
    static const struct {
        const char *begin;
        enum encoding encoding;
    } known[] = {
        {"utf-8", ENCODING_UTF8},      {"utf8", ENCODING_UTF8},     {"utf-16", ENCODING_UTF8},
        {"utf16", ENCODING_UTF8},      {"us-ascii", ENCODING_UTF8}, {"ascii", ENCODING_UTF8},
        {"iso-8859-", ENCODING_OTHER}, {"latin", ENCODING_OTHER},   {"windows-", ENCODING_OTHER},
        {"cp", ENCODING_OTHER},        {"ibm", ENCODING_OTHER},     {"koi8", ENCODING_OTHER},
        {"shift_jis", ENCODING_OTHER}, {"euc-", ENCODING_OTHER},    {"gb", ENCODING_OTHER},
        {"big5", ENCODING_OTHER},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t size = strlen(known[i].begin);
        if (len >= size && strncasecmp(name, known[i].begin, size) == 0) {
            *encoding = known[i].encoding;
            return true;
        }
    }
    return false;
}

static bool is_utf16(const char *text, size_t len)
{
    return len >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0);
}

/* Find out the encoding of what lies behind raw. */
static bool tell_encoding(struct repair *r, struct error *err)
{
    size_t size = 0;
    const char *name = declared_encoding(r->block + r->raw, r->filled - r->raw, &size);
    if (name == NULL || encoding_named(name, size, &r->encoding))
        return true;
    error_set(err, FAULT_REPORT, "the encoding is not one that qgate reads: \"%.*s\"",
              size < 40 ? (int)size : 40, name);
    error_hint(err, "write the report in UTF-8");
    return error_at(err, NULL, 1 + r->lines_dropped, 0);
}

struct repair *repair_new(struct input *in, struct error *err)
{
    struct repair *r = arena_new_item(in->scratch, struct repair);
    r->in = in;
    if (!fill(r, err))
        return NULL;
    if (is_utf16(r->block, r->filled))
        r->encoding = ENCODING_UTF16;
    else if (!drop_begin(r, err) || !tell_encoding(r, err))
        return NULL;
    repair_block(r);
    return r;
}

bool repair_read(struct repair *r, char *buffer, size_t room, size_t *got, struct error *err)
{
    if (r->next == r->ready) {
        if (!fill(r, err))
            return false;
        repair_block(r);
    }
    *got = r->ready - r->next < room ? r->ready - r->next : room;
    memcpy(buffer, r->block + r->next, *got);
    r->next += *got;
    return true;
}

bool repair_is_utf8(const struct repair *r)
{
    return r->encoding == ENCODING_UTF8;
}

bool repair_at_end(const struct repair *r)
{
    return r->at_end && r->raw == r->filled && r->next == r->ready;
}

unsigned repair_lines_dropped(const struct repair *r)
{
    return r->lines_dropped;
}

bool repair_keeps_columns(const struct repair *r)
{
    return !r->moved;
}

bool repair_is_binary(const struct repair *r)
{
    return r->illegal_bytes * 100 > r->in->bytes;
}
