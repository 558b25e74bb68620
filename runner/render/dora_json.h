/* Inside the JSON of delivery numbers: the lists behind them. */
#ifndef RUNNER_RENDER_DORA_JSON_H
#define RUNNER_RENDER_DORA_JSON_H

#include "runner/render/document.h"
#include "runner/render/dora.h"

/* "explain" of an answer. */
void dora_json_explain(struct document *d, const struct dora_view *view,
                       const struct dora_answer *answer);

/* An instant; null for INT64_MAX. */
json_t *dora_json_instant(int64_t seconds);

#endif
