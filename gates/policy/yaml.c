#include "gates/policy/yaml.h"

#include <string.h>
#include <yaml.h>

#include "gates/base/limits.h"
#include "gates/base/names.h"
#include "gates/base/text.h"
#include "gates/policy/complaint.h"

struct ceilings {
    size_t bytes, depth, nodes, aliases;
};

static const struct ceilings of_policies = {LIMIT_POLICY_BYTES, LIMIT_POLICY_DEPTH,
                                            LIMIT_POLICY_NODES, LIMIT_POLICY_ALIASES};
static const struct ceilings of_long = {LIMIT_POLICY_BYTES, LIMIT_POLICY_DEPTH,
                                        LIMIT_DELIVERY_NODES, LIMIT_POLICY_ALIASES};
static const struct ceilings of_skimmed = {LIMIT_YAML_BYTES, LIMIT_YAML_DEPTH, LIMIT_YAML_NODES,
                                           LIMIT_YAML_ALIASES};

enum { MOST_DIRECTIVES = 8 };

struct tree {
    const char *file, *text;
    size_t len;
    struct arena *mem;
    struct problems *found;
    uint32_t *bytes; /* where the character of each index begins: libyaml counts characters */
    size_t characters;
    yaml_parser_t parser;
    struct names anchors;
    struct nodes anchored; /* by the index of the name; NULL: not finished yet */
    size_t nodes, aliases, directives;
    const struct ceilings *ceilings;
    bool stopped; /* nothing more can be read */
    bool skimmed; /* the file is no policy */
};

static struct place place_of(const struct tree *t, yaml_mark_t mark)
{
    return (struct place){t->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

/* Is the character one that text_clean() would replace? Of a file that is only looked through,
 * libyaml alone refuses some. */
static bool is_control(const struct tree *t, const char *text, size_t size)
{
    char one[8];
    if (t->skimmed)
        return false;
    memcpy(one, text, size);
    one[size] = '\0';
    return text_clean(one, size) > 0;
}

static bool check_character(struct tree *t, size_t at, size_t size, struct place place)
{
    if (size == 0)
        problem_add(t->found, place, "the byte 0x%02X is not UTF-8", (unsigned char)t->text[at]);
    else if (t->text[at] == '\0')
        problem_add(t->found, place, "a NUL byte cannot stand here");
    else if (is_control(t, t->text + at, size))
        problem_add(t->found, place, "the control character U+%04X cannot stand here",
                    (unsigned)utf8_point(t->text + at, size));
    else
        return true;
    return false;
}

/* libyaml keeps a list of directives that it searches for each new one, so they are counted before
 * it sees them. */
static bool check_directive(struct tree *t, struct place at)
{
    if (!t->skimmed)
        problem_add(t->found, at, "directives (%%YAML, %%TAG) are not allowed");
    else if (++t->directives > MOST_DIRECTIVES)
        problem_add(t->found, at, "too many directives (%%YAML, %%TAG)");
    else
        return true;
    return false;
}

/* Every character. */
static bool check_text(struct tree *t)
{
    struct place at = {t->file, 1, 1};
    t->bytes = arena_alloc(t->mem, (t->len + 1) * sizeof *t->bytes);
    for (size_t i = 0; i < t->len;) {
        size_t size = utf8_length(t->text + i, t->len - i);
        char c = t->text[i];
        if (!check_character(t, i, size, at))
            return false;
        if (c == '%' && at.column == 1 && !check_directive(t, at))
            return false;
        t->bytes[t->characters++] = (uint32_t)i;
        i += size;
        at.column++;
        if (c == '\n' || (c == '\r' && (i == t->len || t->text[i] != '\n'))) {
            at.line++;
            at.column = 1;
        }
    }
    return true;
}

static void refuse(struct tree *t, struct place at, const char *what)
{
    problem_add(t->found, at, "%s", what);
    t->stopped = true;
}

static char character_at(const struct tree *t, yaml_mark_t mark)
{
    return mark.index < t->characters ? t->text[t->bytes[mark.index]] : '\0';
}

static void complain(struct tree *t)
{
    const yaml_parser_t *parser = &t->parser;
    const char *theirs = parser->problem == NULL ? "not YAML" : parser->problem;
    const char *ours = complaint_of(theirs);
    const char there = character_at(t, parser->problem_mark);
    struct place at = place_of(t, parser->problem_mark);
    if (strcmp(theirs, "found character that cannot start any token") == 0 && there == '\t')
        ours = "a tab cannot indent: use spaces";
    if (strcmp(theirs, "could not find expected ':'") == 0)
        at = place_of(t, parser->context_mark); /* where the key begins */
    if (there == '\0' && strcmp(theirs, "found unexpected end of stream") == 0)
        at = place_of(t, parser->context_mark); /* where the quote was opened */
    if (there == '\0' && strncmp(theirs, "did not find expected ','", 25) == 0) {
        ours = "this bracket is opened and never closed";
        at = place_of(t, parser->context_mark);
    }
    refuse(t, at, ours);
}

static bool next_event(struct tree *t, yaml_event_t *event)
{
    if (!t->stopped && !yaml_parser_parse(&t->parser, event))
        complain(t);
    return !t->stopped;
}

static struct node *stop(struct tree *t, struct place at, const char *what, unsigned long long most)
{
    if (!t->stopped)
        problem_add(t->found, at, "%s: at most %llu are allowed", what, most);
    t->stopped = true;
    return NULL;
}

static bool has_room(struct tree *t, struct place at, size_t more)
{
    t->nodes += more;
    if (t->nodes > t->ceilings->nodes)
        stop(t, at, "too many YAML nodes", t->ceilings->nodes);
    return !t->stopped;
}

/* A text's column when it stands in the file as it is: on one line, quotes apart. */
static unsigned text_column(const yaml_event_t *event, const char *text)
{
    size_t characters = 0;
    for (size_t left = strlen(text); left > 0; characters++) {
        size_t size = utf8_length(text, left);
        text += size;
        left -= size;
    }
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    size_t written = event->end_mark.column - event->start_mark.column;
    if (event->start_mark.line != event->end_mark.line || written != characters + (plain ? 0 : 2))
        return 0;
    return (unsigned)event->start_mark.column + (plain ? 1 : 2);
}

static bool comment_follows(const struct tree *t, yaml_mark_t mark)
{
    while (character_at(t, mark) == ' ')
        mark.index++;
    return character_at(t, mark) == '#';
}

static void fill_text(struct tree *t, struct node *node, const yaml_event_t *event)
{
    const char *bytes = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;
    char *text = arena_copy(t->mem, bytes, len);
    if (text_clean(text, len) > 0 && !t->skimmed)
        problem_add(t->found, node->at, "a control character cannot stand here");
    node->text = text;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->cut = node->plain && comment_follows(t, event->end_mark);
    node->text_column = text_column(event, text);
}

/* What libyaml says of any node: its anchor and tag. Fills *anchor with the index of the name. */
static void look_at_marks(struct tree *t, struct place at, const yaml_char_t *name,
                          const yaml_char_t *tag, size_t *anchor)
{
    *anchor = NAMES_NONE;
    if (tag != NULL && !t->skimmed)
        problem_add(t->found, at, "a tag (`!…`) is not allowed");
    if (name == NULL)
        return;
    *anchor = names_add(&t->anchors, (const char *)name, strlen((const char *)name));
    if (*anchor == t->anchored.count)
        array_push(t->mem, &t->anchored, NULL);
    t->anchored.items[*anchor] = NULL;
}

static struct node *alias(struct tree *t, const yaml_event_t *event)
{
    const char *name = (const char *)event->data.alias.anchor;
    struct place at = place_of(t, event->start_mark);
    size_t index = names_find(&t->anchors, name, strlen(name));
    if (++t->aliases > t->ceilings->aliases)
        return stop(t, at, "too many YAML aliases", t->ceilings->aliases);
    struct node *node = index == NAMES_NONE ? NULL : t->anchored.items[index];
    if (node == NULL) {
        problem_add(t->found, at,
                    index == NAMES_NONE ? "no anchor is named '%s'"
                                        : "the alias '%s' stands inside what it names",
                    name);
        t->stopped = true;
        return NULL;
    }
    return has_room(t, at, node->size) ? node : NULL;
}

static struct node *read_node(struct tree *t, const yaml_event_t *event, unsigned depth);

static void read_items(struct tree *t, struct node *node, yaml_event_type_t end, unsigned depth)
{
    for (yaml_event_t event; next_event(t, &event); yaml_event_delete(&event)) {
        if (event.type == end) {
            yaml_event_delete(&event);
            return;
        }
        struct node *item = read_node(t, &event, depth + 1);
        if (item == NULL)
            t->stopped = true;
        else
            array_push(t->mem, &node->items, item);
        node->size += item == NULL ? 0 : item->size;
    }
}

static void check_key(struct tree *t, struct names *seen, const struct nodes *pairs, size_t i)
{
    const struct node *key = pairs->items[i];
    if (t->skimmed)
        return;
    if (key->kind != NODE_TEXT) {
        problem_add(t->found, key->at, "a key is a word, not a %s",
                    key->kind == NODE_LIST ? "list" : "map");
        return;
    }
    if (strcmp(key->text, "<<") == 0 && key->plain)
        refuse(t, key->at, "merge keys (`<<`) are not allowed: write the keys out");
    size_t before = seen->texts.count;
    if (names_add(seen, key->text, strlen(key->text)) < before)
        problem_add(t->found, key->at, "'%s' is given twice", key->text);
}

static struct node *read_map(struct tree *t, struct node *node, unsigned depth)
{
    read_items(t, node, YAML_MAPPING_END_EVENT, depth);
    struct names seen;
    names_init(&seen, t->mem);
    for (size_t i = 0; i + 1 < node->items.count; i += 2)
        check_key(t, &seen, &node->items, i);
    return node;
}

static struct node *read_node(struct tree *t, const yaml_event_t *event, unsigned depth)
{
    struct place at = place_of(t, event->start_mark);
    size_t anchor = NAMES_NONE;
    if (event->type == YAML_ALIAS_EVENT)
        return alias(t, event);
    if (depth > t->ceilings->depth)
        return stop(t, at, "too many levels of nesting", t->ceilings->depth);
    if (!has_room(t, at, 1))
        return NULL;
    struct node *node = arena_new_item(t->mem, struct node);
    *node = (struct node){.at = at, .text = "", .size = 1};
    if (event->type == YAML_SCALAR_EVENT) {
        look_at_marks(t, at, event->data.scalar.anchor, event->data.scalar.tag, &anchor);
        fill_text(t, node, event);
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        node->kind = NODE_LIST;
        look_at_marks(t, at, event->data.sequence_start.anchor, event->data.sequence_start.tag,
                      &anchor);
        read_items(t, node, YAML_SEQUENCE_END_EVENT, depth);
    } else {
        node->kind = NODE_MAP;
        look_at_marks(t, at, event->data.mapping_start.anchor, event->data.mapping_start.tag,
                      &anchor);
        read_map(t, node, depth);
    }
    if (anchor != NAMES_NONE)
        t->anchored.items[anchor] = node;
    return t->stopped ? NULL : node;
}

/* Every event of the stream. Anchors hold to the end of their document. */
static void read_stream(struct tree *t, struct nodes *documents)
{
    bool over = false;
    for (yaml_event_t event; !over && next_event(t, &event); yaml_event_delete(&event)) {
        over = event.type == YAML_STREAM_END_EVENT;
        if (event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_END_EVENT || over)
            continue;
        if (event.type == YAML_DOCUMENT_START_EVENT) {
            over = documents->count > 0 && !t->skimmed;
            if (over)
                problem_add(t->found, place_of(t, event.start_mark),
                            "a second document begins here: only one is read");
            names_init(&t->anchors, t->mem);
            t->anchored = (struct nodes){0};
            continue;
        }
        struct node *root = read_node(t, &event, 1);
        if (root != NULL)
            array_push(t->mem, documents, root);
    }
}

static bool read_documents(struct tree *t, struct nodes *documents)
{
    if (!yaml_parser_initialize(&t->parser)) {
        refuse(t, (struct place){t->file, 1, 1}, "no memory to read it");
        return false;
    }
    yaml_parser_set_encoding(&t->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&t->parser, (const unsigned char *)t->text, t->len);
    read_stream(t, documents);
    yaml_parser_delete(&t->parser);
    return !t->stopped;
}

static bool read_file(struct tree *t, struct nodes *documents)
{
    const struct place top = {t->file, 1, 1};
    *documents = (struct nodes){0};
    if (t->len > t->ceilings->bytes) {
        stop(t, top, "too many bytes", t->ceilings->bytes);
        return false;
    }
    if (t->len >= 2 &&
        (memcmp(t->text, "\xFF\xFE", 2) == 0 || memcmp(t->text, "\xFE\xFF", 2) == 0)) {
        refuse(t, top, "the file is UTF-16: save it as UTF-8");
        return false;
    }
    if (t->len >= 3 && memcmp(t->text, "\xEF\xBB\xBF", 3) == 0) {
        t->text += 3;
        t->len -= 3;
    }
    return check_text(t) && read_documents(t, documents);
}

static struct node *read_one(const char *file, const char *text, size_t len,
                             const struct ceilings *ceilings, struct arena *mem,
                             struct problems *found)
{
    struct nodes documents;
    struct tree t = {file, text, len, mem, found, .ceilings = ceilings};
    size_t before = found->count;
    bool read = read_file(&t, &documents);
    if (documents.count == 0 && found->count == before)
        problem_add(found, (struct place){file, 1, 1}, "the file is empty");
    return read && documents.count > 0 ? documents.items[0] : NULL;
}

struct node *tree_read(const char *file, const char *text, size_t len, struct arena *mem,
                       struct problems *found)
{
    return read_one(file, text, len, &of_policies, mem, found);
}

struct node *tree_read_long(const char *file, const char *text, size_t len, struct arena *mem,
                            struct problems *found)
{
    return read_one(file, text, len, &of_long, mem, found);
}

bool tree_skim(const char *file, const char *text, size_t len, struct arena *mem,
               struct nodes *documents, struct problems *found)
{
    struct tree t = {file, text, len, mem, found, .ceilings = &of_skimmed, .skimmed = true};
    return read_file(&t, documents);
}
