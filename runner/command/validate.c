/* `qgate validate`: every mistake of a policy, with line and column. */
#include "runner/command/command.h"
#include "runner/command/policyfile.h"
#include "runner/log.h"
#include "runner/render/words.h"
#include "runner/workplace.h"

static const struct cli_option options[] = {
    {"against", "REF", NULL},
    {"floor", "FILE", "check this floor as well; otherwise QGATE_FLOOR's"},
    {0},
};

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

static enum status validate(const struct policy_wanted *wanted)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct policy policy;
    struct problems found;
    struct error err = {0};
    problems_init(&found, mem);
    if (!policyfile_load(wanted, mem, &policy, &found, &err))
        return give_up(&err);
    if (found.count > 0) {
        log_problems(&found);
        return STATUS_USAGE;
    }
    log_warnings(&policy.warnings);
    say_valid(&policy);
    return STATUS_PASSED;
}

static enum status run(const struct context *context, const struct cli *cli)
{
    enum status status = STATUS_PASSED;
    struct error err = {0};
    AUTO(close_workplace) struct workplace place;
    if (!workplace_open(&place, context->run, &err))
        return give_up(&err);
    struct policy_wanted wanted = {
        .context = context, .place = &place, .floor = cli_value(cli, "floor")};
    for (size_t i = 0; i < cli->arguments.count; i++) {
        wanted.path = wanted.shown = cli->arguments.items[i];
        status = status_worse(status, validate(&wanted));
    }
    if (cli->arguments.count > 0)
        return finish_stdout(status);
    /* a floor can be looked at where no policy is */
    if (wanted.floor == NULL || workplace_has(&place, POLICY_FILE)) {
        wanted.path = workplace_path(&place, POLICY_FILE, context->run);
        wanted.shown = POLICY_FILE;
    }
    return finish_stdout(validate(&wanted));
}

const struct command validate_command = {
    .name = "validate",
    .arguments = "[FILE…]",
    .title = "checks a policy: every mistake with line, column and a suggestion",
    .options = options,
    .run = run,
};
