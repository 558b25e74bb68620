/* Measures that later versions judge: a policy may ask for them, and the answer is no data. A row
 * moves to catalogue[] when something gives it. */
#include "gates/measure/catalogue.h"

/* clang-format off */
#define COUNT .unit = UNIT_COUNT, .bounds = BOUNDS_COUNT
#define PERCENT .unit = UNIT_PERCENT, .bounds = BOUNDS_PERCENT
#define TIME .unit = UNIT_SECONDS, .bounds = BOUNDS_ZERO, .better = BETTER_DOWN
#define ANY .unit = UNIT_COUNT, .bounds = BOUNDS_ZERO, .better = BETTER_NEITHER
#define MORE .better = BETTER_UP
#define LESS .better = BETTER_DOWN
#define NEITHER .better = BETTER_NEITHER

#define DELIVERY .family = FAMILY_DELIVERY, .labels = "service team environment window"
#define GATE .family = FAMILY_COUNT, .labels = "service team environment window gate stage"

/* A distribution: three percentiles of one thing. */
#define SPREAD(name, group, unit_etc, says, how)                                                   \
    {.id = name ".p50", group, unit_etc, .meaning = says ", the median", .improve = how},          \
    {.id = name ".p75", group, unit_etc, .meaning = says ", three of four are below",              \
     .improve = how},                                                                              \
    {.id = name ".p90", group, unit_etc, .meaning = says ", nine of ten are below", .improve = how}

#define SMALLER "make changes smaller"

const struct measure later_metrics[] = {
    {.id = "metric.*", .family = FAMILY_COUNT, .unit = UNIT_COUNT, NEITHER, .labels = "*",
     .scopes = "delta growth", .formats = "openmetrics",
     .meaning = "any number of a metrics file by its name: metric.bundle_bytes{chunk=\"main\"}",
     .improve = "look at what writes the metric", .phrase = "the metric @*"},

    {.id = "deployments.time_to_healthy.p50", DELIVERY, TIME,
     .meaning = "the time from a deployment to all of it being healthy, the median",
     .improve = "look at start-up and readiness checks"},

    {.id = "changes.open", DELIVERY, COUNT, LESS, .meaning = "how many merge requests are open",
     .improve = "finish what is begun before beginning more"},
    {.id = "changes.suggestions", DELIVERY, COUNT, NEITHER,
     .meaning = "how many suggestions of reviewers were applied",
     .improve = "it is for information"},
    {.id = "changes.without_review_rate", DELIVERY, PERCENT, LESS,
     .meaning = "the share of changes that nobody else looked at",
     .improve = "require an approval"},
    SPREAD("changes.coding_time", DELIVERY, TIME,
           "the time from the first commit to the merge request", SMALLER),
    SPREAD("changes.review_reaction", DELIVERY, TIME, "the time until somebody else reacts",
           "agree on when reviews are done"),
    SPREAD("changes.review_time", DELIVERY, TIME,
           "the time from the first reaction to the approval", SMALLER),
    SPREAD("changes.time_to_merge", DELIVERY, TIME, "the time from opening to merging",
           "look first at what waits: reviews, pipelines, approvals"),
    SPREAD("changes.comments", DELIVERY, ANY, "comments on a merge request",
           "it is for information"),

    {.id = "gates.adoption", GATE, PERCENT, MORE, .meaning = "the share of merges with a verdict",
     .improve = "include the pipeline template in the projects without one"},
    {.id = "gates.first_pass_rate", GATE, PERCENT, MORE,
     .meaning = "the share of merge requests whose first run passed",
     .improve = "judge before the push: qgate hook install"},
    {0},
};
/* clang-format on */
