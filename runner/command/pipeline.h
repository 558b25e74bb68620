/* What `.gitlab-ci.yml` says of reports, and what it includes. The file is only looked through:
 * what it says is a hint, never a demand.
 */
#ifndef RUNNER_COMMAND_PIPELINE_H
#define RUNNER_COMMAND_PIPELINE_H

#include "gates/read/reader.h"
#include "runner/workplace.h"

#define PIPELINE_FILE ".gitlab-ci.yml"

/* A report that a job keeps: `artifacts: reports`, or a path that reports of a format usually have.
 */
struct pipeline_report {
    const struct reader *reader;
    const char *path; /* or a glob, from the root */
};

struct pipeline_reports ARRAY(struct pipeline_report);

/* A file, folder or glob that a job keeps. */
struct pipeline_artifact {
    const char *job, *path;
};

struct pipeline_artifacts ARRAY(struct pipeline_artifact);

struct pipeline {
    bool there;
    const char *why_not;             /* why it could not be read; NULL: it was, or is not there */
    struct pipeline_reports reports; /* each once, in the order of the file */
    struct pipeline_artifacts artifacts; /* of jobs, in the order of the file */
    const struct node *root;             /* of the document; NULL: none was read */
};

/* The files and globs of its own repository that the text of a pipeline includes, from the root;
 * those with a variable in them are left out. */
void pipeline_includes(const char *text, size_t len, struct arena *mem, struct words *paths);

void pipeline_read(const struct workplace *place, struct arena *mem, struct pipeline *pipeline);

/* Name the job of each missing report, where the pipeline tells it. */
void pipeline_name_jobs(const struct workplace *place, struct arena *mem, struct sources *sources);

#endif
