/* Findings: how many match. None is a good answer, because every source given examined the family.
 */
#include <string.h>

#include "gates/measure/index.h"
#include "gates/measure/take.h"

TAKE(take_findings)
{
    int64_t matching = 0;
    bool examined = false;
    for (size_t i = 0; i < count; i++) {
        examined |= selector_is_examined(selector, sources[i]);
        const struct findings *all = &sources[i]->findings;
        const struct candidates some = candidates_of_findings(selector, all);
        for (size_t j = 0; j < some.count; j++) {
            const struct finding *finding = &all->items[candidate_at(&some, j)];
            struct error err = {0};
            bool matches = false;
            if (what != FAMILY_COUNT && (int)finding->family != what)
                continue;
            if (!selector_matches_finding(selector, finding, &matches, &err))
                take_error(out, arena_copy(mem, err.what, strlen(err.what)));
            bool waived = matches && selector->exclusion != NULL &&
                          selector->exclusion->holds(selector->exclusion->handle, finding, NULL);
            out->waived += waived;
            matching += matches && !waived;
        }
    }
    if (examined || matching > 0)
        take_number(out, number_of(matching));
    else
        take_nothing(out, "no report of this component is there");
}
