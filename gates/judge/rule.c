/* One rule: its outcome, or its outcomes for every value of `each`. */
#include <string.h>

#include "gates/base/glob.h"
#include "gates/judge/parts.h"

bool verdict_compare(const struct rule *rule, const struct value *value, struct number threshold)
{
    if (rule->word != NULL)
        return (strcmp(value->word, rule->word) == 0) == (rule->compare == COMPARE_EQUAL);
    int order = number_compare(value->number, threshold);
    switch (rule->compare) {
    case COMPARE_LESS:
        return order < 0;
    case COMPARE_AT_MOST:
        return order <= 0;
    case COMPARE_MORE:
        return order > 0;
    case COMPARE_AT_LEAST:
        return order >= 0;
    case COMPARE_EQUAL:
        return order == 0;
    default:
        return order != 0;
    }
}

static bool touches_any(const struct words *globs, const struct change *change)
{
    for (size_t i = 0; i < change->files.count; i++)
        if (globs_match(globs, change->files.items[i].path) ||
            globs_match(globs, change->files.items[i].old_path))
            return true;
    return false;
}

/* Why a condition keeps something from being judged; NULL: it applies. A branch or change that is
 * not known keeps nothing out: a rule too many is better than one too few. */
static const char *why_not(const struct when *when, const struct trial *trial)
{
    const struct docket *docket = trial->docket;
    if (when->branches.count > 0 && docket->branch != NULL &&
        !globs_match(&when->branches, docket->branch))
        return arena_printf(trial->mem, "not for branch %s", docket->branch);
    if (when->changes.count > 0 && docket->change != NULL && docket->change->why_not == NULL &&
        !touches_any(&when->changes, docket->change))
        return "this change touches none of its paths";
    return NULL;
}

/* The rule as it holds at last: the tolerance taken off its threshold. */
static struct rule with_tolerance(const struct rule *rule)
{
    struct rule limit = *rule;
    struct number slack = rule->tolerance;
    bool up = rule->compare == COMPARE_MORE || rule->compare == COMPARE_AT_LEAST;
    slack.above = up ? -slack.above : slack.above;
    if (slack.above != 0)
        limit.threshold = number_add(rule->threshold, slack);
    return limit;
}

static void judge_value(struct trial *trial, const struct rule *rule, const struct answer *answer,
                        struct ruling *ruling)
{
    const struct rule limit = with_tolerance(rule);
    ruling->outcome = OUTCOME_PASSED;
    if (verdict_compare(rule, &ruling->value, rule->threshold))
        return;
    if (verdict_compare(&limit, &ruling->value, limit.threshold)) {
        ruling->reason =
            arena_printf(trial->mem, "%s%sheld only by the tolerance of %s", ruling->reason,
                         ruling->reason[0] != '\0' ? "; " : "",
                         number_with_unit(rule->tolerance, ruling_unit(rule), trial->mem));
        return;
    }
    if (answer->holds != NULL && answer->holds(trial, rule, ruling))
        return;
    ruling->outcome = OUTCOME_FAILED;
    answer->advise(trial, &limit, ruling);
}

/* One comparison for one selector: the rule's own, or the rule's for one value of `each`. */
static void judge_comparison(struct trial *trial, const struct rule *rule,
                             const struct selector *selector, struct ruling *ruling)
{
    const struct answer *answer = answer_of(rule);
    trial->selector = waivers_apply(trial, rule, selector);
    if (!answer->take(trial, rule, ruling))
        return;
    judge_value(trial, rule, answer, ruling);
    waivers_say(trial, rule, ruling);
    show_baseline(trial, rule, ruling);
}

const struct selector *selector_of_value(struct trial *trial, const struct selector *wide,
                                         const char *label, const char *value)
{
    struct selector *selector = arena_new_item(trial->mem, struct selector);
    *selector = *wide;
    selector->index = &trial->index;
    selector->wide = wide;
    selector->labels = (struct label_matches){0};
    for (size_t i = 0; i < wide->labels.count; i++)
        array_push(trial->mem, &selector->labels, wide->labels.items[i]);
    struct label_match *match = array_add(trial->mem, &selector->labels);
    *match = (struct label_match){.label = label, .op = LABEL_IS, .value = value, .literal = true};
    return selector;
}

/* For the value of `each` that the ruling is about, if it is about one. */
static const struct selector *narrowed(struct trial *trial, const struct selector *wide,
                                       const char *label, const struct ruling *ruling)
{
    return ruling->each == NULL ? wide : selector_of_value(trial, wide, label, ruling->each);
}

/* What `any` is when no alternative holds; `seen` counts their outcomes. Without data only when
 * none has any; one that could not be read, or had nothing to compare with, may have held. */
static enum outcome none_holds(const struct rule *rule, const size_t seen[OUTCOME_COUNT],
                               const enum outcome *lacking)
{
    if (seen[OUTCOME_ERROR] > 0)
        return OUTCOME_ERROR;
    if (lacking != NULL)
        return *lacking;
    if (seen[OUTCOME_FAILED] > 0)
        return OUTCOME_FAILED;
    return seen[OUTCOME_NO_DATA] > 0 ? lenient(rule) : OUTCOME_NOT_APPLICABLE;
}

static void hold_by(struct trial *trial, const struct ruling *one, struct ruling *ruling)
{
    ruling->outcome = one->outcome;
    ruling->small_change = one->small_change;
    ruling->value = one->value;
    ruling->reason = arena_printf(trial->mem, "holds by %s%s%s", one->rule->text,
                                  one->reason[0] != '\0' ? ": " : "", one->reason);
    ruling->to_pass = one->to_pass;
    ruling->details = one->details;
}

/* An alternative, with what `any` as a whole lets through. */
static struct rule alternative_of(const struct rule *rule, size_t index)
{
    struct rule one = *rule->any.items[index];
    one.each = rule->each;
    if (one.min_lines < rule->min_lines)
        one.min_lines = rule->min_lines;
    if (one.max_uncovered < rule->max_uncovered)
        one.max_uncovered = rule->max_uncovered;
    one.on_no_baseline = rule->on_no_baseline;
    return one;
}

/* An alternative that does not hold: what is said of it. What the change brought by it goes behind
 * what is said of the others. */
static void add_alternative(struct trial *trial, const struct ruling *one, struct ruling *ruling,
                            struct details *brought)
{
    ruling->no_baseline |= one->no_baseline;
    add_detail(trial, &ruling->details, one->rule->text,
               one->reason[0] != '\0' ? one->reason : ruling_text(one, trial->mem));
    if (one->to_pass[0] != '\0')
        ruling->to_pass = arena_printf(trial->mem, "%s%s%s", ruling->to_pass,
                                       ruling->to_pass[0] != '\0' ? ", or " : "", one->to_pass);
    for (size_t i = 0; one->rule->function == FUNCTION_NEW && i < one->details.count; i++)
        if (one->details.items[i].finding != NULL)
            array_push(trial->mem, brought, one->details.items[i]);
}

/* `any`: holds when one alternative does. */
static void judge_any(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    size_t seen[OUTCOME_COUNT] = {0};
    struct details brought = {0};
    enum outcome lacking = OUTCOME_PASSED;
    for (size_t i = 0; i < rule->any.count; i++) {
        struct ruling one = {.rule = rule->any.items[i], .reason = "", .to_pass = ""};
        const struct rule alternative = alternative_of(rule, i);
        judge_comparison(trial, &alternative,
                         narrowed(trial, &one.rule->selector, rule->each, ruling), &one);
        if (!one.no_baseline && one.outcome < OUTCOME_NO_DATA &&
            one.outcome != OUTCOME_NOT_APPLICABLE) {
            hold_by(trial, &one, ruling);
            return;
        }
        seen[one.outcome]++;
        if (i == 0)
            ruling->value = one.value;
        if (one.no_baseline)
            lacking = one.outcome;
        add_alternative(trial, &one, ruling, &brought);
    }
    for (size_t i = 0; i < brought.count; i++)
        array_push(trial->mem, &ruling->details, brought.items[i]);
    ruling->reason = ruling->no_baseline ? "none of its rules holds without a baseline"
                                         : "none of its rules holds";
    ruling->outcome = none_holds(rule, seen, ruling->no_baseline ? &lacking : NULL);
}

/* What the place of a rule makes of its outcome: `warn:` and a day that has not come. */
static void soften(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    int32_t days = rule->enforce_from - trial->docket->today;
    if (days > 0 && ruling->outcome == OUTCOME_FAILED) {
        ruling->outcome = OUTCOME_WARNED;
        ruling->reason =
            arena_printf(trial->mem, "%s%senforced in %d day%s", ruling->reason,
                         ruling->reason[0] != '\0' ? "; " : "", (int)days, days == 1 ? "" : "s");
    }
    if (ruling->warning &&
        (ruling->outcome == OUTCOME_FAILED || ruling->outcome == OUTCOME_NO_DATA))
        ruling->outcome = OUTCOME_WARNED;
    if (ruling->outcome == OUTCOME_PASSED || ruling->outcome == OUTCOME_NOT_APPLICABLE)
        ruling->to_pass = "";
}

static struct ruling *add_ruling(struct trial *trial, struct rulings *all, const struct rule *rule,
                                 bool warning)
{
    struct ruling *ruling = array_add(trial->mem, all);
    *ruling = (struct ruling){.rule = rule, .warning = warning, .reason = "", .to_pass = ""};
    ruling->value.why = "";
    return ruling;
}

/* The rule as a whole, or for the value of its label that ruling->each names. */
static void judge_one(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    if (rule->any.count > 0)
        judge_any(trial, rule, ruling);
    else
        judge_comparison(trial, rule, narrowed(trial, &rule->selector, rule->each, ruling), ruling);
    soften(trial, rule, ruling);
}

/* The values of `each`, over all alternatives of an `any`. */
static void list_values(struct trial *trial, const struct rule *rule, struct names *values)
{
    size_t count = rule->any.count > 0 ? rule->any.count : 1;
    names_init(values, trial->mem);
    for (size_t i = 0; i < count; i++) {
        const struct rule *one = rule->any.count > 0 ? rule->any.items[i] : rule;
        struct words found = {0};
        const struct answer *answer = answer_of(one);
        if (answer->values != NULL)
            answer->values(trial, &one->selector, rule->each, &found);
        else
            measure_label_values(&one->selector, rule->each, trial->docket->now, trial->mem,
                                 &found);
        for (size_t j = 0; j < found.count; j++)
            names_add(values, found.items[j], strlen(found.items[j]));
    }
}

/* No value at all: what holds for the whole says nothing of any part. */
static void judge_no_value(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct rule *one = rule->any.count > 0 ? rule->any.items[0] : rule;
    judge_one(trial, rule, ruling);
    if (ruling->outcome == OUTCOME_NOT_APPLICABLE || ruling->outcome == OUTCOME_NO_DATA ||
        ruling->outcome == OUTCOME_ERROR)
        return;
    ruling->no_baseline = false;
    ruling->outcome = lenient(rule);
    ruling->reason = arena_printf(trial->mem, "no %s is listed", rule->each);
    ruling->to_pass = advise_missing(trial, &one->selector);
    soften(trial, rule, ruling);
}

/* `each`: judged apart for every value of the label, the worst first. */
static void judge_each(struct trial *trial, const struct rule *rule, bool warning,
                       struct rulings *all)
{
    struct names values;
    struct rulings found = {0};
    list_values(trial, rule, &values);
    if (values.texts.count == 0)
        judge_no_value(trial, rule, add_ruling(trial, all, rule, warning));
    for (size_t i = 0; i < values.texts.count; i++) {
        struct ruling *one = add_ruling(trial, &found, rule, warning);
        one->each = values.texts.items[i];
        judge_one(trial, rule, one);
    }
    for (size_t outcome = OUTCOME_COUNT; outcome-- > 0;)
        for (size_t i = 0; i < found.count; i++)
            if (found.items[i].outcome == (enum outcome)outcome)
                array_push(trial->mem, all, found.items[i]);
}

void trial_rule(struct trial *trial, const struct rule *rule, bool warning, struct rulings *all)
{
    const char *reason = why_not(&rule->when, trial);
    if (reason == NULL && rule->each != NULL) {
        judge_each(trial, rule, warning, all);
        return;
    }
    struct ruling *ruling = add_ruling(trial, all, rule, warning);
    if (reason == NULL) {
        judge_one(trial, rule, ruling);
        return;
    }
    ruling->outcome = OUTCOME_NOT_APPLICABLE;
    ruling->reason = reason;
}
