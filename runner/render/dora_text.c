/* Delivery numbers in words, and what all renderers say of an answer. */
#include <inttypes.h>
#include <string.h>

#include "gates/base/day.h"
#include "runner/render/dora_sheet.h"
#include "runner/render/words.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

const char *dora_listed(struct arena *mem, const char *list, const char *text)
{
    return *text == '\0' ? list
                         : arena_printf(mem, "%s%s%s", list, *list == '\0' ? "" : ", ", text);
}

const char *dora_environment_name(const struct dora_answer *answer)
{
    return answer->environment != NULL ? answer->environment : "production";
}

bool dora_target_fits(const struct dora_view *view, const struct rule *rule)
{
    const char *window = "28d";
    for (size_t i = 0; i < rule->selector.labels.count; i++)
        if (strcmp(rule->selector.labels.items[i].label, "window") == 0)
            window = rule->selector.labels.items[i].value;
    return rule->any.count == 0 && strcmp(window, view->window) == 0;
}

const char *dora_days_text(const struct dora_window *window, const struct zone *zone,
                           struct arena *mem)
{
    char to[48];
    int32_t days = window->to_day - window->from_day + 1;
    return arena_printf(mem, "%s to %s, %s", words_count(mem, (size_t)days, "day"),
                        day_text(to, window->to_day), zone_name(zone));
}

const char *dora_span_text(int64_t ms, struct arena *mem)
{
    static const struct {
        int64_t from_s, unit_s;
        const char *name;
        int decimals;
    } units[] = {{INT64_C(2) * DAY_S, DAY_S, "d", 1},
                 {INT64_C(2) * HOUR_S, HOUR_S, "h", 1},
                 {INT64_C(2) * MINUTE_S, MINUTE_S, "min", 0}};
    char buffer[48];
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (ms >= units[i].from_s * 1000)
            return arena_printf(mem, "%s %s",
                                number_text(buffer,
                                            number_ratio(ms, (uint64_t)units[i].unit_s * 1000),
                                            units[i].decimals),
                                units[i].name);
    return arena_printf(mem, "%s s", number_text(buffer, number_ratio(ms, 1000), 0));
}

const char *dora_exact_text(int64_t seconds, struct arena *mem)
{
    int hours = (int)(seconds % DAY_S / HOUR_S), minutes = (int)(seconds % HOUR_S / MINUTE_S);
    const char *clock =
        arena_printf(mem, "%02d:%02d:%02d", hours, minutes, (int)(seconds % MINUTE_S));
    return seconds < DAY_S ? clock : arena_printf(mem, "%" PRId64 " d %s", seconds / DAY_S, clock);
}

/* `daily`: so often a day. */
static const char *rate_text(struct number daily, struct arena *mem)
{
    enum { OFTEN = 3, MOST_DECIMALS = 4 };
    char buffer[48];
    bool often = number_compare(daily, number_of(OFTEN)) >= 0;
    struct number rate = number_scale(daily, often ? 1 : 7, 1);
    int decimals = rate.above == 0 ? 0 : 1;
    /* what happened at all is not shown as 0.0 */
    for (uint64_t twice = 20; decimals > 0 && decimals < MOST_DECIMALS &&
                              number_compare(number_scale(rate, twice, 1), number_of(1)) < 0;
         twice *= 10)
        decimals++;
    return arena_printf(mem, "%s /%s", number_text(buffer, rate, decimals), often ? "d" : "w");
}

const char *dora_frequency_text(const struct dora_figures *figures, struct arena *mem)
{
    return rate_text(number_ratio((int64_t)figures->counted, figures->days), mem);
}

/* Whole thousandths are exact enough to be read. */
static int64_t milliseconds(struct number seconds)
{
    struct number ms = number_scale(seconds, 1000, 1);
    return ms.above / (int64_t)ms.below;
}

const char *dora_value_text(const struct dora_value *value, struct arena *mem)
{
    char buffer[48];
    if (strcmp(value->unit, "/d") == 0)
        return rate_text(value->value, mem);
    if (strcmp(value->unit, "s") == 0)
        return dora_span_text(milliseconds(value->value), mem);
    bool whole = value->value.above % (int64_t)value->value.below == 0;
    return arena_printf(mem, "%s%s%s", number_text(buffer, value->value, whole ? 0 : 1),
                        *value->unit == '\0' ? "" : " ", value->unit);
}

const char *dora_percent_text(size_t above, size_t below, struct arena *mem)
{
    char buffer[48];
    struct number number = number_ratio((int64_t)above * 100, below);
    bool whole = above * 100 % below == 0;
    return arena_printf(mem, "%s %%", number_text(buffer, number, whole ? 0 : 1));
}

const char *dora_open_text(const struct dora_sheet *sheet, const struct dora_item *item, bool named)
{
    const struct dora_deployment *deployment = dora_item_deployment(item);
    int64_t age_s = sheet->view->estate->known.now_s - deployment->finished_s;
    const char *text = arena_printf(sheet->mem, "%s%s%s for %s", named ? item->unit->service : "",
                                    named ? " " : "", deployment->version,
                                    dora_span_text(age_s * 1000, sheet->mem));
    const char *incident = dora_item_cause(item);
    return incident == NULL ? text : arena_printf(sheet->mem, "%s (incident %s)", text, incident);
}

size_t dora_reworkable(const struct dora_figures *figures)
{
    return figures->counted + figures->kinds[DORA_ROLLBACK];
}
