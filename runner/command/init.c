/* `qgate init`: a first policy from the reports that are there and the pipeline file. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "gates/base/glob.h"
#include "runner/command/command.h"
#include "runner/command/init_delivery.h"
#include "runner/command/intake.h"
#include "runner/command/policyfile.h"
#include "runner/command/starter.h"
#include "runner/command/today.h"
#include "runner/draft.h"
#include "runner/log.h"
#include "runner/progress.h"
#include "runner/render/page.h"

static const struct cli_option options[] = {
    {"force", NULL, "write .qgate.yml anew when it is there already"},
    {"delivery", "PATH", "write delivery.yml instead, from the clone of a GitOps repository"},
    {0},
};

struct init {
    const struct context *context;
    const struct cli *cli;
    struct arena *mem;
    struct page page;
    struct workplace place;
    struct pipeline pipeline;
    struct pipeline_reports absent; /* of the pipeline file, without a file here */
    struct gather gather;
    struct evidence evidence;
    struct starter starter;
};

static void close_init(struct init *init)
{
    close_workplace(&init->place);
}

static bool check_place(struct init *init, struct error *err)
{
    if (cli_flag(init->cli, "force") || !workplace_has(&init->place, POLICY_FILE))
        return true;
    error_set(err, FAULT_USAGE, "is there already, and is left as it is");
    error_hint(err, "`qgate init --force` writes it anew; `qgate check` judges by it");
    return error_at(err, POLICY_FILE, 0, 0);
}

static bool find_reports(struct init *init, struct error *err)
{
    struct words globs = {0};
    const struct words *given = &init->cli->arguments;
    pipeline_read(&init->place, init->mem, &init->pipeline);
    for (size_t i = 0; i < init->pipeline.reports.count; i++)
        array_push(init->mem, &globs, init->pipeline.reports.items[i].path);
    if (given->count > 0)
        return gather_given(&init->place, given, init->mem, &init->gather, err);
    return gather_found(&init->place, &globs, init->mem, &init->gather, err);
}

static bool is_here(const struct init *init, const struct pipeline_report *report)
{
    for (size_t i = 0; i < init->gather.paths.count; i++)
        if (glob_match(report->path, init->gather.paths.items[i]))
            return true;
    return false;
}

static void find_absent(struct init *init)
{
    for (size_t i = 0; i < init->pipeline.reports.count; i++)
        if (!is_here(init, &init->pipeline.reports.items[i]))
            array_push(init->mem, &init->absent, init->pipeline.reports.items[i]);
}

static void read_reports(struct init *init)
{
    struct report_entries entries = {0};
    struct progress progress;
    static const struct policy plain = {.unmatched = ON_UNMATCHED_WARN};
    for (size_t i = 0; i < init->gather.entries.count; i++)
        array_push(init->mem, &entries, init->gather.entries.items[i].entry);
    progress_begin(&progress, init->context, false);
    struct intake intake = {
        .place = &init->place,
        .commit = init->place.history.commit,
        .now_s = init->context->now_s,
        .policy = &plain,
        .progress = &progress,
        .mem = init->mem,
    };
    intake_entries(&intake, &entries, &init->evidence);
    progress_end(&progress);
}

static bool write_policy(struct init *init, struct error *err)
{
    init->starter = (struct starter){
        .gather = &init->gather,
        .absent = &init->absent,
        .evidence = &init->evidence,
        .branch = init->place.history.branch,
        .today = context_today(init->context),
        .mem = init->mem,
    };
    if (!starter_write(&init->starter, err))
        return false;
    AUTO(close_draft)
    struct draft draft = {.folder = fcntl(init->place.fd, F_DUPFD_CLOEXEC, 0), .name = POLICY_FILE};
    if (!draft_open(&draft, err))
        return error_at(err, POLICY_FILE, 0, 0);
    fputs(init->starter.text, draft.out);
    return draft_finish(&draft, err) || error_at(err, POLICY_FILE, 0, 0);
}

/* --- what is said ---------------------------------------------------------------------------- */

enum { LEAD = 12 };

static void say(const struct init *init, const char *lead, const char *text)
{
    page_paragraph(&init->page, 0, arena_printf(init->mem, "%-*s", LEAD, lead), text);
}

static void say_looked(const struct init *init)
{
    const struct pipeline *pipeline = &init->pipeline;
    size_t count = pipeline->reports.count;
    const char *text = "no " PIPELINE_FILE;
    if (pipeline->why_not != NULL)
        text =
            arena_printf(init->mem, PIPELINE_FILE ", which cannot be read (%s)", pipeline->why_not);
    else if (pipeline->there)
        text = arena_printf(init->mem, PIPELINE_FILE " (names %zu report%s)", count,
                            count == 1 ? "" : "s");
    say(init, "looked at",
        arena_printf(init->mem, "%s, %s", text,
                     init->cli->arguments.count > 0 ? "the reports named" : "all folders"));
}

/* Columns of the paths that are listed. */
static size_t path_columns(const struct init *init)
{
    enum { WIDEST = 44 };
    size_t columns = 0;
    for (size_t i = 0; i < init->gather.entries.count; i++) {
        size_t width = page_width(&init->page, init->gather.entries.items[i].entry.path);
        columns = width > columns && width <= WIDEST ? width : columns;
    }
    return columns;
}

/* One report: format, path and text in columns, the text below when the line is too short. */
static void say_report(const struct init *init, const char *lead, const char *format,
                       const char *path, const char *text)
{
    size_t width = page_width(&init->page, path), columns = path_columns(init);
    const char *left = arena_printf(init->mem, "%-10s  %s", format, path);
    const char *line = arena_printf(init->mem, "%s%*s  %s", left,
                                    width < columns ? (int)(columns - width) : 0, "", text);
    if (*text != '\0' && LEAD + page_width(&init->page, line) <= init->page.columns) {
        say(init, lead, line);
        return;
    }
    say(init, lead, left);
    if (*text != '\0')
        page_paragraph(&init->page, LEAD + 12, "", text);
}

static void say_found(const struct init *init)
{
    const struct gathereds *entries = &init->gather.entries;
    for (size_t i = 0; i < entries->count; i++) {
        const struct report_entry *entry = &entries->items[i].entry;
        bool again = i > 0 && entries->items[i - 1].entry.reader == entry->reader;
        bool more = i + 1 < entries->count && entries->items[i + 1].entry.reader == entry->reader;
        size_t files = entries->items[i].files;
        const char *text = again ? "" : today_summary(&init->evidence, entry->reader, init->mem);
        if (more && !again)
            text = arena_printf(init->mem, "%s, together", text);
        if (files > 1)
            text = arena_printf(init->mem, "%s%s%zu files", text, again ? "" : "; ", files);
        say_report(init, i == 0 ? "found" : "", again ? "" : entry->format, entry->path, text);
    }
}

static void say_absent(const struct init *init)
{
    for (size_t i = 0; i < init->absent.count; i++)
        say_report(init, i == 0 ? "not here" : "", init->absent.items[i].reader->name,
                   init->absent.items[i].path, "in " PIPELINE_FILE ": left as a comment");
    for (size_t i = 0; i < init->gather.left_out.count; i++)
        say_report(init, i == 0 ? "left out" : "", init->gather.left_out.items[i].format,
                   init->gather.left_out.items[i].path, init->gather.left_out.items[i].why);
}

static void say_next(const struct init *init)
{
    static const char *const job[] = {"qgate:", "  stage: .post", "  when: always",
                                      "  script:", "    - qgate check"};
    say(init, "next", "qgate check          what the job will say");
    say(init, "", "git add " POLICY_FILE "   and a job like this into " PIPELINE_FILE ":");
    for (size_t i = 0; i < sizeof job / sizeof job[0]; i++)
        fprintf(init->page.out, "%*s%s\n", LEAD + 4, "", job[i]);
    say(init, "",
        "Its image needs qgate. The jobs before it hand their reports on as `artifacts: paths`; "
        "`artifacts: reports` alone does not.");
}

static void tell(const struct init *init)
{
    say_looked(init);
    say_found(init);
    say_absent(init);
    say(init, "wrote",
        arena_printf(init->mem,
                     POLICY_FILE "  %zu gate%s, %zu rule%s at today's values: it passes "
                                 "now and cannot get worse",
                     init->starter.gates, init->starter.gates == 1 ? "" : "s", init->starter.rules,
                     init->starter.rules == 1 ? "" : "s"));
    say_next(init);
}

/* --- the command ----------------------------------------------------------------------------- */

static enum status nothing_found(const struct init *init)
{
    say_looked(init);
    say_absent(init);
    log_message("no report was found, so there is nothing to demand");
    fputs("hint: run the tests first, or name the reports: qgate init REPORT…\n", stderr);
    return finish_stdout(STATUS_NO_DATA);
}

static struct page page_of(const struct context *context)
{
    enum { NARROW = 60, WIDE = 100 };
    size_t columns = (size_t)context->columns;
    columns = columns < NARROW ? NARROW : columns > WIDE ? WIDE : columns;
    return (struct page){.out = stdout, .columns = columns, .utf8 = context->utf8};
}

static enum status draw_delivery(const struct context *context, const struct cli *cli)
{
    struct error err = {0};
    const struct page page = page_of(context);
    if (cli->arguments.count == 0 && !cli_flag(cli, "force"))
        return init_delivery(context, &page, cli_value(cli, "delivery"));
    error_set(&err, FAULT_USAGE, "--delivery goes alone");
    error_hint(&err, "it reads one repository, and never writes over a file");
    return give_up(&err);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    struct error err = {0};
    if (cli_value(cli, "delivery") != NULL)
        return draw_delivery(context, cli);
    AUTO(close_init)
    struct init init = {.context = context, .cli = cli, .mem = context->run};
    init.page = page_of(context);
    if (!workplace_open(&init.place, init.mem, &err) || !check_place(&init, &err))
        return give_up(&err);
    history_open(&init.place.history, init.mem);
    if (!find_reports(&init, &err))
        return give_up(&err);
    find_absent(&init);
    if (init.gather.entries.count == 0)
        return nothing_found(&init);
    read_reports(&init);
    if (!write_policy(&init, &err)) {
        enum status status = give_up(&err);
        return init.starter.rules == 0 ? STATUS_NO_DATA : status;
    }
    tell(&init);
    return finish_stdout(STATUS_PASSED);
}

const struct command init_command = {
    .name = "init",
    .arguments = "[REPORT…]",
    .title = "writes a first policy from the reports that are there, at today's values; or a first "
             "delivery.yml",
    .options = options,
    .run = run,
};
