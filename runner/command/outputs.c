#include "runner/command/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/base/path.h"
#include "runner/cli.h"
#include "runner/discover/beneath.h"
#include "runner/draft.h"
#include "runner/log.h"

enum status status_of_verdict(const struct verdict *verdict, bool strict)
{
    switch (verdict->outcome) {
    case OUTCOME_FAILED:
        return STATUS_FAILED;
    case OUTCOME_ERROR:
        return STATUS_UNREADABLE;
    case OUTCOME_NO_DATA:
        return STATUS_NO_DATA;
    default:
        return strict && verdict->rule_counts[OUTCOME_WARNED] > 0 ? STATUS_FAILED : STATUS_PASSED;
    }
}

static bool unknown_output(const char *name, struct error *err)
{
#define OUTPUT_NAME(name) #name,
    static const char *const names[] = {RENDERERS(OUTPUT_NAME) NULL};
    const char *nearest = cli_nearest(name, names);
    error_set(err, FAULT_USAGE, "there is no output \"%s\"", name);
    if (nearest != NULL)
        return error_hint(err, "did you mean %s?", nearest);
    return error_hint(err, "`qgate check --help` names them");
}

bool targets_add(struct targets *targets, const char *text, struct arena *mem, struct error *err)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || equals[1] == '\0')
        return error_set(err, FAULT_USAGE, "--output wants FORMAT=PATH, not \"%s\"", text);
    const char *name = arena_copy(mem, text, (size_t)(equals - text));
    struct target target = {renderer_named(name), equals + 1, .in_policy = false};
    if (target.renderer == NULL)
        return unknown_output(name, err);
    array_push(mem, targets, target);
    return true;
}

/* Where a path of the policy leads to, links of its folder followed: a branch may bring a link
 * along.
 */
static const char *followed(const struct workplace *place, const char *path, struct arena *mem)
{
    const char *name = path_name(path), *inside = NULL;
    const char *folder = arena_copy(mem, path, (size_t)(name - path));
    if (name == path ||
        !workplace_resolve(place, workplace_path(place, folder, mem), mem, &inside) ||
        inside == NULL)
        return path; /* what is not there, or outside, is not opened for writing */
    return path_join(mem, inside, name);
}

static bool lies_in_git(const char *path)
{
    return strncmp(path, ".git/", 5) == 0 || strstr(path, "/.git/") != NULL;
}

bool targets_add_policy(struct targets *targets, const struct outputs *outputs,
                        const struct workplace *place, struct arena *mem, struct error *err)
{
    for (size_t i = 0; i < outputs->count; i++) {
        const struct output *output = &outputs->items[i];
        const char *path = path_clean(mem, output->path, strlen(output->path));
        const char *real = followed(place, path, mem);
        bool in_git = lies_in_git(path) || lies_in_git(real);
        if (in_git || history_tracks(&place->history, path) ||
            history_tracks(&place->history, real)) {
            error_set(err, FAULT_POLICY, "%s %s: an output cannot be written there",
                      in_git ? "git's own files are at" : "git tracks", real);
            return error_at(err, output->at.file, output->at.line, output->at.column);
        }
        struct target target = {renderer_named(output->format), path, .in_policy = true};
        if (target.renderer != NULL) /* the loader warned of one that a later version brings */
            array_push(mem, targets, target);
    }
    return true;
}

static int open_folder(const struct target *target, int root)
{
    size_t len = (size_t)(path_name(target->path) - target->path);
    char *folder = len == 0 ? strdup(".") : strndup(target->path, len);
    if (folder == NULL)
        return -1;
    int flags = O_RDONLY | O_DIRECTORY;
    int fd =
        target->in_policy ? open_beneath(root, folder, flags) : open(folder, flags | O_CLOEXEC);
    int number = errno;
    free(folder);
    errno = number;
    return fd;
}

static bool write_file(const struct target *target, int root, const struct view *view,
                       struct error *err)
{
    AUTO(close_draft) struct draft draft = {.name = path_name(target->path)};
    draft.folder = open_folder(target, root);
    if (draft.folder < 0) {
        error_set(err, FAULT_SYSTEM, "its folder cannot be opened: %s", strerror(errno));
        return error_hint(err, "make the folder before qgate runs");
    }
    return draft_open(&draft, err) && target->renderer->render(view, draft.out, err) &&
           draft_finish(&draft, err);
}

static void complain(struct view *view, const char *path, struct error *err)
{
    error_at(err, path, 0, 0);
    log_error(err);
    view->status = (int)status_worse((enum status)view->status, STATUS_UNREADABLE);
}

/* A file is the same wherever it is written: no colour, no columns and no characters of a terminal.
 */
static struct view plain(const struct view *view)
{
    enum { FILE_COLUMNS = 100 };
    struct view copy = *view;
    copy.colour = copy.gitlab = false;
    copy.utf8 = true;
    copy.columns = FILE_COLUMNS;
    return copy;
}

void targets_write(const struct targets *targets, const struct workplace *place, struct view *view)
{
    const struct renderer *on_stdout = &terminal_renderer;
    for (size_t i = 0; i < targets->count; i++) {
        struct error err = {0};
        const struct target *target = &targets->items[i];
        const struct view copy = plain(view);
        if (!target->in_policy && strcmp(target->path, "-") == 0)
            on_stdout = target->renderer;
        else if (!write_file(target, place->fd, &copy, &err))
            complain(view, target->path, &err);
    }
    struct error err = {0};
    if (!on_stdout->render(view, stdout, &err) && ferror(stdout) == 0)
        complain(view, "standard output", &err);
}
