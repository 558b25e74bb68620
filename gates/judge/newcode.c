/* new(coverage.lines) and new(coverage.branches): is there an answer, and does it hold? */
#include <inttypes.h>
#include <string.h>

#include "gates/judge/newcode.h"

static bool not_applicable(struct ruling *ruling, const char *reason)
{
    ruling->outcome = OUTCOME_NOT_APPLICABLE;
    ruling->reason = reason;
    return false;
}

/* Does the selector pick a part of the repository? */
static bool is_of_part(const struct selector *selector)
{
    for (size_t i = 0; i < selector->labels.count; i++)
        if (strcmp(selector->labels.items[i].label, "path") == 0 ||
            strcmp(selector->labels.items[i].label, "component") == 0)
            return true;
    return false;
}

/* A part that did not change needs no report; one that is there must be readable. */
static bool is_untouched(struct trial *trial, const struct new_code *code,
                         const struct value *value)
{
    struct ruling found = {.reason = "", .to_pass = ""};
    return !code->touched && value->kind != VALUE_ERROR && is_of_part(trial->selector) &&
           trial_selector(trial, trial->selector, &found) != OUTCOME_ERROR;
}

static bool finds_anything(const struct trial *trial, const struct new_code *code, bool branches)
{
    for (size_t i = 0; i < code->sources.count; i++) {
        const struct covered_files *files = &code->sources.items[i]->coverage.files;
        for (size_t j = 0; j < files->count; j++) {
            const struct covered_file *file = &files->items[j];
            const struct line_counts counts = lines_count(&file->lines);
            if ((branches ? counts.branches : counts.known) > 0 &&
                (!file->ignored || trial->selector->ignores_nothing))
                return true;
        }
    }
    return false;
}

/* The same for every path. */
static bool lists_anything(const struct trial *trial, const struct new_code *code, bool branches)
{
    const struct selector *selector = trial->selector;
    bool of_path = selector_value(selector, "path") != NULL;
    const bool *noted = of_path ? index_noted(selector, trial->docket->now) : NULL;
    if (noted != NULL)
        return *noted;
    bool found = finds_anything(trial, code, branches);
    if (of_path)
        index_note(selector, trial->docket->now, &found, sizeof found);
    return found;
}

static bool no_data(const struct rule *rule, struct ruling *ruling, const char *reason,
                    const char *to_pass)
{
    ruling->outcome = lenient(rule);
    ruling->reason = reason;
    ruling->to_pass = to_pass;
    return false;
}

/* A report about nothing is none: said as of the measure without `new`. */
static bool has_nothing(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    measure_take(trial->selector, trial->docket->now, trial->mem, &ruling->value);
    return no_data(rule, ruling, ruling->value.why, advise_missing(trial, trial->selector));
}

static bool has_binary(struct trial *trial, const struct rule *rule, const struct new_code *code,
                       struct ruling *ruling)
{
    for (size_t i = 0; i < code->binary.count; i++)
        add_detail(trial, &ruling->details, code->binary.items[i], "");
    return no_data(rule, ruling,
                   arena_printf(trial->mem,
                                "git takes %zu changed source file%s for binary: which lines "
                                "changed is not known",
                                code->binary.count, plural(code->binary.count)),
                   "save them as text that git can compare, in UTF-8");
}

static const char *advise_unseen(struct trial *trial, size_t unseen)
{
    return arena_printf(trial->mem,
                        "let the coverage report list %s (by another path? `paths.map`; no source "
                        "code? `paths.sources`; `qgate explain paths` says more)",
                        unseen == 1 ? "it" : "them");
}

static bool has_unseen(struct trial *trial, const struct rule *rule, const struct new_code *code,
                       struct ruling *ruling)
{
    size_t unseen = code->unseen.count, all = unseen + code->files.count;
    const char *map = "";
    for (size_t i = 0; i < unseen; i++) {
        const char *path = code->unseen.items[i];
        const char *other = expected_elsewhere(&trial->expected, trial->selector, path);
        if (other != NULL)
            map = expected_map(&trial->expected, &trial->docket->change->files);
        add_detail(trial, &ruling->details, path,
                   other == NULL ? "" : arena_printf(trial->mem, "a report says %s", other));
    }
    return no_data(rule, ruling,
                   arena_printf(trial->mem,
                                "%zu of %zu changed source file%s %s in no coverage report", unseen,
                                all, plural(all), unseen == 1 ? "is" : "are"),
                   *map != '\0' ? map : advise_unseen(trial, unseen));
}

static bool is_small(struct trial *trial, const struct rule *rule, const struct new_code *code,
                     struct ruling *ruling)
{
    ruling->small_change = code->lines < rule->min_lines;
    if (!ruling->small_change)
        return false;
    ruling->outcome = OUTCOME_WAIVED;
    ruling->reason = arena_printf(trial->mem, "small change: %" PRIu64 " of %" PRIu64 " line%s",
                                  code->lines, rule->min_lines, plural(rule->min_lines));
    return true;
}

static bool take_new_lines(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    if (!has_change(trial, rule, ruling))
        return false;
    const struct new_code code = new_code_of(trial, rule, &ruling->value);
    bool branches = new_code_is_of_branches(rule);
    if (is_untouched(trial, &code, &ruling->value))
        return not_applicable(ruling, "none of its files changed");
    if (!has_reports(trial, rule, ruling))
        return false;
    if (has_error(ruling))
        return false;
    if (!lists_anything(trial, &code, branches))
        return has_nothing(trial, rule, ruling);
    if (code.binary.count > 0)
        return has_binary(trial, rule, &code, ruling);
    if (code.unseen.count > 0)
        return has_unseen(trial, rule, &code, ruling);
    if (code.lines == 0)
        return not_applicable(ruling, "no coverable line changed");
    if (is_small(trial, rule, &code, ruling))
        return false;
    if (ruling->value.kind == VALUE_NONE)
        return not_applicable(ruling, "no changed line has branches");
    return true;
}

static bool holds_by_few(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct new_code code = new_code_of(trial, rule, &ruling->value);
    uint64_t missed = code.lines - code.hit;
    if (rule->max_uncovered == 0 || missed > rule->max_uncovered)
        return false;
    ruling->reason =
        arena_printf(trial->mem,
                     "held only by `max_uncovered: %" PRIu64 "`: %" PRIu64 " of %" PRIu64
                     " new lines %s not tested",
                     rule->max_uncovered, missed, code.lines, missed == 1 ? "is" : "are");
    new_code_list(trial, &code, new_code_is_of_branches(rule), &ruling->details);
    return true;
}

/* The paths about which there is something to say. */
static void list_paths(struct trial *trial, const struct selector *selector, const char *label,
                       struct words *out)
{
    const struct change *change = trial->docket->change;
    if (strcmp(label, "path") != 0)
        measure_label_values(selector, label, trial->docket->now, trial->mem, out);
    if (strcmp(label, "path") != 0 || change == NULL)
        return;
    struct value value;
    const struct rule all = {.selector = *selector};
    trial->selector = selector;
    const struct new_code code = new_code_of(trial, &all, &value);
    for (size_t i = 0; i < code.files.count; i++)
        if (code.files.items[i].lines > 0)
            array_push(trial->mem, out, code.files.items[i].path);
    for (size_t i = 0; i < code.unseen.count; i++)
        array_push(trial->mem, out, code.unseen.items[i]);
    for (size_t i = 0; i < code.binary.count; i++)
        array_push(trial->mem, out, code.binary.items[i]);
}

const struct answer new_lines_answer = {
    .take = take_new_lines, .holds = holds_by_few, .advise = new_code_advise, .values = list_paths};
