/* Which paths of coverage reports are files of the repository, which are not and why, what would
 * repair it, and which changed files a report has to list. */
#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/text.h"
#include "gates/judge/expected.h"
#include "gates/model/proposal.h"
#include "runner/command/command.h"
#include "runner/command/explain.h"
#include "runner/command/hearing.h"
#include "runner/log.h"

enum { LEAD = 12, SUBJECT_COLUMNS = 40, MOST_LISTED = 50, MOST_ROOTS = 10 };

struct talk {
    const struct page *page;
    struct hearing *hearing;
    struct arena *mem;
    struct selector selector; /* every line of every coverage report */
};

/* "matched     text" */
static void put(const struct talk *t, const char *word, const char *text)
{
    page_paragraph(t->page, 0, arena_printf(t->mem, "%-*s", LEAD, word), text);
}

static void put_item(const struct talk *t, const char *subject, const char *text)
{
    page_pair(t->page, LEAD, SUBJECT_COLUMNS, subject, text, /* whole */ true);
}

static void put_more(const struct talk *t, size_t count, size_t most)
{
    if (count > most)
        page_paragraph(t->page, LEAD, "", arena_printf(t->mem, "… and %zu more", count - most));
}

static const char *joined(const struct words *words, size_t most, struct arena *mem)
{
    const char *text = "";
    for (size_t i = 0; i < words->count && i < most; i++)
        text = arena_printf(mem, "%s%s%s", text, i == 0 ? "" : ", ", words->items[i]);
    return words->count > most ? arena_printf(mem, "%s, …", text) : text;
}

/* --- paths of reports --- */

struct strays ARRAY(const struct covered_file *);

struct tally {
    size_t total, matched;
    struct strays ambiguous, unmatched;
    struct names roots;
};

static void count_paths(const struct talk *t, struct tally *tally)
{
    const struct sources *sources = &t->hearing->evidence.sources;
    names_init(&tally->roots, t->mem);
    for (size_t i = 0; i < sources->count; i++) {
        const struct coverage *coverage = &sources->items[i].coverage;
        tally->total += coverage->files.count;
        for (size_t j = 0; j < coverage->roots.count; j++)
            names_add(&tally->roots, coverage->roots.items[j], strlen(coverage->roots.items[j]));
        for (size_t j = 0; j < coverage->files.count; j++) {
            const struct covered_file *file = &coverage->files.items[j];
            if (file->matched)
                tally->matched++;
            else
                array_push(t->mem,
                           file->candidates.count > 0 ? &tally->ambiguous : &tally->unmatched,
                           file);
        }
    }
}

static const char *why_ambiguous(const struct talk *t, const struct covered_file *file)
{
    bool all = file->candidates.count < MOST_CANDIDATES;
    return arena_printf(t->mem, "may be %s%s", joined(&file->candidates, SIZE_MAX, t->mem),
                        all ? "" : " or others");
}

static const char *why_unmatched(const struct talk *t, const struct covered_file *file)
{
    const char *nearest;
    size_t tail;
    if (file->mapped)
        return arena_printf(t->mem, "`paths.map` makes it %s, which is no file", file->path);
    if (path_index_nearest(t->hearing->evidence.files, file->raw, 1, &nearest, &tail) == 0)
        return "no file of the repository has this name";
    return arena_printf(t->mem, "the nearest is %s", nearest);
}

static void put_strays(const struct talk *t, const char *word, const struct strays *strays,
                       const char *one, const char *many,
                       const char *(*why)(const struct talk *t, const struct covered_file *file))
{
    if (strays->count == 0)
        return;
    put(t, word, arena_printf(t->mem, "%zu %s", strays->count, strays->count == 1 ? one : many));
    for (size_t i = 0; i < strays->count && i < MOST_LISTED; i++)
        put_item(t, strays->items[i]->raw, why(t, strays->items[i]));
    put_more(t, strays->count, MOST_LISTED);
}

static void put_proposal(const struct talk *t, const struct tally *tally)
{
    struct proposal proposal;
    if (tally->matched == tally->total)
        return;
    if (!proposal_find(&t->hearing->evidence, NULL, t->mem, &proposal)) {
        put(t, "proposed", "nothing: no rule of `paths.map` makes more of them match for certain");
        return;
    }
    put(t, "proposed",
        arena_printf(t->mem, "with this rule in %s %s:", POLICY_FILE,
                     proposal_effect(&proposal, t->mem)));
    /* one line, to be copied; names of files may hold anything */
    const char *rule = proposal_text(&proposal, t->mem);
    fprintf(t->page->out, "%*s%s\n", LEAD, "", text_keep(t->mem, rule, strlen(rule), SIZE_MAX));
}

static void put_paths(const struct talk *t)
{
    struct tally tally = {0};
    count_paths(t, &tally);
    put(t, "matched",
        arena_printf(t->mem, "%zu of %zu paths of coverage reports are files of the repository",
                     tally.matched, tally.total));
    put_strays(t, "ambiguous", &tally.ambiguous, "path may be several files, and is taken for none",
               "paths may be several files, and are taken for none", why_ambiguous);
    put_strays(t, "unmatched", &tally.unmatched, "path is no file of the repository",
               "paths are no files of the repository", why_unmatched);
    if (tally.roots.texts.count > 0)
        put(t, "roots", joined(&tally.roots.texts, MOST_ROOTS, t->mem));
    put_proposal(t, &tally);
}

/* --- changed files --- */

static const char *why_not_expected(const struct talk *t, struct expected *expected,
                                    const struct changed_file *file)
{
    if (file->how == CHANGE_DELETED)
        return "it is deleted";
    if (file->added.count == 0 && !file->binary)
        return "no line of it is new";
    if (globs_match(&t->hearing->choice.policy.ignore, file->path))
        return "`paths.ignore` leaves it out";
    return expected_why_not(expected, &t->selector, file);
}

static bool is_listed(const struct talk *t, const char *path, const char **report)
{
    const struct sources *sources = &t->hearing->evidence.sources;
    for (size_t i = 0; i < sources->count; i++)
        for (size_t j = 0; j < sources->items[i].coverage.files.count; j++) {
            const struct covered_file *file = &sources->items[i].coverage.files.items[j];
            if (!file->matched || strcmp(file->path, path) != 0)
                continue;
            *report = sources->items[i].name;
            return true;
        }
    return false;
}

static const char *what_of(const struct talk *t, struct expected *expected,
                           const struct changed_file *file, const char *why_not)
{
    const char *report;
    if (is_listed(t, file->path, &report))
        return arena_printf(t->mem, "is in %s", report);
    if (why_not != NULL)
        return arena_printf(t->mem, "need not be: %s", why_not);
    const char *other = expected_elsewhere(expected, &t->selector, file->path);
    return other == NULL ? "is in no report"
                         : arena_printf(t->mem, "is in no report: one says %s", other);
}

static void put_change(const struct talk *t)
{
    const struct change *change = &t->hearing->change;
    struct expected expected;
    size_t wanted = 0;
    if (change->why_not != NULL) {
        put(t, "expected",
            arena_printf(t->mem, "it is not known what changed: %s", change->why_not));
        return;
    }
    expected_begin(&expected, &t->hearing->choice.policy.sources, &t->hearing->evidence, t->mem);
    for (size_t i = 0; i < change->files.count; i++)
        wanted += why_not_expected(t, &expected, &change->files.items[i]) == NULL;
    put(t, "expected",
        arena_printf(t->mem, "%zu of %zu changed files must be in a report: %s", wanted,
                     change->files.count,
                     t->hearing->choice.policy.sources.count > 0
                         ? "what `paths.sources` names"
                         : "source code of a kind that a report lists, but no tests (or what "
                           "`paths.sources` names)"));
    for (size_t i = 0; i < change->files.count && i < MOST_LISTED; i++) {
        const struct changed_file *file = &change->files.items[i];
        put_item(t, file->path, what_of(t, &expected, file, why_not_expected(t, &expected, file)));
    }
    put_more(t, change->files.count, MOST_LISTED);
}

/* --- the whole --- */

/* Only reports that name source files. */
static void keep_coverage(struct report_entries *entries, const struct measure *measure)
{
    size_t kept = 0;
    for (size_t i = 0; i < entries->count; i++)
        if (catalogue_gives(measure, entries->items[i].format))
            entries->items[kept++] = entries->items[i];
    entries->count = kept;
}

static void put_unread(const struct talk *t)
{
    const struct sources *sources = &t->hearing->evidence.sources;
    for (size_t i = 0; i < sources->count; i++)
        for (size_t j = 0; j < sources->items[i].inputs.count; j++) {
            const struct input_record *input = &sources->items[i].inputs.items[j];
            if (input->state == INPUT_MISSING && !sources->items[i].optional)
                put_item(t, input->path, "is not there");
            else if (input->state == INPUT_BROKEN)
                put_item(t, input->path,
                         arena_printf(t->mem, "cannot be read: %s", input->error->what));
        }
}

static void tell(const struct talk *t)
{
    const struct hearing *hearing = t->hearing;
    const char *why_not = hearing->place.history.root == NULL ? "no git repository is here"
                                                              : hearing->place.history.why_not;
    put(t, "reports", arena_printf(t->mem, "of %s", hearing->choice.origin));
    put_unread(t);
    if (hearing->evidence.files == NULL)
        put(t, "matched", why_not != NULL ? why_not : "no coverage report names a source file");
    else
        put_paths(t);
    put_change(t);
}

/* The work tree's policy: the one that is being written. Reports that are given stand in for its
 * own. */
static bool gather(struct hearing *hearing, const struct hearing_wanted *wanted,
                   const struct measure *measure, struct problems *found, struct error *err)
{
    struct report_entries *entries = &hearing->choice.policy.reports;
    if (!hearing_open(hearing, wanted, err))
        return false;
    hearing_compare(hearing);
    if (!hearing_policy(hearing, found, err))
        return false;
    if (found->count > 0)
        return true;
    if (wanted->paths->count > 0)
        entries->count = 0;
    bool had = entries->count > 0;
    keep_coverage(entries, measure);
    if ((!had || entries->count > 0) && !hearing_reports(hearing, err))
        return false;
    keep_coverage(entries, measure);
    hearing_read(hearing);
    return true;
}

enum status explain_paths(const struct context *context, const struct page *page,
                          const struct words *reports)
{
    struct error err = {0};
    struct problems found;
    AUTO(close_hearing) struct hearing hearing = {.place.fd = -1};
    const struct hearing_wanted wanted = {
        .context = context, .from_work_tree = true, .paths = reports};
    const struct measure *measure = catalogue_find("coverage.lines");
    problems_init(&found, context->run);
    if (!gather(&hearing, &wanted, measure, &found, &err))
        return give_up(&err);
    if (found.count > 0) {
        log_problems(&found);
        return STATUS_USAGE;
    }
    const struct talk talk = {.page = page,
                              .hearing = &hearing,
                              .mem = context->run,
                              .selector = {.measure = measure, .id = measure->id}};
    tell(&talk);
    return STATUS_PASSED;
}
