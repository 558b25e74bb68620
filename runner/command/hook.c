/* `qgate hook`: the git pre-push hook, put in its place beside the one that is there already. */
#include "runner/command/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/base/text.h"
#include "runner/command/command.h"
#include "runner/draft.h"
#include "runner/history/hooks.h"
#include "runner/log.h"
#include "runner/workplace.h"

#define LINE_BY_HAND "qgate hook run \"$@\" || exit 1"

static const struct cli_option options[] = {{0}};

enum state { HOOK_NONE, HOOK_OURS, HOOK_FOREIGN };

/* What is there. */
struct hook {
    struct hooks place; /* where git looks for it */
    int fd;             /* of the hooks directory; -1: it is not there */
    enum state state;
    bool current;      /* the hook is ours and says what this program would write */
    bool by_hand;      /* it is somebody else's and calls qgate */
    bool before;       /* there is a hook that runs before ours */
    const char *shown; /* the directory, harmless */
    const char *script;
    struct arena *mem;
};

static void close_hook(struct hook *hook)
{
    if (hook->fd >= 0)
        close(hook->fd);
}

static bool fail(struct error *err, const struct hook *hook, const char *what)
{
    error_set(err, FAULT_SYSTEM, "%s: %s", what, strerror(errno));
    return error_at(err, hook->place.directory, 0, 0);
}

static const char *this_program(struct arena *mem)
{
    char path[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path);
    return len <= 0 || len == sizeof path ? "qgate" : arena_copy(mem, path, (size_t)len);
}

static bool is_there(const struct hook *hook, const char *name)
{
    struct stat now;
    return hook->fd >= 0 && fstatat(hook->fd, name, &now, AT_SYMLINK_NOFOLLOW) == 0;
}

/* A link or a binary is somebody else's, like all that does not begin as our script does. */
static void look_at_hook(struct hook *hook)
{
    char text[4 * PATH_MAX] = "";
    struct stat now;
    int fd = openat(hook->fd, HOOK_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    bool executable = fd >= 0 && fstat(fd, &now) == 0 && (now.st_mode & S_IXUSR) != 0;
    if (fd >= 0)
        close(fd);
    text[len > 0 ? len : 0] = '\0';
    hook->state = hook_is_ours(text) ? HOOK_OURS : HOOK_FOREIGN;
    hook->current = executable && strcmp(text, hook->script) == 0;
    hook->by_hand = executable && hook->state == HOOK_FOREIGN && strstr(text, "qgate hook run");
}

static bool look(struct hook *hook, const struct history *history, struct error *err)
{
    hook->script = hook_script(this_program(hook->mem), hook->mem);
    if (!history_hooks(history, hook->mem, &hook->place, err))
        return false;
    hook->shown =
        text_keep(hook->mem, hook->place.directory, strlen(hook->place.directory), PATH_MAX);
    hook->fd = open(hook->place.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (hook->fd < 0 && errno != ENOENT && errno != ENOTDIR)
        return fail(err, hook, "cannot be opened");
    hook->before = is_there(hook, HOOK_BEFORE);
    if (is_there(hook, HOOK_FILE))
        look_at_hook(hook);
    return true;
}

/* --- install --- */

/* A hooks path elsewhere is shared with other repositories, or belongs to another tool or to git's
 * tree. */
static bool is_ours_to_write(const struct hook *hook, const char *by_hand, struct error *err)
{
    if (hook->place.inside)
        return true;
    error_set(err, FAULT_USAGE, "git looks for hooks outside of this repository's git directory%s",
              hook->place.configured ? " (core.hooksPath)" : "");
    error_hint(err, "%s %s/" HOOK_FILE " by hand: " LINE_BY_HAND, by_hand, hook->shown);
    return error_at(err, hook->shown, 0, 0);
}

static bool make_directory(struct hook *hook, struct error *err)
{
    if (hook->fd >= 0)
        return true;
    if (mkdir(hook->place.directory, 0777) != 0 && errno != EEXIST)
        return fail(err, hook, "cannot be made");
    hook->fd = open(hook->place.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return hook->fd >= 0 || fail(err, hook, "cannot be opened");
}

static bool move_aside(struct hook *hook, struct error *err)
{
    if (hook->state != HOOK_FOREIGN)
        return true;
    if (hook->before) {
        error_set(err, FAULT_USAGE, HOOK_FILE " is not qgate's, and " HOOK_BEFORE " is there too");
        error_hint(err, "something wrote " HOOK_FILE
                        " anew: remove the one that is not wanted any more");
        return error_at(err, hook->place.directory, 0, 0);
    }
    hook->before = true;
    return renameat(hook->fd, HOOK_FILE, hook->fd, HOOK_BEFORE) == 0 ||
           fail(err, hook, HOOK_FILE " cannot be renamed");
}

static bool write_hook(const struct hook *hook, struct error *err)
{
    AUTO(close_draft)
    struct draft draft = {.folder = dup(hook->fd), .name = HOOK_FILE};
    if (draft.folder < 0)
        return fail(err, hook, "cannot be opened");
    if (!draft_open(&draft, err) || fchmod(fileno(draft.out), 0755) != 0 ||
        fputs(hook->script, draft.out) < 0 || !draft_finish(&draft, err)) {
        error_set(err, FAULT_SYSTEM, HOOK_FILE " cannot be written: %s", strerror(errno));
        return error_at(err, hook->place.directory, 0, 0);
    }
    return true;
}

static void say_what_runs(const struct hook *hook)
{
    if (hook->before)
        printf("first       %s/" HOOK_BEFORE ", which was there before\n", hook->shown);
}

static bool install(struct hook *hook, struct error *err)
{
    if (!is_ours_to_write(hook, "add this line to", err) || !make_directory(hook, err) ||
        !move_aside(hook, err))
        return false;
    bool there = hook->state == HOOK_OURS && hook->current;
    if (!there && !write_hook(hook, err))
        return false;
    printf("%-12s%s/" HOOK_FILE "\n", there ? "is there" : "wrote", hook->shown);
    say_what_runs(hook);
    puts("next        git push: what would fail is said and stops it; QGATE_SKIP_HOOK=1 skips it");
    return true;
}

/* --- uninstall and status --- */

static bool uninstall(struct hook *hook, struct error *err)
{
    if (!is_ours_to_write(hook, "remove this line from", err))
        return false;
    if (hook->state != HOOK_OURS) {
        puts("not there   no " HOOK_FILE " hook of qgate: nothing to remove");
        return true;
    }
    if (hook->before && renameat(hook->fd, HOOK_BEFORE, hook->fd, HOOK_FILE) != 0)
        return fail(err, hook, HOOK_BEFORE " cannot be put back");
    if (!hook->before && unlinkat(hook->fd, HOOK_FILE, 0) != 0)
        return fail(err, hook, HOOK_FILE " cannot be removed");
    printf("removed     %s/" HOOK_FILE "%s\n", hook->shown,
           hook->before ? "; the one before it is back" : "");
    return true;
}

static bool show_status(struct hook *hook, struct error *err)
{
    (void)err;
    if (hook->state == HOOK_OURS || hook->by_hand) {
        printf("installed   %s/" HOOK_FILE "%s\n", hook->shown,
               hook->by_hand    ? ", by hand"
               : !hook->current ? ", by another qgate: `qgate hook install` renews it"
                                : "");
        say_what_runs(hook);
        return true;
    }
    printf("not there   %s/" HOOK_FILE "%s\n", hook->shown,
           hook->state == HOOK_FOREIGN ? " is not qgate's" : "");
    if (hook->place.inside)
        puts("next        qgate hook install");
    else
        puts("next        outside of this repository's git directory: add this line to it by hand\n"
             "            " LINE_BY_HAND);
    return true;
}

/* --- the command --- */

static const struct action {
    const char *name;
    bool (*run)(struct hook *hook, struct error *err);
} actions[] = {{"install", install}, {"uninstall", uninstall}, {"status", show_status}};

static const struct action *action_named(const char *name, struct error *err)
{
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        if (name != NULL && strcmp(actions[i].name, name) == 0)
            return &actions[i];
    error_set(err, FAULT_USAGE, "what is to be done with the hook?");
    error_hint(err, "there are: install, uninstall, status");
    return NULL;
}

static enum status run(const struct context *context, const struct cli *cli)
{
    struct error err = {0};
    const struct words *words = &cli->arguments;
    if (words->count > 0 && strcmp(words->items[0], "run") == 0)
        return hook_run(context, words->count > 1 ? words->items[1] : "");
    const struct action *action = action_named(words->count == 1 ? words->items[0] : NULL, &err);
    AUTO(close_workplace) struct workplace workplace = {.fd = -1};
    AUTO(close_hook) struct hook hook = {.fd = -1, .mem = context->run};
    if (action == NULL || !workplace_open(&workplace, context->run, &err))
        return give_up(&err);
    history_open(&workplace.history, context->run);
    if (!look(&hook, &workplace.history, &err) || !action->run(&hook, &err))
        return give_up(&err);
    return finish_stdout(STATUS_PASSED);
}

const struct command hook_command = {
    .name = "hook",
    .arguments = "install|uninstall|status",
    .title = "judges what `git push` is about to push, before it does",
    .options = options,
    .run = run,
};
