/* One note for the verdicts of a run: written, kept current, or left alone. */
#include <stdlib.h>
#include <string.h>

#include "runner/publish/parts.h"
#include "runner/render/escape.h"
#include "runner/render/markdown.h"
#include "runner/render/words.h"

enum { MOST_BYTES = 950000 }; /* of verdicts; GitLab takes 1,000,000 characters */

/* The text of a note before its marker. */
struct summary {
    const char *text;
    const char *marker;
};

/* A verdict as Markdown without its marker: a note has one. NULL with err. Every verdict has the
 * same room for rows. */
static char *text_of(const struct edition *edition, const struct view *view, struct error *err)
{
    size_t room = MARKDOWN_ROOM / edition->publication->views.count;
    char *text = NULL, *kept = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    bool done = out != NULL && markdown_write(view, room, out, err);
    done = (out == NULL || fclose(out) == 0) && done;
    if (done) {
        kept = arena_copy(edition->mem, text, len);
        kept[len - 1] = '\0'; /* the line break */
        strrchr(kept, '\n')[1] = '\0';
    } else {
        error_set(err, FAULT_SYSTEM, "the note cannot be written");
    }
    free(text);
    return kept;
}

/* The policy and the stages, each once, so that it does not matter how many jobs a stage has: one
 * note for each. */
static const char *marker_of(const struct edition *edition)
{
    const struct views *views = &edition->publication->views;
    struct arena *mem = edition->mem;
    const char *text = "";
    struct names stages;
    names_init(&stages, mem);
    for (size_t i = 0; i < views->count; i++)
        names_add(&stages, views->items[i]->stage, strlen(views->items[i]->stage));
    for (size_t i = 0; i < stages.texts.count; i++)
        text = arena_printf(mem, "%s%s%s", text, i == 0 ? "" : "+",
                            escape_percent(mem, stages.texts.items[i]));
    return arena_printf(mem, "<!-- qgate:note v1 policy=%s stage=%s -->",
                        escape_percent(mem, views->items[0]->policy->path), text);
}

/* Where the verdicts come from, and findings that are shown at no line. Each line begins with a
 * character of ours. */
static const char *remarks_of(const struct edition *edition)
{
    const struct {
        size_t count;
        const char *why;
    } missing[] = {
        {edition->too_many, "there are too many"},
        {edition->elsewhere, "this merge request does not show the lines"},
        {edition->refused, "GitLab did not take it"},
    };
    struct arena *mem = edition->mem;
    const char *text = "";
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        if (missing[i].count > 0)
            text = arena_printf(mem, "%s%s without a thread: %s.\n\n", text,
                                words_count(mem, missing[i].count, "finding"), missing[i].why);
    if (!edition->publication->untrusted)
        return text;
    const struct gitlab_job *job = edition->publication->job;
    const char *whose = job == NULL
                            ? "a job of this branch"
                            : arena_printf(mem, "the job %s of %s", escape_span(mem, job->name),
                                           escape_span(mem, job->user));
    return arena_printf(mem, "%s<sub>Reported by a file that %s left.</sub>\n", text, whose);
}

static size_t rules_of(const struct view *view)
{
    size_t count = 0;
    for (size_t i = 0; i < view->verdict->gates.count; i++)
        count += view->verdict->gates.items[i].rulings.count;
    return count;
}

static bool add_verdict(const struct edition *edition, const struct view *view,
                        struct summary *summary, struct error *err)
{
    char *text = text_of(edition, view, err);
    if (text == NULL)
        return false;
    if (strlen(summary->text) + strlen(text) > MOST_BYTES) { /* what is no row of many verdicts */
        text[strcspn(text, "\n")] = '\0';
        text = arena_printf(edition->mem, "%s\n\n… and %s: too many verdicts for a note.\n", text,
                            words_count(edition->mem, rules_of(view), "rule"));
    }
    summary->text = arena_printf(edition->mem, "%s%s\n", summary->text, text);
    return true;
}

/* The worst verdict first: an e-mail shows the first line. */
static bool write_summary(const struct edition *edition, struct summary *summary, struct error *err)
{
    const struct views *views = &edition->publication->views;
    summary->marker = marker_of(edition);
    summary->text = "";
    for (enum outcome o = OUTCOME_COUNT; o-- > 0;)
        for (size_t i = 0; i < views->count; i++)
            if (views->items[i]->verdict->outcome == o &&
                !add_verdict(edition, views->items[i], summary, err))
                return false;
    summary->text =
        arena_printf(edition->mem, "%s%s%s\n", summary->text, remarks_of(edition), summary->marker);
    return true;
}

/* The next line that is no small print, with its length; NULL at the end. */
static const char *next_line(const char **at, size_t *len)
{
    while (**at != '\0') {
        const char *line = *at;
        *len = strcspn(line, "\n");
        *at = line + *len + (line[*len] == '\n');
        if (strncmp(line, "<sub>", 5) != 0)
            return line;
    }
    return NULL;
}

/* Is it about the same, but for the small print? */
static bool says_the_same(const char *a, const char *b)
{
    for (;;) {
        size_t a_len = 0, b_len = 0;
        const char *one = next_line(&a, &a_len), *other = next_line(&b, &b_len);
        if (one == NULL || other == NULL)
            return one == other;
        if (a_len != b_len || strncmp(one, other, a_len) != 0)
            return false;
    }
}

/* GitLab keeps a text without white space at its end, and with line feeds alone. */
static bool is_equal(const char *posted, const char *text)
{
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == '\n')
        len--;
    return strncmp(posted, text, len) == 0 && strspn(posted + len, "\r\n ") == strlen(posted + len);
}

/* The oldest note of ours; the others are of pipelines that raced, and go. */
static bool find_note(struct edition *edition, const char *marker, const struct gitlab_note **found,
                      struct error *err)
{
    bool done = true;
    *found = NULL;
    for (size_t i = 0; i < edition->discussions.count; i++) {
        const struct gitlab_note *note = &edition->discussions.items[i].notes.items[0];
        const char *line = edition_last_line(edition, note);
        if (line == NULL || strcmp(line, marker) != 0)
            continue;
        const struct gitlab_note *older = *found == NULL || note->id < (*found)->id ? note : *found;
        const struct gitlab_note *younger = older == note ? *found : note;
        if (younger != NULL &&
            gitlab_note_delete(edition->gitlab, younger->id, edition->mem, err) != GITLAB_DONE)
            done = false;
        *found = older;
    }
    return done;
}

static bool put(struct edition *edition, const struct gitlab_note *note,
                const struct summary *summary, struct error *err)
{
    return gitlab_note_put(edition->gitlab, note->id, summary->text, edition->mem, err) ==
           GITLAB_DONE;
}

/* Post it. A POST that was lost may have done it; and another pipeline may have been faster, whose
 * note stays and says from now on what this one found. */
static bool post(struct edition *edition, const struct summary *summary, struct error *err)
{
    enum { TRIES = 2 };
    for (int i = 0; i < TRIES; i++) {
        struct error why = {0};
        const struct gitlab_note *note;
        enum gitlab_result result =
            gitlab_note_post(edition->gitlab, summary->text, edition->mem, &why);
        if (result != GITLAB_DONE && result != GITLAB_LOST) {
            *err = why;
            return false;
        }
        if (!edition_list(edition, err) || !find_note(edition, summary->marker, &note, err))
            return false;
        if (note != NULL)
            return is_equal(note->body, summary->text) || put(edition, note, summary, err);
        if (result == GITLAB_DONE)
            return true;
    }
    return error_set(err, FAULT_REMOTE, "the note was sent and is not there");
}

static bool all_passed(const struct views *views)
{
    for (size_t i = 0; i < views->count; i++)
        if (views->items[i]->verdict->outcome != OUTCOME_PASSED ||
            view_fails_by_warning(views->items[i]))
            return false;
    return true;
}

bool note_sync(struct edition *edition, struct error *err)
{
    const struct publication *publication = edition->publication;
    enum publish_note wanted = publication->wanted.note;
    const struct gitlab_note *note;
    struct summary summary;
    if (wanted == NOTE_NEVER)
        return true;
    if (!write_summary(edition, &summary, err) || !find_note(edition, summary.marker, &note, err))
        return false;
    if (note == NULL)
        return (wanted == NOTE_ON_FAIL && all_passed(&publication->views)) ||
               post(edition, &summary, err);
    if (is_equal(note->body, summary.text) ||
        (wanted == NOTE_ON_CHANGE && says_the_same(note->body, summary.text)))
        return true;
    return put(edition, note, &summary, err);
}
