/* `qgate measures`: every number and word a rule can ask for. */
#include <string.h>

#include "gates/measure/catalogue.h"
#include "runner/command/command.h"
#include "runner/log.h"
#include "runner/scd.h"

static const struct cli_option options[] = {
    {"scd", NULL, "as entries for the manual"},
    {0},
};

static const char *or_dash(const char *text)
{
    return text == NULL || *text == '\0' ? "-" : text;
}

static void print_rows(const struct measure *rows)
{
    for (const struct measure *m = rows; m->id != NULL; m++)
        printf("%-32s %-4s %-5s %-32s %s\n", m->id, or_dash(unit_name(m->unit)),
               or_dash(better_name(m->better)), or_dash(m->labels), m->meaning);
}

/* `of the unit %`, and what else there is to say of it in the manual. */
static void print_entries(const struct measure *rows)
{
    for (const struct measure *m = rows; m->id != NULL; m++)
        scd_entry(stdout, m->id, unit_name(m->unit), "%s%s%s%s%s%s%s", m->meaning,
                  m->better == BETTER_NEITHER ? "" : "; better: ", better_name(m->better),
                  m->labels == NULL ? "" : "; labels: ", m->labels == NULL ? "" : m->labels,
                  "; from: ", m->formats);
}

static void print_whole(const char *id, const struct measure *m)
{
    printf("%s\n  %s\n", id, m->meaning);
    printf("  unit      %s\n", or_dash(unit_name(m->unit)));
    printf("  better    %s\n", or_dash(better_name(m->better)));
    if (m->words != NULL)
        printf("  states    %s\n", m->words);
    const char *own = m->labels == NULL ? "" : m->labels, *common = catalogue_common_labels(m);
    printf("  labels    %s%s%s\n", own, *own != '\0' && *common != '\0' ? " " : "", common);
    printf("  scopes    %s\n", or_dash(m->scopes));
    printf("  formats   %s\n", or_dash(m->formats));
    if (m->improve != NULL && *m->improve != '\0')
        printf("  improve   %s\n", m->improve);
    if (catalogue_is_later(m))
        puts("  this version cannot judge it yet");
}

static enum status print_named(const char *id)
{
    const struct measure *measure = catalogue_find(id);
    if (measure != NULL) {
        print_whole(id, measure);
        return STATUS_PASSED;
    }
    struct error err = {0};
    const char *nearest = catalogue_suggest(id);
    error_set(&err, FAULT_USAGE, "there is no measure \"%s\"", id);
    if (nearest != NULL)
        error_hint(&err, "did you mean %s?", nearest);
    else
        error_hint(&err, "`qgate measures` lists them");
    return give_up(&err);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    (void)context;
    enum status status = STATUS_PASSED;
    if (cli_flag(cli, "scd"))
        print_entries(catalogue);
    else if (cli->arguments.count == 0)
        print_rows(catalogue);
    for (size_t i = 0; i < cli->arguments.count; i++)
        status = status_worse(status, print_named(cli->arguments.items[i]));
    return finish_stdout(status);
}

const struct command measures_command = {
    .name = "measures",
    .arguments = "[MEASURE…]",
    .title = "lists what a rule can ask for: measure, unit, better, labels, meaning",
    .options = options,
    .run = run,
};
