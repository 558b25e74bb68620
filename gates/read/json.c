#include "gates/read/json.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"

/* yajl looks at a token from its beginning again with every block it reaches into: small blocks
 * would make long tokens quadratic. */
#define BLOCK_BYTES ((size_t)1 << 20)

#define BIT(i) (UINT64_C(1) << (i))

/* What stands in the document, and, as bits, what may stand at a place. */
enum kind {
    OBJECT = 1,
    LIST = 2,
    PLAIN = 4,
    NOTHING = 8, /* null */
};

struct step {
    const char *key; /* NULL: any element */
    size_t len;
    int to;
};

struct place {
    const struct step *steps;
    unsigned count;
    unsigned kinds; /* that may stand here */
    uint64_t below; /* bit i: steps lead from here to place i */
    char *text;     /* of a plain place: its value, JSON_KEPT_BYTES + 1 */
};

/* An open object or array that the table leads to. */
struct level {
    int place;
    int element;      /* of an array: the place of its elements; of an object 0 */
    const char *name; /* for messages: the key it stands behind; NULL: the document */
    uint64_t seen;    /* bit i: step i of the place was taken */
};

struct spot {
    uint64_t line, column; /* lines, and characters of the present line, that lie before */
};

struct json {
    struct input *in;
    const struct json_fold *fold;
    void *state;
    struct error *err;
    yajl_handle parser;
    struct place *places;
    uint64_t there; /* bit i: the plain place i holds a value */
    struct level levels[LIMIT_DEPTH];
    unsigned wanted;  /* levels in use */
    unsigned depth;   /* open objects and arrays; those above `wanted` are skipped */
    bool ended;       /* the document closed */
    int next;         /* the place of the value that comes next; 0: it is skipped */
    const char *name; /* for messages: the key it stands behind */
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
static size_t last_byte(const struct json *json)
{
    size_t past = yajl_get_bytes_consumed(json->parser);
    past = past < json->block_len ? past : json->block_len;
    return past > 0 ? past - 1 : 0;
}

static bool fail_here(const struct json *json, struct error *err)
{
    struct spot spot = json->start;
    advance(&spot, json->block, last_byte(json));
    return error_at(err, NULL, (unsigned)spot.line + 1, (unsigned)spot.column + 1);
}

bool json_wrong(const struct json *json, struct error *err, const char *fmt, ...)
{
    char what[sizeof err->what];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    error_set(err, FAULT_REPORT, "%s", what);
    return fail_here(json, err);
}

/* ---- the table ---- */

/* A fixed point: tables may lead back to where they came from. */
static void find_below(struct place *places, size_t count)
{
    for (bool grown = true; grown;) {
        grown = false;
        for (size_t i = 0; i < count; i++) {
            uint64_t below = places[i].below;
            for (unsigned k = 0; k < places[i].count; k++)
                below |= BIT(places[i].steps[k].to) | places[places[i].steps[k].to].below;
            grown |= below != places[i].below;
            places[i].below = below;
        }
    }
}

static void learn_steps(struct json *json, const struct json_step *table)
{
    struct arena *mem = json->in->scratch;
    size_t count = 0, places = JSON_TOP + 1;
    for (; table[count].from != 0; count++)
        places = (size_t)table[count].to < places ? places : (size_t)table[count].to + 1;
    assert(places <= 64);
    struct step *steps = arena_alloc(mem, (count + 1) * sizeof *steps);
    json->places = arena_alloc(mem, places * sizeof *json->places);
    for (size_t i = 0; i < count; i++) {
        const char *key = table[i].key;
        steps[i] = (struct step){key, key == NULL ? 0 : strlen(key), table[i].to};
        struct place *from = &json->places[table[i].from];
        if (from->count++ == 0)
            from->steps = &steps[i];
        assert(from->steps + from->count == &steps[i + 1]);
        from->kinds |= key == NULL ? LIST : OBJECT;
    }
    for (size_t i = 0; i < places; i++) {
        if (json->places[i].kinds != 0)
            continue;
        json->places[i].kinds = PLAIN;
        json->places[i].text = arena_alloc(mem, JSON_KEPT_BYTES + 1);
    }
    find_below(json->places, places);
}

/* An array may stand where objects may, too: its elements have the one step without key. */
static int element_place(const struct place *place)
{
    for (unsigned i = 0; i < place->count; i++)
        if (place->steps[i].key == NULL)
            return place->steps[i].to;
    return 0;
}

/* ---- values ---- */

static const char *kind_name(unsigned kinds)
{
    switch (kinds) {
    case OBJECT:
        return "an object";
    case LIST:
        return "a list";
    case OBJECT | LIST:
        return "an object or a list";
    case PLAIN:
        return "a plain value";
    default:
        return "null";
    }
}

static bool unexpected(struct json *json, enum kind kind)
{
    const char *mine = kind_name(kind), *wanted = kind_name(json->places[json->next].kinds);
    if (json->wanted > 0) {
        bool element = json->levels[json->wanted - 1].element != 0;
        return json_wrong(json, json->err, "%s%s is %s, not %s", element ? "an element of " : "",
                          json->name, mine, wanted);
    }
    json_wrong(json, json->err, "the whole report is %s, not %s", mine, wanted);
    if (kind == NOTHING)
        error_hint(json->err,
                   "its tool found nothing to examine: look at its log and at what it was given");
    return false;
}

/* Is the value that comes next one the table leads to? */
static bool is_wanted(const struct json *json)
{
    return json->depth == json->wanted && json->next != 0;
}

static bool open_level(struct json *json, enum kind kind)
{
    bool wanted = is_wanted(json);
    const struct place *place = &json->places[json->next];
    json->heard = true;
    if (json->depth == LIMIT_DEPTH)
        return json_wrong(json, json->err, "more than %d levels of nesting", LIMIT_DEPTH);
    if (wanted && (place->kinds & kind) == 0)
        return unexpected(json, kind);
    json->depth++;
    if (!wanted)
        return true;
    json->levels[json->wanted++] = (struct level){
        .place = json->next,
        .element = kind == LIST ? element_place(place) : 0,
        .name = json->name,
    };
    json->there &= ~place->below;
    int here = json->next;
    json->next = json->levels[json->wanted - 1].element;
    return json->fold->open == NULL || json->fold->open(json->state, json, here, json->err);
}

static bool close_level(struct json *json)
{
    json->heard = true;
    if (json->depth-- > json->wanted)
        return true;
    const struct level *level = &json->levels[json->wanted - 1];
    if (json->fold->close != NULL && !json->fold->close(json->state, json, level->place, json->err))
        return false;
    json->wanted--;
    json->name = level->name;
    json->next = json->wanted > 0 ? json->levels[json->wanted - 1].element : 0;
    json->ended = json->wanted == 0;
    return true;
}

static bool take_key(struct json *json, const char *key, size_t len)
{
    json->heard = true;
    if (json->depth > json->wanted)
        return true;
    struct level *level = &json->levels[json->wanted - 1];
    const struct place *place = &json->places[level->place];
    json->next = 0;
    for (unsigned i = 0; i < place->count; i++) {
        const struct step *step = &place->steps[i];
        if (step->len != len || step->key == NULL || memcmp(step->key, key, len) != 0)
            continue;
        if ((level->seen & BIT(i)) != 0)
            return json_wrong(json, json->err, "%s stands twice in one object", step->key);
        level->seen |= BIT(i);
        json->next = step->to;
        json->name = step->key;
        break;
    }
    return true;
}

/* Copies up to JSON_KEPT_BYTES; whole characters only. */
static void keep(struct json *json, const char *text, size_t len)
{
    struct place *place = &json->places[json->next];
    size_t out = 0;
    for (size_t i = 0, size; i < len; i += size) {
        size = utf8_length(text + i, len - i);
        bool good = size > 0 && text[i] != '\0';
        size = size > 0 ? size : 1;
        if (out + size > JSON_KEPT_BYTES)
            break;
        memcpy(place->text + out, good ? text + i : "?", size);
        out += size;
        json->in->repaired += !good;
    }
    place->text[out] = '\0';
    json->there |= BIT(json->next);
}

static bool take_plain(struct json *json, enum kind kind, const char *text, size_t len)
{
    json->heard = true;
    if (!is_wanted(json))
        return true;
    if (kind == NOTHING && json->wanted > 0 && json->levels[json->wanted - 1].element == 0)
        return true; /* behind a key: absent */
    if (json->places[json->next].kinds != PLAIN || kind != PLAIN)
        return unexpected(json, kind);
    keep(json, text, len);
    return true;
}

/* ---- what yajl calls ---- */

static int on_null(void *json)
{
    return take_plain(json, NOTHING, "", 0);
}

static int on_flag(void *json, int value)
{
    return take_plain(json, PLAIN, value ? "true" : "false", value ? 4 : 5);
}

static int on_number(void *handle, const char *text, size_t len)
{
    struct json *json = handle;
    if (is_wanted(json) && len > JSON_KEPT_BYTES) /* its beginning would be another number */
        return json_wrong(json, json->err, "a number of %zu digits", len);
    return take_plain(json, PLAIN, text, len);
}

static int on_text(void *json, const unsigned char *text, size_t len)
{
    return take_plain(json, PLAIN, (const char *)text, len);
}

static int on_key(void *json, const unsigned char *key, size_t len)
{
    return take_key(json, (const char *)key, len);
}

static int on_open_object(void *json)
{
    return open_level(json, OBJECT);
}

static int on_open_list(void *json)
{
    return open_level(json, LIST);
}

static int on_close(void *json)
{
    return close_level(json);
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
static bool fill(struct json *json, char *block, struct error *err)
{
    json->block = block;
    json->block_len = 0;
    for (size_t got = 1; got > 0 && json->block_len < BLOCK_BYTES; json->block_len += got)
        if (!input_read(json->in, block + json->block_len, BLOCK_BYTES - json->block_len, &got,
                        err))
            return false;
    return true;
}

/* JSON begins with an ASCII character, so a NUL among the first two bytes tells UTF-16 and UTF-32.
 */
static bool check_encoding(struct json *json, struct error *err)
{
    const unsigned char *b = (const unsigned char *)json->block;
    if (json->block_len >= 3 && memcmp(b, "\xEF\xBB\xBF", 3) == 0) {
        json->block += 3;
        json->block_len -= 3;
        return true;
    }
    bool wide = json->block_len >= 2 && (b[0] == 0 || b[1] == 0 || (b[0] == 0xFF && b[1] == 0xFE) ||
                                         (b[0] == 0xFE && b[1] == 0xFF));
    if (!wide)
        return true;
    error_set(err, FAULT_REPORT, "the report is in UTF-16 or UTF-32");
    error_hint(err, "write it as UTF-8");
    return error_at(err, NULL, 1, 1);
}

/* yajl's own words quote the input; ours do not. */
static bool say_malformed(const struct json *json, struct error *err)
{
    size_t at = last_byte(json);
    if (json->ended) {
        json_wrong(json, err, "there is text behind the end of the document");
        return error_hint(err, "one JSON document a file: give each report a file of its own");
    }
    if (at < json->block_len && (unsigned char)json->block[at] < 0x20)
        return json_wrong(json, err, "a line end or control character inside a text");
    return json_wrong(json, err, "unexpected character: this is not JSON");
}

static bool parse_block(struct json *json, struct error *err)
{
    json->heard = false;
    yajl_status status =
        yajl_parse(json->parser, (const unsigned char *)json->block, json->block_len);
    if (status == yajl_status_error)
        return say_malformed(json, err);
    if (status != yajl_status_ok)
        return false;
    json->unheard = json->heard ? 0 : json->unheard + json->block_len;
    if (json->unheard >= LIMIT_TOKEN_BYTES)
        return json_wrong(json, err, "a value of more than %d MiB", LIMIT_TOKEN_BYTES >> 20);
    advance(&json->start, json->block, json->block_len);
    return true;
}

static bool parse_end(struct json *json, struct error *err)
{
    json->block_len = 0;
    switch (yajl_complete_parse(json->parser)) {
    case yajl_status_ok:
        return true;
    case yajl_status_error:
        json_wrong(json, err, "the document ends in the middle");
        return error_hint(err, "its tool was stopped while writing, or the disk was full");
    default:
        return false;
    }
}

static bool parse(struct json *json, struct error *err)
{
    char *block = arena_alloc(json->in->scratch, BLOCK_BYTES);
    if (!fill(json, block, err) || !check_encoding(json, err))
        return false;
    while (json->block_len > 0)
        if (!parse_block(json, err) || !fill(json, block, err))
            return false;
    return parse_end(json, err);
}

static void close_parser(yajl_handle *parser)
{
    yajl_free(*parser);
}

bool json_fold(struct input *in, const struct json_fold *fold, void *state, struct error *err)
{
    struct json *json = arena_new_item(in->scratch, struct json);
    json->in = in;
    json->fold = fold;
    json->state = state;
    json->err = err;
    json->next = JSON_TOP;
    learn_steps(json, fold->steps);
    AUTO(close_parser) yajl_handle parser = yajl_alloc(&callbacks, NULL, json);
    json->parser = parser;
    /* What is kept is checked and repaired here; its own check would refuse one Latin-1 letter. */
    yajl_config(parser, yajl_dont_validate_strings, 1);
    return parse(json, err);
}

/* ---- for readers ---- */

const char *json_text(const struct json *json, int place)
{
    return (json->there & BIT(place)) != 0 ? json->places[place].text : NULL;
}

const char *json_word(const struct json *json, int place)
{
    const char *text = json_text(json, place);
    return text == NULL ? "" : text;
}

uint32_t json_line(const struct json *json, int place)
{
    const char *text = json_word(json, place);
    uint64_t line = 0;
    if (!number_parse_count(text, strlen(text), &line) || line > LIMIT_LINE)
        return 0;
    return (uint32_t)line;
}

const char *json_keep(const struct json *json, int place, size_t max)
{
    const char *text = json_word(json, place);
    const char *kept = text_keep(json->in->run, text, strlen(text), max);
    return kept[0] == '\0' ? NULL : kept;
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
