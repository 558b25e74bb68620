/* Deployments, changes and incidents of one service in one environment, and the delivery numbers
 * they give.
 *
 * Two steps, both pure: dora_link() makes a chain of the deployments, says of each what kind it is,
 * which changes it brought, which incidents it caused and whether it failed; dora_measure() counts
 * what falls into a window, over one chain or several. Everything counted is left in the chains, so
 * a number can be recounted from the lists behind it. Numbers are exact: whole seconds, whole
 * counts, fractions of them. What cannot be known is absent, never 0.
 */
#ifndef GATES_MEASURE_DORA_H
#define GATES_MEASURE_DORA_H

#include "gates/base/array.h"
#include "gates/base/number.h"
#include "gates/base/zone.h"
#include "gates/measure/landing.h"

#define DORA_NONE UINT32_MAX /* in place of an index */

struct dora_commit {
    const char *id;          /* hexadecimal */
    const uint32_t *parents; /* indexes, each smaller than its own: parents come first */
    uint32_t parent_count;
    uint32_t copied; /* the commit that this one repeats, by the same author at the same time with
                        the same difference (a cherry-pick, a rebase); itself: none before it */
    uint32_t person; /* a number for its author, the same in all chains that are measured
                        together */
    bool bot;
    int64_t authored_s, committed_s;
    struct landing landing;
};

/* What became of it. A tag or a file tells only of what ran, or of configuration. */
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

/* Why it counts as failed: by the deployment that was first to repair it, otherwise by an incident.
 */
enum dora_failure {
    DORA_GOOD,
    DORA_ROLLED_BACK,
    DORA_REVERTED,
    DORA_HOTFIXED,
    DORA_INCIDENT,
    DORA_FAILURES
};

struct dora_deployment {
    const char *version;
    const char *source; /* "tag", "gitops" or "recorded" */
    const char *where; /* the tag, the commit and files, the id of the record; "": nothing to say */
    const char *repository, *change; /* of "gitops": its name, the whole commit that completed it;
                                        otherwise NULL */
    const char *record;              /* the id of a record that says how it went; NULL: none does */
    uint32_t commit;  /* DORA_NONE: of no commit that is known, the version is unresolved */
    int64_t stated_s; /* when all of it was deployed, as its source says */
    int64_t first_s;  /* when its first region was; 0: the environment has no regions */
    bool ordered;     /* `order` decides between it and others that have one, whatever the dates */
    uint32_t order;   /* ascending, comparable within a chain */
    bool automated;   /* made by a pipeline or a bot; of a tag nobody knows */
    bool flagged;     /* its source says that nobody had planned it */
    enum dora_outcome outcome;

    /* Of dora_link(). */
    int64_t finished_s; /* `stated_s`; of an ordered one never before that of an ordered one that
                           goes before it, of any other never before a commit that it holds */
    enum dora_kind kind;
    uint32_t previous;              /* the link before it; DORA_NONE: none */
    uint32_t changes, change_count; /* that it was the first to deploy: a range */
    enum dora_failure failure;
    uint32_t remedy;     /* the deployment that was first to repair it; DORA_NONE: none did */
    uint32_t incident;   /* the first of those that it caused to be over last; DORA_NONE: none */
    int64_t recovered_s; /* of a failed one; INT64_MAX: not yet */
    bool unplanned; /* flagged, a rollback, or with a hotfix or a revert of what was deployed */
};

/* How an incident came to its deployment, by falling confidence. */
enum dora_link_method {
    DORA_UNLINKED, /* it has no known cause, and says nothing of deployments */
    DORA_EXPLICIT, /* it names the deployment, or what was deployed names it */
    DORA_REMEDIED, /* it was open when the deployment was rolled back or repaired */
    DORA_NEARBY,   /* it began soon after the deployment */
};

struct dora_incident {
    const char *id;                          /* the same incident has the same in all chains */
    const char *urgency, *priority, *origin; /* "": not known */
    const char *cause;                       /* "change", "other" or "unknown" */
    const char *caused_by; /* a version, a `where` or a whole commit; NULL: not said */
    int64_t created_s;
    int64_t acked_s, resolved_s; /* INT64_MAX: not yet */
    int64_t impact_s;            /* when it began to hurt; INT64_MAX: not known */

    /* Of dora_link(). */
    uint32_t deployment; /* that caused it; DORA_NONE: none that is known */
    enum dora_link_method method;
    uint32_t fix; /* the first deployment since it began that brings commits which name it;
                     DORA_NONE: none did */
};

enum dora_landed { DORA_MERGE, DORA_SQUASH, DORA_DIRECT };

/* Why a change has no lead time. */
enum dora_absent {
    DORA_TIMED,   /* it has one */
    DORA_BOT,     /* only bots wrote it */
    DORA_COPY,    /* all of it was deployed before, as other commits */
    DORA_SKEWED,  /* it was written or landed after it was deployed: some clock is wrong */
    DORA_WAITING, /* it is not deployed yet */
};

struct dora_change {
    uint32_t deployment; /* DORA_NONE: of DORA_WAITING */
    uint32_t landed;     /* the commit by which it came: a merge, or the commit itself */
    uint32_t first;      /* its earliest commit by author date; of a squash `landed` */
    uint32_t commits;    /* own ones, merges not counted */
    enum dora_landed how;
    enum dora_absent absent;
    int64_t started_s; /* author date of the first */
    int64_t lead_s;    /* to `finished_s`; only of DORA_TIMED */
    int64_t merged_s;  /* committer date of `landed` to `finished_s`; only of DORA_TIMED */
    bool unplanned;    /* it is a hotfix, or reverts what was deployed */

    /* Of who can read files; dora_link() leaves them alone. */
    bool outside; /* it does not touch the service, and counts nowhere */
    bool sized;
    size_t files, added, removed; /* files and lines that it changed, as `git diff` counts */
};

struct dora_commits ARRAY(struct dora_commit);
struct dora_deployments ARRAY(struct dora_deployment);
struct dora_changes ARRAY(struct dora_change);
struct dora_incidents ARRAY(struct dora_incident);

struct dora_chain {
    struct dora_commits commits; /* parents first; several chains may share them */
    const bool *outside; /* of each commit: its difference does not touch the service, and what
                            it says of repairs is not meant for it; NULL: of none */
    const uint32_t *tip; /* the branch that changes land on; NULL: not known, so nobody knows
                            what waits. dora_link() forgets it when nothing known was deployed */
    struct dora_deployments deployments; /* in any order; dora_link() sorts them */
    struct dora_incidents incidents;     /* of the service, in any order; dora_link() sorts them */
    int64_t incident_s; /* how long after a deployment an incident is put down to it; 0: 24 hours */
    bool hears;         /* incidents are told of, so that none is good news */
    int64_t since_s, known_s;     /* nothing before and after these is known */
    const struct dora_runs *runs; /* gates/measure/estate.h: of its project; NULL: not known */
    const struct words *people;   /* what they are called, by `person`; NULL or empty: nobody is
                                     named */

    /* Of dora_link(). */
    struct dora_changes changes; /* by deployment, in the order they landed; then those that wait */
    const uint32_t *change_of;   /* of each commit: the change that it came with, or landed as;
                                    DORA_NONE: none */
    size_t later;                /* deployments after `known_s`, which are left out */
};

/* Links the chain, once. `mem` takes the changes. */
void dora_link(struct dora_chain *chain, struct arena *mem);

/* Whole local days, both included. */
struct dora_window {
    int32_t from_day, to_day;
};

/* Percentiles by linear interpolation between the two nearest values, as SQL's PERCENTILE_CONT:
 * exact, in thousandths (of seconds: milliseconds; of lines). `count` 0: the others mean nothing.
 */
struct dora_spread {
    size_t count;
    int64_t p50, p75, p90;
    int64_t sum; /* of all, whole */
};

/* The numbers of a window. Deployments count by when they finished, their changes with them;
 * incidents by when they were created. */
struct dora_figures {
    struct dora_window window;
    size_t days;
    bool begun; /* something ran before its end */
    size_t kinds[DORA_KINDS];
    size_t counted;         /* first, forward and diverged */
    size_t deployment_days; /* with at least one of them */
    int32_t last_day; /* the last such day up to the window's end, also before it; when begun */
    size_t weeks;     /* ISO weeks wholly inside */
    struct number days_a_week;     /* median of their deployment days; only when there are weeks */
    size_t unresolved;             /* counted ones of no known commit */
    size_t gitops;                 /* counted ones and rollbacks whose source is "gitops" */
    size_t witnessed, automated;   /* … of which is known who made them; by a machine */
    struct dora_spread region_lag; /* … from the first region to the last */

    size_t failed, failures[DORA_FAILURES]; /* each once, by its first reason */
    size_t unrecovered;                     /* of the failed */
    int64_t unrecovered_s; /* since the oldest of them finished; only when there are */
    size_t unplanned;      /* counted ones and rollbacks */
    struct dora_spread lead, recovery;

    size_t changes, people; /* deployed in the window, bots and copies apart; their authors */
    size_t bots, copies, skewed;
    size_t repairs; /* of `changes` */
    struct dora_spread merge_to_deploy;
    struct dora_spread size; /* lines, of changes that have one */
    bool merging;            /* something ran and the branches are known, so the following are */
    size_t merged, mergers;  /* landed in the window, deployed or not, bots and copies apart;
                                authors */
    size_t waiting;          /* landed up to the window's end and not deployed yet */

    bool hears; /* incidents are told of, so the following are known */
    size_t incidents;
    size_t open;           /* created up to the window's end, also before it, and not resolved */
    int64_t oldest_open_s; /* age; only when there are */
    struct dora_spread incident;  /* created to resolved */
    struct dora_spread detection; /* finished to created, of those that a deployment caused */
};

/* A chain, or a part of it: what happened from `from_s` on and before `until_s`. */
struct dora_part {
    const struct dora_chain *chain;
    int64_t from_s, until_s;
};

/* Days are those of the zone. Several parts are counted as one whole: their deployments add up, a
 * day, a person or an incident that several have counts once. */
struct dora_parts ARRAY(struct dora_part);

/* A window begins no earlier than what is known of any of the parts: the days before are not days
 * without deployments. Unless all of it lies before. */
struct dora_window dora_known_window(const struct dora_part *parts, size_t count,
                                     const struct dora_window *window, const struct zone *zone);

void dora_measure(const struct dora_part *parts, size_t count, const struct dora_window *window,
                  const struct zone *zone, struct arena *mem, struct dora_figures *figures);

bool dora_counts(enum dora_kind kind); /* as a deployment in the frequency and the fail rate */
const char *dora_kind_name(enum dora_kind kind);
const char *dora_failure_name(enum dora_failure failure);
const char *dora_landed_name(enum dora_landed how);
const char *dora_absent_name(enum dora_absent absent); /* "" of DORA_TIMED */
const char *dora_method_name(enum dora_link_method method);

/* The deployment that brought a change; NULL: it waits. */
const struct dora_deployment *dora_bringer(const struct dora_chain *chain,
                                           const struct dora_change *change);

/* What the author of its first commit is called; NULL: nobody is named. */
const char *dora_author(const struct dora_chain *chain, const struct dora_change *change);

bool dora_within(const struct dora_window *window, const struct zone *zone, int64_t seconds);

/* "28d", up to ten years, the last of them `today`, or the days "2027-01-01..2027-01-31", which may
 * lie after it. False: it is neither. */
bool dora_window_read(const char *text, int32_t today, struct dora_window *window);

/* A number that was taken from fewer things than this shows little. */
enum { DORA_FEW = 5 };

/* One number as all outputs have it. "" is the unit of what is only counted. */
struct dora_value {
    const char *measure; /* "dora.lead_time.p50" */
    const char *unit;    /* "/d", "s", "%", "" */
    const char *why;     /* it is absent, in words; NULL: it is not */
    struct number value; /* in `unit` */
    size_t above, below; /* of a share: what it is made of; otherwise 0 */
    size_t count;        /* how many things it was taken from */
};

/* The rows of the catalogue that git and recorded events give, in its order. */
enum dora_measure {
    DORA_FREQUENCY,
    DORA_LEAD_P50,
    DORA_LEAD_P75,
    DORA_LEAD_P90,
    DORA_FAIL_RATE,
    DORA_REWORK_RATE,
    DORA_RECOVERY_P50,
    DORA_RECOVERY_P75,
    DORA_RECOVERY_P90,
    DORA_TOTAL,
    DORA_ROLLBACKS,
    DORA_REDEPLOYS,
    DORA_ATTEMPTS,
    DORA_ROLLBACK_RATE,
    DORA_GITOPS_RATE,
    DORA_AUTOMATED_RATE,
    DORA_REGION_LAG,
    DORA_DAYS_SINCE,
    DORA_MERGED,
    DORA_CONTRIBUTORS,
    DORA_PER_CONTRIBUTOR,
    DORA_UNPLANNED_RATE,
    DORA_MERGE_P50,
    DORA_MERGE_P75,
    DORA_MERGE_P90,
    DORA_SIZE_P50,
    DORA_SIZE_P75,
    DORA_SIZE_P90,
    DORA_INCIDENTS,
    DORA_OPEN,
    DORA_INCIDENT_MEAN,
    DORA_INCIDENT_P50,
    DORA_DETECTION,
    DORA_OLDEST_OPEN,
    DORA_VALUES
};

void dora_values(const struct dora_figures *figures, struct dora_value values[DORA_VALUES]);

#endif
