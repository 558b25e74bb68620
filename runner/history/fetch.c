#include "runner/history/fetch.h"

#include <stdio.h>
#include <string.h>

#include "gates/base/hash.h"
#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/history/inside.h"
#include "runner/history/renew.h"
#include "runner/history/smart.h"

struct fetching {
    const struct fetch_wanted *wanted;
    struct arena *mem;
    struct smart smart;
    struct history history;
    git_remote *remote;
    git_fetch_options options;
    struct fetched *fetched;
};

static void close_fetching(struct fetching *fetching)
{
    git_remote_free(fetching->remote);
    close_stream(&fetching->smart.stream);
    close_history(&fetching->history);
    git_libgit2_shutdown();
}

/* The server's fault, as it was noticed, or libgit2's words. */
static bool fail(const struct fetching *fetching, const char *what, struct error *err)
{
    const struct error *why = &fetching->smart.err;
    if (why->fault == FAULT_NONE) {
        error_set(err, FAULT_REMOTE, "%s: %s", what, last_words(fetching->mem));
        return error_hint(err, "if it stays so, remove %s: it is fetched anew",
                          fetching->wanted->path);
    }
    error_set(err, why->fault, "%s", why->what);
    return error_hint(err, "%s", why->hint);
}

/* --- where it goes ---------------------------------------------------------------------------- */

bool fetch_is_remote(const char *url)
{
    size_t colon = strcspn(url, ":"), slash = strcspn(url, "/");
    return strstr(url, "://") != NULL || (colon < slash && url[colon] == ':');
}

const char *fetch_folder(const char *url, struct arena *mem)
{
    enum { DIGITS = 32 };
    char hex[DIGEST_HEX];
    struct digest *digest = digest_new(mem);
    digest_add(digest, url, strlen(url));
    digest_hex(digest, hex);
    return arena_printf(mem, "%.*s.git", DIGITS, hex);
}

static bool check_scheme(const char *url, struct error *err)
{
    if (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0)
        return true;
    bool is_ssh = strncmp(url, "ssh:", 4) == 0 || strstr(url, "://") == NULL;
    error_set(err, FAULT_USAGE, "%s addresses are not fetched", is_ssh ? "ssh" : "such");
    return error_hint(err,
                      "write its https address, and name a variable with a token as `token_env`");
}

/* Made anew each time: nothing of it is lost when it is there. */
static bool open_cache(struct fetching *fetching, struct error *err)
{
    git_repository *repository = NULL;
    git_repository_init_options options;
    git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
    options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKDIR;
    bool made = git_repository_init_ext(&repository, fetching->wanted->path, &options) == 0;
    git_repository_free(repository);
    if (made)
        history_open_repository(&fetching->history, fetching->wanted->path, fetching->mem);
    if (fetching->history.repository != NULL)
        return true;
    error_set(err, FAULT_SYSTEM, "what was fetched cannot be opened: %s",
              last_words(fetching->mem));
    return error_hint(err, "remove %s: it is fetched anew", fetching->wanted->path);
}

/* --- what is there ---------------------------------------------------------------------------- */

static int on_transport(git_transport **transport, git_remote *owner, void *payload)
{
    struct fetching *fetching = payload;
    return smart_transport(transport, owner, &fetching->smart);
}

static int on_progress(const git_indexer_progress *now, void *payload)
{
    const struct fetching *fetching = payload;
    const struct fetch_wanted *wanted = fetching->wanted;
    char doing[96];
    snprintf(doing, sizeof doing, "fetching %s", wanted->name);
    progress_show(wanted->progress, doing, now->received_objects, now->total_objects, "objects");
    return 0;
}

static int on_update(const char *name, const git_oid *before, const git_oid *now, void *payload)
{
    struct fetching *fetching = payload;
    if (strncmp(name, "refs/tags/", 10) != 0)
        return 0;
    if (git_oid_is_zero(now))
        fetching->fetched->gone_tags++;
    else if (git_oid_is_zero(before))
        fetching->fetched->new_tags++;
    else
        fetching->fetched->moved_tags++;
    return 0;
}

static bool connect_it(struct fetching *fetching, struct error *err)
{
    git_remote_connect_options options;
    git_remote_callbacks *callbacks = &fetching->options.callbacks;
    git_remote_connect_options_init(&options, GIT_REMOTE_CONNECT_OPTIONS_VERSION);
    git_fetch_options_init(&fetching->options, GIT_FETCH_OPTIONS_VERSION);
    callbacks->transport = on_transport;
    callbacks->transfer_progress = on_progress;
    callbacks->update_tips = on_update;
    callbacks->payload = fetching;
    fetching->options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE; /* named like the branch */
    options.callbacks = *callbacks;
    return (git_remote_create_anonymous(&fetching->remote, fetching->history.repository,
                                        fetching->wanted->url) == 0 &&
            git_remote_connect_ext(fetching->remote, GIT_DIRECTION_FETCH, &options) == 0) ||
           fail(fetching, "it cannot be asked", err);
}

static const char *default_branch(const struct fetching *fetching)
{
    git_buf name = {0};
    const char *branch = NULL;
    if (git_remote_default_branch(&name, fetching->remote) == 0 &&
        strncmp(name.ptr, "refs/heads/", 11) == 0)
        branch = arena_printf(fetching->mem, "%s", name.ptr + 11);
    git_buf_dispose(&name);
    return branch;
}

/* Is the branch there? */
static bool choose_branch(const struct fetching *fetching, const char **branch, struct error *err)
{
    const git_remote_head **heads;
    size_t count;
    const char *usual = default_branch(fetching);
    *branch = fetching->wanted->branch == NULL ? usual : fetching->wanted->branch;
    if (git_remote_ls(&heads, &count, fetching->remote) != 0)
        return fail(fetching, "its branches cannot be listed", err);
    if (count == 0)
        return error_set(err, FAULT_REMOTE, "it has no commit yet");
    if (*branch == NULL) {
        error_set(err, FAULT_REMOTE, "its HEAD names no branch");
        return error_hint(err, "name one with `branch`");
    }
    const char *wanted = arena_printf(fetching->mem, "refs/heads/%s", *branch);
    for (size_t i = 0; i < count; i++)
        if (strcmp(heads[i]->name, wanted) == 0)
            return true;
    error_set(err, FAULT_REMOTE, "it has no branch \"%s\"", *branch);
    return usual == NULL ? false : error_hint(err, "its HEAD is %s", usual);
}

/* --- what comes of it ------------------------------------------------------------------------- */

static bool tip_now(const struct fetching *fetching, const char *branch, git_oid *tip)
{
    const char *name = arena_printf(fetching->mem, "refs/heads/%s", branch);
    return git_reference_name_to_id(tip, fetching->history.repository, name) == 0;
}

/* What is gone goes first: a tag `a` may have made room for a tag `a/b`. */
static bool take(struct fetching *fetching, const char *branch, struct error *err)
{
    char *specs[2];
    struct arena *mem = fetching->mem;
    git_remote *remote = fetching->remote;
    const git_remote_callbacks *callbacks = &fetching->options.callbacks;
    const git_strarray wanted = {specs, 2};
    specs[0] = arena_printf(mem, "+refs/heads/%s:refs/heads/%s", branch, branch);
    specs[1] = arena_printf(mem, "+refs/tags/*:refs/tags/*");
    const char *head = arena_printf(mem, "refs/heads/%s", branch);
    return (git_remote_download(remote, &wanted, &fetching->options) == 0 &&
            git_remote_prune(remote, callbacks) == 0 &&
            git_remote_update_tips(remote, callbacks, 0, GIT_REMOTE_DOWNLOAD_TAGS_NONE, "fetch") ==
                0 &&
            git_repository_set_head(fetching->history.repository, head) == 0) ||
           fail(fetching, "it cannot be fetched", err);
}

static void close_refdb(git_refdb **refdb)
{
    git_refdb_free(*refdb);
}

/* A thousand tags are read faster from one file than from a thousand. */
static void pack_references(const struct fetching *fetching)
{
    AUTO(close_refdb) git_refdb *refdb = NULL;
    if (git_repository_refdb(&refdb, fetching->history.repository) == 0)
        (void)git_refdb_compress(refdb);
}

static void close_walk(git_revwalk **walk)
{
    git_revwalk_free(*walk);
}

static size_t count_commits(const struct fetching *fetching, const git_oid *from, const git_oid *to)
{
    AUTO(close_walk) git_revwalk *walk = NULL;
    size_t count = 0;
    git_oid next;
    if (git_oid_equal(from, to) || git_revwalk_new(&walk, fetching->history.repository) != 0 ||
        git_revwalk_push(walk, to) != 0 || git_revwalk_hide(walk, from) != 0)
        return 0;
    while (git_revwalk_next(&next, walk) == 0)
        count++;
    return count;
}

static void compare(const struct fetching *fetching, const git_oid *before)
{
    struct fetched *fetched = fetching->fetched;
    git_repository *repository = fetching->history.repository;
    git_strarray tags = {0};
    git_oid now;
    if (git_tag_list(&tags, repository) == 0)
        fetched->tags = tags.count;
    git_strarray_dispose(&tags);
    if (fetched->first || !tip_now(fetching, fetched->branch, &now))
        return;
    fetched->commits = count_commits(fetching, before, &now);
    fetched->rewritten =
        !git_oid_equal(before, &now) && git_graph_descendant_of(repository, &now, before) != 1;
}

static bool fetch(const struct fetch_wanted *wanted, struct arena *mem, struct fetched *fetched,
                  struct error *err)
{
    git_oid before;
    start_library();
    AUTO(close_fetching)
    struct fetching fetching = {
        .wanted = wanted,
        .mem = mem,
        .fetched = fetched,
        .smart = {.stream = stream_open(&wanted->network, mem),
                  .token = wanted->token,
                  .silence_s = wanted->silence_s,
                  .most_s = wanted->most_s,
                  .mem = mem},
    };
    *fetched = (struct fetched){0};
    if (!open_cache(&fetching, err) || !connect_it(&fetching, err) ||
        !choose_branch(&fetching, &fetched->branch, err))
        return false;
    fetched->first = !tip_now(&fetching, fetched->branch, &before);
    if (!take(&fetching, fetched->branch, err))
        return false;
    pack_references(&fetching);
    compare(&fetching, &before);
    return true;
}

/* When that fails there is still what was fetched before. */
static void renew(const struct fetch_wanted *wanted, struct arena *mem)
{
    struct error ignored = {0};
    struct fetched same;
    struct fetch_wanted whole = *wanted;
    whole.path = arena_printf(mem, "%s.new", wanted->path);
    renew_drop(whole.path);
    if (fetch(&whole, mem, &same, &ignored))
        renew_take(whole.path, wanted->path);
    else
        renew_drop(whole.path);
}

bool history_fetch(const struct fetch_wanted *wanted, struct arena *mem, struct fetched *fetched,
                   struct error *err)
{
    if (!check_scheme(wanted->url, err) || !fetch(wanted, mem, fetched, err))
        return false;
    if (renew_is_due(wanted->path))
        renew(wanted, mem);
    return true;
}
