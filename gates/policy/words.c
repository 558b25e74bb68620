/* A rule in words: one sentence, from the catalogue's phrases.
 *
 * Of counted things (`test|tests|fails|fail`): "at most 3 tests fail"; of a share of them "at least
 * 90 % of the tests pass"; of all others "the mean response time is at most 800 ms".
 */
#include <string.h>

#include "gates/base/day.h"
#include "gates/policy/rule.h"

/* What a sentence is made of. */
struct speech {
    const struct rule *rule;
    struct arena *mem;
    const char *noun, *nouns, *does, *do_; /* of counted things; NULL otherwise */
    const char *labels;                    /* " of severity critical", or "" */
};

static bool equals(struct number number, int64_t value)
{
    return number_compare(number, number_of(value)) == 0;
}

static bool is_whole(struct number number)
{
    return number.above % (int64_t)number.below == 0;
}

static struct number size_of(struct number number)
{
    number.above = number.above < 0 ? -number.above : number.above;
    return number;
}

/* --- amounts ---------------------------------------------------------------------------------- */

/* In the largest unit that leaves it whole. */
static const char *time_text(struct number ms, struct arena *mem)
{
    static const struct {
        const char *unit;
        uint64_t ms;
    } units[] = {{"h", 3600000}, {"min", 60000}, {"s", 1000}, {"ms", 1}};
    char buffer[48];
    size_t i = 0;
    while (i < 3 && (ms.above == 0 || !is_whole(number_scale(ms, 1, units[i].ms))))
        i++;
    return arena_printf(mem, "%s %s", number_short(buffer, number_scale(ms, 1, units[i].ms)),
                        units[i].unit);
}

static const char *amount(struct number number, enum unit unit, struct arena *mem)
{
    char buffer[48];
    switch (unit) {
    case UNIT_MS:
        return time_text(number, mem);
    case UNIT_SECONDS:
        return time_text(number_scale(number, 1000, 1), mem);
    case UNIT_MINUTES:
        return time_text(number_scale(number, 60000, 1), mem);
    case UNIT_PER_SECOND:
        return arena_printf(mem, "%s per second", number_short(buffer, number));
    case UNIT_PER_DAY:
        if (number_scale(number, 100, 1).below != 1) /* it was written by the week */
            return arena_printf(mem, "%s per week",
                                number_short(buffer, number_scale(number, 7, 1)));
        return arena_printf(mem, "%s per day", number_short(buffer, number));
    default:
        return number_with_unit(number, unit, mem);
    }
}

/* A difference from the baseline. */
static const char *gap_text(const struct rule *rule, struct number gap, struct arena *mem)
{
    char buffer[48];
    if (rule->function == FUNCTION_GROWTH)
        return number_with_unit(gap, UNIT_PERCENT, mem);
    if (rule->selector.measure->unit != UNIT_PERCENT)
        return amount(gap, rule->selector.measure->unit, mem);
    return arena_printf(mem, "%s point%s", number_short(buffer, gap), equals(gap, 1) ? "" : "s");
}

/* --- counted things --------------------------------------------------------------------------- */

/* What `new` leaves over. Coverage says it behind the lines, findings and tests at the end. */
static const char *new_lines(const struct rule *rule)
{
    bool is_new = rule->function == FUNCTION_NEW;
    return is_new && rule->selector.measure->family == FAMILY_COVERAGE
               ? " that this change adds or modifies"
               : "";
}

static const char *new_things(const struct rule *rule)
{
    if (rule->function != FUNCTION_NEW)
        return "";
    switch (rule->selector.measure->family) {
    case FAMILY_COVERAGE:
        return "";
    case FAMILY_TESTS:
        return " that did not do so in the baseline";
    case FAMILY_VULNERABILITIES:
        return " that came with this change";
    default:
        return " that the baseline does not have";
    }
}

static const char *quantifier(enum compare compare)
{
    static const char *const words[] = {
        [COMPARE_LESS] = "less than", [COMPARE_AT_MOST] = "at most",
        [COMPARE_MORE] = "more than", [COMPARE_AT_LEAST] = "at least",
        [COMPARE_EQUAL] = "exactly",  [COMPARE_UNEQUAL] = "other than",
    };
    return words[compare];
}

/* "at most 3 tests fail" */
static const char *count_sentence(const struct speech *s)
{
    const struct rule *rule = s->rule;
    char buffer[48];
    enum compare compare = rule->compare;
    struct number number = rule->threshold;
    bool none = equals(number, 0) && (compare == COMPARE_EQUAL || compare == COMPARE_AT_MOST);
    if (equals(number, 1) && compare == COMPARE_LESS)
        none = true;
    if (equals(number, 0) && (compare == COMPARE_MORE || compare == COMPARE_UNEQUAL)) {
        compare = COMPARE_AT_LEAST;
        number = number_of(1);
    }
    if (none)
        return arena_printf(s->mem, "no %s%s %s%s", s->noun, s->labels, s->does, new_things(rule));
    bool one = equals(number, 1);
    return arena_printf(s->mem, "%s %s %s%s %s%s",
                        compare == COMPARE_LESS ? "fewer than" : quantifier(compare),
                        number_short(buffer, number), one ? s->noun : s->nouns, s->labels,
                        one ? s->does : s->do_, new_things(rule));
}

/* "at least 90 % of the tests pass" */
static const char *share_sentence(const struct speech *s)
{
    const struct rule *rule = s->rule;
    enum compare compare = rule->compare;
    bool least = equals(rule->threshold, 0), most = equals(rule->threshold, 100);
    if (compare == COMPARE_UNEQUAL)
        compare = least ? COMPARE_MORE : COMPARE_LESS;
    const char *part = arena_printf(s->mem, "%s %s", quantifier(compare),
                                    amount(rule->threshold, UNIT_PERCENT, s->mem));
    if (least && (compare == COMPARE_EQUAL || compare == COMPARE_AT_MOST))
        part = "none";
    if (most && (compare == COMPARE_EQUAL || compare == COMPARE_AT_LEAST))
        part = "all";
    return arena_printf(s->mem, "%s of the %s%s%s %s%s", part, s->nouns, s->labels, new_lines(rule),
                        s->do_, new_things(rule));
}

/* --- the others: a subject, and what it is ---------------------------------------------------- */

/* From the phrase `the response time that @ % of the requests* do not exceed`. */
static const char *phrase_subject(const struct speech *s, const char *phrase)
{
    const struct selector *selector = &s->rule->selector;
    const char *star = strchr(phrase, '*'), *at = strchr(phrase, '@'), *begin = phrase;
    const char *text = "";
    if (at != NULL) {
        text = arena_printf(s->mem, "%.*s%s", (int)(at - phrase), phrase,
                            selector->id + strcspn(selector->measure->id, "*"));
        begin = at + 1;
    }
    return arena_printf(s->mem, "%s%.*s%s%s", text, (int)(star - begin), begin, s->labels,
                        star + 1);
}

/* From a meaning: "the share of …", "lines of code, without …", "how many …". */
static const char *meaning_subject(const struct speech *s)
{
    const struct measure *measure = s->rule->selector.measure;
    const char *comma = strchr(measure->meaning, ',') != NULL ? "," : "";
    if (strncmp(measure->meaning, "the ", 4) == 0)
        return arena_printf(s->mem, "%.*s%s%s", (int)strcspn(measure->meaning, ":"),
                            measure->meaning, s->labels, comma);
    if (measure->unit == UNIT_COUNT && strncmp(measure->meaning, "how ", 4) != 0)
        return arena_printf(s->mem, "the number of %s%s%s", measure->meaning, s->labels, comma);
    return arena_printf(s->mem, "%s%s (%s)", s->rule->selector.id, s->labels, measure->meaning);
}

static const char *subject(const struct speech *s)
{
    const struct measure *measure = s->rule->selector.measure;
    if (s->noun != NULL)
        return arena_printf(s->mem, "the %s of %s%s that %s",
                            measure->unit == UNIT_PERCENT ? "share" : "number", s->nouns, s->labels,
                            s->do_);
    return measure->phrase != NULL ? phrase_subject(s, measure->phrase) : meaning_subject(s);
}

/* "is at most 2 points lower than in the baseline" */
static const char *drift_text(const struct speech *s)
{
    const struct rule *rule = s->rule;
    enum compare compare = rule->compare;
    static const char *const at_zero[] = {
        [COMPARE_LESS] = "lower than",   [COMPARE_AT_MOST] = "not higher than",
        [COMPARE_MORE] = "higher than",  [COMPARE_AT_LEAST] = "not lower than",
        [COMPARE_EQUAL] = "the same as", [COMPARE_UNEQUAL] = "not the same as",
    };
    /* at least -5 is at most 5 lower */
    static const enum compare mirror[] = {
        [COMPARE_LESS] = COMPARE_MORE,   [COMPARE_AT_MOST] = COMPARE_AT_LEAST,
        [COMPARE_MORE] = COMPARE_LESS,   [COMPARE_AT_LEAST] = COMPARE_AT_MOST,
        [COMPARE_EQUAL] = COMPARE_EQUAL, [COMPARE_UNEQUAL] = COMPARE_UNEQUAL,
    };
    bool down = rule->threshold.above < 0;
    if (rule->threshold.above == 0)
        return arena_printf(s->mem, "is %s in the baseline", at_zero[compare]);
    return arena_printf(
        s->mem, "is %s %s %s than in the baseline",
        compare == COMPARE_UNEQUAL ? "not exactly" : quantifier(down ? mirror[compare] : compare),
        gap_text(rule, size_of(rule->threshold), s->mem), down ? "lower" : "higher");
}

static const char *rating_text(const struct speech *s)
{
    const char *grade = amount(s->rule->threshold, UNIT_RATING, s->mem);
    switch (s->rule->compare) {
    case COMPARE_EQUAL:
        return arena_printf(s->mem, "is %s", grade);
    case COMPARE_AT_MOST:
        return equals(s->rule->threshold, 1) ? "is A"
                                             : arena_printf(s->mem, "is %s or better", grade);
    default: /* < and !=, which leaves out the worst */
        return arena_printf(s->mem, "is better than %s", grade);
    }
}

static const char *is_text(const struct speech *s)
{
    const struct rule *rule = s->rule;
    const enum unit unit = rule->selector.measure->unit;
    const char *not = rule->compare == COMPARE_UNEQUAL ? "not " : "";
    if (rule->function == FUNCTION_DELTA || rule->function == FUNCTION_GROWTH)
        return drift_text(s);
    if (rule->word != NULL)
        return arena_printf(s->mem, "is %s%s", not, rule->word);
    if (unit == UNIT_RATING)
        return rating_text(s);
    const char *value = amount(rule->threshold, unit, s->mem);
    if (rule->compare == COMPARE_EQUAL || rule->compare == COMPARE_UNEQUAL)
        return arena_printf(s->mem, "is %s%s", not, value);
    return arena_printf(s->mem, "is %s %s", quantifier(rule->compare), value);
}

/* --- one comparison --------------------------------------------------------------------------- */

static void split_phrase(struct speech *s, const char *phrase)
{
    const char **const parts[] = {&s->noun, &s->nouns, &s->does, &s->do_};
    for (size_t i = 0; i < 4; i++) {
        size_t size = strcspn(phrase, "|");
        *parts[i] = arena_copy(s->mem, phrase, size);
        phrase += size + (phrase[size] == '|');
    }
}

static const char *comparison(const struct rule *rule, struct arena *mem)
{
    const struct measure *measure = rule->selector.measure;
    struct speech s = {.rule = rule, .mem = mem};
    s.labels = labels_words(&rule->selector.labels, mem);
    if (measure->phrase != NULL && strchr(measure->phrase, '|') != NULL)
        split_phrase(&s, measure->phrase);
    bool level = rule->function == FUNCTION_NONE || rule->function == FUNCTION_NEW;
    if (s.noun != NULL && level && measure->unit == UNIT_PERCENT)
        return share_sentence(&s);
    bool unequal = rule->compare == COMPARE_UNEQUAL && !equals(rule->threshold, 0);
    if (s.noun != NULL && level && !unequal)
        return count_sentence(&s);
    return arena_printf(mem, "%s %s", subject(&s), is_text(&s));
}

/* "; with its tolerance of 2 %, at least 78 % still holds" */
static const char *tolerance_text(const struct rule *rule, struct arena *mem)
{
    const struct measure *measure = rule->selector.measure;
    if (rule->tolerance.above == 0)
        return "";
    if (rule->function == FUNCTION_DELTA || rule->function == FUNCTION_GROWTH)
        return arena_printf(mem, "; up to %s beside that still holds",
                            gap_text(rule, rule->tolerance, mem));
    struct number slack = rule->tolerance;
    if (rule->compare == COMPARE_MORE || rule->compare == COMPARE_AT_LEAST)
        slack.above = -slack.above;
    return arena_printf(mem, "; with the tolerance, %s %s still holds", quantifier(rule->compare),
                        amount(number_add(rule->threshold, slack), measure->unit, mem));
}

/* --- what stands around it -------------------------------------------------------------------- */

static bool is_new_lines(const struct rule *rule)
{
    return rule->any.count == 0 && strcmp(rule->selector.id, "coverage.lines") == 0;
}

static const char *uncovered_text(const struct rule *rule, struct arena *mem)
{
    unsigned long long most = rule->max_uncovered;
    if (most == 0)
        return "";
    const char *are = most == 1 ? "is" : "are";
    if (is_new_lines(rule))
        return arena_printf(mem, ", or at most %llu %s missed", most, are);
    return arena_printf(mem, ", or at most %llu changed coverable line%s %s not run by a test",
                        most, most == 1 ? "" : "s", are);
}

static const char *few_text(const struct rule *rule, struct arena *mem)
{
    if (rule->min_lines == 0)
        return "";
    return arena_printf(mem, "; below %llu %s it is not judged",
                        (unsigned long long)rule->min_lines,
                        is_new_lines(rule) ? "such lines" : "changed coverable lines");
}

static const char *or_list(const struct words *words, struct arena *mem)
{
    const char *text = "";
    for (size_t i = 0; i < words->count; i++) {
        const char *between = i == 0 ? "" : i + 1 < words->count ? ", " : " or ";
        text = arena_printf(mem, "%s%s%s", text, between, word_quoted(words->items[i], mem));
    }
    return text;
}

static const char *when_text(const struct when *when, struct arena *mem)
{
    const char *text = "";
    if (when->branches.count > 0)
        text =
            arena_printf(mem, "; it applies to the branch %s only", or_list(&when->branches, mem));
    if (when->changes.count > 0)
        text = arena_printf(mem, "%s; it applies only when the change touches %s", text,
                            or_list(&when->changes, mem));
    return text;
}

static const char *absence_text(const struct rule *rule, struct arena *mem)
{
    static const char *const missing[] = {
        [ON_MISSING_FAIL] = "",
        [ON_MISSING_WARN] = "; without data it is a warning",
        [ON_MISSING_PASS] = "; without data it passes",
        [ON_MISSING_SKIP] = "; without data it does not apply",
    };
    static const char *const baseline[] = {
        [ON_MISSING_FAIL] = "; without a baseline it fails",
        [ON_MISSING_WARN] = "",
        [ON_MISSING_PASS] = "; without a baseline it passes",
        [ON_MISSING_SKIP] = "",
    };
    return arena_printf(mem, "%s%s", missing[rule->on_missing], baseline[rule->on_no_baseline]);
}

/* The comparison with what belongs to it alone. */
static const char *single(const struct rule *rule, struct arena *mem)
{
    return arena_printf(mem, "%s%s%s%s", comparison(rule, mem), uncovered_text(rule, mem),
                        tolerance_text(rule, mem), few_text(rule, mem));
}

static const char *alternatives_text(const struct rule *rule, struct arena *mem)
{
    const char *text = "one of these holds";
    for (size_t i = 0; i < rule->any.count; i++)
        text = arena_printf(mem, "%s%s (%zu) %s", text, i == 0 ? ":" : ", or", i + 1,
                            single(rule->any.items[i], mem));
    return arena_printf(mem, "%s%s%s", text, uncovered_text(rule, mem), few_text(rule, mem));
}

const char *rule_words(const struct rule *rule, struct arena *mem)
{
    char day[48];
    const char *until = "", *each = "";
    if (rule->each != NULL)
        each = arena_printf(mem, "for every %s: ", rule->each);
    if (rule->enforce_from != 0)
        until = arena_printf(mem, "; before %s a failure is a warning",
                             day_text(day, rule->enforce_from));
    return arena_printf(mem, "%s%s%s%s%s", each,
                        rule->any.count > 0 ? alternatives_text(rule, mem) : single(rule, mem),
                        when_text(&rule->when, mem), until, absence_text(rule, mem));
}
