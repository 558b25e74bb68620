/* Inside intake: the reading of reports (intake.c), and what the repository knows of them and of
 * the files they name (intake_paths.c).
 */
#ifndef RUNNER_COMMAND_INTAKE_PARTS_H
#define RUNNER_COMMAND_INTAKE_PARTS_H

#include "runner/command/intake.h"

/* One file that is to be read. */
struct job {
    const struct report_entry *entry;
    bool argument;    /* of the command line: may lie anywhere, its format is found out */
    const char *path; /* of one file, as the policy or the command line names it */
};

/* An optional entry without a file. */
struct absence {
    size_t source; /* its place among the sources */
    const char *path;
};

/* The reading of all of them. */
struct desk {
    const struct intake *intake;
    struct arena *mem;
    struct sources sources;
    struct names names; /* of sources: index = place in `sources` */
    struct names seen;  /* files read, each with its source's name and format */
    struct absences ARRAY(struct absence) absences; /* of optional entries */
    size_t files;                                   /* read so far */
    size_t expected;                                /* how many there will be, for the progress */
    const struct path_index *index; /* of the repository's files; made when first needed */
    bool indexed;
};

/* The index of the repository's files, made when it is first asked for; NULL: there is none. */
const struct path_index *intake_repository_files(struct desk *desk);

/* Before anything is merged: two paths of two reports may be one file. */
void intake_resolve_paths(struct desk *desk, struct source *source);

/* Reports are made by the build: one that git tracks says the same of every build. `report` is not
 * whole then, unless the policy allows it; so may the command line, but not in a merge request,
 * which brings it along. `into` says what was allowed. */
void intake_check_origin(struct desk *desk, const struct job *job, struct source *report,
                         struct source *into);

/* What the policy wants made of files that the repository does not know. */
void intake_judge_paths(struct desk *desk, struct source *source);

/* Mark what the policy ignores. */
void intake_ignore_files(struct coverage *coverage, const struct words *globs);

/* A vulnerability in a file of the repository, a lock file mostly, came with a change of that file.
 */
void intake_mark_tracked(struct desk *desk, struct source *source);

#endif
