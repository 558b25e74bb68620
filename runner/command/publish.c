/* `qgate publish`: shows verdicts in a merge request; for a job that holds the token and never
 * touches the code of the branch. */
#include <string.h>

#include "runner/command/command.h"
#include "runner/log.h"
#include "runner/publish/publish.h"
#include "runner/render/verdict_file.h"

static const struct cli_option options[] = {
    {"server", "URL", "the GitLab: https://gitlab.example; otherwise CI_API_V4_URL's"},
    {"project", "ID", "its number or path; otherwise CI_MERGE_REQUEST_PROJECT_ID"},
    {"merge-request", "NUMBER", "otherwise CI_MERGE_REQUEST_IID"},
    {"dry-run", NULL, "print the requests that would change something instead of sending them"},
    {0},
};

/* All of one commit and judged for one policy, whose name the note is found by. */
static bool belong_together(const struct views *views, const struct words *paths, struct error *err)
{
    for (size_t i = 1; i < views->count; i++) {
        const struct view *one = views->items[0], *other = views->items[i];
        bool commit = strcmp(one->source_commit, other->source_commit) != 0;
        if (!commit && strcmp(one->policy->path, other->policy->path) == 0)
            continue;
        error_set(err, FAULT_USAGE, "is of another %s than %s", commit ? "commit" : "policy",
                  paths->items[0]);
        error_hint(err, "publish the verdicts of one commit and policy together, others apart");
        return error_at(err, paths->items[i], 0, 0);
    }
    return true;
}

static bool read_verdicts(const struct words *paths, struct arena *mem,
                          struct publication *publication, struct error *err)
{
    for (size_t i = 0; i < paths->count; i++) {
        struct verdict_file *file = arena_new_item(mem, struct verdict_file);
        if (!verdict_file_read(paths->items[i], mem, file, err))
            return false;
        array_push(mem, &publication->views, &file->view);
        if (i == 0)
            publication->wanted = file->policy.gitlab;
    }
    return belong_together(&publication->views, paths, err);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    struct error err = {0};
    struct publication publication = {.untrusted = true, .pipeline = context->ci.pipeline};
    const struct connect_wanted wanted = {
        .server = cli_value(cli, "server"),
        .project = cli_value(cli, "project"),
        .merge_request = cli_value(cli, "merge-request"),
        .dry_run = cli_flag(cli, "dry-run"),
    };
    if (cli->arguments.count == 0) {
        error_set(&err, FAULT_USAGE, "publish: no verdict is named");
        error_hint(&err, "`qgate check --output json=verdict.json` writes one");
        return give_up(&err);
    }
    if (!read_verdicts(&cli->arguments, context->run, &publication, &err))
        return give_up(&err);
    const char *why_not = connect_why_not(context, &wanted, context->run);
    if (why_not != NULL) {
        error_set(&err, FAULT_USAGE, "publish: %s", why_not);
        return give_up(&err);
    }
    if (publish_with(context, &wanted, &publication, context->run, &err))
        return finish_stdout(STATUS_PASSED);
    log_error(&err);
    return finish_stdout(err.fault == FAULT_USAGE ? STATUS_USAGE : STATUS_PUBLISH);
}

const struct command publish_command = {
    .name = "publish",
    .arguments = "VERDICT…",
    .title = "shows verdicts in a merge request of GitLab",
    .options = options,
    .run = run,
};
