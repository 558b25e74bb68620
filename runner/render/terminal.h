/* What the files of the terminal outputs share; nobody else includes it. */
#ifndef RUNNER_RENDER_TERMINAL_H
#define RUNNER_RENDER_TERMINAL_H

#include "runner/render/page.h"
#include "runner/render/render.h"

/* One rendering. */
struct sheet {
    const struct view *view;
    struct page page;
    struct arena *mem; /* until the sheet is written */
    size_t sections;   /* of a GitLab log, so far */
    bool begun;        /* something stands above */
    bool folding;      /* gates of one line each stand just above */
};

extern const struct mark sheet_marks[OUTCOME_COUNT];

/* An empty line between what stands above and what follows. */
void sheet_gap(struct sheet *sheet);

/* The same before the first of several gates of one line each. */
void sheet_folding_gap(struct sheet *sheet);

/* The gates judged here and the required reports that no rule reads, worst first. */
void sheet_gates(struct sheet *sheet);

#endif
