/* What people and other programs get to see of delivery numbers: one file, one line in
 * DORA_RENDERERS. As with verdicts, a renderer writes a view to a stream and nothing else. */
#ifndef RUNNER_RENDER_DORA_H
#define RUNNER_RENDER_DORA_H

#include <stdio.h>

#include "gates/measure/dora.h"

/* One service in one environment. The caller keeps everything alive. */
struct dora_view {
    const char *service, *environment;
    const char *window; /* as asked for: "28d", "2027-01-01..2027-01-31" */
    const char *tags;   /* the pattern of what counts as a deployment: "v*" */
    const struct dora_chain *chain;
    const struct dora_figures *figures;
    bool explain; /* with the deployments and changes behind every number */
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

/* Fewer values than this show little. */
enum { DORA_FEW = 5 };

/* Seconds since 1970 as "2027-03-01T12:00:05Z". */
const char *dora_instant(char buffer[48], int64_t seconds);

#endif
