/* What runner/history says of the repository in the current directory: a question on each line of
 * standard input, a JSON object on each line of standard output.
 *
 *     changes FROM TO|work|untracked    FROM "-" is nothing
 *     base ONE OTHER
 *     parents COMMIT MOST
 *     text COMMIT PATH
 *     touches COMMIT GLOB
 *     trunk BRANCH -                    BRANCH "-" is none
 *     sightings DELIVERY FOLDER         of its repository "ops"; what was found is kept in FOLDER,
 * "-" is none compare TARGET -                  TARGET "-" is none; the environment says the rest
 */
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gates/delivery/rollout.h"
#include "runner/context.h"
#include "runner/history/changes.h"
#include "runner/history/compare.h"
#include "runner/history/gitops.h"
#include "runner/history/touches.h"
#include "runner/history/trunk.h"
#include "runner/history/walk.h"

enum { MOST = 200 };

static const char *const ends[] = {"found", "none", "shallow", "broken"};

static void put(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text == NULL ? json_null() : json_string_nocheck(text));
}

static void print(json_t *document)
{
    json_dumpf(document, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(document);
}

static json_t *ranges(const struct line_ranges *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, json_pack("[ii]", list->items[i].first, list->items[i].last));
    return array;
}

static void changes(struct history *history, char argument[][MOST], struct arena *mem)
{
    static const char *const hows[] = {"added", "modified", "renamed", "deleted"};
    struct change change;
    bool untracked = strcmp(argument[1], "untracked") == 0;
    bool work_tree = untracked || strcmp(argument[1], "work") == 0;
    const char *from = strcmp(argument[0], "-") == 0 ? "" : argument[0];
    struct change_wanted wanted = {from, work_tree ? NULL : argument[1], untracked};
    history_changes(history, &wanted, mem, &change);
    json_t *files = json_array();
    for (size_t i = 0; i < change.files.count; i++) {
        const struct changed_file *file = &change.files.items[i];
        json_t *object = json_object();
        put(object, "path", file->path);
        put(object, "old_path", file->old_path);
        put(object, "how", hows[file->how]);
        json_object_set_new(object, "no_code", json_boolean(file->no_code));
        json_object_set_new(object, "binary", json_boolean(file->binary));
        json_object_set_new(object, "added", ranges(&file->added));
        json_object_set_new(object, "removed", ranges(&file->removed));
        json_array_append_new(files, object);
    }
    json_t *document = json_object();
    put(document, "why_not", change.why_not);
    put(document, "remedy", change.remedy);
    json_object_set_new(document, "files", files);
    print(document);
}

static void base(struct history *history, char argument[][MOST], struct arena *mem)
{
    const char *found = NULL;
    enum walk_end end = walk_merge_base(history, argument[0], argument[1], mem, &found);
    json_t *document = json_object();
    put(document, "end", ends[end]);
    put(document, "base", found);
    print(document);
}

static void parents(struct history *history, char argument[][MOST], struct arena *mem)
{
    struct words commits;
    size_t most = (size_t)strtoul(argument[1], NULL, 10);
    enum walk_end end = walk_first_parents(history, argument[0], most, mem, &commits);
    json_t *document = json_object(), *list = json_array();
    for (size_t i = 0; i < commits.count; i++)
        json_array_append_new(list, json_string(commits.items[i]));
    put(document, "end", ends[end]);
    json_object_set_new(document, "commits", list);
    print(document);
}

static void text(struct history *history, char argument[][MOST], struct arena *mem)
{
    const char *found;
    size_t len;
    struct error err = {0};
    bool read = history_text(history, argument[0], argument[1], 1000, mem, &found, &len, &err);
    json_t *document = json_object();
    put(document, "error", read ? NULL : err.what);
    put(document, "text", found);
    print(document);
}

static void touches(struct history *history, char argument[][MOST], struct arena *mem)
{
    struct words globs = {0};
    struct error err = {0};
    bool found = false;
    array_push(mem, &globs, argument[1]);
    struct insights known;
    insights_open(&known, -1, history, "", "", mem);
    bool read = history_touches(history, argument[0], &globs, &known, &found, &err);
    json_t *document = json_object();
    put(document, "error", read ? NULL : err.what);
    json_object_set_new(document, "touches", json_boolean(found));
    print(document);
}

static void trunk(struct history *history, char argument[][MOST], struct arena *mem)
{
    json_t *document = json_object();
    put(document, "tip",
        history_trunk(history, strcmp(argument[0], "-") == 0 ? NULL : argument[0], mem));
    print(document);
}

static void compare(struct history *history, char argument[][MOST], struct arena *mem)
{
    struct comparison comparison;
    struct context context;
    struct error err = {0};
    if (!context_read(&context, mem, &err))
        exit(2);
    history_compare(history, &context.ci, strcmp(argument[0], "-") == 0 ? NULL : argument[0], mem,
                    &comparison);
    json_t *document = json_object();
    put(document, "target", comparison.target);
    put(document, "target_commit", comparison.target_commit);
    put(document, "why_no_target", comparison.why_no_target);
    put(document, "base", comparison.base);
    put(document, "why_no_base", comparison.why_no_base);
    put(document, "remedy", comparison.remedy);
    put(document, "branch", comparison.branch);
    print(document);
}

/* The delivery configuration in that file. */
static void load(const char *path, struct arena *mem, struct delivery *delivery)
{
    struct problems found;
    struct error err = {0};
    char *read = arena_alloc(mem, 1 << 20);
    FILE *in = fopen(path, "re");
    problems_init(&found, mem);
    size_t len = in == NULL ? 0 : fread(read, 1, 1 << 20, in);
    bool loaded = delivery_load(path, read, len, NULL, mem, delivery, &found, &err);
    if (in != NULL)
        fclose(in);
    if (found.count > 0)
        fprintf(stderr, "%s:%u: %s\n", path, found.items[0].at.line, found.items[0].what);
    if (!loaded || found.count > 0)
        exit(2);
}

static json_t *sightings_json(const struct sightings *sightings)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sightings->count; i++) {
        const struct sighting *sighting = &sightings->items[i];
        json_t *object = json_pack("{sisIsisbsb}", "layout", (int)sighting->layout, "at_s",
                                   (json_int_t)sighting->at_s, "order", (int)sighting->order,
                                   "same", sighting->same, "bot", sighting->bot);
        put(object, "path", sighting->path);
        put(object, "service", sighting->service);
        put(object, "environment", sighting->environment);
        put(object, "region", sighting->region);
        put(object, "before", sighting->before);
        put(object, "version", sighting->version);
        put(object, "commit", sighting->commit);
        put(object, "author", sighting->author);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *rollouts_json(const struct sightings *sightings, struct arena *mem)
{
    struct rollouts rollouts = {0};
    json_t *list = json_array();
    rollouts_join(sightings, mem, &rollouts);
    for (size_t i = 0; i < rollouts.count; i++) {
        const struct rollout *rollout = &rollouts.items[i];
        json_t *object = json_pack("{sIsIsisbsb}", "first_s", (json_int_t)rollout->first_s, "at_s",
                                   (json_int_t)rollout->at_s, "order", (int)rollout->order,
                                   "config", rollout->config, "bot", rollout->bot);
        put(object, "service", rollout->service);
        put(object, "environment", rollout->environment);
        put(object, "version", rollout->version);
        put(object, "commit", rollout->commit);
        json_t *sources = json_array();
        for (size_t k = 0; k < rollout->sources.count; k++)
            json_array_append_new(sources, json_sprintf("%s@%s", rollout->sources.items[k].path,
                                                        rollout->sources.items[k].commit));
        json_object_set_new(object, "sources", sources);
        json_array_append_new(list, object);
    }
    return list;
}

static void sightings(struct history *history, char argument[][MOST], struct arena *mem)
{
    struct delivery delivery;
    struct sightings found = {0};
    struct error err = {0};
    load(argument[0], mem, &delivery);
    int folder = strcmp(argument[1], "-") == 0 ? -1 : open(argument[1], O_RDONLY | O_DIRECTORY);
    const struct delivery_repository *ops = delivery_repository(&delivery, "ops");
    struct gitops_wanted wanted = {&delivery, "ops", ops->branch, folder, "", NULL};
    bool read = history_sightings(history, &wanted, mem, &found, &err);
    json_t *document = json_object(), *warnings = json_array(), *overlooked = json_array();
    for (size_t i = 0; i < found.unreadable.count; i++) {
        const struct unreadable *one = &found.unreadable.items[i];
        bool over = one->until_s != INT64_MAX;
        json_array_append_new(warnings, json_pack("[s, I, I]", one->text, (json_int_t)one->from_s,
                                                  (json_int_t)(over ? one->until_s : -1)));
    }
    put(document, "error", read ? NULL : err.what);
    json_object_set_new(document, "sightings", sightings_json(&found));
    json_object_set_new(document, "rollouts", rollouts_json(&found, mem));
    for (size_t i = 0; i < found.overlooked.count; i++)
        json_array_append_new(overlooked, json_string(found.overlooked.items[i]));
    json_object_set_new(document, "warnings", warnings);
    json_object_set_new(document, "overlooked", overlooked);
    print(document);
    if (folder >= 0)
        close(folder);
}

static void answer(struct history *history, char word[3][MOST], struct arena *mem)
{
    static const struct {
        const char *name;
        void (*run)(struct history *history, char argument[][MOST], struct arena *mem);
    } questions[] = {{"changes", changes},     {"base", base},       {"parents", parents},
                     {"text", text},           {"touches", touches}, {"trunk", trunk},
                     {"sightings", sightings}, {"compare", compare}};
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
        if (strcmp(word[0], questions[i].name) == 0)
            questions[i].run(history, word + 1, mem);
}

int main(void)
{
    char here[4096], line[3 * MOST], word[3][MOST];
    AUTO(close_arena) struct arena *mem = arena_new();
    struct history history;
    if (getcwd(here, sizeof here) == NULL)
        return 2;
    history_find(&history, here, mem);
    history_open(&history, mem);
    while (fgets(line, sizeof line, stdin) != NULL)
        if (sscanf(line, "%199s %199s %199s", word[0], word[1], word[2]) == 3)
            answer(&history, word, mem);
    close_history(&history);
    return 0;
}
