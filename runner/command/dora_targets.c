#include "runner/command/dora_targets.h"

#include <string.h>

#include "gates/judge/judge.h"

static const char stage[] = "build";

static void bind(struct selector *selector, const char *label, const char *value, struct arena *mem)
{
    if (value == NULL)
        return;
    array_push(
        mem, &selector->labels,
        ((struct label_match){.label = label, .op = LABEL_IS, .value = value, .literal = true}));
}

static void copy_labels(struct selector *selector, struct arena *mem)
{
    const struct label_matches written = selector->labels;
    selector->labels = (struct label_matches){0};
    for (size_t i = 0; i < written.count; i++)
        array_push(mem, &selector->labels, written.items[i]);
}

static bool says(const struct selector *selector, const char *label)
{
    for (size_t i = 0; i < selector->labels.count; i++)
        if (strcmp(selector->labels.items[i].label, label) == 0)
            return true;
    return false;
}

static struct rules bound(const struct rules *rules, const struct targets_scope *scope,
                          struct arena *mem);

/* The same target of this team, and as far as the scope goes of one service and environment. */
static struct rule *bound_rule(const struct rule *written, const struct targets_scope *scope,
                               struct arena *mem)
{
    struct rule *rule = arena_new_item(mem, struct rule);
    *rule = *written;
    rule->any = bound(&written->any, scope, mem);
    copy_labels(&rule->selector, mem);
    bool of_service = scope->service != NULL;
    bind(&rule->selector, of_service ? "service" : "team",
         of_service ? scope->service : scope->team, mem);
    if (!says(&rule->selector, "environment"))
        bind(&rule->selector, "environment", scope->environment, mem);
    return rule;
}

static struct rules bound(const struct rules *rules, const struct targets_scope *scope,
                          struct arena *mem)
{
    struct rules all = {0};
    for (size_t i = 0; i < rules->count; i++)
        array_push(mem, &all, bound_rule(rules->items[i], scope, mem));
    return all;
}

static void add_gate(struct gates *gates, const struct delivery_team *team,
                     struct targets_scope scope, struct arena *mem)
{
    if (team->targets.count == 0 || (scope.team != NULL && strcmp(scope.team, team->id) != 0))
        return;
    scope.team = team->id;
    array_push(mem, gates,
               ((struct gate){
                   .at = team->at,
                   .name = team->id,
                   .stage = stage,
                   .require = bound(&team->targets, &scope, mem),
               }));
}

/* Nothing is read from a file: the estate answers. */
static void testify(const struct dora_estate *estate, struct arena *mem, struct evidence *evidence)
{
    *evidence = (struct evidence){.commit = ""};
    struct source *source = array_add(mem, &evidence->sources);
    source_init(source, mem, "delivery", "git");
    source->whole = true;
    source->speaks = FAMILY_BIT(FAMILY_DELIVERY);
    source->estate = estate;
}

void dora_targets_judge(const struct delivery *delivery, const struct dora_estate *estate,
                        const struct targets_scope *scope, struct arena *mem,
                        struct dora_judged *judged)
{
    judged->policy = (struct policy){.path = delivery->path};
    for (size_t i = 0; i < delivery->teams.count; i++)
        add_gate(&judged->policy.gates, &delivery->teams.items[i], *scope, mem);
    testify(estate, mem, &judged->evidence);
    const struct docket docket = {
        .policy = &judged->policy,
        .now = &judged->evidence,
        .why_no_baseline = "delivery numbers are compared with targets only",
        .stage = stage,
        .today = zone_day(NULL, estate->now_s),
    };
    judge(&docket, mem, &judged->verdict);
}
