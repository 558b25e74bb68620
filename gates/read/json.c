#include "gates/read/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#include "gates/read/jsonwalk.h"

/* yajl looks at a token from its beginning again with every block it reaches into: small blocks
 * would make long tokens quadratic. */
#define BLOCK_BYTES ((size_t)1 << 20)

struct spot {
    uint64_t line, column; /* lines, and characters of the present line, that lie before */
};

struct document {
    struct json json;
    yajl_handle parser;
    const char *block;
    size_t block_len;
    struct spot start; /* of the block */
    bool heard;        /* a token ended in this block */
    size_t unheard;    /* bytes of the blocks before in which none did */
};

/* ---- where we are ---- */

static void advance(struct spot *spot, const char *text, size_t len)
{
    const char *end = text + len;
    for (const char *line; (line = memchr(text, '\n', (size_t)(end - text))) != NULL;
         text = line + 1) {
        spot->line++;
        spot->column = 0;
    }
    for (; text < end; text++)
        spot->column += ((unsigned char)*text & 0xC0) != 0x80;
}

/* The byte that the parser looked at last. */
static size_t last_byte(const struct document *doc)
{
    size_t past = yajl_get_bytes_consumed(doc->parser);
    past = past < doc->block_len ? past : doc->block_len;
    return past > 0 ? past - 1 : 0;
}

bool json_wrong(const struct json *json, struct error *err, const char *fmt, ...)
{
    const struct document *doc = json->document;
    char what[sizeof err->what];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    error_set(err, FAULT_REPORT, "%s", what);
    struct spot spot = doc->start;
    advance(&spot, doc->block, last_byte(doc));
    return error_at(err, NULL, (unsigned)spot.line + 1, (unsigned)spot.column + 1);
}

/* ---- what yajl calls ---- */

static struct json *hear(void *handle)
{
    struct document *doc = handle;
    doc->heard = true;
    return &doc->json;
}

static int on_null(void *doc)
{
    return walk_plain(hear(doc), JSON_NULL, "", 0);
}

static int on_flag(void *doc, int value)
{
    return walk_plain(hear(doc), JSON_PLAIN, value ? "true" : "false", value ? 4 : 5);
}

static int on_number(void *doc, const char *text, size_t len)
{
    return walk_number(hear(doc), text, len);
}

static int on_text(void *doc, const unsigned char *text, size_t len)
{
    return walk_plain(hear(doc), JSON_PLAIN, (const char *)text, len);
}

static int on_key(void *doc, const unsigned char *key, size_t len)
{
    return walk_key(hear(doc), (const char *)key, len);
}

static int on_open_object(void *doc)
{
    return walk_open(hear(doc), JSON_OBJECT);
}

static int on_open_list(void *doc)
{
    return walk_open(hear(doc), JSON_LIST);
}

static int on_close(void *doc)
{
    return walk_close(hear(doc));
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_flag,
    .yajl_number = on_number,
    .yajl_string = on_text,
    .yajl_start_map = on_open_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_close,
    .yajl_start_array = on_open_list,
    .yajl_end_array = on_close,
};

/* ---- the document ---- */

/* A whole block, so that only the last one is shorter. */
static bool fill(struct document *doc, char *block, struct error *err)
{
    doc->block = block;
    doc->block_len = 0;
    for (size_t got = 1; got > 0 && doc->block_len < BLOCK_BYTES; doc->block_len += got)
        if (!input_read(doc->json.in, block + doc->block_len, BLOCK_BYTES - doc->block_len, &got,
                        err))
            return false;
    return true;
}

/* JSON begins with an ASCII character, so a NUL among the first two bytes tells UTF-16 and UTF-32.
 */
static bool check_encoding(struct document *doc, struct error *err)
{
    const unsigned char *b = (const unsigned char *)doc->block;
    if (doc->block_len >= 3 && memcmp(b, "\xEF\xBB\xBF", 3) == 0) {
        doc->block += 3;
        doc->block_len -= 3;
        return true;
    }
    bool wide = doc->block_len >= 2 && (b[0] == 0 || b[1] == 0 || (b[0] == 0xFF && b[1] == 0xFE) ||
                                        (b[0] == 0xFE && b[1] == 0xFF));
    if (!wide)
        return true;
    error_set(err, FAULT_REPORT, "the report is in UTF-16 or UTF-32");
    error_hint(err, "write it as UTF-8");
    return error_at(err, NULL, 1, 1);
}

/* yajl's own words quote the input; ours do not. */
static bool say_malformed(const struct document *doc, struct error *err)
{
    if (doc->json.ended) {
        json_wrong(&doc->json, err, "there is text behind the end of the document");
        return error_hint(err, "one JSON document a file: give each report a file of its own");
    }
    return json_wrong(&doc->json, err, "unexpected character: this is not JSON");
}

static bool parse_block(struct document *doc, struct error *err)
{
    doc->heard = false;
    yajl_status status = yajl_parse(doc->parser, (const unsigned char *)doc->block, doc->block_len);
    if (status == yajl_status_error)
        return say_malformed(doc, err);
    if (status != yajl_status_ok)
        return false;
    doc->unheard = doc->heard ? 0 : doc->unheard + doc->block_len;
    if (doc->unheard >= LIMIT_TOKEN_BYTES)
        return json_wrong(&doc->json, err, "a value of more than %d MiB", LIMIT_TOKEN_BYTES >> 20);
    advance(&doc->start, doc->block, doc->block_len);
    return true;
}

static bool parse_end(struct document *doc, struct error *err)
{
    doc->block_len = 0;
    switch (yajl_complete_parse(doc->parser)) {
    case yajl_status_ok:
        return true;
    case yajl_status_error:
        json_wrong(&doc->json, err, "the document ends in the middle");
        return error_hint(err, "its tool was stopped while writing, or the disk was full");
    default:
        return false;
    }
}

static bool parse(struct document *doc, struct error *err)
{
    char *block = arena_alloc(doc->json.in->scratch, BLOCK_BYTES);
    if (!fill(doc, block, err) || !check_encoding(doc, err))
        return false;
    while (doc->block_len > 0)
        if (!parse_block(doc, err) || !fill(doc, block, err))
            return false;
    return parse_end(doc, err);
}

static void close_parser(yajl_handle *parser)
{
    yajl_free(*parser);
}

bool json_fold(struct input *in, const struct json_fold *fold, void *state, struct error *err)
{
    struct document *doc = arena_new_item(in->scratch, struct document);
    doc->json = (struct json){.in = in, .fold = fold, .state = state, .err = err, .document = doc};
    walk_begin(&doc->json);
    AUTO(close_parser) yajl_handle parser = yajl_alloc(&callbacks, NULL, doc);
    doc->parser = parser;
    /* What is kept is checked and repaired by the walk; yajl would refuse one Latin-1 letter. */
    yajl_config(parser, yajl_dont_validate_strings, 1);
    return parse(doc, err);
}

bool json_head_has(const char *head, size_t len, const char *key)
{
    char quoted[64];
    int size = snprintf(quoted, sizeof quoted, "\"%s\"", key);
    const char *end = head + len;
    for (const char *at = head;
         (at = memmem(at, (size_t)(end - at), quoted, (size_t)size)) != NULL;) {
        at += size;
        const char *next = at;
        while (next < end && (*next == ' ' || *next == '\t' || *next == '\r' || *next == '\n'))
            next++;
        if (next < end && *next == ':')
            return true;
    }
    return false;
}
