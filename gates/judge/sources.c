/* Are the reports a rule draws on there, and whole? */
#include "gates/judge/parts.h"

static bool is_absent(const struct source *source)
{
    for (size_t i = 0; i < source->inputs.count; i++)
        if (source->inputs.items[i].state != INPUT_MISSING)
            return false;
    return true;
}

struct detail *add_detail(struct trial *trial, struct details *details, const char *subject,
                          const char *text)
{
    struct detail *detail = array_add(trial->mem, details);
    detail->subject = subject;
    detail->text = text;
    return detail;
}

static const char *place_of(const struct error *err, struct arena *mem)
{
    if (err->line == 0)
        return "";
    if (err->column == 0)
        return arena_printf(mem, "line %u: ", err->line);
    return arena_printf(mem, "line %u, column %u: ", err->line, err->column);
}

/* What a project calls optional, or takes from a commit, is not so for a floor. */
static bool is_of_floor(const struct trial *trial)
{
    return trial->gate != NULL && trial->gate->floor;
}

static void say_missing(struct trial *trial, const char *path, const char *job,
                        bool advise_optional, struct ruling *ruling)
{
    const char *which = job == NULL ? "that" : arena_printf(trial->mem, "\"%s\", which", job);
    ruling->reason = arena_printf(trial->mem, "%s is not there", path);
    ruling->to_pass =
        arena_printf(trial->mem, "look at the job %s should leave %s%s", which, path,
                     advise_optional ? " (not in every build? say `optional: true`)" : "");
}

/* What the project lets pass, and a floor does not. */
static enum outcome trial_leniency(struct trial *trial, const struct source *source,
                                   struct ruling *ruling)
{
    if (source->absent != NULL) {
        say_missing(trial, source->absent, NULL, false, ruling);
        return OUTCOME_NO_DATA;
    }
    if (source->committed == NULL)
        return OUTCOME_PASSED;
    ruling->reason =
        arena_printf(trial->mem, "git tracks %s, so no build wrote it", source->committed);
    ruling->to_pass = "let the build write it: a floor takes no report from a commit";
    return OUTCOME_NO_DATA;
}

enum outcome trial_source(struct trial *trial, const struct source *source, struct ruling *ruling)
{
    bool floor = is_of_floor(trial);
    enum outcome worst = OUTCOME_PASSED;
    for (size_t i = 0; i < source->inputs.count; i++) {
        const struct input_record *input = &source->inputs.items[i];
        if (input->state == INPUT_BROKEN) {
            worst = OUTCOME_ERROR;
            ruling->reason = arena_printf(trial->mem, "%s cannot be read", input->path);
            ruling->to_pass =
                arena_printf(trial->mem, "repair what writes %s%s%s", input->path,
                             input->error->hint[0] != '\0' ? ": " : "", input->error->hint);
            add_detail(trial, &ruling->details, input->path,
                       arena_printf(trial->mem, "%s%s", place_of(input->error, trial->mem),
                                    input->error->what));
        } else if (input->state == INPUT_MISSING && (floor || !source->optional) &&
                   worst != OUTCOME_ERROR) {
            worst = OUTCOME_NO_DATA;
            say_missing(trial, input->path, input->job, !floor, ruling);
        }
    }
    if (worst == OUTCOME_PASSED && floor)
        worst = trial_leniency(trial, source, ruling);
    if (worst == OUTCOME_PASSED && source->part_reason != NULL) {
        worst = OUTCOME_NO_DATA;
        ruling->reason = source->part_reason;
        ruling->to_pass = source->part_remedy != NULL
                              ? source->part_remedy
                              : arena_printf(trial->mem, "give qgate all of %s", source->path);
    }
    return worst;
}

enum outcome trial_selector(struct trial *trial, const struct selector *selector,
                            struct ruling *ruling)
{
    const struct evidence *now = trial->docket->now;
    enum outcome worst = OUTCOME_PASSED;
    size_t drawn = 0, absent = 0;
    for (size_t i = 0; i < now->sources.count; i++) {
        const struct source *source = &now->sources.items[i];
        if (!measure_draws(selector, source))
            continue;
        drawn++;
        absent += source->optional && is_absent(source);
        if (source->stale != NULL) {
            ruling->reason = source->stale;
            ruling->to_pass = "";
            return OUTCOME_NOT_APPLICABLE;
        }
        struct ruling found = {.reason = "", .to_pass = ""};
        enum outcome outcome = trial_source(trial, source, &found);
        if (outcome <= worst)
            continue;
        worst = outcome;
        ruling->reason = found.reason;
        ruling->to_pass = found.to_pass;
        ruling->details = found.details;
    }
    if (worst == OUTCOME_PASSED && drawn > 0 && absent == drawn) { /* never of a floor */
        ruling->reason = "its optional reports are not there";
        return OUTCOME_NOT_APPLICABLE;
    }
    return worst;
}
