/* `qgate collect`: fetches the repositories that a delivery configuration names, and stores what is
 * known then. The only command of the delivery numbers that uses the network.
 *
 * The configuration names hosts and tokens, so it comes from the command line or from the default
 * branch, never from a merge request. One repository after the other, each as far as it goes: one
 * that cannot be fetched keeps none of the others from it.
 */
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/command/command.h"
#include "runner/command/deliveryfile.h"
#include "runner/delivery/codebase.h"
#include "runner/delivery/facts.h"
#include "runner/history/fetch.h"
#include "runner/history/trunk.h"
#include "runner/log.h"
#include "runner/render/words.h"
#include "runner/store/folder.h"

static const struct cli_option options[] = {
    {"delivery", "FILE", "this configuration; otherwise " DELIVERY_FILE " of the default branch"},
    {"dry-run", NULL, "say what would be fetched, and from where; nothing is stored"},
    {0},
};

/* A server may think for a while before it sends a large history. */
enum { SILENCE_S = 60, MOST_S = 3600 };

struct collector {
    const struct context *context;
    const struct cli *cli;
    struct arena *mem;
    struct workplace place;
    struct delivery delivery;
    const char *folder;                  /* of the configuration, absolute */
    struct delivery_repositories wanted; /* each address once */
    struct progress progress;
    int cache; /* descriptor of the folder */
};

static void close_collector(struct collector *c)
{
    if (c->cache >= 0)
        close(c->cache);
    close_workplace(&c->place);
}

/* --- what is configured ----------------------------------------------------------------------- */

static bool find_configuration(struct collector *c, struct policy_source *source,
                               struct delivery_wanted *wanted, struct error *err)
{
    const struct history *history = &c->place.history;
    *wanted = (struct delivery_wanted){.file = cli_value(c->cli, "delivery")};
    c->folder = c->place.root;
    if (wanted->file != NULL) {
        c->folder = deliveryfile_folder(wanted->file, c->mem, err);
        return c->folder != NULL;
    }
    const char *trunk = history->repository == NULL
                            ? NULL
                            : history_trunk(history, c->context->ci.default_branch, c->mem);
    if (trunk == NULL) {
        error_set(err, FAULT_USAGE,
                  "the default branch, whose " DELIVERY_FILE
                  " says what to collect, is not known here");
        return error_hint(err, "name the configuration: qgate collect --delivery " DELIVERY_FILE);
    }
    *source = policysource_commit(&c->place, trunk);
    wanted->source = source;
    wanted->path = DELIVERY_FILE;
    return true;
}

static bool load(struct collector *c, struct problems *found, struct error *err)
{
    struct policy_source source = {0};
    struct delivery_wanted wanted;
    struct policy_text text;
    if (!find_configuration(c, &source, &wanted, err) ||
        !deliveryfile_text(&wanted, c->mem, &text, err))
        return false;
    if (text.bytes != NULL)
        return deliveryfile_load(&wanted, &text, c->mem, &c->delivery, found, err);
    error_set(err, FAULT_USAGE, "the default branch (%.7s) has no " DELIVERY_FILE, source.commit);
    return error_hint(err, "name one that lies elsewhere with --delivery FILE");
}

/* --- what is to be fetched -------------------------------------------------------------------- */

static void want(struct collector *c, const struct delivery_repository *repository)
{
    for (size_t i = 0; i < c->wanted.count; i++)
        if (strcmp(c->wanted.items[i].url, repository->url) == 0)
            return;
    array_push(c->mem, &c->wanted, *repository);
}

/* The repositories themselves, then those of services that nobody has listed. */
static enum status want_all(struct collector *c)
{
    enum status status = STATUS_PASSED;
    const struct delivery *delivery = &c->delivery;
    const struct codebase_wanted where = {c->context, &c->place, delivery, c->folder};
    for (size_t i = 0; i < delivery->repositories.count; i++)
        want(c, &delivery->repositories.items[i]);
    for (size_t i = 0; i < delivery->services.count; i++) {
        const struct delivery_service *service = &delivery->services.items[i];
        struct delivery_repository repository;
        if (codebase_is_here(&where, service->project, c->mem))
            continue;
        if (delivery_project(delivery, service->project, c->mem, &repository)) {
            want(c, &repository);
            continue;
        }
        log_message("nothing says where the project %s is: name it under `repositories`, or say "
                    "`sources: {gitlab: {url: …}}`",
                    service->project);
        status = STATUS_UNREADABLE;
    }
    return status;
}

/* --- one of them ------------------------------------------------------------------------------ */

static void add(struct arena *mem, const char **list, size_t count, const char *what)
{
    if (count > 0)
        *list = arena_printf(mem, "%s, %s", *list, words_count(mem, count, what));
}

static void say(const struct collector *c, const struct delivery_repository *repository,
                const struct fetched *fetched)
{
    const char *news = "";
    if (fetched->first)
        news = arena_printf(c->mem, ", for the first time, %s",
                            words_count(c->mem, fetched->tags, "tag"));
    else {
        news = fetched->rewritten ? ", rewritten" : "";
        add(c->mem, &news, fetched->commits, "new commit");
        add(c->mem, &news, fetched->new_tags, "new tag");
        add(c->mem, &news, fetched->moved_tags, "moved tag");
        add(c->mem, &news, fetched->gone_tags, "deleted tag");
    }
    const char *branch =
        text_keep(c->mem, fetched->branch, strlen(fetched->branch), LIMIT_TEXT_BYTES);
    printf("%s: %s%s\n", repository->name, branch, *news == '\0' ? ", nothing new" : news);
}

static bool read_token(const struct delivery_repository *repository, struct token *token,
                       struct error *err)
{
    const char *secret =
        repository->token_env == NULL ? NULL : context_variable(repository->token_env);
    *token = (struct token){.origin = repository->token_env};
    if (secret != NULL)
        return token_set(token, secret, err);
    if (repository->token_env == NULL)
        return true;
    error_set(err, FAULT_USAGE, "%s is not set", repository->token_env);
    return error_hint(err, "set it to a token that may read the repository");
}

static bool fetch(struct collector *c, const struct delivery_repository *repository,
                  struct fetched *fetched, struct error *err)
{
    AUTO(wipe_token) struct token token;
    const char *path =
        arena_printf(c->mem, CACHE_PATH "/%s", fetch_folder(repository->url, c->mem));
    if (!read_token(repository, &token, err))
        return false;
    const struct fetch_wanted wanted = {
        .name = repository->name,
        .url = repository->url,
        .branch = repository->branch,
        .token = repository->token_env == NULL ? NULL : &token,
        .path = workplace_path(&c->place, path, c->mem),
        .network = {.ca_file = c->context->gitlab_access.ca_file, .trace = c->context->debug},
        .silence_s = SILENCE_S,
        .most_s = MOST_S,
        .progress = &c->progress,
    };
    bool done = history_fetch(&wanted, c->mem, fetched, err);
    progress_end(&c->progress);
    return done;
}

/* A path is not fetched, but nothing could be counted if it led nowhere. */
static enum status look(struct collector *c, const struct delivery_repository *repository)
{
    AUTO(close_codebase) struct codebase base = {0};
    const struct codebase_wanted where = {c->context, &c->place, &c->delivery, c->folder};
    codebase_open_repository(&base, &where, repository, c->mem);
    if (base.history == NULL) {
        log_message("%s", base.why_not);
        return STATUS_UNREADABLE;
    }
    printf("%s: read where it lies, %s\n", repository->name, repository->url);
    return STATUS_PASSED;
}

static enum status collect(struct collector *c, const struct delivery_repository *repository)
{
    struct error err = {0};
    struct fetched fetched;
    if (fetch(c, repository, &fetched, &err)) {
        say(c, repository, &fetched);
        return STATUS_PASSED;
    }
    error_at(&err, arena_printf(c->mem, "%s (%s)", repository->name, repository->url), 0, 0);
    log_error(&err);
    return STATUS_UNREADABLE;
}

static void say_plan(const struct delivery_repository *repository)
{
    const char *token = repository->token_env;
    printf("%s: %s of %s%s%s%s\n", repository->name,
           repository->branch == NULL ? "the default branch" : repository->branch, repository->url,
           token == NULL ? "" : ", with the token of ", token == NULL ? "" : token,
           token == NULL || context_variable(token) != NULL ? "" : ", which is not set");
}

/* --- what is known ---------------------------------------------------------------------------- */

static void say_stored(const struct collector *c, const struct facts_stored *stored)
{
    const char *gone =
        stored->gone == 0
            ? ""
            : arena_printf(c->mem, ", %s gone", words_count(c->mem, stored->gone, "deployment"));
    if (stored->deployments + stored->gone > 0)
        printf("stored %s, %s, %s of incidents%s\n",
               words_count(c->mem, stored->deployments, "deployment"),
               words_count(c->mem, stored->changes, "change"),
               words_count(c->mem, stored->links, "link"), gone);
}

/* A store that does not answer keeps nothing waiting: all of it follows anew the next time. */
static bool open_to_write(const struct collector *c, const char *where, struct store *store,
                          struct error *err)
{
    if (!store_open(store, where, STORE_WRITE, &c->place, c->mem, err))
        return false;
    if (store->away != NULL)
        *err = *store->away;
    return store->away == NULL;
}

static bool write_facts(const struct collector *c, const struct estate_wanted *wanted,
                        const struct estate *estate, struct error *err)
{
    AUTO(close_store) struct store store = {0};
    struct facts_stored stored;
    const char *where;
    if (!estate_store(c->context, &c->delivery, &where, err) ||
        !open_to_write(c, where, &store, err) || !facts_store(wanted, estate, &store, &stored, err))
        return false;
    say_stored(c, &stored);
    return true;
}

static bool is_anything_known(const struct estate *estate)
{
    for (size_t i = 0; i < estate->known.units.count; i++)
        if (estate->known.units.items[i].why_not == NULL)
            return true;
    return false;
}

/* It is read before it is written to. Where none is yet, none is made for nothing. */
static bool bring_up_to_date(const struct collector *c, struct error *err)
{
    AUTO(close_store) struct store store = {0};
    const char *where;
    if (!estate_store(c->context, &c->delivery, &where, err) ||
        !store_open(&store, where, STORE_READ, &c->place, c->mem, err))
        return false;
    if (!store_is_older(&store))
        return true;
    close_store(&store); /* nobody of this process may hold it for reading */
    return open_to_write(c, where, &store, err);
}

static bool store_known(struct collector *c, struct error *err)
{
    struct estate estate;
    const struct estate_wanted wanted = {
        .context = c->context,
        .place = &c->place,
        .delivery = &c->delivery,
        .folder = c->folder,
        .known_s = c->context->now_s,
        .from_s = INT64_MIN,
        .people = true,
        .progress = &c->progress,
    };
    bool gathered = bring_up_to_date(c, err) && estate_gather(&wanted, c->mem, &estate, err);
    progress_end(&c->progress);
    return gathered && (!is_anything_known(&estate) || write_facts(c, &wanted, &estate, err));
}

/* --- all -------------------------------------------------------------------------------------- */

/* Two at once take turns: what one of them fetches the other need not. */
static bool open_cache(struct collector *c, struct error *err)
{
    c->cache = folder_cache(&c->place, true, err);
    return c->cache >= 0 && (flock(c->cache, LOCK_EX) == 0 ||
                             error_set(err, FAULT_SYSTEM, CACHE_PATH " cannot be locked"));
}

static bool prepare(struct collector *c, struct problems *found, struct error *err)
{
    if (c->context->ci.merge_request != NULL) {
        error_set(err, FAULT_USAGE,
                  "nothing is collected for a merge request: what its branch "
                  "says must not decide where tokens go");
        return error_hint(err, "run it in a pipeline of the default branch, or in a schedule");
    }
    if (!workplace_open(&c->place, c->mem, err))
        return false;
    history_open(&c->place.history, c->mem);
    return load(c, found, err);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    struct error err = {0};
    struct problems found;
    AUTO(close_collector)
    struct collector c = {
        .context = context, .cli = cli, .mem = context->run, .place = {.fd = -1}, .cache = -1};
    problems_init(&found, c.mem);
    if (!prepare(&c, &found, &err))
        return give_up(&err);
    if (found.count > 0) {
        log_problems(&found);
        return STATUS_USAGE;
    }
    log_warnings(&c.delivery.notes);
    enum status status = want_all(&c);
    if (!cli_flag(cli, "dry-run") && !open_cache(&c, &err))
        return give_up(&err);
    progress_begin(&c.progress, context, false);
    for (size_t i = 0; i < c.wanted.count; i++) {
        const struct delivery_repository *repository = &c.wanted.items[i];
        if (!fetch_is_remote(repository->url))
            status = status_worse(status, look(&c, repository));
        else if (cli_flag(cli, "dry-run"))
            say_plan(repository);
        else
            status = status_worse(status, collect(&c, repository));
    }
    if (!cli_flag(cli, "dry-run") && !store_known(&c, &err))
        status = status_worse(status, give_up(&err));
    if (c.wanted.count == 0 && status == STATUS_PASSED)
        log_message("there is nothing to fetch: %s names no other repository", c.delivery.path);
    return finish_stdout(status);
}

const struct command collect_command = {
    .name = "collect",
    .arguments = "",
    .title = "fetches the repositories that a delivery.yml names, and stores what is known",
    .options = options,
    .run = run,
};
