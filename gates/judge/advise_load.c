#include <inttypes.h>

#include "gates/judge/parts.h"
#include "gates/measure/take.h"

static void list_labels(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    struct words labels;
    measure_label_values(trial->selector, "label", trial->docket->now, trial->mem, &labels);
    for (size_t i = 0; i < labels.count; i++) {
        struct value value;
        measure_take(selector_of_value(trial, trial->selector, "label", labels.items[i]),
                     trial->docket->now, trial->mem, &value);
        if (verdict_compare(rule, &value, rule->threshold))
            continue;
        struct detail *detail = array_add(trial->mem, &ruling->details);
        detail->subject = labels.items[i];
        detail->text = value_text(&value, rule->selector.measure, &rule->threshold, trial->mem);
    }
}

void advise_load(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct value *value = &ruling->value;
    int what = rule->selector.measure->what;
    if (what != LOAD_SAMPLES && what != LOAD_THROUGHPUT && what != LOAD_DURATION)
        list_labels(trial, rule, ruling);
    uint64_t k = 0;
    if (what == LOAD_ERROR_RATE)
        k = advise_smallest(rule, value->part, advise_part_less, value);
    else if (what == LOAD_SAMPLES || (what == LOAD_ERRORS && !advise_up(rule, value)))
        k = advise_count(rule, value);
    if (k == 0)
        ruling->to_pass = advise_difference(trial, rule, value);
    else if (what == LOAD_ERROR_RATE)
        ruling->to_pass =
            arena_printf(trial->mem, "%" PRIu64 " fewer error%s in %" PRIu64 " samples", k,
                         plural(k), value->whole);
    else
        ruling->to_pass = arena_printf(trial->mem, "%" PRIu64 " %s %s%s", k,
                                       advise_up(rule, value) ? "more" : "fewer",
                                       what == LOAD_SAMPLES ? "sample" : "error", plural(k));
}
