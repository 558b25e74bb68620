#include "runner/history/gitops.h"

#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/history/apart.h"
#include "runner/history/authors.h"
#include "runner/history/origin.h"
#include "runner/history/sighted.h"
#include "runner/history/trunk.h"
#include "runner/history/walk.h"

struct reading {
    const struct history *history;
    const struct gitops_wanted *wanted;
    struct arena *mem;
    struct layouts layouts;
    struct authors authors;
    struct sighted sighted;
    struct ARRAY(git_oid) line; /* commits that were not read yet, the youngest first */
};

/* One commit on the line, and what the files that it changed said before and after. */
struct step {
    struct reading *reading;
    struct arena *mem;
    const char *commit; /* hexadecimal */
    struct seens before, after;
    bool failed; /* with git_error_last() */
};

/* --- files ------------------------------------------------------------------------------------ */

static bool may_lie_in(const void *state, const char *folder)
{
    const struct step *step = state;
    return layouts_reach(&step->reading->layouts, folder);
}

/* What is kept of it outlives the step. */
static struct seen keep(struct sighted *sighted, const struct seen *seen, const char *path)
{
    struct seen kept = *seen;
    kept.path = path;
    kept.service = sighted_text(sighted, seen->service);
    kept.environment = sighted_text(sighted, seen->environment);
    kept.region = sighted_text(sighted, seen->region);
    kept.version = sighted_text(sighted, seen->version);
    return kept;
}

static void replace(struct step *step, struct sighted_file *file, const struct seens *seens,
                    const char *path)
{
    struct sighted *sighted = &step->reading->sighted;
    for (size_t i = 0; i < file->seens.count; i++)
        array_push(step->mem, &step->before, file->seens.items[i]);
    if (file->broken > 0)
        sighted->sightings.unreadable.items[file->broken - 1].until_s = sighted->latest_s;
    file->seens.count = 0;
    file->broken = 0;
    for (size_t i = 0; i < seens->count; i++) {
        struct seen kept = keep(sighted, &seens->items[i], path);
        array_push(step->reading->mem, &file->seens, kept);
        array_push(step->mem, &step->after, kept);
    }
}

static void warn(struct step *step, struct sighted_file *file, const char *path,
                 const struct problem *problem)
{
    struct sighted *sighted = &step->reading->sighted;
    struct arena *mem = step->reading->mem;
    if (file->broken > 0)
        return;
    const char *text = arena_printf(mem, "%.12s:%s:%u:%u: %s", step->commit, path, problem->at.line,
                                    problem->at.column, problem->what);
    array_push(mem, &sighted->sightings.unreadable,
               ((struct unreadable){sighted->latest_s, INT64_MAX, text}));
    file->broken = (uint32_t)sighted->sightings.unreadable.count;
}

static bool read_file(struct step *step, const char *path, const struct side *now)
{
    struct sighted *sighted = &step->reading->sighted;
    AUTO(close_content) struct content content = {0};
    struct seens seens = {0};
    struct problems found;
    problems_init(&found, step->mem);
    step->failed = !content_load(step->reading->history->repository, now, path, &content);
    if (step->failed)
        return false;
    struct sighted_file *file = sighted_file(sighted, path);
    const char *shown = text_keep(step->mem, path, strlen(path), LIMIT_NAME_BYTES);
    shown = sighted_text(sighted, shown);
    if (content.too_large)
        problem_add(&found, (struct place){path, 1, 1}, "too many bytes");
    if (!content.too_large && layouts_read(&step->reading->layouts, path, content.bytes,
                                           content.len, step->mem, &seens, &found))
        replace(step, file, &seens, shown);
    else
        warn(step, file, shown, &found.items[0]);
    return true;
}

static bool take_file(void *state, const char *path, const struct side *old, const struct side *now)
{
    struct step *step = state;
    const struct layouts *layouts = &step->reading->layouts;
    (void)old;
    if (layouts_match(layouts, path, step->mem))
        return read_file(step, path, now);
    if (layouts_overlook(layouts, path, step->mem))
        sighted_file(&step->reading->sighted, path)->overlooked = side_is_file(now);
    return true;
}

/* --- commits ---------------------------------------------------------------------------------- */

static void take_author(struct reading *reading, const git_commit *commit, struct sighting *to)
{
    const git_signature *author = git_commit_author(commit);
    uint32_t index = authors_add(&reading->authors, author->name, author->email);
    const char *text = arena_printf(reading->mem, "%s <%s>", author->name, author->email);
    text = text_keep(reading->mem, text, strlen(text), LIMIT_NAME_BYTES);
    to->author = sighted_text(&reading->sighted, text);
    to->bot = reading->authors.known.items[index].bot;
}

static void compare(struct step *step, const git_commit *commit)
{
    struct reading *reading = step->reading;
    struct sighted *sighted = &reading->sighted;
    struct sighting of = {.at_s = sighted->latest_s, .order = sighted->commits};
    if (step->before.count == 0 && step->after.count == 0)
        return;
    of.commit = sighted_text(sighted, step->commit);
    take_author(reading, commit, &of);
    sightings_compare(&step->before, &step->after, &of, reading->mem, &sighted->sightings);
}

static bool take_parent(git_commit *commit, git_commit **parent, const git_oid **tree)
{
    *tree = NULL;
    if (git_commit_parentcount(commit) == 0)
        return true;
    if (git_commit_parent(parent, commit, 0) != 0)
        return false;
    *tree = git_commit_tree_id(*parent);
    return true;
}

/* Clocks run apart: a commit is never older than the one it was made on. */
static bool take_commit(struct reading *reading, const git_oid *id)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    AUTO(close_commit) git_commit *commit = NULL, *parent = NULL;
    struct step step = {.reading = reading, .mem = mem, .commit = hex_of(id, mem)};
    struct apart apart = {reading->history, may_lie_in, take_file, &step};
    const git_oid *before;
    if (git_commit_lookup(&commit, reading->history->repository, id) != 0 ||
        !take_parent(commit, &parent, &before))
        return false;
    int64_t at_s = dated(git_commit_time(commit));
    if (at_s > reading->sighted.latest_s)
        reading->sighted.latest_s = at_s;
    if (!trees_apart(&apart, before, git_commit_tree_id(commit)) || step.failed)
        return false;
    compare(&step, commit);
    reading->sighted.commits++;
    return true;
}

/* --- the line --------------------------------------------------------------------------------- */

/* From the tip down to what was read before, or to the first commit. */
static bool list_line(struct reading *reading, const char *tip, struct error *err)
{
    const char *known = reading->sighted.tip;
    git_oid id;
    if (git_oid_fromstr(&id, tip) != 0)
        return error_set(err, FAULT_SYSTEM, "\"%s\" names no commit", tip);
    for (;;) {
        AUTO(close_commit) git_commit *commit = NULL;
        if (known != NULL && git_oid_streq(&id, known) == 0)
            return true;
        if (git_commit_lookup(&commit, reading->history->repository, &id) != 0)
            return walk_missing(reading->history, hex_of(&id, reading->mem), reading->mem, err);
        array_push(reading->mem, &reading->line, id);
        if (git_commit_parentcount(commit) == 0)
            break;
        id = *git_commit_parent_id(commit, 0);
    }
    if (known != NULL) /* the branch was written anew: what was read is no part of it */
        sighted_init(&reading->sighted, reading->mem);
    return true;
}

static bool read_line(struct reading *reading, struct error *err)
{
    size_t count = reading->line.count;
    for (size_t i = count; i > 0; i--) {
        const git_oid *id = &reading->line.items[i - 1];
        progress_show(reading->wanted->progress, reading->wanted->doing, count - i, count,
                      "commits");
        if (!take_commit(reading, id))
            return error_set(err, FAULT_SYSTEM, "the files of commit %.12s cannot be read: %s",
                             hex_of(id, reading->mem), last_words(reading->mem));
    }
    return true;
}

static void list_overlooked(const struct sighted *sighted, struct arena *mem, struct words *paths)
{
    for (size_t i = 0; i < sighted->files.count; i++) {
        const char *path = sighted->paths.texts.items[i];
        if (sighted->files.items[i].overlooked)
            array_push(mem, paths, text_keep(mem, path, strlen(path), LIMIT_NAME_BYTES));
    }
}

static bool no_branch(const struct gitops_wanted *wanted, struct error *err)
{
    if (wanted->branch == NULL)
        return error_set(err, FAULT_SYSTEM, "repository '%s': no branch can be told to be its main",
                         wanted->repository);
    return error_set(err, FAULT_SYSTEM, "repository '%s' has no branch '%s'", wanted->repository,
                     wanted->branch);
}

bool history_sightings(const struct history *history, const struct gitops_wanted *wanted,
                       struct arena *mem, struct sightings *sightings, struct error *err)
{
    struct reading reading = {.history = history, .wanted = wanted, .mem = mem};
    struct names people;
    const char *branch = wanted->branch == NULL ? "" : wanted->branch;
    const char *name = origin_file(history, "gitops", branch, mem);
    const char *tip = history_trunk(history, wanted->branch, mem);
    if (tip == NULL)
        return no_branch(wanted, err);
    if (!layouts_of(wanted->delivery, wanted->repository, mem, &reading.layouts, err))
        return false;
    names_init(&people, mem);
    authors_init(&reading.authors, &people, &wanted->delivery->bots, mem);
    sighted_read(wanted->cache, name, reading.layouts.digest, mem, &reading.sighted);
    if (!list_line(&reading, tip, err) || !read_line(&reading, err))
        return false;
    reading.sighted.tip = tip;
    if (reading.line.count > 0)
        sighted_write(wanted->cache, name, reading.layouts.digest, &reading.sighted);
    *sightings = reading.sighted.sightings;
    list_overlooked(&reading.sighted, mem, &sightings->overlooked);
    return true;
}
