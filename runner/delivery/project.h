/* Which project an event, a run or a question is about: the reference table `project`.
 *
 * A project is known by its number on its server, which it keeps when it is renamed, or where there
 * is no pipeline that says it, by the path that it is cloned from. What is asked goes by the path,
 * as delivery.yml names it, and finds both.
 */
#ifndef RUNNER_DELIVERY_PROJECT_H
#define RUNNER_DELIVERY_PROJECT_H

#include "runner/context.h"
#include "runner/store/store.h"

struct project {
    int64_t id;              /* store_project_id() of the next three; 0: no project is known */
    const char *provider;    /* "gitlab"; "git": by its path */
    const char *base_url;    /* "https://gitlab.example", of git the host alone; "": not known */
    const char *external_id; /* "42", of git the path */
    const char *path;        /* "fin/payments/core"; NULL with id 0 */
    const char *default_ref;
};

/* The one that this run is of: the pipeline's, otherwise that of the clone. */
void project_here(const struct ci *ci, const struct history *history, struct arena *mem,
                  struct project *project);

/* The one with this path, on the server of `here`. */
void project_named(const char *path, const struct project *here, struct arena *mem,
                   struct project *project);

/* Make it findable. */
void project_put(struct store_batch *batch, const struct project *project);

struct project_ids ARRAY(int64_t);

/* The numbers that the store knows a path by, on this server (its URL or host; NULL or "":
 * whichever). False: it cannot be asked. */
NODISCARD bool projects_at(struct store *store, const char *path, const char *server,
                           struct arena *mem, struct project_ids *ids, struct error *err);

#endif
