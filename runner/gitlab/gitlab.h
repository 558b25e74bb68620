/* The part of GitLab's REST API (version 4) that qgate uses, one function for each request.
 *
 * Definition: GitLab's OpenAPI document; tried with GitLab's own description of 19.0 through a
 * validating proxy. What an answer says is text of somebody else: lengths are bounded, numbers and
 * commits are checked, nothing of it ever becomes an address. Pages are followed by their number,
 * because the Link header names the host that GitLab believes to have.
 *
 * Texts live in the arena given. `err` is filled with what to do about it: which token, role,
 * scope.
 */
#ifndef RUNNER_GITLAB_GITLAB_H
#define RUNNER_GITLAB_GITLAB_H

#include "gates/base/array.h"
#include "runner/http/manners.h"

struct gitlab {
    struct http *http;
    const char *api;           /* "https://gitlab.example/api/v4", without a slash at its end */
    const char *project;       /* its number, or its path */
    uint64_t merge_request;    /* its number within the project; 0: none */
    const struct token *token; /* NULL: none */
};

/* Who a token acts for. */
struct gitlab_user {
    uint64_t id;
};

struct gitlab_merge_request {
    const char *head; /* commit at the tip of its source branch */
};

/* The commits that a position in its diff is given by. */
struct gitlab_version {
    const char *base, *start, *head;
};

struct gitlab_note {
    uint64_t id, author;
    const char *body;
    bool system;   /* written by GitLab */
    bool resolved; /* of a thread that can be */
};

struct gitlab_notes ARRAY(struct gitlab_note);

struct gitlab_discussion {
    const char *id;            /* hexadecimal */
    bool single;               /* a note of its own that nobody can answer */
    struct gitlab_notes notes; /* oldest first, at least one */
};

struct gitlab_discussions ARRAY(struct gitlab_discussion);

/* A line of the diff that GitLab shows: of the changed hunks and a few around them. */
struct gitlab_line {
    uint32_t line, old_line; /* as it is now and as it was; of an added line: the old one that
                                comes next */
    bool added;
};

struct gitlab_lines ARRAY(struct gitlab_line);

struct gitlab_diff {
    const char *old_path, *new_path;
    struct gitlab_lines lines; /* by `line`; none when the diff is binary or too large to be
                                  shown */
};

struct gitlab_diffs ARRAY(struct gitlab_diff);

enum gitlab_place { GITLAB_FILE, GITLAB_LINE_ADDED, GITLAB_LINE_CONTEXT };

/* Where in the diff of a merge request. Lines are 1-based and those of the newest version. */
struct gitlab_position {
    enum gitlab_place kind;          /* GITLAB_FILE: of the file as a whole, no lines */
    const char *old_path, *new_path; /* both always; the same unless it was renamed */
    uint32_t line, old_line;         /* the last line, as it is now and as it was; of an added line:
                                        the line of the old file that comes next */
    uint32_t first, old_first;       /* the first one when there are several; otherwise 0 */
};

enum gitlab_state { GITLAB_PENDING, GITLAB_SUCCESS, GITLAB_FAILED };

/* A request was sent and not carried out in a way that its caller can act on. */
enum gitlab_result {
    GITLAB_DONE,
    GITLAB_NOT_THERE, /* 404: there is none, or the token may not see it */
    GITLAB_DECLINED,  /* 400, 409, 422: what was sent does not fit, err says what */
    GITLAB_LOST,      /* a POST that may have been carried out: look before sending it again */
    GITLAB_REFUSED,   /* 401, 403: the token is not valid, or may not do this */
    GITLAB_FAILURE,   /* anything else */
};

enum gitlab_result gitlab_user(struct gitlab *g, struct arena *mem, struct gitlab_user *user,
                               struct error *err);
enum gitlab_result gitlab_merge_request(struct gitlab *g, struct arena *mem,
                                        struct gitlab_merge_request *request, struct error *err);

/* The newest version of the diff. */
enum gitlab_result gitlab_version(struct gitlab *g, struct arena *mem,
                                  struct gitlab_version *version, struct error *err);

/* The diff of the newest version. */
enum gitlab_result gitlab_diffs(struct gitlab *g, struct arena *mem, struct gitlab_diffs *all,
                                struct error *err);

/* The diff of the file that has this path now, respectively its line; NULL: it shows none. */
const struct gitlab_diff *gitlab_diff_of(const struct gitlab_diffs *all, const char *path);
const struct gitlab_line *gitlab_line_of(const struct gitlab_diff *diff, uint32_t line);

/* All discussions, single notes among them, in GitLab's order. */
enum gitlab_result gitlab_discussions(struct gitlab *g, struct arena *mem,
                                      struct gitlab_discussions *all, struct error *err);

enum gitlab_result gitlab_note_post(struct gitlab *g, const char *body, struct arena *mem,
                                    struct error *err);
enum gitlab_result gitlab_note_put(struct gitlab *g, uint64_t note, const char *body,
                                   struct arena *mem, struct error *err);
enum gitlab_result gitlab_note_delete(struct gitlab *g, uint64_t note, struct arena *mem,
                                      struct error *err);

enum gitlab_result gitlab_thread_post(struct gitlab *g, const struct gitlab_version *version,
                                      const struct gitlab_position *position, const char *body,
                                      struct arena *mem, struct error *err);
enum gitlab_result gitlab_thread_reply(struct gitlab *g, const char *discussion, const char *body,
                                       struct arena *mem, struct error *err);
enum gitlab_result gitlab_thread_resolve(struct gitlab *g, const char *discussion, bool resolved,
                                         struct arena *mem, struct error *err);

/* One check of a commit. GitLab refuses to set the state that it has: that is done as well. */
struct gitlab_status {
    const char *name; /* "qgate/unit test" */
    enum gitlab_state state;
    const char *description; /* at most 255 characters */
    const char *address;     /* NULL: none */
    const char *pipeline;    /* its number; NULL: the newest of the commit */
    const char *coverage;    /* per cent, "81.4"; NULL: none */
};

enum gitlab_result gitlab_status_post(struct gitlab *g, const char *commit,
                                      const struct gitlab_status *status, struct arena *mem,
                                      struct error *err);

/* The commit that a branch or tag is at. */
enum gitlab_result gitlab_commit(struct gitlab *g, const char *name, struct arena *mem,
                                 const char **commit, struct error *err);

/* The bytes of a file at a commit. */
enum gitlab_result gitlab_file(struct gitlab *g, const char *path, const char *commit,
                               struct arena *mem, const char **text, size_t *len,
                               struct error *err);

/* The bytes of one file of what a job of the newest successful pipeline of a branch left. */
enum gitlab_result gitlab_artifact(struct gitlab *g, const char *branch, const char *job,
                                   const char *path, struct arena *mem, const char **text,
                                   size_t *len, struct error *err);

struct gitlab_pipeline {
    uint64_t id;
    const char *commit; /* that it ran for */
};

struct gitlab_pipelines ARRAY(struct gitlab_pipeline);

/* The newest pipelines that a branch had for one of these commits, whatever became of them: at
 * most `most`, among the last 500. */
enum gitlab_result gitlab_pipelines(struct gitlab *g, const char *branch,
                                    const struct words *commits, size_t most, struct arena *mem,
                                    struct gitlab_pipelines *found, struct error *err);

/* The job of this name in a pipeline, of several tries the last; 0: it has none. */
enum gitlab_result gitlab_job_named(struct gitlab *g, uint64_t pipeline, const char *name,
                                    struct arena *mem, uint64_t *job, struct error *err);

/* What GitLab itself knows of a job. */
struct gitlab_job {
    uint64_t id, pipeline;
    const char *name, *user; /* user: who started it */
    const char *ref;         /* what its pipeline is of: "refs/merge-requests/12/head" */
    const char *commit;      /* that its pipeline is of */
    const char *page; /* its address, of the host that GitLab believes to have; "": not said */
};

enum gitlab_result gitlab_job(struct gitlab *g, uint64_t id, struct arena *mem,
                              struct gitlab_job *job, struct error *err);

/* The bytes of one file of what a job left. */
enum gitlab_result gitlab_job_file(struct gitlab *g, uint64_t job, const char *path,
                                   struct arena *mem, const char **text, size_t *len,
                                   struct error *err);

#endif
