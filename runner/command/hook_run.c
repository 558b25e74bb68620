/* What the pre-push hook does: every branch that is pushed is judged against what is pushed onto,
 * with the reports that lie on this disk.
 *
 * Only a gate that failed stops the push. What cannot be judged here (no report, an old one, a
 * policy with mistakes) is said and left to the pipeline: a laptop rarely has it all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gates/base/text.h"
#include "runner/command/command.h"
#include "runner/command/hearing.h"
#include "runner/command/hook.h"
#include "runner/command/stale.h"
#include "runner/log.h"
#include "runner/render/page.h"
#include "runner/render/words.h"

enum { INDENT = 2, RULE_COLUMNS = 40, MOST_LISTED = 10 };

/* A line of what git says on standard input. */
struct pushed {
    const char *branch; /* on the other side, without refs/heads/ */
    const char *commit; /* hexadecimal */
    const char *onto;   /* the commit that the branch has there; NULL: it is new */
};

/* One run of the hook. */
struct push {
    const struct context *context; /* of nobody's pipeline */
    const char *remote;            /* "origin"; "": its address is all that is known */
    struct page page;
    struct arena *mem;
    size_t failed;       /* branches */
    const char *command; /* that shows all of what failed last */
};

static void free_line(char **line)
{
    free(*line);
}

static bool is_zero(const char *commit)
{
    return commit[strspn(commit, "0")] == '\0';
}

/* The next word of a line, which is stepped over. */
static const char *next_word(const char **line, struct arena *mem)
{
    size_t len = strcspn(*line, " \n");
    const char *word = arena_copy(mem, *line, len);
    *line += len + ((*line)[len] == ' ');
    return word;
}

/* "refs/heads/x 1f… refs/heads/x 0a…". False: a deletion, a tag, or no such line. */
static bool parse(const char *line, struct arena *mem, struct pushed *pushed)
{
    static const char heads[] = "refs/heads/";
    next_word(&line, mem); /* how it is called here does not matter */
    const char *commit = next_word(&line, mem), *there = next_word(&line, mem);
    const char *onto = next_word(&line, mem);
    if (is_zero(commit) || *onto == '\0' || strncmp(there, heads, strlen(heads)) != 0)
        return false;
    *pushed = (struct pushed){.branch = there + strlen(heads), .commit = commit};
    if (!is_zero(onto))
        pushed->onto = onto;
    return true;
}

/* --- what is said --- */

static const char *shown(const struct push *push, const char *text)
{
    return text_keep(push->mem, text, strlen(text), 256);
}

static void put_unjudged(const struct push *push, const char *why)
{
    page_paragraph(&push->page, INDENT, "? ",
                   arena_printf(push->mem, "%s: not judged (CI will)", why));
}

static void put_failure(const struct push *push, const struct ruling *ruling)
{
    const char *rule =
        ruling->rule->any.count > 0 && *ruling->rule->text == '\0' ? "any" : ruling->rule->text;
    const char *value = words_value(push->mem, ruling);
    const char *why = *value != '\0' ? value : ruling->reason;
    if (ruling->each != NULL)
        why = arena_printf(push->mem, "%s: %s", ruling->each, why);
    if (*ruling->to_pass != '\0')
        why = arena_printf(push->mem, "%s: %s", why, ruling->to_pass);
    page_pair(&push->page, INDENT, RULE_COLUMNS,
              arena_printf(push->mem, "%s %s", push->page.utf8 ? "✗" : "x", rule), why,
              /* whole */ false);
}

/* Rules that failed, and why others were not judged, each reason once. */
struct account {
    const struct ruling *failed[MOST_LISTED];
    size_t failures;
    struct names reasons;
};

static bool is_stale(const struct evidence *evidence, const char *reason)
{
    for (size_t i = 0; i < evidence->sources.count; i++)
        if (evidence->sources.items[i].stale == reason && reason != NULL)
            return true;
    return false;
}

static void add_ruling(struct account *account, const struct evidence *evidence,
                       const struct ruling *ruling)
{
    bool unjudged = ruling->outcome == OUTCOME_NO_DATA || ruling->outcome == OUTCOME_ERROR ||
                    is_stale(evidence, ruling->reason);
    if (ruling->outcome == OUTCOME_FAILED && account->failures++ < MOST_LISTED)
        account->failed[account->failures - 1] = ruling;
    if (unjudged && *ruling->reason != '\0')
        names_add(&account->reasons, ruling->reason, strlen(ruling->reason));
}

static void add_verdict(struct account *account, const struct hearing *hearing)
{
    const struct verdict *verdict = &hearing->verdict;
    for (size_t i = 0; i < verdict->gates.count; i++) {
        const struct gate_ruling *gate = &verdict->gates.items[i];
        for (size_t j = 0; gate->waiver == NULL && j < gate->rulings.count; j++)
            add_ruling(account, &hearing->evidence, &gate->rulings.items[j]);
    }
    for (size_t i = 0; i < verdict->reports.count; i++)
        names_add(&account->reasons, verdict->reports.items[i].reason,
                  strlen(verdict->reports.items[i].reason));
}

static void put_more(const struct push *push, size_t count)
{
    if (count > MOST_LISTED)
        page_paragraph(&push->page, INDENT, "",
                       arena_printf(push->mem, "… and %zu more", count - MOST_LISTED));
}

static void put_verdict(const struct push *push, const struct hearing *hearing)
{
    struct account account = {0};
    names_init(&account.reasons, push->mem);
    add_verdict(&account, hearing);
    if (hearing->verdict.outcome == OUTCOME_FAILED && *hearing->verdict.reason != '\0')
        page_paragraph(&push->page, INDENT, push->page.utf8 ? "✗ " : "x ", hearing->verdict.reason);
    for (size_t i = 0; i < account.failures && i < MOST_LISTED; i++)
        put_failure(push, account.failed[i]);
    put_more(push, account.failures);
    for (size_t i = 0; i < account.reasons.texts.count && i < MOST_LISTED; i++)
        put_unjudged(push, account.reasons.texts.items[i]);
    put_more(push, account.reasons.texts.count);
}

static size_t count_judged(const struct verdict *verdict)
{
    size_t judged = 0;
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        if (outcome != OUTCOME_NOT_APPLICABLE && outcome != OUTCOME_NO_DATA &&
            outcome != OUTCOME_ERROR)
            judged += verdict->gate_counts[outcome];
    return judged;
}

static void put_head(const struct push *push, const struct hearing *hearing,
                     const struct timespec *begun)
{
    struct timespec now;
    const struct comparison *comparison = &hearing->comparison;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds =
        (double)(now.tv_sec - begun->tv_sec) + (double)(now.tv_nsec - begun->tv_nsec) / 1e9;
    const char *against =
        comparison->target == NULL ? "its first parent" : shown(push, comparison->target);
    page_paragraph(&push->page, 0, "qgate: ",
                   arena_printf(push->mem, "%s judged against %s in %.1f s",
                                words_count(push->mem, count_judged(&hearing->verdict), "gate"),
                                against, seconds));
}

/* --- one branch --- */

/* As `qgate check` at this commit, but for the reports that are older than what was changed. False
 * with err or found: it cannot be judged. */
static bool judge_commit(struct hearing *hearing, struct problems *found, struct error *err)
{
    if (!hearing_policy(hearing, found, err) || found->count > 0 || !hearing_stage(hearing, err) ||
        !hearing_reports(hearing, err))
        return false;
    hearing_read(hearing);
    hearing_delivery(hearing);
    stale_mark(hearing);
    hearing_judge(hearing);
    return true;
}

/* A branch may be called anything; what is to be pasted into a shell may not. */
static const char *command_for(const struct push *push, const struct comparison *comparison)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-";
    const char *target = comparison->target;
    if (target == NULL || *target == '-' || target[strspn(target, plain)] != '\0')
        return "qgate check";
    return arena_printf(push->mem, "qgate check --target %s", target);
}

static void judge_pushed(struct push *push, const struct pushed *pushed)
{
    struct error err = {0};
    struct problems found;
    struct timespec begun;
    AUTO(close_hearing) struct hearing hearing = {.place.fd = -1};
    const struct hearing_wanted wanted = {.context = push->context, .target = pushed->onto};
    problems_init(&found, push->mem);
    clock_gettime(CLOCK_MONOTONIC, &begun);
    if (!hearing_open(&hearing, &wanted, &err)) {
        put_unjudged(push, err.what);
        return;
    }
    if (strcmp(hearing.place.history.commit, pushed->commit) != 0) {
        put_unjudged(push, arena_printf(push->mem, "%s is not what is checked out",
                                        shown(push, pushed->branch)));
        return;
    }
    hearing_compare(&hearing);
    if (pushed->onto != NULL)
        hearing.comparison.target = arena_printf(push->mem, "%s%s%s", push->remote,
                                                 *push->remote == '\0' ? "" : "/", pushed->branch);
    if (!judge_commit(&hearing, &found, &err)) {
        put_unjudged(push, found.count == 0
                               ? err.what
                               : arena_printf(push->mem, "%s has mistakes (qgate validate)",
                                              hearing.choice.origin));
        return;
    }
    put_head(push, &hearing, &begun);
    put_verdict(push, &hearing);
    if (hearing.verdict.outcome != OUTCOME_FAILED)
        return;
    push->failed++;
    push->command = command_for(push, &hearing.comparison);
}

/* --- the whole --- */

enum status hook_run(const struct context *context, const char *remote)
{
    enum { COLUMNS = 100 };
    AUTO(free_line) char *line = NULL;
    size_t room = 0;
    struct context laptop = *context;
    laptop.ci = (struct ci){0};
    laptop.in_ci = true; /* the commit is judged, not the work tree */
    struct push push = {.context = &laptop,
                        .remote = strpbrk(remote, ":/@") == NULL ? remote : "",
                        .page = {.out = stdout, .columns = COLUMNS, .utf8 = context->utf8},
                        .mem = context->run};
    while (getline(&line, &room, stdin) >= 0) {
        struct pushed pushed;
        if (parse(line, push.mem, &pushed))
            judge_pushed(&push, &pushed);
    }
    if (push.failed > 0)
        printf("push stopped. %s shows all; git push --no-verify pushes anyway\n", push.command);
    return finish_stdout(push.failed > 0 ? STATUS_FAILED : STATUS_PASSED);
}
