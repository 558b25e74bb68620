#include "gates/read/csv.h"

#include <endian.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "gates/base/limits.h"

#define BLOCK_BYTES ((size_t)256 * 1024)
#define STEP 64U /* bytes looked at together; the buffer has as many to spare */

struct csv {
    struct input *in;
    char separator;
    size_t most;
    struct csv_field *fields; /* of the row given last */

    char *bytes;
    size_t room;          /* without the spare step */
    size_t row, end;      /* what was not given yet */
    size_t lf, cr, quote; /* the next of each at or behind `row`, `end` when there is none: looked
                             for once, not once a row */
    bool started, last;   /* last: nothing follows behind `end` */
    unsigned line;        /* of the row given last */
    unsigned next_line;
    bool cut;
};

struct csv *csv_new(struct input *in, char separator, size_t most)
{
    struct csv *csv = arena_new_item(in->scratch, struct csv);
    csv->in = in;
    csv->separator = separator;
    csv->most = most;
    csv->fields = arena_alloc(in->scratch, most * sizeof *csv->fields);
    csv->room = BLOCK_BYTES;
    csv->bytes = arena_alloc(in->scratch, csv->room + STEP);
    csv->next_line = 1;
    return csv;
}

void csv_keep(struct csv *csv, size_t most)
{
    csv->most = most;
}

unsigned csv_line(const struct csv *csv)
{
    return csv->line;
}

bool csv_cut(const struct csv *csv)
{
    return csv->cut;
}

static size_t find(const struct csv *csv, char c, size_t from)
{
    const char *hit = memchr(csv->bytes + from, c, csv->end - from);
    return hit == NULL ? csv->end : (size_t)(hit - csv->bytes);
}

static bool make_room(struct csv *csv, struct error *err)
{
    if (csv->end < csv->room)
        return true;
    if (csv->room >= LIMIT_TOKEN_BYTES) {
        error_set(err, FAULT_REPORT, "a row has more than %d bytes", LIMIT_TOKEN_BYTES);
        error_hint(err, "a quote that is never closed makes one; the row begins in this line");
        return error_at(err, NULL, csv->next_line, 0);
    }
    csv->bytes = arena_grow(csv->in->scratch, csv->bytes, csv->room + STEP, csv->room * 2 + STEP);
    csv->room *= 2;
    return true;
}

static bool check_encoding(struct csv *csv, struct error *err)
{
    const char *bytes = csv->bytes;
    if (csv->end >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        csv->row = 3;
    bool utf16 = csv->end >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 ||
                                   memcmp(bytes, "\xFE\xFF", 2) == 0 || !bytes[0] || !bytes[1]);
    if (!utf16)
        return true;
    error_set(err, FAULT_REPORT, "the file is not UTF-8");
    error_hint(err,
               "it looks like UTF-16: convert it, for example with `iconv -f UTF-16 -t UTF-8`");
    return error_at(err, NULL, 1, 1);
}

/* Read more behind the row that is not whole yet. The buffer is always filled, so that a row is
 * looked at a few times only, however small the pieces come. */
static bool fill(struct csv *csv, struct error *err)
{
    memmove(csv->bytes, csv->bytes + csv->row, csv->end - csv->row);
    csv->end -= csv->row;
    csv->row = 0;
    if (!make_room(csv, err))
        return false;
    while (csv->end < csv->room && !csv->last) {
        size_t got = 0;
        if (!input_read(csv->in, csv->bytes + csv->end, csv->room - csv->end, &got, err))
            return false;
        csv->end += got;
        csv->last = got == 0;
    }
    if (!csv->started && !check_encoding(csv, err))
        return false;
    csv->started = true;
    csv->lf = find(csv, '\n', csv->row);
    csv->cr = find(csv, '\r', csv->row);
    csv->quote = find(csv, '"', csv->row);
    return true;
}

/* A bit for each of the 64 bytes at `at` that is `c`, the first lowest. */
#ifdef __SSE2__
static uint64_t bits_of(const char *at, char c)
{
    const __m128i wanted = _mm_set1_epi8(c);
    uint64_t bits = 0;
    for (unsigned i = 0; i < STEP; i += 16) {
        __m128i hits = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i_u *)(at + i)), wanted);
        bits |= (uint64_t)(unsigned)_mm_movemask_epi8(hits) << i;
    }
    return bits;
}
#else
static uint64_t bits_of(const char *at, char c)
{
    const uint64_t low = 0x7F7F7F7F7F7F7F7F, ones = 0x0101010101010101;
    uint64_t bits = 0;
    for (unsigned i = 0; i < STEP; i += 8) {
        uint64_t word;
        memcpy(&word, at + i, 8);
        word = le64toh(word) ^ ones * (unsigned char)c;
        uint64_t hits = ~(((word & low) + low) | word | low) >> 7; /* 1 in each byte that is c */
        bits |= (hits * 0x0102040810204080) >> 56 << i;
    }
    return bits;
}
#endif

/* How many bits are set; the compilers' own is a call unless the processor is chosen. */
static size_t count_bits(uint64_t bits)
{
    const uint64_t pairs = 0x5555555555555555, fours = 0x3333333333333333;
    bits -= bits >> 1 & pairs;
    bits = (bits & fours) + (bits >> 2 & fours);
    bits = (bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0F;
    return (size_t)(bits * 0x0101010101010101 >> 56);
}

/* Split a row without quotes. */
static size_t split_plain(struct csv *csv, size_t from, size_t to)
{
    struct csv_field *fields = csv->fields;
    size_t count = 0, most = csv->most, begin = from;
    for (size_t at = from; at < to; at += STEP) {
        uint64_t bits = bits_of(csv->bytes + at, csv->separator);
        if (to - at < STEP)
            bits &= (UINT64_C(1) << (to - at)) - 1;
        for (; bits != 0 && count < most; bits &= bits - 1) {
            size_t stop = at + (size_t)__builtin_ctzll(bits);
            fields[count++] = (struct csv_field){csv->bytes + begin, stop - begin, false};
            begin = stop + 1;
        }
        count += count_bits(bits);
    }
    if (count < most)
        fields[count] = (struct csv_field){csv->bytes + begin, to - begin, false};
    return count + 1;
}

/* A row under way in the slow path. */
struct scan {
    size_t at;
    size_t count;  /* fields so far */
    unsigned line; /* at `at` */
    bool quoted;   /* some field stands in quotes */
    bool more;     /* the buffer ends before the row does */
};

static unsigned line_ends(const char *text, size_t len)
{
    unsigned count = 0;
    for (size_t i = 0; i < len; i++)
        count += text[i] == '\n' || (text[i] == '\r' && (i + 1 == len || text[i + 1] != '\n'));
    return count;
}

static void keep_field(struct csv *csv, struct scan *scan, size_t from, size_t to, bool quoted)
{
    scan->quoted |= quoted;
    if (scan->count < csv->most)
        csv->fields[scan->count] = (struct csv_field){csv->bytes + from, to - from, quoted};
    scan->count++;
}

static bool never_closed(unsigned line, struct error *err)
{
    error_set(err, FAULT_REPORT, "the quoted field that begins here is never closed");
    error_hint(err, "a quote is missing, or the file was cut inside a text of several lines");
    return error_at(err, NULL, line, 0);
}

/* The field behind an opening quote at scan->at - 1. */
static bool scan_quoted(struct csv *csv, struct scan *scan, struct error *err)
{
    size_t from = scan->at, close = find(csv, '"', from);
    while (close + 1 < csv->end && csv->bytes[close + 1] == '"')
        close = find(csv, '"', close + 2);
    scan->more = close + 1 >= csv->end && !csv->last;
    if (scan->more)
        return true;
    unsigned ends = line_ends(csv->bytes + from, close - from);
    if (close == csv->end && ends > 0)
        return never_closed(scan->line, err);
    scan->line += ends;
    keep_field(csv, scan, from, close, true);
    scan->at = close + (close < csv->end);
    char next = scan->at < csv->end ? csv->bytes[scan->at] : '\n';
    if (next == csv->separator || next == '\n' || next == '\r')
        return true;
    error_set(err, FAULT_REPORT, "text behind a closing quote");
    error_hint(err, "a quote inside a quoted field is written twice");
    return error_at(err, NULL, scan->line, 0);
}

static void scan_plain(struct csv *csv, struct scan *scan)
{
    size_t at = scan->at, end = csv->end;
    const char *bytes = csv->bytes;
    while (at < end && bytes[at] != csv->separator && bytes[at] != '\n' && bytes[at] != '\r')
        at++;
    keep_field(csv, scan, scan->at, at, false);
    scan->at = at;
}

/* The row at csv->row field by field, up to its line end. */
static bool scan_row(struct csv *csv, struct scan *scan, struct error *err)
{
    for (bool more = true; more;) {
        if (scan->at < csv->end && csv->bytes[scan->at] == '"') {
            scan->at++;
            if (!scan_quoted(csv, scan, err))
                return false;
        } else {
            scan_plain(csv, scan);
        }
        more = !scan->more && scan->at < csv->end && csv->bytes[scan->at] == csv->separator;
        scan->at += more;
    }
    return true;
}

/* `""` becomes `"`, in place: the row is whole and is not looked at again. */
static void unquote(struct csv *csv, size_t count)
{
    for (size_t i = 0; i < count && i < csv->most; i++) {
        struct csv_field *field = &csv->fields[i];
        if (!field->quoted || memchr(field->text, '"', field->len) == NULL)
            continue;
        char *text = csv->bytes + (field->text - csv->bytes);
        size_t out = 0;
        for (size_t at = 0; at < field->len; at++) {
            text[out++] = text[at];
            at += text[at] == '"';
        }
        field->len = out;
    }
}

static void look_ahead(struct csv *csv)
{
    if (csv->lf < csv->row)
        csv->lf = find(csv, '\n', csv->row);
    if (csv->cr < csv->row)
        csv->cr = find(csv, '\r', csv->row);
    if (csv->quote < csv->row)
        csv->quote = find(csv, '"', csv->row);
}

/* Find the fields of the row at csv->row, as far as it is in the buffer. */
static bool look_at_row(struct csv *csv, struct scan *scan, struct error *err)
{
    look_ahead(csv);
    size_t stop = csv->lf < csv->cr ? csv->lf : csv->cr;
    if (csv->quote < stop) {
        if (!scan_row(csv, scan, err))
            return false;
        stop = scan->at;
    } else {
        scan->count = split_plain(csv, csv->row, stop);
        scan->at = stop;
    }
    /* behind a CR at the end of the buffer an LF may follow */
    bool ended = stop + 1 < csv->end || (stop < csv->end && csv->bytes[stop] == '\n');
    scan->more |= !ended && !csv->last;
    return true;
}

/* Step over the row and its line end. */
static void pass(struct csv *csv, const struct scan *scan)
{
    size_t stop = scan->at;
    csv->line = csv->next_line;
    csv->next_line = scan->line + 1;
    csv->cut = stop == csv->end;
    bool crlf = stop + 1 < csv->end && csv->bytes[stop] == '\r' && csv->bytes[stop + 1] == '\n';
    csv->row = csv->cut ? stop : stop + 1 + crlf;
}

bool csv_next(struct csv *csv, const struct csv_field **fields, size_t *count, struct error *err)
{
    while (csv->row < csv->end || !csv->last) {
        struct scan scan = {.at = csv->row, .line = csv->next_line};
        if (!look_at_row(csv, &scan, err))
            return false;
        if (scan.more) {
            if (!fill(csv, err))
                return false;
            continue;
        }
        bool empty = scan.at == csv->row;
        pass(csv, &scan);
        if (empty)
            continue;
        if (scan.quoted)
            unquote(csv, scan.count);
        *fields = csv->fields;
        *count = scan.count;
        return true;
    }
    return false;
}
