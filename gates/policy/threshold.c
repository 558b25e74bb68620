/* Thresholds: a value with the unit of its measure, an operator that points the way the measure
 * gets better, and a demand that can be met and can be missed. */
#include <string.h>

#include "gates/base/nearest.h"
#include "gates/base/text.h"
#include "gates/policy/quantity.h"
#include "gates/policy/rule.h"

static enum dimension demanded(const struct rule *rule)
{
    if (rule->function == FUNCTION_GROWTH)
        return DIMENSION_PERCENT;
    switch (rule->selector.measure->unit) {
    case UNIT_PERCENT:
        return rule->function == FUNCTION_DELTA ? DIMENSION_POINTS : DIMENSION_PERCENT;
    case UNIT_MS:
    case UNIT_SECONDS:
    case UNIT_MINUTES:
        return DIMENSION_TIME;
    case UNIT_PER_SECOND:
    case UNIT_PER_DAY:
        return DIMENSION_RATE;
    default:
        return DIMENSION_PLAIN;
    }
}

/* The same digits with the unit they probably mean: 0.8 of a percentage is 80%. */
static const char *with_unit(const struct rule *rule, const struct quantity *q, struct arena *mem)
{
    char digits[48];
    struct number one = number_of(1), zero = number_of(0);
    bool is_tolerance = rule->threshold.below != 0; /* the threshold was read before */
    switch (demanded(rule)) {
    case DIMENSION_PERCENT:
        if (!is_tolerance && number_compare(q->number, zero) > 0 &&
            number_compare(q->number, one) < 0)
            return arena_printf(mem, "%s%%", number_short(digits, number_scale(q->number, 100, 1)));
        return arena_printf(mem, "%.*s%%", (int)q->digits_len, q->digits);
    case DIMENSION_POINTS:
        return arena_printf(mem, "%.*spp", (int)q->digits_len, q->digits);
    default:
        return arena_printf(mem, "%.*s%s", (int)q->digits_len, q->digits,
                            unit_name(rule->selector.measure->unit));
    }
}

static const char *units_of(const struct rule *rule)
{
    switch (demanded(rule)) {
    case DIMENSION_PERCENT:
        return "%";
    case DIMENSION_POINTS:
        return "pp (points, the difference of two percentages)";
    case DIMENSION_TIME:
        /* a day of SonarQube's efforts has eight hours */
        return rule->selector.measure->unit == UNIT_MINUTES ? "min or h" : "ms, s, min, h, d or w";
    default:
        return "/s, /d or /w";
    }
}

static bool fits(const struct rule *rule, const struct quantity *q)
{
    if (q->dimension == DIMENSION_PLAIN && q->number.above == 0)
        return true;
    bool long_day = rule->selector.measure->unit == UNIT_MINUTES &&
                    rule->function != FUNCTION_GROWTH &&
                    (text_is(q->unit, q->unit_len, "d") || text_is(q->unit, q->unit_len, "w"));
    return q->dimension == demanded(rule) && !long_day;
}

/* Why the unit does not fit. `what` is the text of rule or tolerance. */
static bool unit_wrong(struct scan *scan, const struct rule *rule, const struct quantity *q,
                       const char *at)
{
    const char *unit = text_keep(scan->mem, q->unit, q->unit_len, 24);
    if (memchr(q->unit, ' ', q->unit_len) != NULL)
        return scan_wrong(scan, q->unit, "a rule is one comparison: '%s' is too much", unit);
    if (q->unit_len > 0 && strchr(",_'", q->unit[0]) != NULL)
        return scan_wrong(scan, at, "a number is written like 20000 or 0.5");
    if (q->dimension == DIMENSION_PLAIN)
        return scan_wrong(scan, scan->text, "%s has no unit: write %s", rule_shown(scan),
                          with_unit(rule, q, scan->mem));
    if (demanded(rule) == DIMENSION_PLAIN)
        return scan_wrong(scan, at, "%s is a plain number: leave out '%s'", rule->selector.id,
                          unit);
    const char *name = function_text(rule->function);
    if (rule->function == FUNCTION_NONE)
        return scan_wrong(scan, at, "the unit '%s' does not fit %s: use %s", unit,
                          rule->selector.id, units_of(rule));
    return scan_wrong(scan, at, "the unit '%s' does not fit %s(%s): use %s", unit, name,
                      rule->selector.id, units_of(rule));
}

/* The grades that a rule on a rating lets pass and that are worse than what it names. */
static const char *worse_grades(const struct rule *rule)
{
    static const char *const below[] = {"B, C, D and E", "C, D and E", "D and E", "E", "E"};
    return below[rule->threshold.above - 1];
}

/* The other way round. */
static enum compare mirrored(enum compare compare)
{
    static const enum compare mirror[] = {
        [COMPARE_LESS] = COMPARE_MORE,        [COMPARE_MORE] = COMPARE_LESS,
        [COMPARE_AT_MOST] = COMPARE_AT_LEAST, [COMPARE_AT_LEAST] = COMPARE_AT_MOST,
        [COMPARE_EQUAL] = COMPARE_UNEQUAL,    [COMPARE_UNEQUAL] = COMPARE_EQUAL,
    };
    return mirror[compare];
}

/* Which values there can be. */
struct range {
    bool low, high; /* is there a least, a greatest one? */
    struct number least, most;
};

static struct range range_of(const struct rule *rule)
{
    struct range range = {true, true, number_of(0), number_of(100)};
    const struct measure *measure = rule->selector.measure;
    if (rule->function == FUNCTION_GROWTH)
        return (struct range){true, false, number_of(-100), number_of(0)};
    if (rule->function == FUNCTION_DELTA) {
        range.least = number_of(-100);
        range.low = range.high = measure->bounds == BOUNDS_PERCENT;
        return range;
    }
    range.low = measure->bounds != BOUNDS_NONE;
    range.high = measure->bounds == BOUNDS_ONE || measure->bounds == BOUNDS_PERCENT ||
                 measure->bounds == BOUNDS_RATING;
    if (measure->bounds == BOUNDS_ONE)
        range.most = number_of(1);
    if (measure->bounds == BOUNDS_RATING) {
        range.least = number_of(1);
        range.most = number_of(5);
    }
    return range;
}

/* `!=` demands something only where it leaves out the worst value there is. */
static bool leaves_out_the_worst(const struct rule *rule)
{
    struct range range = range_of(rule);
    if (rule->selector.measure->better == BETTER_UP)
        return range.low && number_compare(rule->threshold, range.least) == 0;
    return range.high && number_compare(rule->threshold, range.most) == 0;
}

static bool is_best(const struct rule *rule)
{
    struct range range = range_of(rule);
    if (rule->selector.measure->better == BETTER_UP)
        return range.high && number_compare(rule->threshold, range.most) == 0;
    return range.low && number_compare(rule->threshold, range.least) == 0;
}

static bool points_right(const struct rule *rule)
{
    enum better better = rule->selector.measure->better;
    if (better == BETTER_NEITHER || rule->compare == COMPARE_EQUAL)
        return true;
    if (rule->compare == COMPARE_UNEQUAL)
        return leaves_out_the_worst(rule);
    bool up = rule->compare == COMPARE_MORE || rule->compare == COMPARE_AT_LEAST;
    return up == (better == BETTER_UP);
}

static bool direction_wrong(struct scan *scan, const struct rule *rule, const char *value)
{
    const struct measure *measure = rule->selector.measure;
    bool up = measure->better == BETTER_UP;
    if (rule->compare == COMPARE_UNEQUAL)
        return scan_wrong(scan, scan->text, "%s would accept what is worse: write %s %s",
                          rule_shown(scan),
                          is_best(rule) ? "=="
                          : up          ? ">="
                                        : "<=",
                          value);
    const char *op = compare_text(mirrored(rule->compare));
    if (measure->unit == UNIT_RATING)
        return scan_wrong(scan, scan->text, "%s would accept %s: A is best, write %s %s",
                          rule_shown(scan), worse_grades(rule), op, value);
    return scan_wrong(scan, scan->text, "%s would accept %s, which is worse: write %s %s",
                      rule_shown(scan), up ? "less" : "more", op, value);
}

enum holds { HOLDS_SOMETIMES, HOLDS_ALWAYS, HOLDS_NEVER };

/* Could the threshold be a value of the measure? */
static bool is_possible(const struct rule *rule, const struct range *range)
{
    bool counts = rule->selector.measure->bounds == BOUNDS_COUNT;
    if (counts && rule->function != FUNCTION_GROWTH &&
        rule->threshold.above % (int64_t)rule->threshold.below != 0)
        return false;
    return (!range->low || number_compare(rule->threshold, range->least) >= 0) &&
           (!range->high || number_compare(rule->threshold, range->most) <= 0);
}

static enum holds when_holds(const struct rule *rule)
{
    struct range range = range_of(rule);
    if (rule->compare == COMPARE_EQUAL)
        return is_possible(rule, &range) ? HOLDS_SOMETIMES : HOLDS_NEVER;
    if (rule->compare == COMPARE_UNEQUAL)
        return is_possible(rule, &range) ? HOLDS_SOMETIMES : HOLDS_ALWAYS;
    bool up = rule->compare == COMPARE_MORE || rule->compare == COMPARE_AT_LEAST;
    int low = range.low ? number_compare(rule->threshold, range.least) : 1;
    int high = range.high ? number_compare(rule->threshold, range.most) : -1;
    /* seen in the direction of the operator: from the easiest value there is, to the hardest */
    int easiest = up ? low : -high, hardest = up ? high : -low;
    int strict = rule->compare == COMPARE_MORE || rule->compare == COMPARE_LESS;
    if (easiest <= -strict)
        return HOLDS_ALWAYS;
    return hardest > -strict ? HOLDS_NEVER : HOLDS_SOMETIMES;
}

static const char *range_text(const struct rule *rule)
{
    if (rule->function == FUNCTION_GROWTH)
        return "a growth is never below -100%";
    if (rule->function == FUNCTION_DELTA)
        return rule->selector.measure->unit == UNIT_PERCENT ? "a difference is at most 100pp"
                                                            : "a difference is a whole number";
    switch (rule->selector.measure->bounds) {
    case BOUNDS_PERCENT:
        return "it lies between 0% and 100%";
    case BOUNDS_ONE:
        return "it lies between 0 and 1";
    case BOUNDS_RATING:
        return "ratings go from A to E, A is best";
    case BOUNDS_COUNT:
        return "it is a whole number, never below 0";
    default:
        return "it is never below 0";
    }
}

static bool check_demand(struct scan *scan, const struct rule *rule, const char *value)
{
    if (!points_right(rule))
        return direction_wrong(scan, rule, value);
    enum holds holds = when_holds(rule);
    if (holds == HOLDS_SOMETIMES)
        return true;
    return scan_wrong(scan, scan->text, "%s %s: %s", rule_shown(scan),
                      holds == HOLDS_NEVER ? "can never hold" : "always holds and demands nothing",
                      range_text(rule));
}

static bool read_word(struct scan *scan, struct rule *rule, const char *value)
{
    const struct measure *measure = rule->selector.measure;
    struct nearest nearest = {.asked = value};
    if (rule->compare != COMPARE_EQUAL && rule->compare != COMPARE_UNEQUAL)
        return scan_wrong(scan, scan->text,
                          "%s is a word: compare it with == or !=", rule->selector.id);
    rule->word = value;
    if (text_lists(measure->words, value, strlen(value)))
        return true;
    nearest_try_list(&nearest, measure->words, scan->mem);
    return scan_wrong(scan, scan->at, "%s is one of %s, not '%s'%s", rule->selector.id,
                      measure->words, text_keep(scan->mem, value, strlen(value), 60),
                      nearest_hint(&nearest, scan->mem));
}

static bool read_rating(struct scan *scan, struct rule *rule, const char *value)
{
    if (strlen(value) != 1 || value[0] < 'A' || value[0] > 'E')
        return scan_wrong(scan, scan->at, "%s is a rating, A to E, not '%s'", rule->selector.id,
                          text_keep(scan->mem, value, strlen(value), 60));
    rule->threshold = number_of(value[0] - 'A' + 1);
    return check_demand(scan, rule, value);
}

static bool read_number(struct scan *scan, struct rule *rule, const char *value)
{
    struct quantity q;
    if (!quantity_read(scan->at, strlen(value), &q))
        return scan_wrong(scan, scan->at, "'%s' is not a number%s",
                          text_keep(scan->mem, value, strlen(value), 60),
                          strspn(value, "+-.0123456789") > 18 ? " that qgate can hold" : "");
    if (!fits(rule, &q))
        return unit_wrong(scan, rule, &q, scan->at);
    rule->threshold = rule->function == FUNCTION_GROWTH
                          ? q.number
                          : quantity_in(&q, rule->selector.measure->unit);
    return check_demand(scan, rule, value);
}

bool threshold_read(struct scan *scan, struct rule *rule)
{
    scan_space(scan);
    size_t len = strlen(scan->at);
    while (len > 0 && scan->at[len - 1] == ' ')
        len--;
    if (len == 0)
        return scan_expected(scan, "a value");
    const char *value = arena_copy(scan->mem, scan->at, len);
    if (rule->selector.measure->unit == UNIT_WORD)
        return read_word(scan, rule, value);
    if (rule->selector.measure->unit == UNIT_RATING)
        return read_rating(scan, rule, value);
    return read_number(scan, rule, value);
}

bool tolerance_read(struct rule *rule, const char *text, struct place at, struct arena *mem,
                    struct problems *found)
{
    struct scan scan = {.text = text, .at = text, .place = at, .mem = mem, .found = found};
    struct quantity q;
    if (rule->word != NULL || rule->selector.measure->unit == UNIT_RATING ||
        rule->compare == COMPARE_EQUAL || rule->compare == COMPARE_UNEQUAL)
        return scan_wrong(&scan, text, "`tolerance` goes with < <= > >= on numbers only");
    if (!quantity_read(text, strlen(text), &q) || q.number.above <= 0)
        return scan_wrong(&scan, text, "`tolerance` is a number above 0 with the unit of the rule");
    if (!fits(rule, &q))
        return unit_wrong(&scan, rule, &q, text);
    rule->tolerance = rule->function == FUNCTION_GROWTH
                          ? q.number
                          : quantity_in(&q, rule->selector.measure->unit);
    bool up = rule->compare == COMPARE_MORE || rule->compare == COMPARE_AT_LEAST;
    struct range range = range_of(rule);
    if (up && range.low && range.least.above == 0 &&
        number_compare(rule->tolerance, rule->threshold) >= 0)
        return scan_wrong(&scan, text, "with this `tolerance` the rule always holds");
    return true;
}
