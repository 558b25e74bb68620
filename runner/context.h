/* What a run knows of the world around it: the environment and the clock, each looked at once,
 * here. Nothing else in the program asks them.
 */
#ifndef RUNNER_CONTEXT_H
#define RUNNER_CONTEXT_H

#include <stdint.h>

#include "gates/base/arena.h"
#include "runner/ci.h"

/* Where a GitLab is and what opens it; NULL: not set. Secrets stay where they are: in the
 * environment. */
struct gitlab_access {
    const char *api;        /* CI_API_V4_URL */
    const char *token;      /* QGATE_GITLAB_TOKEN */
    const char *token_file; /* QGATE_GITLAB_TOKEN_FILE */
    const char *job_token;  /* CI_JOB_TOKEN: may read a little */
    const char *ca_file;    /* CI_SERVER_TLS_CA_FILE */
};

struct context {
    struct arena *run; /* lives until exit */
    bool in_ci;        /* CI is set: nobody watches, and the work tree holds what jobs left */
    struct ci ci;      /* GitLab's variables, when GITLAB_CI is true; otherwise all NULL */
    struct gitlab_access gitlab_access;
    int64_t *network_spent_ms; /* waiting for services so far: a run has so much for all of them */
    bool debug;                /* QGATE_DEBUG=1: requests are traced on stderr */
    bool gitlab;         /* GITLAB_CI=true: a job log, which shows colour and folds sections */
    bool no_color;       /* NO_COLOR is set and not empty */
    bool utf8;           /* the locale can show more than ASCII */
    bool out_terminal;   /* stdout is a terminal, or a GitLab job log */
    bool err_terminal;   /* stderr is a terminal */
    int columns;         /* of stdout */
    const char *floor;   /* QGATE_FLOOR: a file; NULL: not set, as for the next two */
    const char *waivers; /* QGATE_WAIVERS: a file */
    const char *site_directory;  /* QGATE_SITE_DIR: in place of /etc/qgate */
    const char *store;           /* QGATE_STORE: where store_open() looks */
    const char *people_key;      /* QGATE_PEOPLE_KEY: a secret */
    const char *people_key_file; /* QGATE_PEOPLE_KEY_FILE: a file that holds it */
    int64_t now_s; /* when the run began, since 1970: SOURCE_DATE_EPOCH, else the clock */
    bool still;    /* it was SOURCE_DATE_EPOCH: no time passes */
};

/* False when SOURCE_DATE_EPOCH is not a number. */
NODISCARD bool context_read(struct context *context, struct arena *run, struct error *err);

/* What the clock says by now, milliseconds since 1970: only for how long a run took. */
int64_t context_clock_ms(const struct context *context);

/* The environment variable that a configuration names; NULL: not set, or empty. */
const char *context_variable(const char *name);

/* Days since 1970-01-01, UTC. */
int32_t context_today(const struct context *context);

#endif
