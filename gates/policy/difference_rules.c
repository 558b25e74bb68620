/* How the rules of two gates of one name differ. */
#include <string.h>

#include "gates/base/names.h"
#include "gates/policy/differ.h"
#include "gates/policy/rules.h"

/* A rule and the list it stands in. */
struct clause {
    const struct rule *rule;
    bool warning;
};

struct clauses ARRAY(struct clause);

static void add_clauses(const struct rules *rules, bool warning, struct arena *mem,
                        struct clauses *clauses)
{
    for (size_t i = 0; i < rules->count; i++)
        array_push(mem, clauses, ((struct clause){rules->items[i], warning}));
}

static struct clauses clauses_of(const struct gate *gate, struct arena *mem)
{
    struct clauses clauses = {0};
    add_clauses(&gate->require, false, mem, &clauses);
    add_clauses(&gate->warn, true, mem, &clauses);
    return clauses;
}

/* --- words ------------------------------------------------------------------------------------ */

/* Where the operator stands in a rule as it is written: behind the labels, whose values may hold
 * one. */
static size_t left_length(const char *text)
{
    bool in_labels = false, in_quotes = false;
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (in_quotes && text[i] == '\\' && text[i + 1] == '"')
            i++;
        else if (text[i] == '"')
            in_quotes = !in_quotes;
        else if (!in_quotes && (text[i] == '{' || text[i] == '}'))
            in_labels = text[i] == '{';
        else if (!in_quotes && !in_labels && strchr("<>=!", text[i]) != NULL)
            return i;
    }
    return strlen(text);
}

/* "new(coverage.lines)" */
static const char *left_of(const struct rule *rule, struct arena *mem)
{
    if (rule->any.count > 0)
        return "any";
    size_t len = left_length(rule->text);
    while (len > 0 && rule->text[len - 1] == ' ')
        len--;
    return arena_copy(mem, rule->text, len);
}

/* ">= 90%" */
static const char *right_of(const struct rule *rule)
{
    return rule->text + left_length(rule->text);
}

/* A number in the unit of the rule's threshold; "" for none. */
static const char *amount(const struct rule *rule, struct number number, struct arena *mem)
{
    char text[48];
    const struct measure *measure = rule->selector.measure;
    if (number.above == 0)
        return "";
    if (rule->function == FUNCTION_GROWTH)
        return arena_printf(mem, "%s%%", number_short(text, number));
    if (rule->function == FUNCTION_DELTA && measure->unit == UNIT_PERCENT)
        return arena_printf(mem, "%spp", number_short(text, number));
    return measure_text(measure, number, mem);
}

/* --- two rules on the same -------------------------------------------------------------------- */

static bool same_threshold(const struct rule *a, const struct rule *b)
{
    if (a->compare != b->compare || (a->word == NULL) != (b->word == NULL))
        return false;
    return a->word != NULL ? strcmp(a->word, b->word) == 0
                           : number_compare(a->threshold, b->threshold) == 0;
}

static void differ_threshold(const struct differ *differ, const char *what,
                             const struct rule *before, const struct rule *after)
{
    if (same_threshold(before, after))
        return;
    bool comparable = (before->word == NULL) == (after->word == NULL);
    enum difference_kind kind = DIFFERENCE_CHANGED;
    if (comparable && rule_accepts_no_more(after, before))
        kind = DIFFERENCE_TIGHTENED;
    else if (comparable && rule_accepts_no_more(before, after))
        kind = DIFFERENCE_LOOSENED;
    differ_say(differ,
               (struct difference){kind, what, right_of(before), right_of(after), after->at});
}

static void differ_tolerance(const struct differ *differ, const char *what,
                             const struct rule *before, const struct rule *after)
{
    const char *old = amount(before, before->tolerance, differ->mem);
    const char *new = amount(after, after->tolerance, differ->mem);
    bool had = *old != '\0', has = *new != '\0';
    if (had == has && (!had || number_compare(before->tolerance, after->tolerance) == 0))
        return;
    bool more = has && (!had || number_compare(after->tolerance, before->tolerance) > 0);
    differ_value(differ, (struct difference){more ? DIFFERENCE_LOOSENED : DIFFERENCE_TIGHTENED,
                                             arena_printf(differ->mem, "%s: tolerance", what), old,
                                             new, after->at});
}

/* What a rule demands of the value itself. */
static void differ_demand(const struct differ *differ, const char *what, const struct rule *before,
                          const struct rule *after)
{
    differ_threshold(differ, what, before, after);
    differ_tolerance(differ, what, before, after);
    differ_leniency(differ, arena_printf(differ->mem, "%s: min_lines", what), before->min_lines,
                    after->min_lines, after->at);
    differ_leniency(differ, arena_printf(differ->mem, "%s: max_uncovered", what),
                    before->max_uncovered, after->max_uncovered, after->at);
}

/* The members of two `any` that range over the same left sides, in whatever order. */
static void differ_any(const struct differ *differ, const char *what, const struct rules *before,
                       const struct rules *after)
{
    const struct gate nowhere = {0};
    struct words first = {0}, second = {0};
    struct couples couples;
    for (size_t i = 0; i < before->count; i++)
        array_push(differ->mem, &first, rule_left_side(before->items[i], &nowhere, differ->mem));
    for (size_t i = 0; i < after->count; i++)
        array_push(differ->mem, &second, rule_left_side(after->items[i], &nowhere, differ->mem));
    couples_init(&couples, first.count, second.count, differ->mem);
    couples_add(&couples, &first, &second);
    for (size_t i = 0; i < first.count; i++) {
        if (couples.of_before[i] == NAMES_NONE)
            continue; /* never: they were paired by these */
        const struct rule *one = before->items[i], *other = after->items[couples.of_before[i]];
        differ_demand(differ,
                      arena_printf(differ->mem, "%s: %s", what, left_of(other, differ->mem)), one,
                      other);
    }
}

/* What it means that something is not there. To pass and not to apply are both no failure. */
static void differ_absence(const struct differ *differ, const char *what, enum on_missing before,
                           enum on_missing after, struct place at)
{
    static const char *const names[] = {"fail", "warn", "pass", "skip"};
    if (before == after)
        return;
    enum difference_kind kind = after > before ? DIFFERENCE_LOOSENED : DIFFERENCE_TIGHTENED;
    if (before >= ON_MISSING_PASS && after >= ON_MISSING_PASS)
        kind = DIFFERENCE_CHANGED;
    differ_say(differ, (struct difference){kind, what, names[before], names[after], at});
}

static void differ_list(const struct differ *differ, const char *what, const struct clause *before,
                        const struct clause *after)
{
    static const char *const lists[] = {"require", "warn"};
    if (before->warning != after->warning)
        differ_say(differ, (struct difference){
                               after->warning ? DIFFERENCE_LOOSENED : DIFFERENCE_TIGHTENED, what,
                               lists[before->warning], lists[after->warning], after->rule->at});
}

static bool inherits_when(const struct rule *rule, const struct gate *gate)
{
    return rule->when.branches.items == gate->when.branches.items &&
           rule->when.changes.items == gate->when.changes.items;
}

/* Where and from when a rule holds; what it has from its gate is said of the gate. */
static void differ_scope(const struct differ *differ, const char *what, const struct gate *gates[2],
                         const struct rule *before, const struct rule *after)
{
    struct arena *mem = differ->mem;
    if (!inherits_when(before, gates[0]) || !inherits_when(after, gates[1]))
        differ_when(differ, arena_printf(mem, "%s: when", what), &before->when, &after->when,
                    after->at);
    if (before->each != gates[0]->each || after->each != gates[1]->each)
        differ_text(differ, arena_printf(mem, "%s: each", what), before->each, after->each,
                    after->at);
    if (before->enforce_from != gates[0]->enforce_from ||
        after->enforce_from != gates[1]->enforce_from)
        differ_until(differ, arena_printf(mem, "%s: enforce_from", what), before->enforce_from,
                     after->enforce_from, after->at);
}

static void differ_clause(const struct differ *differ, const struct gate *gates[2],
                          const struct clause *before, const struct clause *after)
{
    struct arena *mem = differ->mem;
    const struct rule *old = before->rule, *new = after->rule;
    const char *what = arena_printf(mem, "%s: %s", gates[1]->name, left_of(new, mem));
    differ_list(differ, what, before, after);
    if (new->any.count > 0)
        differ_any(differ, what, &old->any, &new->any);
    else
        differ_demand(differ, what, old, new);
    differ_absence(differ, arena_printf(mem, "%s: on_missing", what), old->on_missing,
                   new->on_missing, new->at);
    differ_absence(differ, arena_printf(mem, "%s: on_no_baseline", what), old->on_no_baseline,
                   new->on_no_baseline, new->at);
    differ_scope(differ, what, gates, old, new);
}

/* --- rules that only one gate has ------------------------------------------------------------- */

/* A rule more can demand less: it is the answer of a required report that stood for itself before,
 * and a lenient one answers with less. */
static enum difference_kind kind_of_added(const struct gate *gate, const struct clause *clause)
{
    const struct rule *rule = clause->rule;
    bool everywhere = rule->when.branches.count + rule->when.changes.count == 0;
    bool strict = !clause->warning && everywhere && rule->any.count == 0 && rule->each == NULL &&
                  rule->enforce_from == 0 && rule->on_missing == ON_MISSING_FAIL &&
                  rule->function == FUNCTION_NONE && strcmp(gate->stage, "build") == 0;
    return strict ? DIFFERENCE_TIGHTENED : DIFFERENCE_CHANGED;
}

static void say_removed(const struct differ *differ, const struct gate *gate,
                        const struct clause *clause)
{
    differ_say(differ,
               (struct difference){DIFFERENCE_LOOSENED,
                                   arena_printf(differ->mem, "%s: rule removed", gate->name),
                                   clause->rule->text, "", clause->rule->at});
}

static void say_added(const struct differ *differ, const struct gate *gate,
                      const struct clause *clause)
{
    const char *what =
        arena_printf(differ->mem, "%s: %s added", gate->name, clause->warning ? "warning" : "rule");
    differ_say(differ, (struct difference){kind_of_added(gate, clause), what, "",
                                           clause->rule->text, clause->rule->at});
}

/* --- couples ---------------------------------------------------------------------------------- */

static struct words identities(const struct clauses *clauses, const struct gate *gate,
                               struct arena *mem)
{
    struct words keys = {0};
    for (size_t i = 0; i < clauses->count; i++)
        array_push(mem, &keys,
                   arena_printf(mem, "%d%s", clauses->items[i].warning,
                                rule_left_side(clauses->items[i].rule, gate, mem)));
    return keys;
}

/* The measures and labels alone. */
static struct words subjects(const struct clauses *clauses, struct arena *mem)
{
    const struct gate nowhere = {0};
    struct words keys = {0};
    for (size_t i = 0; i < clauses->count; i++) {
        struct rule rule = *clauses->items[i].rule;
        rule.when = nowhere.when;
        rule.each = NULL;
        rule.enforce_from = 0;
        array_push(mem, &keys, rule_left_side(&rule, &nowhere, mem));
    }
    return keys;
}

void differ_rules(const struct differ *differ, const struct gate *before, const struct gate *after)
{
    struct arena *mem = differ->mem;
    const struct gate *gates[2] = {before, after};
    const struct clauses first = clauses_of(before, mem), second = clauses_of(after, mem);
    struct words first_keys = identities(&first, before, mem);
    struct words second_keys = identities(&second, after, mem);
    struct couples couples;
    couples_init(&couples, first.count, second.count, mem);
    couples_add(&couples, &first_keys, &second_keys);
    first_keys = subjects(&first, mem);
    second_keys = subjects(&second, mem);
    couples_add(&couples, &first_keys, &second_keys);
    for (size_t i = 0; i < first.count; i++)
        if (couples.of_before[i] == NAMES_NONE)
            say_removed(differ, before, &first.items[i]);
        else
            differ_clause(differ, gates, &first.items[i], &second.items[couples.of_before[i]]);
    for (size_t i = 0; i < second.count; i++)
        if (couples.of_after[i] == NAMES_NONE)
            say_added(differ, after, &second.items[i]);
}
