/* What the files of this folder share; nobody else includes it. */
#ifndef RUNNER_GITLAB_REQUEST_H
#define RUNNER_GITLAB_REQUEST_H

#include <jansson.h>

#include "runner/gitlab/gitlab.h"

/* Send `method` to `path` below the API's address; `body` is taken over, NULL: none. The answer's
 * text lives in `mem`. */
enum gitlab_result gitlab_send(struct gitlab *g, enum http_method method, const char *path,
                               json_t *body, struct arena *mem, struct http_answer *answer,
                               struct error *err);

/* The same for a GET whose answer is JSON; *json is the caller's. */
enum gitlab_result gitlab_get(struct gitlab *g, const char *path, struct arena *mem, json_t **json,
                              struct http_answer *answer, struct error *err);

/* All rows of a list, page by page: `take` gets each, and says whether it wants more. */
typedef bool gitlab_row(const json_t *row, void *state, struct arena *mem);
enum gitlab_result gitlab_list(struct gitlab *g, const char *path, gitlab_row *take, void *state,
                               struct arena *mem, struct error *err);

/* The same for a GET whose answer is the bytes of a file; NULL: there is none. */
enum gitlab_result gitlab_bytes(struct gitlab *g, const char *path, struct arena *mem,
                                const char **text, size_t *len, struct error *err);

/* A text as one segment of a path or a value behind `?`. */
const char *gitlab_encoded(const char *text, struct arena *mem);

/* Paths below the project and below its merge request; `rest` begins with a slash. */
const char *gitlab_of_project(const struct gitlab *g, const char *rest, struct arena *mem);
const char *gitlab_of_request(const struct gitlab *g, const char *rest, struct arena *mem);

/* Members of an answer; NULL, respectively 0, when they are not there or something else. */
const char *gitlab_text(const json_t *object, const char *key, struct arena *mem);
uint64_t gitlab_number(const json_t *object, const char *key);
const char *gitlab_sha(const json_t *object, const char *key, struct arena *mem);

/* The answer is not what the API promises: GITLAB_FAILURE. */
enum gitlab_result gitlab_odd(const char *what, struct error *err);

#endif
