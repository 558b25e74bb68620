#include "gates/policy/yaml.h"

#include <string.h>
#include <yaml.h>

#include "gates/base/limits.h"
#include "gates/base/names.h"
#include "gates/base/text.h"

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
    size_t nodes, aliases;
    bool stopped; /* nothing more can be read */
    bool skimmed; /* the file is no policy */
};

static struct place place_of(const struct tree *t, yaml_mark_t mark)
{
    return (struct place){t->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

/* Is the character one that text_clean() would replace? */
static bool is_control(const char *text, size_t size)
{
    char one[8];
    memcpy(one, text, size);
    one[size] = '\0';
    return text_clean(one, size) > 0;
}

static bool check_character(struct tree *t, size_t at, size_t size, struct place place)
{
    if (size == 0)
        problem_add(t->found, place, "the byte 0x%02X is not UTF-8", (unsigned char)t->text[at]);
    else if (t->text[at] == '\0')
        problem_add(t->found, place, "a NUL byte cannot stand in a policy");
    else if (is_control(t->text + at, size))
        problem_add(t->found, place, "the control character U+%04X cannot stand in a policy",
                    (unsigned)utf8_point(t->text + at, size));
    else
        return true;
    return false;
}

/* Every character. libyaml keeps a list of directives that it searches for each new one, so they
 * are refused before it sees them. */
static bool check_text(struct tree *t)
{
    struct place at = {t->file, 1, 1};
    t->bytes = arena_alloc(t->mem, (t->len + 1) * sizeof *t->bytes);
    for (size_t i = 0; i < t->len;) {
        size_t size = utf8_length(t->text + i, t->len - i);
        char c = t->text[i];
        if (!check_character(t, i, size, at))
            return false;
        if (c == '%' && at.column == 1) {
            problem_add(t->found, at, "directives (%%YAML, %%TAG) are not allowed");
            return false;
        }
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

static const struct {
    const char *theirs, *ours;
} complaints[] = {
    {"did not find expected ',' or ']'",
     "a list in [ ] goes on with `,` or ends with `]`; put a rule with { } in single quotes"},
    {"did not find expected ',' or '}'",
     "a map in { } goes on with `,` or ends with `}`; put a rule with { } in single quotes"},
    {"mapping values are not allowed in this context",
     "`: ` cannot stand here; put a text that holds it in single quotes"},
    {"could not find expected ':'", "a key needs a `:` and a value behind it"},
    {"did not find expected key",
     "no key begins here: look at the indentation, and quote a text that begins with a quote"},
    {"did not find expected '-' indicator",
     "no `- ` begins here: look at the indentation, and quote a text that begins with a quote"},
    {"did not find expected alphabetic or numeric character",
     "no text can begin with this character: put the whole text or rule in single quotes"},
    {"block sequence entries are not allowed in this context",
     "a list cannot begin here: put it on a line of its own"},
    {"mapping keys are not allowed in this context", "a map cannot begin here"},
    {"did not find expected node content", "a value is missing here"},
    {"found unexpected end of stream", "a quote is opened and never closed"},
    {"found unknown escape character",
     "in double quotes a backslash begins an escape: use single quotes"},
    {"found character that cannot start any token",
     "no text can begin with this character: put the whole text or rule in single quotes"},
    {"did not find expected <document start>",
     "the document is over here: look at the indentation"},
    {"found a tab character that violates indentation", "a tab cannot indent: use spaces"},
};

static char character_at(const struct tree *t, yaml_mark_t mark)
{
    return mark.index < t->characters ? t->text[t->bytes[mark.index]] : '\0';
}

static void complain(struct tree *t)
{
    const yaml_parser_t *parser = &t->parser;
    const char *theirs = parser->problem == NULL ? "not YAML" : parser->problem, *ours = theirs;
    const char there = character_at(t, parser->problem_mark);
    struct place at = place_of(t, parser->problem_mark);
    for (size_t i = 0; i < sizeof complaints / sizeof complaints[0]; i++)
        if (strcmp(complaints[i].theirs, theirs) == 0)
            ours = complaints[i].ours;
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
    if (t->nodes > LIMIT_POLICY_NODES)
        stop(t, at, "too many YAML nodes", LIMIT_POLICY_NODES);
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
    if (text_clean(text, len) > 0)
        problem_add(t->found, node->at, "a control character cannot stand in a policy");
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
    if (++t->aliases > LIMIT_POLICY_ALIASES)
        return stop(t, at, "too many YAML aliases", LIMIT_POLICY_ALIASES);
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
    if (depth > LIMIT_POLICY_DEPTH)
        return stop(t, at, "too many levels of nesting", LIMIT_POLICY_DEPTH);
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

/* Every event of the stream; the first document is kept, of a file that is skimmed the last. */
static struct node *read_stream(struct tree *t)
{
    struct node *root = NULL;
    bool over = false;
    for (yaml_event_t event; !over && next_event(t, &event); yaml_event_delete(&event)) {
        over = event.type == YAML_STREAM_END_EVENT;
        if (event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_END_EVENT || over)
            continue;
        if (event.type != YAML_DOCUMENT_START_EVENT) {
            root = read_node(t, &event, 1);
        } else if (root != NULL && !t->skimmed) {
            problem_add(t->found, place_of(t, event.start_mark),
                        "a second document begins here: a policy is one");
            over = true;
        }
    }
    return t->stopped ? NULL : root;
}

static struct node *read_tree(struct tree *t)
{
    if (!yaml_parser_initialize(&t->parser)) {
        problem_add(t->found, (struct place){t->file, 1, 1}, "no memory to read it");
        return NULL;
    }
    yaml_parser_set_encoding(&t->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&t->parser, (const unsigned char *)t->text, t->len);
    struct node *root = read_stream(t);
    yaml_parser_delete(&t->parser);
    return root;
}

static struct node *read_file(const char *file, const char *text, size_t len, bool skimmed,
                              struct arena *mem, struct problems *found)
{
    struct tree t = {file, text, len, mem, found, .skimmed = skimmed};
    const struct place top = {file, 1, 1};
    size_t before = found->count;
    if (len > LIMIT_POLICY_BYTES) {
        stop(&t, top, "too many bytes", LIMIT_POLICY_BYTES);
        return NULL;
    }
    if (len >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)) {
        problem_add(found, top, "the file is UTF-16: save it as UTF-8");
        return NULL;
    }
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        t.text += 3;
        t.len -= 3;
    }
    names_init(&t.anchors, mem);
    struct node *root = check_text(&t) ? read_tree(&t) : NULL;
    if (root == NULL && found->count == before)
        problem_add(found, top, "the file is empty");
    return root;
}

struct node *tree_read(const char *file, const char *text, size_t len, struct arena *mem,
                       struct problems *found)
{
    return read_file(file, text, len, false, mem, found);
}

struct node *tree_skim(const char *file, const char *text, size_t len, struct arena *mem,
                       struct problems *found)
{
    return read_file(file, text, len, true, mem, found);
}

const char *text_in_yaml(const char *text, struct arena *mem)
{
    static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./";
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./-<>=!%() ";
    size_t len = strlen(text);
    bool ends_well = len > 0 && text[len - 1] != ' ';
    if (ends_well && strspn(text, first) > 0 && strspn(text, plain) == len &&
        strcmp(text, "null") != 0)
        return text;
    char *quoted = arena_alloc(mem, 2 * len + 3), *out = quoted;
    *out++ = '\'';
    for (; *text != '\0'; *out++ = *text++)
        if (*text == '\'')
            *out++ = '\'';
    *out = '\'';
    return quoted;
}

const struct node *node_find(const struct node *map, const char *key)
{
    for (size_t i = 0; i + 1 < map->items.count; i += 2)
        if (map->items.items[i]->kind == NODE_TEXT && strcmp(map->items.items[i]->text, key) == 0)
            return map->items.items[i + 1];
    return NULL;
}

bool node_is_empty(const struct node *node)
{
    return node->kind == NODE_TEXT && node->plain &&
           (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
            strcmp(node->text, "null") == 0);
}
