#include "runner/command/notices.h"

#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/names.h"
#include "gates/base/path.h"
#include "runner/command/pipeline.h"

/* As many files as GitLab lets a pipeline include, and as many names as a line holds. */
enum { MOST_INCLUDED = 150, MOST_SHOWN = 5 };

struct gathering {
    const struct notices_wanted *wanted;
    struct arena *mem;
    struct names changed; /* paths, before and after */
    struct words *notices;
};

static void note_changes(struct gathering *gathering)
{
    const struct change *change = gathering->wanted->change;
    names_init(&gathering->changed, gathering->mem);
    for (size_t i = 0; i < change->files.count; i++) {
        const struct changed_file *file = &change->files.items[i];
        names_add(&gathering->changed, file->path, strlen(file->path));
        names_add(&gathering->changed, file->old_path, strlen(file->old_path));
    }
}

/* Those of the changed paths that `path` names: itself, or what it matches as a glob. */
static void add_touched(const struct gathering *gathering, const char *path, struct names *touched)
{
    const struct words *changed = &gathering->changed.texts;
    if (names_find(&gathering->changed, path, strlen(path)) != NAMES_NONE)
        names_add(touched, path, strlen(path));
    for (size_t i = 0; glob_is_pattern(path) && i < changed->count; i++)
        if (glob_match(path, changed->items[i]))
            names_add(touched, changed->items[i], strlen(changed->items[i]));
}

static void say(const struct gathering *gathering, const char *what, const struct words *files)
{
    const char *text = what;
    for (size_t i = 0; i < files->count && i < MOST_SHOWN; i++)
        text = arena_printf(gathering->mem, "%s%s %s", text, i == 0 ? ":" : ",", files->items[i]);
    if (files->count > MOST_SHOWN)
        text = arena_printf(gathering->mem, "%s and %zu more", text, files->count - MOST_SHOWN);
    if (files->count > 0)
        array_push(gathering->mem, gathering->notices, text);
}

/* --- the pipeline ---------------------------------------------------------------------------- */

/* The file that describes the pipeline; NULL: it lies in another project, or somewhere in the
 * network. */
static const char *pipeline_file(const struct gathering *gathering)
{
    const char *given = gathering->wanted->context->ci.config_path;
    if (given == NULL)
        return PIPELINE_FILE;
    if (strchr(given, '@') != NULL || strstr(given, "://") != NULL)
        return NULL;
    return path_clean(gathering->mem, given, strlen(given));
}

/* What the pipeline's file includes, directly or not, itself first. */
static struct words pipeline_files(const struct gathering *gathering, const char *first)
{
    const struct notices_wanted *wanted = gathering->wanted;
    const struct history *history = &wanted->place->history;
    bool committed = wanted->context->in_ci && *history->commit != '\0';
    const struct policy_source source = committed
                                            ? policysource_commit(wanted->place, history->commit)
                                            : policysource_work_tree(wanted->place);
    struct names files;
    names_init(&files, gathering->mem);
    names_add(&files, first, strlen(first));
    for (size_t i = 0; i < files.texts.count && i < MOST_INCLUDED; i++) {
        struct error unseen = {0};
        struct words included = {0};
        struct policy_text text = {.name = files.texts.items[i], .what = "the pipeline"};
        if (glob_is_pattern(text.name) || !source.open(&source, &text, gathering->mem, &unseen) ||
            text.bytes == NULL)
            continue;
        pipeline_includes(text.bytes, text.len, gathering->mem, &included);
        for (size_t j = 0; j < included.count; j++)
            names_add(&files, included.items[j], strlen(included.items[j]));
    }
    return files.texts;
}

static void say_pipeline(const struct gathering *gathering)
{
    const char *first = pipeline_file(gathering);
    struct names touched;
    if (first == NULL)
        return;
    names_init(&touched, gathering->mem);
    const struct words files = pipeline_files(gathering, first);
    for (size_t i = 0; i < files.count; i++)
        add_touched(gathering, files.items[i], &touched);
    say(gathering, "this change touches the pipeline", &touched.texts);
}

/* --- policy and reports ---------------------------------------------------------------------- */

static void say_policy(const struct gathering *gathering)
{
    const struct words *files = &gathering->wanted->choice->files;
    struct names touched;
    names_init(&touched, gathering->mem);
    for (size_t i = 0; i < files->count; i++) {
        const char *path = path_clean(gathering->mem, files->items[i], strlen(files->items[i]));
        if (names_find(&gathering->changed, path, strlen(path)) != NAMES_NONE)
            names_add(&touched, path, strlen(path));
    }
    say(gathering, "this change touches files of the policy", &touched.texts);
}

static void say_reports(const struct gathering *gathering)
{
    const struct report_entries *reports = &gathering->wanted->choice->policy.reports;
    struct names touched;
    struct words tracked = {0};
    names_init(&touched, gathering->mem);
    for (size_t i = 0; i < reports->count; i++) {
        const char *path = reports->items[i].path;
        add_touched(gathering, path_clean(gathering->mem, path, strlen(path)), &touched);
    }
    for (size_t i = 0; i < touched.texts.count; i++)
        if (history_tracks(&gathering->wanted->place->history, touched.texts.items[i]))
            array_push(gathering->mem, &tracked, touched.texts.items[i]);
    say(gathering, "this change commits reports", &tracked);
}

void notices_gather(const struct notices_wanted *wanted, struct arena *mem, struct words *notices)
{
    struct gathering gathering = {.wanted = wanted, .mem = mem, .notices = notices};
    const struct words *first = &wanted->choice->notices;
    for (size_t i = 0; i < first->count; i++)
        array_push(mem, notices, first->items[i]);
    if (wanted->change->why_not != NULL)
        return;
    note_changes(&gathering);
    say_pipeline(&gathering);
    say_policy(&gathering);
    say_reports(&gathering);
}
