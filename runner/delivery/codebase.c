#include "runner/delivery/codebase.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/base/path.h"
#include "runner/history/fetch.h"
#include "runner/history/origin.h"
#include "runner/history/trunk.h"
#include "runner/store/folder.h"

/* --- where it is ------------------------------------------------------------------------------ */

static void use(struct codebase *base, const struct history *history, struct arena *mem)
{
    if (history->repository != NULL)
        base->history = history;
    else
        base->why_not = arena_printf(
            mem, "%s", history->why_not == NULL ? "it is no git repository" : history->why_not);
}

static void use_here(struct codebase *base, const struct codebase_wanted *wanted, struct arena *mem)
{
    base->here = true;
    use(base, &wanted->place->history, mem);
}

static void use_folder(struct codebase *base, const char *path, const char *why_absent,
                       struct arena *mem)
{
    struct stat now;
    if (stat(path, &now) != 0) {
        base->why_not = why_absent;
        return;
    }
    history_open_repository(&base->own, path, mem);
    use(base, &base->own, mem);
}

/* What was fetched. A branch could commit a repository to where that lies. */
static void use_fetched(struct codebase *base, const struct codebase_wanted *wanted,
                        const char *url, struct arena *mem)
{
    struct error err = {0};
    const char *absent = arena_printf(
        mem, "the repository %s is not here yet: `qgate collect` fetches it", base->name);
    int cache = folder_cache(wanted->place, /* create */ false, &err);
    if (cache >= 0) {
        const char *path = arena_printf(mem, "%s/%s", CACHE_PATH, fetch_folder(url, mem));
        close(cache);
        use_folder(base, workplace_path(wanted->place, path, mem), absent, mem);
    } else {
        base->why_not =
            err.fault == FAULT_NONE ? absent : arena_printf(mem, "%s: %s", err.where, err.what);
    }
}

/* The same of a path in the work tree. */
static void use_path(struct codebase *base, const struct codebase_wanted *wanted, const char *url,
                     struct arena *mem)
{
    const char *path = path_join(mem, wanted->folder, url);
    const char *inside = NULL;
    bool found = workplace_resolve(wanted->place, path, mem, &inside);
    if (found && inside != NULL && history_holds(&wanted->place->history, inside))
        base->why_not = arena_printf(mem, "the repository %s is part of a commit: git tracks %s",
                                     base->name, inside);
    else
        use_folder(base, path,
                   arena_printf(mem, "the repository %s is not there: %s", base->name, url), mem);
}

void codebase_open_repository(struct codebase *base, const struct codebase_wanted *wanted,
                              const struct delivery_repository *repository, struct arena *mem)
{
    *base =
        (struct codebase){.name = repository->name, .branch = repository->branch, .tip = DORA_NONE};
    if (fetch_is_remote(repository->url))
        use_fetched(base, wanted, repository->url, mem);
    else
        use_path(base, wanted, repository->url, mem);
}

bool codebase_is_here(const struct codebase_wanted *wanted, const char *project, struct arena *mem)
{
    struct origin origin;
    const char *path = wanted->context->ci.project_path;
    if (strcmp(project, ".") == 0)
        return true;
    if (path == NULL && wanted->place->history.repository != NULL) {
        history_origin(&wanted->place->history, mem, &origin);
        path = *origin.host == '\0' ? NULL : origin.path;
    }
    return path != NULL && strcmp(path, project) == 0;
}

void codebase_open(struct codebase *base, const struct codebase_wanted *wanted, const char *project,
                   struct arena *mem)
{
    struct delivery_repository repository;
    *base = (struct codebase){.name = project, .tip = DORA_NONE};
    if (delivery_repository(wanted->delivery, project) == NULL &&
        codebase_is_here(wanted, project, mem))
        use_here(base, wanted, mem);
    else if (delivery_project(wanted->delivery, project, mem, &repository))
        codebase_open_repository(base, wanted, &repository, mem);
    else
        base->why_not = arena_printf(
            mem,
            "nothing says where the project %s is: name it under `repositories`, or say "
            "`sources: {gitlab: {url: …}}`",
            project);
}

void close_codebase(struct codebase *base)
{
    insights_close(&base->known_sizes);
    close_history(&base->own);
}

/* --- what is in it ---------------------------------------------------------------------------- */

uint32_t codebase_commit(const struct codebase *base, const char *commit)
{
    return commit == NULL ? DORA_NONE : commits_find(&base->commits, commit, strlen(commit));
}

const struct change_size *codebase_size(struct codebase *base, uint32_t landed,
                                        const struct words *ignore)
{
    struct codebase_size *size = &base->sizes[landed];
    if (!size->asked)
        size->known = history_size(base->history, base->commits.all.items[landed].id, ignore,
                                   &base->known_sizes, &size->size);
    size->asked = true;
    return size->known ? &size->size : NULL;
}
