/* Deployments and changes of one service in one environment, and the delivery numbers they give.
 *
 * Two steps, both pure: dora_link() makes a chain of the deployments, says of each what kind it is,
 * which changes it brought and whether it failed; dora_measure() counts what falls into a window.
 * Everything counted is left in the chain, so a number can be recounted from the lists behind it.
 * Numbers are exact: whole seconds, whole counts, fractions of them. What cannot be known is
 * absent, never 0.
 */
#ifndef GATES_MEASURE_DORA_H
#define GATES_MEASURE_DORA_H

#include "gates/base/array.h"
#include "gates/base/number.h"
#include "gates/measure/landing.h"

#define DORA_NONE UINT32_MAX /* in place of an index */

struct dora_commit {
    const char *id;          /* hexadecimal */
    const uint32_t *parents; /* indexes, each smaller than its own: parents come first */
    uint32_t parent_count;
    uint32_t copied; /* the commit that this one repeats, by the same author at the same time with
                        the same difference (a cherry-pick, a rebase); itself: none before it */
    uint32_t person; /* a number for its author, of no meaning outside of this chain */
    bool bot;
    int64_t authored_s, committed_s;
    struct landing landing;
};

/* What became of it. A tag tells only the first. */
enum dora_outcome {
    DORA_SERVED, /* it runs */
    DORA_CONFIG, /* the version stayed, something else changed */
    DORA_NEVER,  /* it failed before it ran */
};

enum dora_kind {
    DORA_FIRST,
    DORA_FORWARD,
    DORA_DIVERGED,
    DORA_ROLLBACK, /* so far the links of a chain */
    DORA_REDEPLOY,
    DORA_CONFIG_ONLY,
    DORA_FAILED_ATTEMPT,
    DORA_KINDS
};

enum dora_failure { DORA_GOOD, DORA_ROLLED_BACK, DORA_REVERTED, DORA_HOTFIXED };

struct dora_deployment {
    const char *version;
    uint32_t commit;
    int64_t stated_s; /* when it was deployed, as its source says */
    enum dora_outcome outcome;

    /* Of dora_link(). */
    int64_t finished_s; /* the same, but never before a commit that it holds */
    enum dora_kind kind;
    uint32_t previous;              /* the link before it; DORA_NONE: none */
    uint32_t changes, change_count; /* that it was the first to deploy: a range */
    enum dora_failure failure;
    uint32_t remedy; /* the deployment that repaired it; DORA_NONE: it did not fail */
    bool unplanned;  /* it is a rollback, or brings a hotfix or a revert of what was deployed */
};

enum dora_landed { DORA_MERGE, DORA_SQUASH, DORA_DIRECT };

/* Why a change has no lead time. */
enum dora_absent {
    DORA_TIMED,  /* it has one */
    DORA_BOT,    /* only bots wrote it */
    DORA_COPY,   /* all of it was deployed before, as other commits */
    DORA_SKEWED, /* it was written or landed after it was deployed: some clock is wrong */
};

struct dora_change {
    uint32_t deployment;
    uint32_t landed;  /* the commit by which it came: a merge, or the commit itself */
    uint32_t first;   /* its earliest commit by author date; of a squash `landed` */
    uint32_t commits; /* own ones, merges not counted */
    enum dora_landed how;
    enum dora_absent absent;
    int64_t started_s; /* author date of the first */
    int64_t lead_s;    /* to `finished_s`; only of DORA_TIMED */

    /* Of who can read files; dora_link() leaves them alone. */
    bool sized;
    size_t files, added, removed; /* files and lines that it changed, as `git diff` counts */
};

struct dora_commits ARRAY(struct dora_commit);
struct dora_deployments ARRAY(struct dora_deployment);
struct dora_changes ARRAY(struct dora_change);

struct dora_chain {
    struct dora_commits commits;         /* parents first */
    struct dora_deployments deployments; /* in any order; dora_link() sorts them */
    struct dora_changes changes;         /* by deployment, in the order they landed */
    int64_t known_s;                     /* nothing after it is known */
    size_t later;                        /* deployments after it, which are left out */
};

void dora_link(struct dora_chain *chain, struct arena *mem);

/* Whole days, both included. */
struct dora_window {
    int32_t from_day, to_day;
};

/* `count` 0: the others mean nothing. By nearest rank: each is one of the values. */
struct dora_spread {
    size_t count;
    int64_t p50, p75, p90; /* seconds */
};

struct dora_figures {
    struct dora_window window;
    size_t days;
    bool begun; /* the first deployment lies before its end */
    size_t kinds[DORA_KINDS];
    size_t counted;         /* first, forward and diverged */
    size_t deployment_days; /* with at least one of them */
    size_t weeks;           /* ISO weeks wholly inside */
    size_t days_a_week;     /* median of their deployment days; only when there are weeks */
    size_t failed, failures[DORA_HOTFIXED + 1];
    size_t unplanned;
    size_t changes, people; /* deployed in the window, bots and copies apart; their authors */
    size_t bots, copies, skewed;
    struct dora_spread lead, recovery;
};

/* Days are those of UTC. */
void dora_measure(const struct dora_chain *chain, const struct dora_window *window,
                  struct arena *mem, struct dora_figures *figures);

bool dora_counts(enum dora_kind kind); /* as a deployment in the frequency and the fail rate */
const char *dora_kind_name(enum dora_kind kind);
const char *dora_failure_name(enum dora_failure failure);
const char *dora_landed_name(enum dora_landed how);
const char *dora_absent_name(enum dora_absent absent); /* "" of DORA_TIMED */

int32_t dora_day(int64_t seconds);
bool dora_within(const struct dora_window *window, int64_t seconds);

/* One number as all outputs have it. */
struct dora_value {
    const char *measure; /* "dora.lead_time.p50" */
    const char *unit;    /* "/d", "s", "%" */
    bool absent;
    struct number value;
    size_t above, below; /* of a share: what it is made of; otherwise 0 */
    size_t count;        /* how many things it was taken from */
};

enum { DORA_VALUES = 9 };

void dora_values(const struct dora_figures *figures, struct dora_value values[DORA_VALUES]);

#endif
