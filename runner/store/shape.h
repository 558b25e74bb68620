/* Inside the reader of saved evidence: the members of its JSON, each taken with a check.
 *
 * False, with s->err: it is of another kind, or damaged; the message names the key and the report.
 */
#ifndef RUNNER_STORE_SHAPE_H
#define RUNNER_STORE_SHAPE_H

#include <jansson.h>

#include "gates/model/evidence.h"

/* A file on the way. */
struct shape {
    struct arena *mem;
    const char *report;  /* the source under way, for messages; NULL: none yet */
    int64_t duration_us; /* of all tests so far */
    uint64_t tests;      /* so far, as for the rest */
    struct line_budget lines;
    uint64_t load_pages;
    size_t findings;
    struct error *err;
};

/* Always false: the member is missing or cannot be right; a ceiling is passed. */
bool shape_wrong(struct shape *s, const char *key);
bool shape_over(struct shape *s, const char *what, int limit);

/* A harmless text; NULL, "" or false when it is absent. */
bool shape_text(struct shape *s, const json_t *object, const char *key, const char **text);
bool shape_maybe(struct shape *s, const json_t *object, const char *key, const char **text);
bool shape_name(struct shape *s, const json_t *object, const char *key, const char **text);

/* 0 respectively false when it is absent. */
bool shape_count(struct shape *s, const json_t *object, const char *key, uint64_t *count);
bool shape_flag(struct shape *s, const json_t *object, const char *key, bool *flag);

/* At most `most` elements; NULL, which has none, when it is absent. */
bool shape_list(struct shape *s, const json_t *object, const char *key, size_t most,
                const json_t **list);

/* Which of the words it is. */
bool shape_word(struct shape *s, const json_t *object, const char *key, const char *const *words,
                int *which);

/* Texts of runs, as evidence_write.c says. */
bool shape_lines(struct shape *s, const json_t *object, struct lines *lines);
bool shape_branches(struct shape *s, const json_t *object, struct lines *lines);
bool shape_buckets(struct shape *s, const json_t *object, struct histogram *h);

#endif
