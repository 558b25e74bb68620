#include "runner/command/survey.h"

#include <string.h>

#include "gates/base/day.h"
#include "gates/measure/take.h"
#include "runner/command/deliveryfile.h"
#include "runner/history/origin.h"
#include "runner/zone.h"

/* --- the configuration ------------------------------------------------------------------------ */

static bool use_default(const struct history *history, struct arena *mem, struct delivery *delivery,
                        struct error *err)
{
    if (history->root == NULL) {
        error_set(err, FAULT_USAGE, "this is no git repository: there is nothing to count");
        return error_hint(err, "stand in one, or name a delivery configuration: --delivery FILE");
    }
    if (history->repository == NULL)
        return error_set(err, FAULT_SYSTEM, "%s", history->why_not);
    delivery_default(delivery, history_name(history, mem), mem);
    return true;
}

static bool load(const struct survey_wanted *wanted, struct arena *mem, struct delivery *delivery,
                 const char **folder, struct problems *found, struct error *err)
{
    const struct policy_source work_tree = policysource_work_tree(wanted->place);
    const struct delivery_wanted own = {.source = &work_tree, .path = DELIVERY_FILE};
    const struct delivery_wanted given = {.file = wanted->file};
    const struct delivery_wanted *file = wanted->file == NULL ? &own : &given;
    struct policy_text text;
    *folder =
        wanted->file == NULL ? wanted->place->root : deliveryfile_folder(wanted->file, mem, err);
    if (*folder == NULL || !deliveryfile_text(file, mem, &text, err))
        return false;
    return text.bytes == NULL ? use_default(&wanted->place->history, mem, delivery, err)
                              : deliveryfile_load(file, &text, mem, delivery, found, err);
}

/* --- the moment ------------------------------------------------------------------------------- */

/* The last second of the day, as the configuration's clocks have it. */
static bool end_of_day(const struct delivery *delivery, int32_t day, struct arena *mem,
                       int64_t *known_s, struct error *err)
{
    const struct zone *zone;
    if (!zone_read(delivery->zone, zone_begin(NULL, day - 1), zone_begin(NULL, day + 2), mem, &zone,
                   err))
        return false;
    *known_s = zone_begin(zone, day + 1) - 1;
    return true;
}

static bool read_moment(const struct survey_wanted *wanted, const struct delivery *delivery,
                        struct arena *mem, int64_t *known_s, struct error *err)
{
    int32_t day;
    const char *text = wanted->as_of;
    *known_s = wanted->context->now_s;
    if (text == NULL)
        return true;
    if (day_parse(text, &day))
        return end_of_day(delivery, day, mem, known_s, err);
    return instant_parse(text, strlen(text), known_s) ||
           error_set(err, FAULT_USAGE,
                     "--as-of is a day or a time, 2027-01-31 or 2027-01-31T12:00Z, not \"%s\"",
                     text);
}

/* --- how far back ----------------------------------------------------------------------------- */

/* A window whose days are cut in another zone begins up to a day before it does in UTC. */
static void reach_back(const char *window, int64_t known_s, int64_t *from_s)
{
    struct dora_window days;
    if (dora_window_read(window, zone_day(NULL, known_s), &days) &&
        zone_begin(NULL, days.from_day - 1) < *from_s)
        *from_s = zone_begin(NULL, days.from_day - 1);
}

void survey_reach_back(const struct rules *rules, int64_t known_s, int64_t *from_s)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->items[i];
        survey_reach_back(&rule->any, known_s, from_s);
        for (size_t j = 0; j < rule->selector.labels.count; j++)
            if (strcmp(rule->selector.labels.items[j].label, "window") == 0)
                reach_back(rule->selector.labels.items[j].value, known_s, from_s);
    }
}

bool survey_asks_runs(const struct rules *rules)
{
    bool asked = false;
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->items[i];
        asked |= rule->any.count > 0 ? survey_asks_runs(&rule->any)
                                     : rule->selector.measure->take == take_gates;
    }
    return asked;
}

static bool targets_ask_runs(const struct delivery *delivery)
{
    bool asked = false;
    for (size_t i = 0; i < delivery->teams.count; i++)
        asked |= survey_asks_runs(&delivery->teams.items[i].targets);
    return asked;
}

static int64_t begin_of(const struct survey_wanted *wanted, const struct delivery *delivery,
                        int64_t known_s)
{
    int64_t from_s = known_s;
    reach_back("28d", known_s, &from_s);
    reach_back(wanted->window, known_s, &from_s);
    for (size_t i = 0; i < delivery->teams.count; i++)
        survey_reach_back(&delivery->teams.items[i].targets, known_s, &from_s);
    return from_s;
}

bool survey_make(const struct survey_wanted *wanted, struct arena *mem, struct survey *survey,
                 struct problems *found, struct error *err)
{
    struct progress progress;
    int64_t known_s;
    const char *folder;
    if (!load(wanted, mem, &survey->delivery, &folder, found, err))
        return false;
    if (found->count > 0)
        return true;
    if (!read_moment(wanted, &survey->delivery, mem, &known_s, err))
        return false;
    const struct estate_wanted estate = {
        .context = wanted->context,
        .place = wanted->place,
        .delivery = &survey->delivery,
        .folder = folder,
        .known_s = known_s,
        .from_s = begin_of(wanted, &survey->delivery, known_s),
        .read_only = wanted->context->ci.merge_request != NULL,
        .people = wanted->people,
        .runs = targets_ask_runs(&survey->delivery),
        .progress = &progress,
    };
    progress_begin(&progress, wanted->context, false);
    bool gathered = estate_gather(&estate, mem, &survey->estate, err);
    progress_end(&progress);
    return gathered;
}
