#include <assert.h>
#include <string.h>

#include "gates/base/glob.h"
#include "runner/command/intake_parts.h"

/* On a laptop a report speaks of files that were never committed. */
static void add_new_files(const struct desk *desk, struct words *files)
{
    const struct change *change = desk->intake->change;
    const struct history *history = &desk->intake->place->history;
    for (size_t i = 0; change != NULL && i < change->files.count; i++) {
        const struct changed_file *file = &change->files.items[i];
        if (file->how != CHANGE_DELETED && !history_tracks(history, file->path))
            array_push(desk->mem, files, file->path);
    }
}

/* Listing HEAD's files takes time, so it is done for the first report that names source files. */
const struct path_index *intake_repository_files(struct desk *desk)
{
    struct history *history = &desk->intake->place->history;
    struct words files = {0};
    if (!desk->indexed && history->root != NULL && history_files(history, desk->mem, &files)) {
        add_new_files(desk, &files);
        desk->index = path_index_new(desk->mem, history->root, &files);
    }
    desk->indexed = true;
    return desk->index;
}

void intake_resolve_paths(struct desk *desk, struct source *source)
{
    paths_map(source, &desk->intake->policy->maps, desk->intake->place->history.root, desk->mem);
    if (source->coverage.files.count == 0)
        return;
    const struct path_index *index = intake_repository_files(desk);
    const char *why_not = desk->intake->place->history.why_not;
    if (index != NULL)
        paths_resolve(source, index, desk->mem);
    else if (why_not != NULL)
        source_warn(source, desk->mem, "paths are as the report says: %s", why_not);
}

/* What git tracks of the way to a report: the file, or a link to it; NULL: nothing. */
static const char *tracked_path(struct desk *desk, const struct job *job)
{
    const struct workplace *place = desk->intake->place;
    const char *path = job->path, *inside = NULL;
    if (!job->argument)
        path = workplace_path(place, path, desk->mem);
    const char *named = workplace_within(place, path, desk->mem);
    if (named != NULL && history_tracks(&place->history, named))
        return named;
    bool there = workplace_resolve(place, path, desk->mem, &inside);
    return there && inside != NULL && history_tracks(&place->history, inside) ? inside : NULL;
}

void intake_check_origin(struct desk *desk, const struct job *job, struct source *report,
                         struct source *into)
{
    const char *tracked = tracked_path(desk, job);
    if (tracked == NULL)
        return;
    if (job->argument ? !desk->intake->merge_request : job->entry->tracked) {
        if (into->committed == NULL || strcmp(tracked, into->committed) < 0)
            into->committed = tracked;
        return;
    }
    const char *leave = job->argument ? "name it in `reports` of the policy, with" : "say";
    source_part(report, arena_printf(desk->mem, "git tracks %s, so no build wrote it", tracked),
                arena_printf(desk->mem,
                             "git rm --cached %s, and have the build write it (meant so? %s "
                             "`tracked: true`)",
                             tracked, leave));
}

void intake_ignore_files(struct coverage *coverage, const struct words *globs)
{
    for (size_t i = 0; i < coverage->files.count && globs->count > 0; i++) {
        struct covered_file *file = &coverage->files.items[i];
        file->ignored = globs_match(globs, file->path);
        file->maybe_ignored = file->candidates.count == MOST_CANDIDATES; /* there may be more */
        for (size_t j = 0; j < file->candidates.count; j++)
            file->maybe_ignored |= globs_match(globs, file->candidates.items[j]) != file->ignored;
    }
}

void intake_judge_paths(struct desk *desk, struct source *source)
{
    const char *unmatched = NULL;
    if (desk->index != NULL)
        unmatched = paths_unmatched(source, desk->mem);
    else if (desk->indexed && desk->intake->policy->unmatched == ON_UNMATCHED_FAIL)
        unmatched = "paths cannot be compared with the files of the repository";
    if (unmatched == NULL || desk->intake->policy->unmatched == ON_UNMATCHED_IGNORE)
        return;
    if (desk->intake->policy->unmatched == ON_UNMATCHED_WARN) {
        source_warn(source, desk->mem, "%s", unmatched);
        return;
    }
    source_part(source, unmatched, "say in `paths.map` where they lie in the repository");
}

void intake_mark_tracked(struct desk *desk, struct source *source)
{
    struct names paths;
    struct flags ARRAY(bool) tracked = {0}; /* of each of the paths: they are few */
    names_init(&paths, desk->mem);
    for (size_t i = 0; i < source->findings.count; i++) {
        struct finding *finding = &source->findings.items[i];
        if (finding->family != FAMILY_VULNERABILITIES || finding->path == NULL)
            continue;
        size_t at = names_add(&paths, finding->path, strlen(finding->path));
        if (at == tracked.count)
            array_push(desk->mem, &tracked,
                       history_tracks(&desk->intake->place->history, finding->path));
        assert(at < tracked.count); /* indexes are given in order */
        finding->tracked = tracked.items[at];
    }
}
