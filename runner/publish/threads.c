/* A thread at the lines of each finding that this change brought: opened once, resolved when the
 * finding is settled, opened again when it comes back. What people answered stays. */
#include <string.h>

#include "runner/publish/parts.h"

static bool is_done(enum gitlab_result result)
{
    return result == GITLAB_DONE;
}

/* After a POST that was lost: does a note of ours end with this line? `thread`: in this one only.
 */
static enum gitlab_result look_for(struct edition *edition, const char *thread, const char *line,
                                   bool *there, struct error *err)
{
    struct gitlab_discussions now;
    enum gitlab_result result = gitlab_discussions(edition->gitlab, edition->mem, &now, err);
    *there = false;
    for (size_t i = 0; is_done(result) && i < now.count; i++) {
        const struct gitlab_discussion *discussion = &now.items[i];
        for (size_t j = 0; j < discussion->notes.count; j++) {
            const char *last = edition_last_line(edition, &discussion->notes.items[j]);
            *there |= last != NULL && strcmp(last, line) == 0 &&
                      (thread == NULL || strcmp(discussion->id, thread) == 0);
        }
    }
    return result;
}

/* --- what stands there ------------------------------------------------------------------------ */

static const char settled[] = "Settled since ", back[] = "Back since ";

/* Is the newest of our words in the thread that it is settled? */
static bool is_settled(const struct edition *edition, const struct gitlab_discussion *thread)
{
    const char *word = "";
    for (size_t i = 1; i < thread->notes.count; i++) {
        const char *line = edition_last_line(edition, &thread->notes.items[i]);
        if (line != NULL)
            word = line;
    }
    return strncmp(word, settled, strlen(settled)) == 0;
}

/* Is the newest word in the thread somebody else's? */
static bool is_answered(const struct edition *edition, const struct gitlab_discussion *thread)
{
    size_t i = thread->notes.count - 1;
    while (i > 0 && thread->notes.items[i].system)
        i--;
    return thread->notes.items[i].author != edition->user.id;
}

/* "Settled since `4f2c1ab`." One that was lost is looked for, and sent again when it is not there.
 */
static bool say(struct edition *edition, const struct gitlab_discussion *thread, const char *what,
                const struct view *view, struct error *err)
{
    const char *word = arena_printf(edition->mem, "%s`%.12s`.", what, view->source_commit);
    struct error why = {0};
    bool there = false;
    enum gitlab_result result =
        gitlab_thread_reply(edition->gitlab, thread->id, word, edition->mem, &why);
    if (result != GITLAB_LOST) {
        if (!is_done(result) && err->fault == FAULT_NONE)
            *err = why;
        return is_done(result);
    }
    return is_done(look_for(edition, thread->id, word, &there, err)) &&
           (there ||
            is_done(gitlab_thread_reply(edition->gitlab, thread->id, word, edition->mem, err)));
}

/* Are all reports there from which the rule draws? */
static bool has_reports(const struct view *view, const struct selector *selector)
{
    const struct sources *sources = &view->evidence->sources;
    for (size_t i = 0; i < sources->count; i++) {
        const struct input_records *inputs = &sources->items[i].inputs;
        for (size_t j = 0; j < inputs->count && measure_draws(selector, &sources->items[i]); j++)
            if (inputs->items[j].state == INPUT_MISSING || inputs->items[j].state == INPUT_BROKEN)
                return false;
    }
    return true;
}

/* What the policy lets pass without a look: on_missing, on_no_baseline, an optional report. An
 * `any`, which measures nothing itself, passed by what one of its rules saw. */
static bool saw_its_data(const struct view *view, const struct ruling *ruling)
{
    const struct selector *selector = &ruling->rule->selector;
    if (ruling->no_baseline || selector->measure == NULL)
        return !ruling->no_baseline;
    if (ruling->outcome == OUTCOME_NOT_APPLICABLE)
        return has_reports(view, selector);
    return ruling->value.kind != VALUE_NONE;
}

/* What a run did not see is not settled. */
static bool is_whole(const struct view *view)
{
    const struct verdict *verdict = view->verdict;
    if (verdict->rule_counts[OUTCOME_NO_DATA] > 0 || verdict->rule_counts[OUTCOME_ERROR] > 0 ||
        verdict->reports.count > 0 || *verdict->reason != '\0')
        return false;
    for (size_t i = 0; i < verdict->gates.count; i++)
        for (size_t j = 0; j < verdict->gates.items[i].rulings.count; j++)
            if (!saw_its_data(view, &verdict->gates.items[i].rulings.items[j]))
                return false;
    return true;
}

/* Every verdict of the stage may have been the one that found it. */
static bool saw_everything(const struct edition *edition, const char *stage)
{
    const struct views *views = &edition->publication->views;
    for (size_t i = 0; i < views->count; i++)
        if (strcmp(views->items[i]->stage, stage) == 0 && !is_whole(views->items[i]))
            return false;
    return true;
}

/* The word first: a thread that it was said in and that is still open is resolved by the next run,
 * unless somebody answered it, who may have opened it again. */
static bool settle(struct edition *edition, const struct gitlab_discussion *thread,
                   const struct view *view, struct error *err)
{
    if (thread->notes.items[0].resolved || !saw_everything(edition, view->stage))
        return true;
    bool said = is_settled(edition, thread);
    if (said && is_answered(edition, thread))
        return true;
    return (said || say(edition, thread, settled, view, err)) &&
           is_done(gitlab_thread_resolve(edition->gitlab, thread->id, true, edition->mem, err));
}

/* A thread that a person resolved while the finding was there stays resolved. */
static bool reopen(struct edition *edition, const struct gitlab_discussion *thread,
                   const struct view *view, struct error *err)
{
    if (!thread->notes.items[0].resolved || !is_settled(edition, thread))
        return true;
    return is_done(gitlab_thread_resolve(edition->gitlab, thread->id, false, edition->mem, err)) &&
           say(edition, thread, back, view, err);
}

/* What it says of its lines stays true: its first line is written anew when they became more or
 * fewer. Numbers of the rule change with every push, and are left for then. */
static bool refresh(struct edition *edition, const struct gitlab_note *note,
                    const struct remarks *remarks, size_t i, struct error *err)
{
    const char *body = remark_body(edition, remarks, i);
    size_t len = strcspn(body, "\n");
    return (strncmp(note->body, body, len) == 0 && strcspn(note->body, "\r\n") == len) ||
           is_done(gitlab_note_put(edition->gitlab, note->id, body, edition->mem, err));
}

/* Of two pipelines that raced both opened it: the younger one goes, unless somebody answered. */
static bool drop(struct edition *edition, const struct gitlab_discussion *thread, struct error *err)
{
    return thread->notes.count > 1 ||
           is_done(
               gitlab_note_delete(edition->gitlab, thread->notes.items[0].id, edition->mem, err));
}

static bool update(struct edition *edition, struct remarks *remarks, struct error *err)
{
    bool done = true;
    for (size_t i = 0; i < edition->discussions.count; i++) {
        const struct gitlab_discussion *thread = &edition->discussions.items[i];
        const char *marker = edition_last_line(edition, &thread->notes.items[0]);
        const struct view *view = marker == NULL ? NULL : remarks_view(edition, marker);
        if (view == NULL || thread->single)
            continue;
        size_t at = names_find(&remarks->markers, marker, strlen(marker));
        if (at == NAMES_NONE) {
            done = settle(edition, thread, view, err) && done;
        } else if (remarks->items[at].thread == NULL) {
            remarks->items[at].thread = thread;
            done = reopen(edition, thread, view, err) && done;
            done = refresh(edition, &thread->notes.items[0], remarks, at, err) && done;
        } else {
            done = drop(edition, thread, err) && done;
        }
    }
    return done;
}

/* --- what is new ------------------------------------------------------------------------------ */

/* The last of its lines that the diff shows, else the first; for `new` only lines that were added.
 */
static bool position_of(const struct gitlab_diff *diff, const struct finding_place *place,
                        enum publish_threads threads, struct gitlab_position *position)
{
    const struct gitlab_line *begin = gitlab_line_of(diff, place->line);
    const struct gitlab_line *end =
        place->last_line > place->line ? gitlab_line_of(diff, place->last_line) : begin;
    bool all = threads == THREADS_ALL;
    if (end == NULL || (!end->added && !all))
        end = begin;
    if (end == NULL || (!end->added && !all))
        return false;
    *position = (struct gitlab_position){
        .kind = end->added ? GITLAB_LINE_ADDED : GITLAB_LINE_CONTEXT,
        .old_path = diff->old_path,
        .new_path = diff->new_path,
        .line = end->line,
        .old_line = end->old_line,
    };
    if (begin != NULL && begin != end && begin->added == end->added) {
        position->first = begin->line;
        position->old_first = begin->old_line;
    }
    return true;
}

/* Of several lines that GitLab does not take only the last, then the file as a whole. */
static enum gitlab_result post_at(struct edition *edition, const struct gitlab_version *version,
                                  struct gitlab_position *position, const char *body,
                                  struct error *err)
{
    for (;;) {
        struct error why = {0};
        enum gitlab_result result =
            gitlab_thread_post(edition->gitlab, version, position, body, edition->mem, &why);
        if (result != GITLAB_DECLINED || position->kind == GITLAB_FILE) {
            if (!is_done(result) && err->fault == FAULT_NONE)
                *err = why;
            return result;
        }
        if (position->first != 0)
            position->first = 0;
        else
            position->kind = GITLAB_FILE;
    }
}

/* One that was lost is looked for, and sent again when it is not there. */
static bool open_thread(struct edition *edition, const struct gitlab_version *version,
                        struct gitlab_position *position, const struct remarks *remarks, size_t i,
                        struct error *err)
{
    const char *body = remark_body(edition, remarks, i), *marker = remarks->markers.texts.items[i];
    struct error why = {0};
    bool there = false;
    enum gitlab_result result = post_at(edition, version, position, body, &why);
    if (result == GITLAB_LOST) {
        why = (struct error){0};
        result = look_for(edition, NULL, marker, &there, &why);
        if (is_done(result) && !there)
            result = post_at(edition, version, position, body, &why);
    }
    edition->refused += !is_done(result);
    if (is_done(result) || result == GITLAB_DECLINED) /* the note counts it */
        return true;
    if (err->fault == FAULT_NONE)
        *err = why;
    return false;
}

/* The newest version, asked for once it is needed. */
static bool find_version(struct edition *edition, struct gitlab_version *version, struct error *err)
{
    const char *commit = edition->publication->views.items[0]->source_commit;
    if (version->head != NULL)
        return true;
    if (!is_done(gitlab_version(edition->gitlab, edition->mem, version, err)))
        return false;
    if (strcmp(version->head, commit) == 0)
        return true;
    error_set(err, FAULT_REMOTE,
              "the merge request's diff is of commit %.12s, the verdict of %.12s", version->head,
              commit);
    return error_hint(err, "there was a push meanwhile, or GitLab is not done with it: try again");
}

static bool open_threads(struct edition *edition, const struct remarks *remarks, size_t room,
                         struct error *err)
{
    struct gitlab_version version = {0};
    struct gitlab_diffs diffs = {0};
    bool done = true;
    if (room > 0 && !is_done(gitlab_diffs(edition->gitlab, edition->mem, &diffs, err)))
        return false;
    for (size_t i = 0; i < remarks->count; i++) {
        const struct remark *remark = &remarks->items[i];
        const char *path = remark->place.path;
        const struct gitlab_diff *diff = path == NULL ? NULL : gitlab_diff_of(&diffs, path);
        struct gitlab_position position;
        if (remark->thread != NULL || !remark->wanted)
            continue;
        if (room == 0) {
            edition->too_many++;
        } else if (diff == NULL || !position_of(diff, &remark->place,
                                                edition->publication->wanted.threads, &position)) {
            edition->elsewhere++;
        } else if (!find_version(edition, &version, err)) {
            return false;
        } else {
            done = open_thread(edition, &version, &position, remarks, i, err) && done;
            room--;
        }
    }
    return done;
}

bool threads_sync(struct edition *edition, struct error *err)
{
    struct remarks remarks = {0};
    const uint64_t most = edition->publication->wanted.max_threads;
    size_t with = 0, missing = 0;
    if (edition->publication->wanted.threads == THREADS_NONE)
        return true;
    remarks_gather(edition, &remarks);
    bool done = update(edition, &remarks, err);
    for (size_t i = 0; i < remarks.count; i++) {
        with += remarks.items[i].thread != NULL;
        missing += remarks.items[i].thread == NULL && remarks.items[i].wanted;
    }
    size_t room = with < most ? most - with : 0;
    return (missing == 0 || open_threads(edition, &remarks, room, err)) && done;
}
