/* Waivers: which count today, what they take out, and which were used. */
#include <assert.h>
#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/text.h"
#include "gates/judge/parts.h"

static enum waiver_state state_of(const struct waivers *all, int32_t days_left)
{
    if (days_left < 0)
        return WAIVER_EXPIRED;
    return all->max_days > 0 && days_left > all->max_days ? WAIVER_TOO_LONG : WAIVER_COUNTS;
}

void waivers_begin(struct trial *trial)
{
    const struct waivers *all = &trial->docket->policy->waivers;
    for (size_t i = 0; i < all->count; i++) {
        struct waiver_ruling *ruling = array_add(trial->mem, trial->waivers);
        int32_t days_left = all->items[i].expires - trial->docket->today;
        *ruling = (struct waiver_ruling){
            .waiver = &all->items[i], .state = state_of(all, days_left), .days_left = days_left};
    }
}

static void use(struct trial *trial, struct waiver_ruling *ruling)
{
    const char *gate = trial->gate->name;
    ruling->used++;
    for (size_t i = 0; i < ruling->gates.count; i++)
        if (strcmp(ruling->gates.items[i], gate) == 0)
            return;
    array_push(trial->mem, &ruling->gates, gate);
}

/* Could it waive something of this gate and measure? */
static bool concerns(const struct waiver *waiver, const struct gate *gate, const char *measure)
{
    return waiver->id != NULL && (waiver->gate == NULL || strcmp(waiver->gate, gate->name) == 0) &&
           (waiver->measure == NULL || strcmp(waiver->measure, measure) == 0);
}

static bool names_finding(const struct waiver *waiver, const struct finding *finding)
{
    return finding->rule != NULL && glob_match(waiver->id, finding->rule) &&
           (waiver->package == NULL ||
            strcmp(waiver->package, text_or_empty(finding->package)) == 0) &&
           (waiver->path == NULL || glob_match(waiver->path, text_or_empty(finding->path)));
}

static bool names(const char *id, const char *name)
{
    return strcmp(id, name) == 0 || glob_match(id, name);
}

/* By its name, alone or behind its class. */
static bool names_test(const struct waiver *waiver, const struct test_case *test, struct arena *mem)
{
    if (waiver->package != NULL)
        return false;
    return (names(waiver->id, test->name) ||
            names(waiver->id, arena_printf(mem, "%s.%s", test->classname, test->name))) &&
           (waiver->path == NULL || glob_match(waiver->path, test->path));
}

/* What an exclusion knows. */
struct waiving {
    struct trial *trial;
    const char *measure;
};

static struct waiver_ruling *waiver_of(const struct waiving *waiving, const struct finding *finding,
                                       const struct test_case *test)
{
    struct trial *trial = waiving->trial;
    for (size_t i = 0; i < trial->waivers->count; i++) {
        struct waiver_ruling *ruling = &trial->waivers->items[i];
        if (ruling->state != WAIVER_COUNTS ||
            !concerns(ruling->waiver, trial->gate, waiving->measure))
            continue;
        if (finding != NULL ? names_finding(ruling->waiver, finding)
                            : names_test(ruling->waiver, test, trial->mem))
            return ruling;
    }
    return NULL;
}

static bool is_waived(void *handle, const struct finding *finding, const struct test_case *test)
{
    return waiver_of(handle, finding, test) != NULL;
}

/* Only findings and tests can be waived one by one; what a floor or a locked gate demands cannot.
 */
static bool can_be_waived(const struct trial *trial, const struct rule *rule)
{
    const struct measure *measure = rule->selector.measure;
    bool single = measure->take != NULL &&
                  (measure->family == FAMILY_TESTS || measure->family >= FAMILY_VULNERABILITIES);
    return single && !trial->gate->floor && !trial->gate->locked && trial->waivers->count > 0;
}

const struct selector *waivers_apply(struct trial *trial, const struct rule *rule,
                                     const struct selector *selector)
{
    if (!can_be_waived(trial, rule))
        return selector;
    struct waiving *waiving = arena_new_item(trial->mem, struct waiving);
    struct exclusion *exclusion = arena_new_item(trial->mem, struct exclusion);
    struct selector *narrower = arena_new_item(trial->mem, struct selector);
    *waiving = (struct waiving){trial, selector->id};
    *exclusion = (struct exclusion){is_waived, waiving};
    *narrower = *selector;
    narrower->exclusion = exclusion;
    return narrower;
}

static const char *say_waived(const struct trial *trial, const struct waiver_ruling *ruling)
{
    const struct waiver *waiver = ruling->waiver;
    int days = (int)ruling->days_left;
    const char *when =
        days == 0 ? "today" : arena_printf(trial->mem, "in %d day%s", days, days == 1 ? "" : "s");
    return arena_printf(trial->mem, "waived: %s, owner %s, expires %s", waiver->reason,
                        waiver->owner, when);
}

static bool holds_unwaived(struct trial *trial, const struct rule *rule,
                           const struct selector *plain)
{
    const struct selector *selector = trial->selector;
    struct ruling all = {.reason = "", .to_pass = ""};
    trial->selector = plain;
    bool taken = answer_of(rule)->take(trial, rule, &all);
    assert(taken); /* it was, of less */
    trial->selector = selector;
    return verdict_compare(rule, &all.value, rule->threshold);
}

void waivers_say(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    if (trial->selector->exclusion == NULL)
        return;
    for (size_t i = 0; i < trial->waivers->count; i++)
        trial->waivers->items[i].asked |=
            concerns(trial->waivers->items[i].waiver, trial->gate, trial->selector->id);
    if (ruling->value.waived == 0)
        return;
    struct details listed = {0};
    struct selector plain = *trial->selector;
    const struct waiving *waiving = plain.exclusion->handle;
    plain.exclusion = NULL;
    if (ruling->outcome == OUTCOME_PASSED && !holds_unwaived(trial, rule, &plain))
        ruling->outcome = OUTCOME_WAIVED;
    if (rule->function == FUNCTION_NEW)
        list_new(trial, &plain, &listed);
    else if (plain.measure->family == FAMILY_TESTS)
        list_tests(trial, &plain, trial->docket->now, &listed);
    else
        list_findings(trial, &plain, trial->docket->now, &listed);
    for (size_t i = 0; i < listed.count; i++) {
        struct detail detail = listed.items[i];
        struct waiver_ruling *found = waiver_of(waiving, detail.finding, detail.test);
        if (found == NULL)
            continue;
        use(trial, found);
        detail.waiver = found->waiver;
        detail.text = say_waived(trial, found);
        array_push(trial->mem, &ruling->details, detail);
    }
}

const struct waiver *waivers_of_gate(struct trial *trial, const struct gate *gate)
{
    for (size_t i = 0; i < trial->waivers->count && !gate->floor && !gate->locked; i++) {
        struct waiver_ruling *ruling = &trial->waivers->items[i];
        const struct waiver *waiver = ruling->waiver;
        if (waiver->id != NULL || waiver->gate == NULL || strcmp(waiver->gate, gate->name) != 0)
            continue;
        ruling->asked = true;
        if (ruling->state != WAIVER_COUNTS)
            continue;
        use(trial, ruling);
        return waiver;
    }
    return NULL;
}

/* Was it used in a gate that the matcher picks? A pattern beyond its limit picks: rather one too
 * many. */
static bool used_where(const struct waiver_ruling *ruling, const struct label_match *match)
{
    for (size_t i = 0; i < ruling->gates.count; i++) {
        struct error err = {0};
        bool matches = false;
        if (!label_matches(match, ruling->gates.items[i], &matches, &err) || matches)
            return true;
    }
    return false;
}

uint64_t waivers_used(const struct trial *trial, const struct selector *selector)
{
    uint64_t used = 0;
    const struct waiver_rulings *all = trial->used != NULL ? trial->used : trial->waivers;
    for (size_t i = 0; i < all->count; i++) {
        const struct waiver_ruling *ruling = &all->items[i];
        bool wanted = ruling->used > 0;
        for (size_t j = 0; wanted && j < selector->labels.count; j++)
            wanted = used_where(ruling, &selector->labels.items[j]);
        used += wanted;
    }
    return used;
}
