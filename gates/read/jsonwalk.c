#include "gates/read/jsonwalk.h"

#include <assert.h>
#include <string.h>

#include "gates/base/text.h"

#define BIT(i) (UINT64_C(1) << (i))

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

static void learn_steps(struct json *json)
{
    const struct json_step *table = json->fold->steps;
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
        from->kinds |= key == NULL ? JSON_LIST : JSON_OBJECT;
    }
    for (size_t i = 0; i < places; i++) {
        if (json->places[i].kinds != 0)
            continue;
        json->places[i].kinds = JSON_PLAIN;
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

void walk_begin(struct json *json)
{
    json->next = JSON_TOP;
    json->name = "the report";
    learn_steps(json);
}

/* ---- values ---- */

static const char *kind_name(unsigned kinds)
{
    switch (kinds) {
    case JSON_OBJECT:
        return "an object";
    case JSON_LIST:
        return "a list";
    case JSON_OBJECT | JSON_LIST:
        return "an object or a list";
    case JSON_PLAIN:
        return "a plain value";
    default:
        return "null";
    }
}

static bool unexpected(struct json *json, enum json_kind kind)
{
    bool element = json->wanted > 0 && json->levels[json->wanted - 1].element != 0;
    json_wrong(json, json->err, "%s%s is %s, not %s", element ? "an element of " : "", json->name,
               kind_name(kind), kind_name(json->places[json->next].kinds));
    if (kind == JSON_NULL && json->wanted == 0)
        error_hint(json->err, "its tool found nothing to examine: look at its log and at what it "
                              "was given");
    return false;
}

/* Is the value that comes next one the table leads to? */
static bool is_wanted(const struct json *json)
{
    return json->depth == json->wanted && json->next != 0;
}

bool walk_open(struct json *json, enum json_kind kind)
{
    bool wanted = is_wanted(json);
    const struct place *place = &json->places[json->next];
    if (json->depth == LIMIT_DEPTH)
        return json_wrong(json, json->err, "more than %d levels of nesting", LIMIT_DEPTH);
    if (wanted && (place->kinds & kind) == 0)
        return unexpected(json, kind);
    json->depth++;
    if (!wanted)
        return true;
    json->levels[json->wanted++] = (struct level){
        .place = json->next,
        .element = kind == JSON_LIST ? element_place(place) : 0,
        .name = json->name,
    };
    json->there &= ~place->below;
    int here = json->next;
    json->next = json->levels[json->wanted - 1].element;
    return json->fold->open == NULL || json->fold->open(json->state, json, here, json->err);
}

bool walk_close(struct json *json)
{
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

bool walk_key(struct json *json, const char *key, size_t len)
{
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

/* How many bytes from the start are valid UTF-8 without NUL. */
static size_t good_bytes(const char *text, size_t len)
{
    size_t good = 0;
    for (size_t size = 1; good < len && size > 0; good += size) {
        unsigned char byte = (unsigned char)text[good];
        size = byte == 0 ? 0 : byte < 0x80 ? 1 : utf8_length(text + good, len - good);
    }
    return good;
}

static bool inside_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

static void keep(struct json *json, const char *text, size_t len)
{
    char *out = json->places[json->next].text;
    if (len > JSON_KEPT_BYTES) {
        len = JSON_KEPT_BYTES;
        for (int i = 0; i < 3 && inside_character(text[len]); i++)
            len--;
    }
    while (len > 0) {
        size_t good = good_bytes(text, len);
        memcpy(out, text, good);
        out += good;
        if (good < len) {
            *out++ = '?';
            good++;
            json->in->repaired++;
        }
        text += good;
        len -= good;
    }
    *out = '\0';
    json->there |= BIT(json->next);
}

bool walk_plain(struct json *json, enum json_kind kind, const char *text, size_t len)
{
    if (!is_wanted(json))
        return true;
    if (kind == JSON_NULL && json->wanted > 0 && json->levels[json->wanted - 1].element == 0)
        return true; /* behind a key: absent */
    if (json->places[json->next].kinds != JSON_PLAIN || kind != JSON_PLAIN)
        return unexpected(json, kind);
    keep(json, text, len);
    return true;
}

bool walk_number(struct json *json, const char *text, size_t len)
{
    if (is_wanted(json) && len > JSON_KEPT_BYTES) /* its beginning would be another number */
        return json_wrong(json, json->err, "a number of %zu digits", len);
    return walk_plain(json, JSON_PLAIN, text, len);
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
    if (text[0] == '\0')
        return NULL;
    const char *kept = text_keep(json->in->run, text, strlen(text), max);
    return kept[0] == '\0' ? NULL : kept;
}
