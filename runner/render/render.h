/* What people and other programs get to see of a verdict: one file, one line in RENDERERS.
 *
 * A renderer writes a view to a stream and nothing else: it opens no file, reads neither clock nor
 * environment, and the same view gives the same bytes. Whatever the policy or a report calls
 * itself, no control character of theirs is written.
 */
#ifndef RUNNER_RENDER_RENDER_H
#define RUNNER_RENDER_RENDER_H

#include <stdio.h>

#include "gates/judge/verdict.h"
#include "gates/model/change.h"
#include "gates/policy/difference.h"

/* A verdict and what stands around it. The caller keeps everything alive. */
struct view {
    const struct verdict *verdict;
    const struct policy *policy;
    const struct evidence *evidence;
    const char *policy_origin; /* ".qgate.yml of main (4f2c1ab)" or "qgate:default" */
    const char *policy_from;   /* "target", "commit", "worktree" or "built-in" */
    const char *policy_commit; /* whose policy it is, hexadecimal; "": of none */
    const char *commit;        /* judged, hexadecimal; "" when not known */
    const char *source_commit; /* the tip of the branch: of merged results another than `commit` */
    const char *target;        /* the branch it is to go to: "main"; NULL: none */
    const char *baseline;      /* what it was compared with: "main 4f2c1ab, 3 commits behind"; NULL:
                                  nothing */
    const char *why_no_baseline;           /* then */
    const struct change *change;           /* NULL: not known */
    const struct differences *differences; /* between the policy that judged and that of the
                                              branch */
    const struct words *notices; /* what a person should look at: changed pipeline files, tracked
                                    reports */
    const char *stage;           /* whose gates were judged */
    int64_t now_s;               /* moment of judging, seconds since 1970 */
    int status;                  /* the exit status this run ends with */
    const char *job_url;         /* page of the job in GitLab that this is; "" outside of one */

    /* Of the terminal only. */
    unsigned columns; /* 80 to 120; others are taken as the nearest of these */
    bool colour;      /* marks and the outcome may have one */
    bool utf8;        /* false: our own marks are ASCII; names in reports stay as they are */
    bool gitlab;      /* gates that passed become collapsed sections of a GitLab job log */
    bool quiet;       /* only what failed and the last line */
    bool verbose;     /* every rule, every detail, every file */
};

/* Did it pass and fail all the same, because `--strict` lets a warning fail? */
bool view_fails_by_warning(const struct view *view);

struct renderer {
    const char *name;  /* what `--output` and `outputs:` call it */
    const char *title; /* for people */
    /* False: it could not be written. */
    NODISCARD bool (*render)(const struct view *view, FILE *out, struct error *err);
};

/* One line per output, in --help order. */
#define RENDERERS(X) \
    X(terminal)      \
    X(json)          \
    X(markdown)      \
    X(codequality)   \
    X(junit)         \
    X(metrics)       \
    X(cobertura)     \
    X(annotations)   \
    X(dotenv)

#define RENDERER_DECLARE(name) extern const struct renderer name##_renderer;
RENDERERS(RENDERER_DECLARE)

extern const struct renderer *const renderers[]; /* NULL-terminated */

const struct renderer *renderer_named(const char *name); /* NULL: none of that name */

#endif
