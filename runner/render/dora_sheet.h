/* What the files of the terminal's delivery numbers share; nobody else includes it. */
#ifndef RUNNER_RENDER_DORA_SHEET_H
#define RUNNER_RENDER_DORA_SHEET_H

#include "runner/render/dora_behind.h"
#include "runner/render/page.h"

/* One rendering, on one of its answers. */
struct dora_sheet {
    const struct dora_view *view;
    const struct dora_answer *answer;
    struct page page;
    struct arena *mem;
};

/* All answers in a table. */
void dora_sheet_overview(const struct dora_sheet *sheet);

/* The deployments, changes and incidents behind the answer's numbers. */
void dora_sheet_explain(const struct dora_sheet *sheet);

/* The answer's score and levels, in rows of names, values and texts. */
void dora_sheet_score(const struct dora_sheet *sheet);

/* A name, a value, and what there is to say of it, wrapped. Name and value are ours. */
void dora_sheet_row(const struct dora_sheet *sheet, const char *name, const char *value,
                    const char *rest);

enum { DORA_TEXT_COLUMN = 36 }; /* where the text of a row begins */

/* The targets below the row of a measure, "dora.lead_time"; and all that no row is about. */
void dora_sheet_targets(const struct dora_sheet *sheet, const char *measure);
void dora_sheet_other_targets(const struct dora_sheet *sheet);

/* "a, b" */
const char *dora_listed(struct arena *mem, const char *list, const char *text);

/* "28 days to 2027-02-14, Africa/Lagos" */
const char *dora_days_text(const struct dora_window *window, const struct zone *zone,
                           struct arena *mem);

/* Milliseconds: "47 min", "5.2 h", "1.9 d". */
const char *dora_span_text(int64_t ms, struct arena *mem);

/* Seconds, none left out: "47:00", "1 d 21:36:12". */
const char *dora_exact_text(int64_t seconds, struct arena *mem);

/* A failed deployment that is not repaired: "v1.4.0 for 4.3 d (incident PD-1)"; `named`: with its
 * service. */
const char *dora_open_text(const struct dora_sheet *sheet, const struct dora_item *item,
                           bool named);

/* A value of the catalogue by its unit. */
const char *dora_value_text(const struct dora_value *value, struct arena *mem);

/* "2.5 /w", above three a day "4.2 /d" */
const char *dora_frequency_text(const struct dora_figures *figures, struct arena *mem);

/* "16.7 %", "20 %" */
const char *dora_percent_text(size_t above, size_t below, struct arena *mem);

/* Rollbacks are rework on both sides. */
size_t dora_reworkable(const struct dora_figures *figures);

#endif
