#include "gates/delivery/version.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "gates/policy/yaml.h"

enum { FEWEST_DIGITS = 7, MOST_DIGITS = 40, VERSIONS_TRIED = 50 };

static const char version_capture[] = "{version}", service_capture[] = "{service}";

/* --- tags ------------------------------------------------------------------------------------- */

const char *version_tag(const char *template, const char *service, const char *version,
                        struct arena *mem)
{
    static const size_t size = sizeof version_capture - 1; /* both are as long */
    const char *name = "";
    while (*template != '\0') {
        const char *value = strncmp(template, version_capture, size) == 0   ? version
                            : strncmp(template, service_capture, size) == 0 ? service
                                                                            : NULL;
        size_t literal = value != NULL ? 0 : 1 + strcspn(template + 1, "{");
        name =
            arena_printf(mem, "%s%.*s%s", name, (int)literal, template, value == NULL ? "" : value);
        template += value != NULL ? size : literal;
    }
    return name;
}

/* --- commits ---------------------------------------------------------------------------------- */

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static size_t hex_length(const char *text)
{
    size_t len = 0;
    while (is_hex(text[len]))
        len++;
    return len;
}

static bool may_be_commit(size_t digits)
{
    return digits >= FEWEST_DIGITS && digits <= MOST_DIGITS;
}

const char *version_hex(const char **at, size_t *len)
{
    while (**at != '\0') {
        const char *begin = *at;
        *len = hex_length(begin);
        *at += *len == 0 ? 1 : *len;
        if (may_be_commit(*len))
            return begin;
    }
    return NULL;
}

/* --- images ----------------------------------------------------------------------------------- */

const char *version_of_image(const char *reference)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    size_t named = strcspn(reference, "@");
    const char *end = reference + named, *at = end;
    while (at > reference && at[-1] != ':' && at[-1] != '/')
        at--;
    bool tagged = at > reference && at[-1] == ':' && at < end;
    const char *digest = *end == '@' ? end + 1 : NULL;
    const char *colon = digest == NULL ? NULL : digest + strspn(digest, word);
    if (tagged && strspn(at, word) != (size_t)(end - at))
        return NULL;
    if (digest != NULL &&
        (*colon != ':' || hex_length(colon + 1) == 0 || colon[1 + hex_length(colon + 1)] != '\0'))
        return NULL;
    return tagged ? at : digest;
}

const char *version_part(const char *version, unsigned *step, struct arena *mem)
{
    const char *at = strchr(version, '@');
    switch ((*step)++) {
    case 0:
        return version;
    case 1:
        return at == NULL || at[1] == '\0' ? NULL : at + 1;
    case 2:
        return at == version ? NULL : arena_copy(mem, version, (size_t)(at - version));
    default:
        return NULL;
    }
}

/* --- map files -------------------------------------------------------------------------------- */

static const char *lower(const char *text, size_t len, struct arena *mem)
{
    char *copy = arena_copy(mem, text, len);
    for (char *at = copy; *at != '\0'; at++)
        *at = (char)(*at >= 'A' && *at <= 'F' ? *at + ('a' - 'A') : *at);
    return copy;
}

static void map_add(struct version_map *map, const char *version, size_t len, const char *commit,
                    size_t digits, struct arena *mem)
{
    size_t at = names_add(&map->versions, version, len);
    if (at == map->commits.count)
        (void)array_add(mem, &map->commits);
    map->commits.items[at] = lower(commit, digits, mem);
}

/* "1.4.2 3f2a9bc…" between `line` and `end`; nothing but a comment is true as well. */
static bool take_line(struct version_map *map, const char *line, const char *end, struct arena *mem)
{
    static const char blanks[] = " \t\r";
    line += strspn(line, blanks);
    if (line >= end || *line == '#')
        return true;
    size_t len = strcspn(line, " \t\r\n");
    const char *commit = line + len + strspn(line + len, blanks);
    size_t digits = hex_length(commit);
    const char *rest = commit + digits + strspn(commit + digits, blanks);
    bool ends = rest >= end || (*rest == '#' && rest > commit + digits);
    if (!may_be_commit(digits) || !ends || line[len - 1] == ':') /* a map, then */
        return false;
    map_add(map, line, len, commit, digits, mem);
    return true;
}

static bool take_lines(struct version_map *map, const char *text, size_t len, struct arena *mem)
{
    for (const char *at = text, *end = text + len, *next; at < end; at = next) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        next = stop == NULL ? end : stop + 1;
        if (!take_line(map, at, stop == NULL ? end : stop, mem))
            return false;
    }
    return true;
}

static bool take_pair(struct version_map *map, const struct node *version,
                      const struct node *commit, struct arena *mem, struct error *err)
{
    size_t digits = commit->kind == NODE_TEXT ? hex_length(commit->text) : 0;
    if (version->kind == NODE_TEXT && may_be_commit(digits) && commit->text[digits] == '\0') {
        map_add(map, version->text, strlen(version->text), commit->text, digits, mem);
        return true;
    }
    error_set(err, FAULT_REPORT, "is no commit: 7 to 40 hexadecimal digits");
    return error_at(err, commit->at.file, commit->at.line, commit->at.column);
}

static bool take_document(struct version_map *map, const struct node *document, struct arena *mem,
                          struct error *err)
{
    if (document->kind != NODE_MAP) {
        error_set(err, FAULT_REPORT, "is neither lines `VERSION COMMIT` nor a map of them");
        return error_at(err, document->at.file, document->at.line, document->at.column);
    }
    for (size_t i = 0; i + 1 < document->items.count; i += 2)
        if (!take_pair(map, document->items.items[i], document->items.items[i + 1], mem, err))
            return false;
    return true;
}

static void map_init(struct version_map *map, struct arena *mem)
{
    *map = (struct version_map){0};
    names_init(&map->versions, mem);
}

bool version_map_read(const char *path, const char *text, size_t len, struct arena *mem,
                      struct version_map *map, struct error *err)
{
    struct nodes documents = {0};
    struct problems found;
    map_init(map, mem);
    if (take_lines(map, text, len, mem))
        return true;
    map_init(map, mem);
    problems_init(&found, mem);
    if (!tree_skim(path, text, len, mem, &documents, &found)) {
        problems_sort(&found);
        error_set(err, FAULT_REPORT, "%s", found.items[0].what);
        return error_at(err, path, found.items[0].at.line, found.items[0].at.column);
    }
    for (size_t i = 0; i < documents.count; i++)
        if (!take_document(map, documents.items[i], mem, err))
            return false;
    return true;
}

const char *version_map_find(const struct version_map *map, const char *version)
{
    size_t at = names_find(&map->versions, version, strlen(version));
    return at == NAMES_NONE ? NULL : map->commits.items[at];
}

/* --- proposals -------------------------------------------------------------------------------- */

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Not a part of another number: 1.4 is not in v1.4.2, nor 4.2 in it. */
static bool stands_apart(const char *tag, const char *at, size_t len)
{
    bool before = at == tag || !((at[-1] >= '0' && at[-1] <= '9') ||
                                 (at[-1] == '.' && at - 1 > tag && is_word(at[-2])));
    char after = at[len];
    return before && !is_word(after) && after != '.' && after != '+' && after != '-';
}

/* The tag with {version} and {service} in the places of theirs; NULL: it does not end well. */
static const char *template_of(const char *tag, const char *service, const char *version,
                               struct arena *mem)
{
    size_t len = strlen(version);
    const char *at = len == 0 ? NULL : strstr(tag, version);
    while (at != NULL && !stands_apart(tag, at, len))
        at = strstr(at + 1, version);
    if (at == NULL)
        return NULL;
    const char *before = arena_copy(mem, tag, (size_t)(at - tag));
    const char *named = strstr(before, service);
    if (named != NULL && *service != '\0')
        before = arena_printf(mem, "%.*s%s%s", (int)(named - before), before, service_capture,
                              named + strlen(service));
    return arena_printf(mem, "%s%s%s", before, version_capture, at + len);
}

/* Templates that were met, and how many versions have a tag by each. */
struct tally {
    struct names templates;
    struct ARRAY(size_t) counts;
};

static void count(struct tally *tally, const char *template, struct arena *mem)
{
    size_t at = names_add(&tally->templates, template, strlen(template));
    if (at == tally->counts.count)
        array_push(mem, &tally->counts, 0);
    tally->counts.items[at]++;
}

static bool is_better(const char *template, size_t found, const struct version_proposal *than)
{
    if (than->template == NULL || found != than->found)
        return than->template == NULL || found > than->found;
    size_t len = strlen(template), other = strlen(than->template);
    return len != other ? len < other : strcmp(template, than->template) < 0;
}

void version_propose(const char *service, const struct words *versions, const struct words *tags,
                     struct arena *mem, struct version_proposal *proposal)
{
    size_t tried = versions->count < VERSIONS_TRIED ? versions->count : VERSIONS_TRIED;
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct tally tally = {0};
    names_init(&tally.templates, scratch);
    *proposal = (struct version_proposal){0};
    for (size_t t = 0; t < tags->count; t++)
        for (size_t v = 0; v < tried; v++) {
            const char *template =
                template_of(tags->items[t], service, versions->items[v], scratch);
            if (template != NULL)
                count(&tally, template, scratch);
        }
    for (size_t i = 0; i < tally.counts.count; i++) {
        const char *template = tally.templates.texts.items[i];
        if (is_better(template, tally.counts.items[i], proposal))
            *proposal = (struct version_proposal){template, tally.counts.items[i]};
    }
    if (proposal->template != NULL)
        proposal->template = arena_copy(mem, proposal->template, strlen(proposal->template));
}
