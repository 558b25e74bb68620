/* A thread at the lines of each finding that this change brought: opened once, resolved when the
 * finding is gone, opened again when it comes back. What people answered stays. */
#include <string.h>

#include "gates/base/names.h"
#include "runner/publish/parts.h"
#include "runner/render/escape.h"
#include "runner/render/words.h"

enum { MOST_THREADS = 30 };

/* A finding that should have a thread. */
struct remark {
    const struct gate *gate;
    const struct ruling *ruling;
    const struct finding *finding;
    const char *marker;
    const struct gitlab_discussion *thread; /* that it has; NULL: none yet */
};

struct remarks ARRAY(struct remark);

/* The threads of this policy and stage; NULL end of a line. */
static const char *marker_of(const struct edition *edition, const struct view *view,
                             const char *fingerprint)
{
    return arena_printf(edition->mem, "<!-- qgate:thread v1 policy=%s stage=%s id=%s -->",
                        escape_percent(edition->mem, view->policy->path),
                        escape_percent(edition->mem, view->stage), fingerprint);
}

static bool is_wanted(const struct publish_gitlab *wanted, const struct ruling *ruling,
                      const struct detail *detail)
{
    const struct finding *finding = detail->finding;
    bool judged = ruling->outcome == OUTCOME_FAILED || ruling->outcome == OUTCOME_WARNED;
    bool placed = finding != NULL && finding->path != NULL && finding->line > 0 &&
                  finding->fingerprint != NULL && detail->waiver == NULL;
    return judged && placed &&
           (wanted->threads == THREADS_ALL || ruling->rule->function == FUNCTION_NEW);
}

static void add_remark(struct edition *edition, struct names *seen, const struct remark *remark,
                       struct remarks *all)
{
    size_t count = seen->texts.count;
    if (names_add(seen, remark->marker, strlen(remark->marker)) == count)
        array_push(edition->mem, all, *remark);
}

static void gather_gate(struct edition *edition, const struct view *view,
                        const struct gate_ruling *gate, struct names *seen, struct remarks *all)
{
    const struct publish_gitlab *wanted = &edition->publication->wanted;
    for (size_t i = 0; i < gate->rulings.count && gate->waiver == NULL; i++) {
        const struct ruling *ruling = &gate->rulings.items[i];
        for (size_t j = 0; j < ruling->details.count; j++) {
            const struct detail *detail = &ruling->details.items[j];
            if (!is_wanted(wanted, ruling, detail))
                continue;
            const char *marker = marker_of(edition, view, detail->finding->fingerprint);
            struct remark remark = {gate->gate, ruling, detail->finding, marker, NULL};
            add_remark(edition, seen, &remark, all);
        }
    }
}

static void gather(struct edition *edition, struct remarks *all)
{
    const struct publication *publication = edition->publication;
    struct names seen;
    names_init(&seen, edition->mem);
    if (publication->wanted.threads == THREADS_NONE)
        return;
    for (size_t i = 0; i < publication->views.count; i++) {
        const struct view *view = publication->views.items[i];
        for (size_t j = 0; j < view->verdict->gates.count; j++)
            gather_gate(edition, view, &view->verdict->gates.items[j], &seen, all);
    }
}

/* --- what stands there ------------------------------------------------------------------------ */

/* Is it a thread of ours, of one of these verdicts? */
static bool is_ours(const struct edition *edition, const struct gitlab_discussion *discussion)
{
    const struct views *views = &edition->publication->views;
    const struct gitlab_note *note = &discussion->notes.items[0];
    const char *end = strrchr(note->body, '<');
    if (discussion->single || note->author != edition->user.id || end == NULL)
        return false;
    for (size_t i = 0; i < views->count; i++) {
        const char *marker = marker_of(edition, views->items[i], "");
        if (strncmp(end, marker, strlen(marker) - strlen(" -->")) == 0)
            return edition_owns(edition, note, end);
    }
    return false;
}

static struct remark *remark_of(const struct edition *edition, struct remarks *all,
                                const struct gitlab_discussion *discussion)
{
    for (size_t i = 0; i < all->count; i++)
        if (edition_owns(edition, &discussion->notes.items[0], all->items[i].marker))
            return &all->items[i];
    return NULL;
}

static bool is_done(enum gitlab_result result)
{
    return result == GITLAB_DONE;
}

/* The finding is gone. */
static bool end_thread(struct edition *edition, const struct gitlab_discussion *thread,
                       struct error *err)
{
    const struct view *view = edition->publication->views.items[0];
    if (thread->notes.items[0].resolved)
        return true;
    const char *word = arena_printf(edition->mem, "Gone since `%.12s`.", view->source_commit);
    return is_done(gitlab_thread_reply(edition->gitlab, thread->id, word, edition->mem, err)) &&
           is_done(gitlab_thread_resolve(edition->gitlab, thread->id, true, edition->mem, err));
}

/* It came back. A thread that a person resolved while the finding is still there stays resolved. */
static bool keep_thread(struct edition *edition, const struct gitlab_discussion *thread,
                        struct error *err)
{
    const struct gitlab_notes *notes = &thread->notes;
    const struct gitlab_note *last = &notes->items[notes->count - 1];
    bool ended_by_us = notes->count > 1 && last->author == edition->user.id &&
                       strncmp(last->body, "Gone since ", 11) == 0;
    if (!notes->items[0].resolved || !ended_by_us)
        return true;
    const struct view *view = edition->publication->views.items[0];
    const char *word = arena_printf(edition->mem, "Back since `%.12s`.", view->source_commit);
    return is_done(gitlab_thread_resolve(edition->gitlab, thread->id, false, edition->mem, err)) &&
           is_done(gitlab_thread_reply(edition->gitlab, thread->id, word, edition->mem, err));
}

static bool update(struct edition *edition, struct remarks *all, struct error *err)
{
    bool done = true;
    for (size_t i = 0; i < edition->discussions.count; i++) {
        const struct gitlab_discussion *discussion = &edition->discussions.items[i];
        if (!is_ours(edition, discussion))
            continue;
        struct remark *remark = remark_of(edition, all, discussion);
        if (remark == NULL) {
            done = end_thread(edition, discussion, err) && done;
            continue;
        }
        if (remark->thread == NULL)
            done = keep_thread(edition, discussion, err) && done;
        remark->thread = discussion;
    }
    return done;
}

/* --- what is new ------------------------------------------------------------------------------ */

static const char *title_of(const struct edition *edition, const struct finding *finding)
{
    if (finding->family == FAMILY_COVERAGE) {
        uint32_t count =
            finding->last_line < finding->line ? 1 : finding->last_line - finding->line + 1;
        return count == 1 ? "**No test runs this line.**"
                          : arena_printf(edition->mem, "**No test runs these %u lines.**", count);
    }
    const char *rule = finding->rule == NULL ? "a finding" : finding->rule;
    const char *message = finding->message == NULL ? "" : finding->message;
    return arena_printf(edition->mem, "**%s, %s**%s%s", escape_span(edition->mem, rule),
                        severity_name(finding->severity), *message == '\0' ? "" : " ",
                        *message == '\0' ? "" : escape_span(edition->mem, message));
}

static const char *body_of(const struct edition *edition, const struct remark *remark)
{
    const struct ruling *ruling = remark->ruling;
    const char *why = ruling->rule->why != NULL ? ruling->rule->why : remark->gate->why;
    const char *value = words_value(edition->mem, ruling);
    return arena_printf(
        edition->mem, "%s\n\n<sub>qgate, gate %s: %s%s%s%s%s%s%s</sub>\n\n%s",
        title_of(edition, remark->finding), escape_span(edition->mem, remark->gate->name),
        escape_span(edition->mem, ruling->rule->text), *value == '\0' ? "" : " is at ",
        *value == '\0' ? "" : escape_span(edition->mem, value),
        *ruling->to_pass == '\0' ? "" : "; to pass: ",
        *ruling->to_pass == '\0' ? "" : escape_span(edition->mem, ruling->to_pass),
        why == NULL ? "" : "; why: ", why == NULL ? "" : escape_span(edition->mem, why),
        remark->marker);
}

/* The lines of a finding that the diff shows as added; otherwise, for `all`, as they are. */
static bool place_of(const struct gitlab_diff *diff, const struct finding *finding,
                     enum publish_threads threads, struct gitlab_position *position)
{
    uint32_t last = finding->last_line > finding->line ? finding->last_line : finding->line;
    const struct gitlab_line *end = gitlab_line_of(diff, last);
    const struct gitlab_line *begin = gitlab_line_of(diff, finding->line);
    *position = (struct gitlab_position){.old_path = diff->old_path, .new_path = diff->new_path};
    if (end == NULL || (!end->added && threads != THREADS_ALL))
        return false;
    position->kind = end->added ? GITLAB_LINE_ADDED : GITLAB_LINE_CONTEXT;
    position->line = end->line;
    position->old_line = end->old_line;
    if (begin != NULL && begin != end && begin->added == end->added) {
        position->first = begin->line;
        position->old_first = begin->old_line;
    }
    return true;
}

/* A position that GitLab does not take: the file as a whole. */
static enum gitlab_result post_at(struct edition *edition, const struct gitlab_version *version,
                                  struct gitlab_position *position, const char *body,
                                  struct error *err)
{
    struct error why = {0};
    enum gitlab_result result =
        gitlab_thread_post(edition->gitlab, version, position, body, edition->mem, &why);
    if (result == GITLAB_DECLINED && position->first != 0) {
        position->first = 0;
        return post_at(edition, version, position, body, err);
    }
    if (result == GITLAB_DECLINED && position->kind != GITLAB_FILE) {
        position->kind = GITLAB_FILE;
        return post_at(edition, version, position, body, err);
    }
    if (result != GITLAB_DONE)
        *err = why;
    return result;
}

/* One that was lost may be there: then the next run finds it, and this one does not ask twice. */
static bool is_there(struct edition *edition, const char *marker, struct error *err)
{
    if (!edition_list(edition, err))
        return false;
    for (size_t i = 0; i < edition->discussions.count; i++)
        if (edition_owns(edition, &edition->discussions.items[i].notes.items[0], marker))
            return true;
    return false;
}

static bool open_thread(struct edition *edition, const struct gitlab_version *version,
                        const struct gitlab_diffs *diffs, const struct remark *remark,
                        struct error *err)
{
    const struct gitlab_diff *diff = gitlab_diff_of(diffs, remark->finding->path);
    struct gitlab_position position;
    if (diff == NULL ||
        !place_of(diff, remark->finding, edition->publication->wanted.threads, &position)) {
        edition->left_out++;
        return true;
    }
    struct error why = {0};
    const char *body = body_of(edition, remark);
    enum gitlab_result result = post_at(edition, version, &position, body, &why);
    if (result == GITLAB_LOST && !is_there(edition, remark->marker, &why))
        result = post_at(edition, version, &position, body, &why);
    if (result == GITLAB_DECLINED)
        edition->left_out++; /* the note says it then */
    else if (result != GITLAB_DONE && result != GITLAB_LOST)
        *err = why;
    return result == GITLAB_DONE || result == GITLAB_LOST || result == GITLAB_DECLINED;
}

static size_t count_new(const struct remarks *all)
{
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++)
        count += all->items[i].thread == NULL;
    return count;
}

static bool open_threads(struct edition *edition, const struct remarks *all, struct error *err)
{
    size_t room = MOST_THREADS, fresh = count_new(all);
    struct gitlab_version version;
    struct gitlab_diffs diffs;
    bool done = true;
    if (fresh == 0)
        return true;
    room -= all->count - fresh < room ? all->count - fresh : room;
    if (room > 0 && (!is_done(gitlab_version(edition->gitlab, edition->mem, &version, err)) ||
                     !is_done(gitlab_diffs(edition->gitlab, edition->mem, &diffs, err))))
        return false;
    for (size_t i = 0; i < all->count && done; i++) {
        if (all->items[i].thread != NULL)
            continue;
        if (room == 0) {
            edition->left_out++;
            continue;
        }
        room--;
        done = open_thread(edition, &version, &diffs, &all->items[i], err);
    }
    return done;
}

bool threads_sync(struct edition *edition, struct error *err)
{
    struct remarks all = {0};
    gather(edition, &all);
    return update(edition, &all, err) && open_threads(edition, &all, err);
}
