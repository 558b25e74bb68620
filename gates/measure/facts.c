/* Facts: what a report states itself. Sources that contradict each other are an error. */
#include <string.h>

#include "gates/base/text.h"
#include "gates/measure/take.h"

/* A server rates in one of two modes; the short names mean the rating of whichever it answers, the
 * worse one when it answers both. */
static const struct {
    const char *id, *either, * or ;
} aliases[] = {
    {"sonar.reliability", "sonar.software_quality_reliability_rating", "sonar.reliability_rating"},
    {"sonar.security", "sonar.software_quality_security_rating", "sonar.security_rating"},
    {"sonar.maintainability", "sonar.software_quality_maintainability_rating",
     "sonar.sqale_rating"},
};

static bool means(const char *asked, const char *id)
{
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (strcmp(asked, aliases[i].id) == 0)
            return strcmp(id, aliases[i].either) == 0 || strcmp(id, aliases[i].or) == 0;
    return strcmp(asked, id) == 0;
}

static const char *label_of(const struct fact *fact, const char *name)
{
    for (size_t i = 0; i < fact->labels.count; i++)
        if (strcmp(fact->labels.items[i].name, name) == 0)
            return fact->labels.items[i].value;
    return "";
}

/* Does the fact pass the matchers on its own labels? */
static bool passes(const struct selector *selector, const struct fact *fact, struct arena *mem,
                   struct value *out)
{
    for (size_t i = 0; i < selector->labels.count; i++) {
        const char *label = selector->labels.items[i].label;
        if (!text_lists("report format component", label, strlen(label)) &&
            !take_label(selector, label, label_of(fact, label), mem, out))
            return false;
    }
    return true;
}

static bool contradicts(const struct fact *a, const struct fact *b)
{
    if (strcmp(a->id, b->id) != 0) /* the two modes' ratings */
        return false;
    if (a->word == NULL || b->word == NULL)
        return a->word != b->word || number_compare(a->number, b->number) != 0;
    return strcmp(a->word, b->word) != 0;
}

static const struct fact *worse(const struct fact *a, const struct fact *b)
{
    return a == NULL || number_compare(b->number, a->number) > 0 ? b : a;
}

TAKE(take_fact)
{
    (void)what;
    const struct fact *found = NULL;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < sources[i]->facts.count; j++) {
            const struct fact *fact = &sources[i]->facts.items[j];
            if (!means(selector->id, fact->id) || !passes(selector, fact, mem, out) ||
                !take_path(selector, "", fact->origin, mem, out))
                continue;
            if (found != NULL && contradicts(found, fact))
                take_error(out, "two reports give different values: name one with {report=\"…\"}");
            found = worse(found, fact);
        }
    }
    if (found == NULL) {
        take_nothing(out, arena_printf(mem, "the report does not hold %s", selector->id));
    } else if (found->word == NULL) {
        take_number(out, found->number);
    } else if (out->kind != VALUE_ERROR) {
        out->kind = VALUE_WORD;
        out->word = found->word;
    }
}
