/* Delivery numbers by the definitions of others, to set beside what their dashboards say. They are
 * taken from the same deployments, changes and incidents as ours; where another tool looks at
 * something that is not among them, it is said here. None has a rework rate.
 *
 * GitLab (dora/metrics of its API, Ultimate):
 *   frequency   everything that was deployed, redeploys and rollbacks too, a day
 *   lead time   merge to deployment, of merge requests alone, those of bots too; the median. It is
 *               given one that was fast-forwarded only where its message names it, and of the first
 *               deployment none.
 *   fail rate   incidents created, whatever their cause, by everything that was deployed; it may
 *               pass 100 %
 *   recovery    created to resolved, of incidents resolved in the window; the median
 *
 * DevLake (its Grafana dashboards):
 *   frequency   the median of days in a week on which anything was deployed, a seventh of it a day
 *   lead time   first commit to merge and merge to deployment, each rounded up to whole minutes, of
 *               merge requests alone; of an even number the lower median. DevLake parts the first
 *               in up to three, each rounded up.
 *   fail rate   deployments before an incident, however long, by everything that was deployed: an
 *               incident is that of the last deployment before it
 *   recovery    that deployment to the end of the incident; the lower median
 *
 * Four Keys:
 *   frequency   everything that was deployed, a day
 *   lead time   committer date of the deployed commit to the deployment, in whole minutes, none of
 *               0 and less; the median. Four Keys takes all commits of the same push.
 *   fail rate   incidents that name a deployment, by everything that was deployed; it may pass 100
 * % recovery    the deployment that it names, if earlier, or its creation, to the end of an
 *               incident, in whole hours; the median
 */
#ifndef GATES_MEASURE_DORA_COMPAT_H
#define GATES_MEASURE_DORA_COMPAT_H

#include "gates/measure/dora.h"

enum dora_compat { DORA_COMPAT_GITLAB, DORA_COMPAT_DEVLAKE, DORA_COMPAT_FOURKEYS, DORA_COMPATS };

const char *dora_compat_name(enum dora_compat mode);  /* "gitlab", "devlake", "fourkeys" */
const char *dora_compat_title(enum dora_compat mode); /* "GitLab" */
const char *dora_compat_note(enum dora_compat mode);  /* how it differs, in a sentence or two */

/* The mode of that name. False: there is none. */
bool dora_compat_named(const char *name, enum dora_compat *mode);

/* The four numbers in place of ours; all others are absent. The rest is as with dora_measure(). */
void dora_compat(enum dora_compat mode, const struct dora_part *parts, size_t count,
                 const struct dora_window *window, const struct zone *zone, struct arena *mem,
                 struct dora_value values[DORA_VALUES]);

#endif
