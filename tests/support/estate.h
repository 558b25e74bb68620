/* An estate drawn by hand before a court: what rules on delivery numbers say of it. Each program
 * that includes it has one of both.
 */
#ifndef TESTS_SUPPORT_ESTATE_H
#define TESTS_SUPPORT_ESTATE_H

#include "gates/measure/estate.h"
#include "tests/support/chain.h"
#include "tests/support/court.h"

enum { NOW = MONDAY + 28 * DAY - 1 };

static struct court court;
static struct dora_estate estate;

static inline void own(struct dora_unit *unit, const char *team, int64_t from_s, int64_t until_s)
{
    array_push(court.mem, &unit->owners, ((struct dora_owner){team, from_s, until_s}));
}

/* The estate is evidence, as if delivery.yml had been read. */
static inline void judge_estate(void)
{
    struct source *source = court_source(&court, "delivery", "git");
    source->whole = true;
    source->estate = &estate;
    source->speaks = FAMILY_BIT(FAMILY_DELIVERY);
    array_push(court.mem, &source->inputs,
               ((struct input_record){.path = "delivery.yml", .state = INPUT_READ}));
}

static inline int shut_court(void **state)
{
    (void)state;
    court_close(&court);
    return 0;
}

/* The value of a measure, with its labels, as people read it. */
static inline void is(const char *measure, const char *value)
{
    const struct measure *row =
        catalogue_find(arena_copy(court.mem, measure, strcspn(measure, "{")));
    const char *rule = arena_printf(court.mem, "%s == 1%s", measure, unit_name(row->unit));
    assert_string_equal(court_value(&court, rule), value);
}

#endif
