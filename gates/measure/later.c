/* Measures that later versions judge: a policy may ask for them, and the answer is no data. A row moves to
 * catalogue[] when something gives it. */
#include "gates/measure/catalogue.h"

#define COUNT .unit = UNIT_COUNT, .bounds = BOUNDS_COUNT
#define PERCENT .unit = UNIT_PERCENT, .bounds = BOUNDS_PERCENT
#define TIME .unit = UNIT_SECONDS, .bounds = BOUNDS_ZERO, .better = BETTER_DOWN
#define FEWER .unit = UNIT_COUNT, .bounds = BOUNDS_ZERO, .better = BETTER_DOWN
#define ANY .unit = UNIT_COUNT, .bounds = BOUNDS_ZERO, .better = BETTER_NEITHER
#define MORE .better = BETTER_UP
#define LESS .better = BETTER_DOWN
#define NEITHER .better = BETTER_NEITHER

#define DELIVERY .family = FAMILY_COUNT, .labels = "service team environment window"
#define INCIDENT                                                                                   \
    .family = FAMILY_COUNT, .labels = "service team environment window urgency priority origin"
#define GATE .family = FAMILY_COUNT, .labels = "service team environment window gate stage"

/* A distribution: three percentiles of one thing. */
#define SPREAD(name, group, unit_etc, says, how)                                                   \
    {.id = name ".p50", group, unit_etc, .meaning = says ", the median", .improve = how},          \
    {.id = name ".p75", group, unit_etc, .meaning = says ", three of four are below", .improve = how}, \
    {.id = name ".p90", group, unit_etc, .meaning = says ", nine of ten are below", .improve = how}

#define SMALLER "make changes smaller"
#define SOONER "look first at what waits: reviews, pipelines, approvals"

const struct measure later_metrics[] = {
    {.id = "metric.*", .family = FAMILY_COUNT, .unit = UNIT_COUNT, NEITHER, .labels = "*",
     .scopes = "delta growth", .formats = "openmetrics",
     .meaning = "any number of a metrics file by its name: metric.bundle_bytes{chunk=\"main\"}",
     .improve = "look at what writes the metric", .phrase = "the metric @*"},

    {.id = "dora.deployment_frequency", DELIVERY, .unit = UNIT_PER_DAY, .bounds = BOUNDS_ZERO, MORE,
     .meaning = "how often a service is deployed", .improve = "deploy smaller changes, each when it is ready"},
    SPREAD("dora.lead_time", DELIVERY, TIME, "the time from commit to production", SOONER),
    {.id = "dora.change_fail_rate", DELIVERY, PERCENT, LESS,
     .meaning = "the share of deployments that were rolled back or led to an incident",
     .improve = "look at what the failed deployments have in common"},
    {.id = "dora.rework_rate", DELIVERY, PERCENT, LESS,
     .meaning = "the share of deployments that repair an earlier one",
     .improve = "look at what the unplanned deployments repair"},
    SPREAD("dora.recovery_time", DELIVERY, TIME, "the time from a failed deployment to a repaired one",
           "make rolling back one step that anybody on call can take"),

    {.id = "deployments.total", DELIVERY, COUNT, MORE, .meaning = "how many deployments there were",
     .improve = "deploy smaller changes, each when it is ready"},
    {.id = "deployments.rollbacks", DELIVERY, COUNT, LESS, .meaning = "how many deployments went back",
     .improve = "look at why they went back"},
    {.id = "deployments.redeploys", DELIVERY, COUNT, LESS,
     .meaning = "how many deployments brought the version that was there",
     .improve = "look at why they were needed"},
    {.id = "deployments.failed_attempts", DELIVERY, COUNT, LESS,
     .meaning = "how many deployments never became the running version",
     .improve = "look at where they stopped"},
    {.id = "deployments.rollback_rate", DELIVERY, PERCENT, LESS,
     .meaning = "the share of deployments that went back", .improve = "look at why they went back"},
    {.id = "deployments.gitops_rate", DELIVERY, PERCENT, MORE,
     .meaning = "the share of deployments made by a commit", .improve = "deploy by commit only"},
    {.id = "deployments.automated_rate", DELIVERY, PERCENT, MORE,
     .meaning = "the share of deployments made by a machine", .improve = "automate the manual steps"},
    {.id = "deployments.time_to_healthy.p50", DELIVERY, TIME,
     .meaning = "the time from a deployment to all of it being healthy, the median",
     .improve = "look at start-up and readiness checks"},
    {.id = "deployments.region_lag.p50", DELIVERY, TIME,
     .meaning = "the time from the first region to the last, the median",
     .improve = "look at what the later regions wait for"},
    {.id = "deployments.days_since", DELIVERY, COUNT, LESS,
     .meaning = "how many days ago the last deployment was", .improve = "deploy what is ready"},

    {.id = "changes.merged", DELIVERY, COUNT, MORE, .meaning = "how many merge requests were merged",
     .improve = SMALLER},
    {.id = "changes.open", DELIVERY, COUNT, LESS, .meaning = "how many merge requests are open",
     .improve = "finish what is begun before beginning more"},
    {.id = "changes.contributors", DELIVERY, COUNT, NEITHER,
     .meaning = "how many people had a change merged", .improve = "it is for information"},
    {.id = "changes.per_contributor", DELIVERY, .unit = UNIT_COUNT, .bounds = BOUNDS_ZERO, NEITHER,
     .meaning = "merged changes for each contributor", .improve = "it is for information"},
    {.id = "changes.suggestions", DELIVERY, COUNT, NEITHER,
     .meaning = "how many suggestions of reviewers were applied", .improve = "it is for information"},
    {.id = "changes.unplanned_rate", DELIVERY, PERCENT, LESS,
     .meaning = "the share of changes that repair something", .improve = "look at what they repair"},
    {.id = "changes.without_review_rate", DELIVERY, PERCENT, LESS,
     .meaning = "the share of changes that nobody else looked at", .improve = "require an approval"},
    SPREAD("changes.coding_time", DELIVERY, TIME, "the time from the first commit to the merge request", SMALLER),
    SPREAD("changes.review_reaction", DELIVERY, TIME, "the time until somebody else reacts",
           "agree on when reviews are done"),
    SPREAD("changes.review_time", DELIVERY, TIME, "the time from the first reaction to the approval", SMALLER),
    SPREAD("changes.time_to_merge", DELIVERY, TIME, "the time from opening to merging", SOONER),
    SPREAD("changes.merge_to_deploy", DELIVERY, TIME, "the time from merging to production", SOONER),
    SPREAD("changes.size", DELIVERY, FEWER, "changed lines of a merge request", SMALLER),
    SPREAD("changes.comments", DELIVERY, ANY, "comments on a merge request",
           "it is for information"),

    {.id = "incidents.total", INCIDENT, COUNT, LESS, .meaning = "how many incidents began",
     .improve = "look at what the incidents have in common"},
    {.id = "incidents.open", INCIDENT, COUNT, LESS, .meaning = "how many incidents are open",
     .improve = "resolve the open incidents"},
    {.id = "incidents.recovery_time.mean", INCIDENT, TIME,
     .meaning = "the mean time from the beginning of an incident to its end",
     .improve = "make rolling back one step that anybody on call can take"},
    {.id = "incidents.recovery_time.p50", INCIDENT, TIME,
     .meaning = "the time from the beginning of an incident to its end, the median",
     .improve = "make rolling back one step that anybody on call can take"},
    {.id = "incidents.detection_time.p50", INCIDENT, TIME,
     .meaning = "the time from the cause of an incident to its alarm, the median",
     .improve = "alarm on what users notice"},
    {.id = "incidents.oldest_open", INCIDENT, TIME,
     .meaning = "how long the oldest open incident has been open", .improve = "resolve it"},

    {.id = "gates.runs", GATE, COUNT, MORE, .meaning = "how many runs were judged",
     .improve = "judge every merge request"},
    {.id = "gates.adoption", GATE, PERCENT, MORE, .meaning = "the share of merges with a verdict",
     .improve = "include the pipeline template in the projects without one"},
    {.id = "gates.pass_rate", GATE, PERCENT, MORE, .meaning = "the share of runs that passed",
     .improve = "look at which gates fail the most"},
    {.id = "gates.first_pass_rate", GATE, PERCENT, MORE,
     .meaning = "the share of merge requests whose first run passed",
     .improve = "judge before the push: qgate hook install"},
    {.id = "gates.duration.p50", GATE, TIME,
     .meaning = "the time from the beginning of a pipeline to its verdict, the median",
     .improve = "look at the slowest jobs before it"},
    {0},
};
