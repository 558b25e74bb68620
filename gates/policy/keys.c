#include "gates/policy/keys.h"

#include <stddef.h>
#include <string.h>

#include "gates/base/day.h"
#include "gates/base/nearest.h"
#include "gates/base/text.h"
#include "gates/policy/quantity.h"

#define MISSING_CHOICES "fail warn pass skip" /* in the order of enum on_missing */
#define BASELINE_CHOICES "fail warn pass"

const struct policy_key policy_keys[] = {
    {"version", KEY_OTHER, KEY_REQUIRED, 0, NULL, "", "the version of the policy language: 1"},
    {"extends", KEY_NAMES, KEY_OPTIONAL, 0, NULL, "",
     "policies that this one adds to: qgate:NAME, site:NAME or a file of the repository"},
    {"components", KEY_MAP, KEY_OPTIONAL, 0, NULL, "", "parts of the repository: a name and its globs"},
    {"reports", KEY_LIST, KEY_OPTIONAL, 0, NULL, "", "where the reports lie that have to be there"},
    {"paths", KEY_MAP, KEY_OPTIONAL, 0, NULL, "", "how paths of reports and of the repository go together"},
    {"gates", KEY_LIST, KEY_OPTIONAL, 0, NULL, "", "what has to hold"},
    {"waivers", KEY_LIST_OR_MAP, KEY_OPTIONAL, 0, NULL, "", "exceptions with an owner and an end"},
    {"outputs", KEY_LIST, KEY_OPTIONAL, 0, NULL, "", "files to write the verdict to"},
    {"publish", KEY_MAP, KEY_OPTIONAL, 0, NULL, "", "where the verdict is shown"},

    {"reports.format", KEY_TEXT, KEY_REQUIRED, offsetof(struct report_entry, format), NULL, "",
     "the format of the report; `qgate formats` lists them"},
    {"reports.path", KEY_TEXT, KEY_REQUIRED, offsetof(struct report_entry, path), NULL, "",
     "the file, or a glob for several, from the root of the repository"},
    {"reports.name", KEY_TEXT, KEY_OPTIONAL, offsetof(struct report_entry, name), NULL, "the format",
     "what rules call it: tests.failed{report=\"unit\"}"},
    {"reports.optional", KEY_FLAG, KEY_OPTIONAL, offsetof(struct report_entry, optional), NULL, "false",
     "when it is not there, rules that only it could answer do not apply"},
    {"reports.options", KEY_MAP, KEY_OPTIONAL, 0, NULL, "", "options of the format"},
    {"reports.max_age", KEY_AGE, KEY_OPTIONAL, offsetof(struct report_entry, max_age_s), NULL, "any age",
     "an older report is no data, by the time stamp inside it"},
    {"reports.tracked", KEY_FLAG, KEY_OPTIONAL, offsetof(struct report_entry, tracked), NULL, "false",
     "whether the report may be a file that git tracks"},

    {"paths.map", KEY_LIST, KEY_OPTIONAL, 0, NULL, "", "beginnings of report paths to replace"},
    {"paths.ignore", KEY_WORDS, KEY_OPTIONAL, offsetof(struct policy, ignore), NULL, "",
     "globs over files whose coverage does not count"},
    {"paths.sources", KEY_WORDS, KEY_OPTIONAL, offsetof(struct policy, sources), NULL, "",
     "globs over the files that are source code, and so must be in a coverage report when they change"},
    {"paths.unmatched", KEY_CHOICE, KEY_OPTIONAL, offsetof(struct policy, unmatched),
     "fail warn ignore", "warn", "what it means that a path of a report matches no single file"},
    {"map.from", KEY_TEXT, KEY_REQUIRED, offsetof(struct path_map, from), NULL, "",
     "how paths begin in the report"},
    {"map.to", KEY_OTHER, KEY_REQUIRED, 0, NULL, "", "how they begin in the repository"},

    {"gates.name", KEY_TEXT, KEY_REQUIRED, offsetof(struct gate, name), NULL, "", "the name of the gate"},
    {"gates.require", KEY_LIST, KEY_OPTIONAL, 0, NULL, "", "rules that must hold"},
    {"gates.warn", KEY_LIST, KEY_OPTIONAL, 0, NULL, "", "rules that should hold"},
    {"gates.stage", KEY_TEXT, KEY_OPTIONAL, offsetof(struct gate, stage), NULL, "build",
     "the stage it is judged at: qgate check --stage"},
    {"gates.when", KEY_MAP, KEY_OPTIONAL, 0, NULL, "", "where its rules apply"},
    {"gates.enforce_from", KEY_DAY, KEY_OPTIONAL, offsetof(struct gate, enforce_from), NULL, "at once",
     "until that day a failure of its rules is a warning"},
    {"gates.each", KEY_TEXT, KEY_OPTIONAL, offsetof(struct gate, each), NULL, "",
     "judge its rules for every value of this label"},
    {"gates.why", KEY_TEXT, KEY_OPTIONAL, offsetof(struct gate, why), NULL, "",
     "said when one of its rules fails"},
    {"gates.locked", KEY_FLAG, KEY_OPTIONAL, offsetof(struct gate, locked), NULL, "false",
     "policies that add to it can only tighten it"},

    {"rule.rule", KEY_OTHER, KEY_OPTIONAL, 0, NULL, "", "the rule itself"},
    {"rule.any", KEY_LIST, KEY_OPTIONAL, 0, NULL, "", "rules of which one has to hold"},
    {"rule.why", KEY_TEXT, KEY_OPTIONAL, offsetof(struct rule, why), NULL, "", "said when it fails"},
    {"rule.tolerance", KEY_OTHER, KEY_OPTIONAL, 0, NULL, "0", "how far beside the threshold still holds"},
    {"rule.min_lines", KEY_COUNT, KEY_OPTIONAL, offsetof(struct rule, min_lines), NULL, "0",
     "with fewer changed coverable lines it is waived"},
    {"rule.max_uncovered", KEY_COUNT, KEY_OPTIONAL, offsetof(struct rule, max_uncovered), NULL, "0",
     "it also holds with at most so many changed lines uncovered"},
    {"rule.each", KEY_TEXT, KEY_OPTIONAL, offsetof(struct rule, each), NULL, "",
     "judge it for every value of this label"},
    {"rule.when", KEY_MAP, KEY_OPTIONAL, 0, NULL, "", "where it applies"},
    {"rule.enforce_from", KEY_DAY, KEY_OPTIONAL, offsetof(struct rule, enforce_from), NULL, "at once",
     "until that day a failure is a warning"},
    {"rule.on_missing", KEY_CHOICE, KEY_OPTIONAL, offsetof(struct rule, on_missing), MISSING_CHOICES,
     "fail", "what it means that the reports have no such number"},
    {"rule.on_no_baseline", KEY_CHOICE, KEY_OPTIONAL, offsetof(struct rule, on_no_baseline),
     BASELINE_CHOICES, "warn", "what it means that there is nothing to compare with"},

    {"when.branch", KEY_WORDS, KEY_OPTIONAL, offsetof(struct when, branches), NULL, "any",
     "globs over the target branch, else the branch or tag that is judged"},
    {"when.changes", KEY_WORDS, KEY_OPTIONAL, offsetof(struct when, changes), NULL, "any",
     "globs over the paths of which the change touches one"},

    {"outputs.format", KEY_TEXT, KEY_REQUIRED, offsetof(struct output, format), NULL, "", "the output"},
    {"outputs.path", KEY_TEXT, KEY_REQUIRED, offsetof(struct output, path), NULL, "",
     "the file, from the root of the repository"},

    {"waivers.max_days", KEY_COUNT, KEY_OPTIONAL, offsetof(struct waiver_terms, max_days), NULL, "any",
     "a waiver that reaches further does not count"},
    {"waivers.unused", KEY_CHOICE, KEY_OPTIONAL, offsetof(struct waiver_terms, unused), "warn fail",
     "warn", "what it means that a waiver waives nothing"},
    {"waivers.files", KEY_NAMES, KEY_OPTIONAL, 0, NULL, "", "files with more entries"},
    {"waivers.entries", KEY_LIST, KEY_OPTIONAL, 0, NULL, "", "the waivers"},
    {"waiver.id", KEY_TEXT, KEY_OPTIONAL, offsetof(struct waiver, id), NULL, "",
     "the finding or test; `*` stands for any text"},
    {"waiver.package", KEY_TEXT, KEY_OPTIONAL, offsetof(struct waiver, package), NULL, "any",
     "only in this package"},
    {"waiver.path", KEY_TEXT, KEY_OPTIONAL, offsetof(struct waiver, path), NULL, "any",
     "only below paths that match this glob"},
    {"waiver.measure", KEY_TEXT, KEY_OPTIONAL, offsetof(struct waiver, measure), NULL, "any",
     "only in rules on this measure"},
    {"waiver.gate", KEY_TEXT, KEY_OPTIONAL, offsetof(struct waiver, gate), NULL, "any",
     "only in this gate; without `id` the whole gate"},
    {"waiver.reason", KEY_TEXT, KEY_REQUIRED, offsetof(struct waiver, reason), NULL, "",
     "why it is right to wait"},
    {"waiver.owner", KEY_TEXT, KEY_REQUIRED, offsetof(struct waiver, owner), NULL, "",
     "who answers for it"},
    {"waiver.expires", KEY_DAY, KEY_REQUIRED, offsetof(struct waiver, expires), NULL, "",
     "the last day that it counts, UTC"},
    {"waiver.ticket", KEY_TEXT, KEY_OPTIONAL, offsetof(struct waiver, ticket), NULL, "",
     "where the repair is planned"},

    {"publish.gitlab", KEY_MAP, KEY_OPTIONAL, 0, NULL, "", "what is shown in a merge request"},
    {"gitlab.note", KEY_CHOICE, KEY_OPTIONAL, offsetof(struct publish_gitlab, note),
     "on_change always on_fail never", "on_change", "when the summary note is written"},
    {"gitlab.threads", KEY_CHOICE, KEY_OPTIONAL, offsetof(struct publish_gitlab, threads),
     "new all none", "new", "which findings get a thread at their line"},
    {"gitlab.status", KEY_FLAG, KEY_OPTIONAL, offsetof(struct publish_gitlab, status), NULL,
     "false", "whether a commit status is set"},
    {"gitlab.required", KEY_FLAG, KEY_OPTIONAL, offsetof(struct publish_gitlab, required), NULL,
     "false", "whether publishing that fails is exit status 5"},
    {0},
};

const char *key_type_name(enum key_type type)
{
    static const char *const names[] = {
        [KEY_TEXT] = "a text",
        [KEY_WORDS] = "a text or a list of texts",
        [KEY_FLAG] = "true or false",
        [KEY_COUNT] = "a whole number",
        [KEY_DAY] = "a day like 2027-03-01",
        [KEY_AGE] = "a time like 36h or 1d",
        [KEY_CHOICE] = "a word",
        [KEY_LIST] = "a list",
        [KEY_MAP] = "a map of keys",
        [KEY_LIST_OR_MAP] = "a list or a map of keys",
        [KEY_NAMES] = "a text or a list of texts",
        [KEY_OTHER] = "a text",
    };
    return names[type];
}

void words_load(struct loader *loader, const char *what, const struct node *value,
                struct words *into)
{
    const struct node *alone[] = {value};
    bool is_list = value->kind == NODE_LIST;
    size_t count = is_list ? value->items.count : 1;
    if (count == 0)
        problem_add(loader->found, value->at, "`%s` is an empty list", what);
    for (size_t i = 0; i < count; i++) {
        const struct node *word = is_list ? value->items.items[i] : alone[i];
        if (word->kind != NODE_TEXT || word->text[0] == '\0' || node_is_empty(word))
            problem_add(loader->found, word->at, "`%s` is %s", what, key_type_name(KEY_WORDS));
        else
            array_push(loader->mem, into, word->text);
    }
}

/* Enumerations of choices count from 0, in the order of the table. */
static void choice_load(struct loader *loader, const struct policy_key *key, const char *name,
                        const struct node *value, unsigned *into)
{
    struct nearest nearest = {.asked = value->text};
    unsigned index = 0;
    for (const char *at = key->choices; *at != '\0'; index++) {
        size_t size = strcspn(at, " ");
        if (text_is(at, size, value->text)) {
            *into = index;
            return;
        }
        at += size + (at[size] == ' ');
    }
    nearest_try_list(&nearest, key->choices, loader->mem);
    problem_add(loader->found, value->at, "`%s` is one of %s, not '%s'%s", name, key->choices,
                text_keep(loader->mem, value->text, strlen(value->text), 60),
                nearest_hint(&nearest, loader->mem));
}

static bool flag_read(const struct node *value, bool *into)
{
    *into = strcmp(value->text, "true") == 0;
    return value->plain && (*into || strcmp(value->text, "false") == 0);
}

static bool age_read(const struct node *value, int64_t *into)
{
    int64_t ms = 0;
    bool read = duration_read(value->text, &ms) && ms >= 1000;
    *into = ms / 1000;
    return read;
}

/* False: the text is not what the type asks for. */
static bool text_load(struct loader *loader, const struct policy_key *key, const char *name,
                      const struct node *value, void *field)
{
    switch (key->type) {
    case KEY_TEXT:
        *(const char **)field = value->text;
        return true;
    case KEY_FLAG:
        return flag_read(value, field);
    case KEY_COUNT:
        return value->plain && number_parse_count(value->text, strlen(value->text), field);
    case KEY_DAY:
        return day_parse(value->text, field);
    case KEY_AGE:
        return age_read(value, field);
    case KEY_CHOICE:
        choice_load(loader, key, name, value, field);
        return true;
    default:
        return true;
    }
}

static bool is_kind(const struct policy_key *key, const struct node *value)
{
    switch (key->type) {
    case KEY_LIST:
        return value->kind == NODE_LIST;
    case KEY_MAP:
        return value->kind == NODE_MAP;
    case KEY_LIST_OR_MAP:
        return value->kind != NODE_TEXT;
    case KEY_NAMES:
    case KEY_WORDS:
        return value->kind != NODE_MAP;
    default:
        return value->kind == NODE_TEXT;
    }
}

static void value_load(struct loader *loader, const struct policy_key *key,
                       const struct node *written, const struct node *value, void *into)
{
    const char *name = written->text;
    if (node_is_empty(value))
        problem_add(loader->found, written->at, "`%s` has no value: it is %s", name,
                    key_type_name(key->type));
    else if (value->kind == NODE_TEXT && value->text[0] == '\0' && key->type != KEY_OTHER)
        problem_add(loader->found, value->at, "`%s` is empty", name);
    else if (key->type == KEY_WORDS && is_kind(key, value))
        words_load(loader, name, value, (struct words *)((char *)into + key->offset));
    else if (!is_kind(key, value) ||
             !text_load(loader, key, name, value, (char *)into + key->offset))
        problem_add(loader->found, value->at, "`%s` is %s", name, key_type_name(key->type));
}

/* The key's name when it belongs to the part, otherwise NULL. */
static const char *name_in(const struct policy_key *key, const char *part)
{
    size_t size = strlen(part);
    if (size == 0)
        return strchr(key->path, '.') == NULL ? key->path : NULL;
    return strncmp(key->path, part, size) == 0 && key->path[size] == '.' ? key->path + size + 1
                                                                         : NULL;
}

static const struct policy_key *key_named(const char *part, const char *name)
{
    for (const struct policy_key *key = policy_keys; key->path != NULL; key++) {
        const char *own = name_in(key, part);
        if (own != NULL && strcmp(own, name) == 0)
            return key;
    }
    return NULL;
}

/* Another part that has a key of this name; NULL when there is none. */
static const char *part_with(const char *name)
{
    static const struct {
        const char *part, *title;
    } parts[] = {{"", "the top of the policy"},         {"reports", "an entry of `reports`"},
                 {"paths", "`paths`"},                  {"gates", "a gate"},
                 {"rule", "a rule"},                    {"when", "`when`"},
                 {"outputs", "an entry of `outputs`"},  {"waivers", "`waivers`"},
                 {"waiver", "a waiver"},                {"gitlab", "`publish.gitlab`"}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (key_named(parts[i].part, name) != NULL)
            return parts[i].title;
    return NULL;
}

static void unknown_key(struct loader *loader, const char *part, const struct node *key)
{
    struct nearest nearest = {.asked = key->text};
    for (const struct policy_key *known = policy_keys; known->path != NULL; known++)
        if (name_in(known, part) != NULL)
            nearest_try(&nearest, name_in(known, part));
    const char *shown = text_keep(loader->mem, key->text, strlen(key->text), 60);
    const char *elsewhere = part_with(key->text);
    if (nearest.found == NULL && elsewhere != NULL)
        problem_add(loader->found, key->at, "unknown key '%s' here: it belongs into %s", shown,
                    elsewhere);
    else
        problem_add(loader->found, key->at, "unknown key '%s'%s", shown,
                    nearest_hint(&nearest, loader->mem));
}

static void check_required(struct loader *loader, const struct node *map, const char *part)
{
    for (const struct policy_key *key = policy_keys; key->path != NULL; key++) {
        const char *name = name_in(key, part);
        if (name != NULL && key->need == KEY_REQUIRED && node_find(map, name) == NULL)
            problem_add(loader->found, map->at, "`%s` is missing: %s", name, key->help);
    }
}

bool keys_load(struct loader *loader, const struct node *map, const char *part, void *into)
{
    for (size_t i = 0; map->kind == NODE_MAP && i + 1 < map->items.count; i += 2) {
        const struct node *name = map->items.items[i];
        if (name->kind != NODE_TEXT)
            continue; /* said when the tree was read */
        const struct policy_key *key = key_named(part, name->text);
        if (key == NULL)
            unknown_key(loader, part, name);
        else
            value_load(loader, key, name, map->items.items[i + 1], into);
    }
    if (map->kind == NODE_MAP)
        check_required(loader, map, part);
    return map->kind == NODE_MAP;
}

const struct node *keys_find(const struct node *map, const char *key, enum node_kind kind)
{
    const struct node *value = node_find(map, key);
    return value != NULL && value->kind == kind && !node_is_empty(value) ? value : NULL;
}
