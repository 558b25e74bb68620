/* Delivery numbers as evidence: gathered only when a rule to be judged asks for one, by the
 * configuration that lies beside the policy that judges, without the network. */
#include <string.h>

#include "runner/command/deliveryfile.h"
#include "runner/command/hearing.h"
#include "runner/command/survey.h"
#include "runner/history/origin.h"
#include "runner/log.h"

enum { USUAL_DAYS = 28 + 2 }; /* of the window when a rule names none, in any time zone */

/* --- who asks --------------------------------------------------------------------------------- */

static bool asks(const struct rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->items[i];
        if (rule->any.count > 0 ? asks(&rule->any)
                                : rule->selector.measure->family == FAMILY_DELIVERY)
            return true;
    }
    return false;
}

/* What the rules of this stage ask for. */
struct asked {
    bool any;
    bool runs;      /* of pipelines */
    int64_t from_s; /* where the first window begins */
};

static struct asked what_is_asked(const struct hearing *hearing)
{
    struct asked asked = {0};
    const struct gates *gates = &hearing->choice.policy.gates;
    int64_t now_s = hearing->wanted->context->now_s;
    asked.from_s = zone_begin(NULL, zone_day(NULL, now_s) - USUAL_DAYS);
    for (size_t i = 0; i < gates->count; i++) {
        const struct gate *gate = &gates->items[i];
        if (strcmp(gate->stage, hearing->stage) != 0)
            continue;
        asked.any |= asks(&gate->require) || asks(&gate->warn);
        asked.runs |= survey_asks_runs(&gate->require) || survey_asks_runs(&gate->warn);
        survey_reach_back(&gate->require, now_s, &asked.from_s);
        survey_reach_back(&gate->warn, now_s, &asked.from_s);
    }
    return asked;
}

/* --- the configuration ------------------------------------------------------------------------ */

static bool refuse(const struct hearing *hearing, const struct problems *found, struct error *err)
{
    const struct problem *first = &found->items[0];
    log_problems(found);
    error_set(err, FAULT_POLICY, "the delivery configuration has %zu mistake%s, the first: %s",
              found->count, found->count == 1 ? "" : "s", first->what);
    if (hearing->comparison.target != NULL && !hearing->wanted->from_work_tree)
        error_hint(err, "it is that of %s: repair it there", hearing->comparison.target);
    return error_at(err, first->at.file, first->at.line, first->at.column);
}

static bool look(const struct hearing *hearing, const char *commit, struct policy_source *source,
                 struct policy_text *text, struct error *err)
{
    const struct workplace *place = &hearing->place;
    *source = *commit == '\0' ? policysource_work_tree(place) : policysource_commit(place, commit);
    const struct delivery_wanted wanted = {.source = source, .path = DELIVERY_FILE};
    return deliveryfile_text(&wanted, hearing->mem, text, err);
}

/* A branch cannot choose what it is measured by: where there is a target, its tip says it, also to
 * a floor. Only a target that has neither policy nor configuration leaves that to the branch. */
static bool find(const struct hearing *hearing, struct policy_source *source,
                 struct policy_text *text, struct error *err)
{
    const struct comparison *comparison = &hearing->comparison;
    if (comparison->target == NULL || hearing->wanted->from_work_tree)
        return look(hearing, hearing->choice.commit, source, text, err);
    if (comparison->target_commit == NULL)
        return error_set(err, FAULT_REPORT, "the delivery configuration of %s cannot be read: %s",
                         comparison->target, comparison->why_no_target);
    if (!look(hearing, comparison->target_commit, source, text, err))
        return false;
    return text->bytes != NULL || hearing->choice.of_target ||
           look(hearing, hearing->choice.commit, source, text, err);
}

static bool read_configuration(struct hearing *hearing, struct delivery *delivery,
                               struct error *err)
{
    struct arena *mem = hearing->mem;
    struct policy_source source = {0};
    const struct delivery_wanted wanted = {.source = &source, .path = DELIVERY_FILE};
    struct policy_text text = {0};
    struct problems found;
    problems_init(&found, mem);
    array_push(mem, &hearing->choice.files, DELIVERY_FILE);
    if (!find(hearing, &source, &text, err))
        return false;
    if (text.bytes == NULL) {
        delivery_default(delivery, history_name(&hearing->place.history, mem), mem);
        return true;
    }
    if (!deliveryfile_load(&wanted, &text, mem, delivery, &found, err))
        return false;
    for (size_t i = 1; i < delivery->files.count; i++)
        array_push(mem, &hearing->choice.files, delivery->files.items[i]);
    return found.count == 0 || refuse(hearing, &found, err);
}

/* --- the evidence ----------------------------------------------------------------------------- */

static bool gather(struct hearing *hearing, const struct asked *asked, struct estate *estate,
                   struct error *err)
{
    struct progress progress;
    struct delivery *delivery = arena_new_item(hearing->mem, struct delivery);
    if (hearing->place.history.repository == NULL) {
        error_set(err, FAULT_SYSTEM, "there is no git repository here to take them from");
        return error_hint(err, "run qgate in the repository whose deliveries it is to judge");
    }
    const struct estate_wanted wanted = {
        .context = hearing->wanted->context,
        .place = &hearing->place,
        .delivery = delivery,
        .folder = hearing->place.root,
        .known_s = hearing->wanted->context->now_s,
        .from_s = asked->from_s,
        .runs = asked->runs,
        .read_only = hearing->comparison.merge_request,
        .progress = &progress,
    };
    progress_begin(&progress, wanted.context, hearing->wanted->quiet);
    bool gathered = read_configuration(hearing, delivery, err) &&
                    estate_gather(&wanted, hearing->mem, estate, err);
    progress_end(&progress);
    return gathered;
}

/* Sources are sorted by name. */
static void add_source(struct hearing *hearing, const struct source *source)
{
    struct sources *sources = &hearing->evidence.sources;
    array_add(hearing->mem, sources);
    size_t at = sources->count - 1;
    for (; at > 0 && strcmp(sources->items[at - 1].name, source->name) > 0; at--)
        sources->items[at] = sources->items[at - 1];
    sources->items[at] = *source;
}

static void warn(const struct hearing *hearing, const struct estate *estate, struct source *source)
{
    const struct words warnings = estate_first_warnings(estate, hearing->mem);
    size_t strangers = estate->strangers.count;
    for (size_t i = 0; i < warnings.count; i++)
        source_warn(source, hearing->mem, "%s", warnings.items[i]);
    if (strangers > 0)
        source_warn(source, hearing->mem,
                    "%zu name%s in GitOps files %s no service: `qgate explain versions` lists %s",
                    strangers, strangers == 1 ? "" : "s", strangers == 1 ? "is" : "are",
                    strangers == 1 ? "it" : "them");
}

/* What helps when it could not be gathered. */
static const char *remedy_of(const struct hearing *hearing, const struct error *err)
{
    if (err->hint[0] != '\0')
        return arena_printf(hearing->mem, "%s", err->hint);
    return hearing->comparison.remedy != NULL ? hearing->comparison.remedy
                                              : "see what `qgate dora --explain` finds here";
}

void hearing_delivery(struct hearing *hearing)
{
    const struct asked asked = what_is_asked(hearing);
    struct error err = {0};
    struct source source;
    if (!asked.any)
        return;
    struct estate *estate = arena_new_item(hearing->mem, struct estate);
    source_init(&source, hearing->mem, "delivery", "git");
    source.speaks = FAMILY_BIT(FAMILY_DELIVERY);
    source.estate = &estate->known;
    if (!gather(hearing, &asked, estate, &err))
        source_part(&source,
                    arena_printf(hearing->mem, "%s%s%s", err.where,
                                 err.where[0] == '\0' ? "" : ": ", err.what),
                    remedy_of(hearing, &err));
    warn(hearing, estate, &source);
    add_source(hearing, &source);
}
