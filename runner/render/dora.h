/* What people and other programs get to see of delivery numbers: one file, one line in
 * DORA_RENDERERS. As with verdicts, a renderer writes a view to a stream and nothing else: it opens
 * no file, reads neither clock nor environment, and the same view gives the same bytes.
 *
 * Names of services, versions, subjects and incidents are text of other people. JSON is escaped by
 * jansson, the terminal by page.h, labels by escape.h, cells of a table where they are written.
 */
#ifndef RUNNER_RENDER_DORA_H
#define RUNNER_RENDER_DORA_H

#include <stdio.h>

#include "gates/judge/verdict.h"
#include "gates/measure/dora_compat.h"
#include "gates/measure/dora_score.h"
#include "runner/delivery/estate_gather.h"

/* The numbers of one scope: a service or all services of a team, in one environment. */
struct dora_answer {
    const char *service; /* NULL: those of a team */
    const char *team; /* its id; of a service whoever owns it when the window ends; NULL: nobody */
    const char *project;     /* of a service; NULL: of a team */
    const char *environment; /* NULL: those of tier production */
    struct words regions;    /* that one deployment reaches; empty: there are none */
    const char *why_not;     /* the numbers cannot be known, in words; NULL: they can */
    const struct zone *zone; /* in which days and weeks are cut */
    struct dora_parts parts; /* what is counted */
    struct dora_figures figures;
    struct dora_value values[DORA_VALUES];
    struct dora_value theirs[DORA_VALUES]; /* as view->compat counts */
    struct dora_score score;
    const struct rulings *targets; /* of its team, judged for this scope; NULL: there are none */
};

struct dora_answers ARRAY(struct dora_answer);

/* The caller keeps everything alive. */
struct dora_view {
    const struct estate *estate;
    struct dora_answers answers;        /* services by name, then teams by id */
    const struct dora_ratings *ratings; /* by which the answers have their scores */
    const struct dora_levels *levels;   /* of these: by which they have their levels */
    struct dora_window days;            /* asked for, as the estate's zone has them */
    const char *window;                 /* as asked for: "28d", "2027-01-01..2027-01-31" */
    const char *configuration;          /* path of delivery.yml; NULL: there is none */
    const char *tags;                   /* then: the pattern of what counts as a deployment, "v*" */
    const enum dora_compat *compat;     /* whose numbers to set beside ours; NULL: nobody's */
    bool explain;                       /* with what stands behind every number */

    /* Of the terminal only. */
    unsigned columns; /* 80 to 120; others are taken as the nearest of these */
    bool colour, utf8;
};

struct dora_renderer {
    const char *name;  /* what `--output` calls it */
    const char *title; /* for people */
    /* False: it could not be written. */
    NODISCARD bool (*render)(const struct dora_view *view, FILE *out, struct error *err);
};

/* In --help order. */
#define DORA_RENDERERS(X) \
    X(terminal)           \
    X(json)               \
    X(csv)                \
    X(openmetrics)

#define DORA_RENDERER_DECLARE(name) extern const struct dora_renderer dora_##name##_renderer;
DORA_RENDERERS(DORA_RENDERER_DECLARE)

/* The name of its environment, or that of the tier. */
const char *dora_environment_name(const struct dora_answer *answer);

/* Is this target, which is no `any`, about the window that is shown? */
bool dora_target_fits(const struct dora_view *view, const struct rule *rule);

#endif
