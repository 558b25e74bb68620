/* `qgate validate`: every mistake of a policy or delivery configuration, with line and column; and
 * what another policy said. */
#include "runner/command/validate.h"

#include "gates/policy/difference.h"
#include "runner/command/policyfile.h"
#include "runner/history/compare.h"
#include "runner/log.h"
#include "runner/render/page.h"
#include "runner/render/words.h"

static const struct cli_option options[] = {
    {"against", "REF", "what is loosened, changed or tightened beside the policy of REF"},
    {"floor", "FILE", "check this floor as well; otherwise QGATE_FLOOR's"},
    {0},
};

struct validation {
    const struct context *context;
    struct workplace place;
    struct policy_source source;
    const char *floor;
    struct comparison against; /* target NULL: --against was not given */
};

static void close_validation(struct validation *validation)
{
    close_workplace(&validation->place);
}

static size_t count_rules(const struct policy *policy)
{
    size_t count = 0;
    for (size_t i = 0; i < policy->gates.count; i++)
        count += policy->gates.items[i].require.count + policy->gates.items[i].warn.count;
    return count;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void say_valid(const struct policy *policy)
{
    size_t gates = policy->gates.count, rules = count_rules(policy);
    AUTO(close_arena) struct arena *mem = arena_new();
    printf("%s%s: a valid policy: %zu gate%s, %zu rule%s\n", policy->path,
           words_origins(mem, &policy->origins), gates, plural(gates), rules, plural(rules));
}

/* --- against another commit ------------------------------------------------------------------ */

static bool choose_against(struct validation *validation, const char *given, struct error *err)
{
    struct comparison *against = &validation->against;
    const struct ci nothing = {0};
    if (given == NULL)
        return true;
    history_open(&validation->place.history, validation->context->run);
    history_compare(&validation->place.history, &nothing, given, validation->context->run, against);
    if (against->target_commit != NULL)
        return true;
    error_set(err, FAULT_REPORT, "%s",
              against->why_no_target != NULL ? against->why_no_target
                                             : "there is no history to compare with");
    return against->remedy == NULL ? false : error_hint(err, "%s", against->remedy);
}

static enum status say_differences(const struct validation *validation, const char *origin,
                                   const struct policy *before, const struct policy *after)
{
    struct differences differences;
    const struct context *context = validation->context;
    const struct page page = {stdout, (size_t)context->columns, false, context->utf8};
    policy_differences(before, after, context->run, &differences);
    for (size_t i = 0; i < differences.count; i++) {
        const struct difference *difference = &differences.items[i];
        page_lead_row(&page, difference_name(difference->kind), "",
                      words_difference(context->run, difference), "");
    }
    if (differences.count == 0)
        printf("no difference to %s\n", origin);
    return STATUS_PASSED;
}

/* The policy of the same name there. Only what the policies say themselves is compared. */
static enum status compare(const struct validation *validation, const struct policy_wanted *wanted)
{
    struct arena *mem = validation->context->run;
    const struct comparison *against = &validation->against;
    const struct policy_source source =
        policysource_commit(&validation->place, against->target_commit);
    struct policy_wanted other = {.context = validation->context, .source = &source};
    struct policy before, after;
    struct problems found;
    struct error err = {0};
    problems_init(&found, mem);
    other.path = wanted->path != NULL ? wanted->path
                                      : workplace_within(&validation->place, wanted->file, mem);
    const char *name = other.path != NULL ? other.path : wanted->file;
    const char *origin =
        arena_printf(mem, "%s of %s (%.7s)", name, against->target, against->target_commit);
    struct policy_text text = {.name = other.path, .what = "the policy"};
    if (text.name != NULL && !source.open(&source, &text, mem, &err))
        return give_up(&err);
    if (text.bytes == NULL) {
        printf("%s has no %s\n", against->target, name);
        return STATUS_PASSED;
    }
    if (!policyfile_load_alone(&other, mem, &before, &found, &err) ||
        !policyfile_load_alone(wanted, mem, &after, &found, &err))
        return give_up(&err);
    if (found.count == 0)
        return say_differences(validation, origin, &before, &after);
    log_problems(&found);
    log_message("this is %s: there is nothing to compare with", origin);
    return STATUS_UNREADABLE;
}

/* --- all of it ------------------------------------------------------------------------------- */

static enum status validate(const struct validation *validation, const char *path, const char *file)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct policy policy;
    struct problems found;
    struct error err = {0};
    const struct policy_wanted wanted = {
        .context = validation->context,
        .source = &validation->source,
        .path = path,
        .file = file,
        .floor = validation->floor,
    };
    problems_init(&found, mem);
    if (!policyfile_load(&wanted, mem, &policy, &found, &err))
        return give_up(&err);
    if (found.count > 0) {
        log_problems(&found);
        return STATUS_USAGE;
    }
    log_warnings(&policy.warnings);
    say_valid(&policy);
    return validation->against.target == NULL || (path == NULL && file == NULL)
               ? STATUS_PASSED
               : compare(validation, &wanted);
}

static enum status validate_file(const struct validation *validation, const char *file)
{
    const struct delivery_wanted delivery = {.file = file};
    if (!delivery_is_wanted(&delivery))
        return validate(validation, NULL, file);
    if (validation->against.target != NULL)
        log_message("%s is no policy: it is compared with nothing", file);
    return validate_delivery(&delivery);
}

/* Without arguments: the policy and the delivery configuration of the repository. */
static enum status validate_own(const struct validation *validation)
{
    const struct workplace *place = &validation->place;
    const struct delivery_wanted delivery = {.source = &validation->source, .path = DELIVERY_FILE};
    bool delivers = workplace_has(place, DELIVERY_FILE) && delivery_is_wanted(&delivery);
    bool has_policy = workplace_has(place, POLICY_FILE);
    enum status status = STATUS_PASSED;
    /* a floor can be looked at where no policy is */
    if (has_policy || validation->floor != NULL || !delivers)
        status = validate(validation, has_policy || validation->floor == NULL ? POLICY_FILE : NULL,
                          NULL);
    return delivers ? status_worse(status, validate_delivery(&delivery)) : status;
}

static enum status run(const struct context *context, const struct cli *cli)
{
    enum status status = STATUS_PASSED;
    struct error err = {0};
    AUTO(close_validation)
    struct validation validation = {.context = context, .floor = cli_value(cli, "floor")};
    if (!workplace_open(&validation.place, context->run, &err) ||
        !choose_against(&validation, cli_value(cli, "against"), &err))
        return give_up(&err);
    validation.source = policysource_work_tree(&validation.place);
    for (size_t i = 0; i < cli->arguments.count; i++)
        status = status_worse(status, validate_file(&validation, cli->arguments.items[i]));
    return finish_stdout(cli->arguments.count > 0 ? status : validate_own(&validation));
}

const struct command validate_command = {
    .name = "validate",
    .arguments = "[FILE…]",
    .title = "checks a policy or delivery configuration: every mistake with line, column and a "
             "suggestion",
    .options = options,
    .run = run,
};
