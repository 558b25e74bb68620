/* What GitLab says of the pipeline that a run is part of: its predefined variables, as they stand.
 *
 * They come from the server and its administrators, but whoever runs qgate by hand can set them:
 * they choose what is compared, never whether it is judged.
 */
#ifndef RUNNER_CI_H
#define RUNNER_CI_H

struct ci {                    /* NULL: not set, or empty */
    const char *merge_request; /* CI_MERGE_REQUEST_IID: this is a merge-request pipeline */
    const char *open_requests; /* CI_OPEN_MERGE_REQUESTS: a branch pipeline, of whose branch are
                                  some */
    const char *event;     /* CI_MERGE_REQUEST_EVENT_TYPE: detached, merged_result, merge_train */
    const char *diff_base; /* CI_MERGE_REQUEST_DIFF_BASE_SHA */
    const char *target_branch;  /* CI_MERGE_REQUEST_TARGET_BRANCH_NAME */
    const char *target_commit;  /* CI_MERGE_REQUEST_TARGET_BRANCH_SHA: its tip, of merged results
                                   only */
    const char *source_commit;  /* CI_MERGE_REQUEST_SOURCE_BRANCH_SHA, of merged results only */
    const char *branch;         /* CI_COMMIT_BRANCH: a branch pipeline */
    const char *tag;            /* CI_COMMIT_TAG: a tag pipeline */
    const char *default_branch; /* CI_DEFAULT_BRANCH */
    const char *config_path;  /* CI_CONFIG_PATH: the pipeline's file, ".gitlab-ci.yml" by default */
    const char *project;      /* CI_PROJECT_ID */
    const char *project_path; /* CI_PROJECT_PATH: "fin/payments/core" */
    const char *commit;       /* CI_COMMIT_SHA */
    const char *ref;          /* CI_COMMIT_REF_NAME: the branch or tag */
    const char *environment;  /* CI_ENVIRONMENT_NAME: what the job deploys to */
    const char *request_project;  /* CI_MERGE_REQUEST_PROJECT_ID: another one when it comes from a
                                     fork */
    const char *pipeline;         /* CI_PIPELINE_ID */
    const char *pipeline_created; /* CI_PIPELINE_CREATED_AT: "2027-03-01T12:00:05Z" */
    const char *job;              /* CI_JOB_ID */
    const char *job_name;         /* CI_JOB_NAME */
    const char *job_url;          /* CI_JOB_URL: the page of this job */
    const char *job_started;      /* CI_JOB_STARTED_AT */
    const char *job_status;       /* CI_JOB_STATUS: success, failed, canceled; running until
                                     after_script */
    const char *server;           /* CI_SERVER_URL: "https://gitlab.example" */
};

#endif
