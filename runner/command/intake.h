/* From the policy's `reports:` to evidence: finding the files of each entry, reading them, merging
 * them into the source of their name and format.
 *
 * A file that cannot be read never stops the others: it is recorded in its source, which is not
 * whole then.
 */
#ifndef RUNNER_COMMAND_INTAKE_H
#define RUNNER_COMMAND_INTAKE_H

#include "gates/model/change.h"
#include "gates/model/paths.h"
#include "gates/policy/policy.h"
#include "runner/progress.h"
#include "runner/workplace.h"

struct intake {
    struct workplace *place;
    bool literal; /* the entries' paths were found by a search: no character of them means anything
                   */
    bool any_format; /* a format of which there is no report is optional and absent, not unknown */
    bool merge_request; /* what git tracks may be named on the command line otherwise */
    const char *commit; /* that is judged, hexadecimal; "" when not known */
    int64_t now_s;
    const struct policy *policy; /* whose `paths` are obeyed */
    const struct change *change; /* its new files are of the repository, committed or not; NULL:
                                    not known */
    struct progress *progress;
    struct arena *mem;
};

/* Read what the policy's entries name: paths below the root. */
void intake_entries(const struct intake *intake, const struct report_entries *entries,
                    struct evidence *evidence);

/* Read what the command line names, each a required report of the format that its content has. */
void intake_arguments(const struct intake *intake, const struct words *paths,
                      struct evidence *evidence);

/* How many reports lie about. */
struct search {
    size_t found, tracked; /* tracked by git: left out */
};

/* The reports that lie about by their usual names, or where the globs `also` (NULL: none) say, as
 * optional entries. Never one that git tracks. */
NODISCARD bool intake_search(const struct workplace *place, const struct words *also,
                             struct arena *mem, struct report_entries *entries,
                             struct search *search, struct error *err);

/* The format whose reports usually have such a path; NULL: none. */
const struct reader *intake_format_by_name(const char *path);

#endif
