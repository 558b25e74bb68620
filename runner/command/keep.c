#include "runner/command/keep.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/base/limits.h"
#include "runner/command/baseline.h"
#include "runner/command/measured.h"
#include "runner/delivery/project.h"
#include "runner/draft.h"
#include "runner/log.h"
#include "runner/store/evidence.h"
#include "runner/store/store.h"

static void free_text(char **text)
{
    free(*text);
}

/* What is written here must be readable later. */
static bool print(const struct evidence *evidence, char **text, size_t *size, struct error *err)
{
    FILE *out = open_memstream(text, size);
    if (out == NULL)
        return error_set(err, FAULT_SYSTEM, "no memory for the evidence");
    bool written = evidence_write(evidence, out, err);
    if (fclose(out) != 0 && written)
        written = error_set(err, FAULT_SYSTEM, "no memory for the evidence");
    if (written && *size > LIMIT_EVIDENCE_BYTES)
        return error_set(err, FAULT_REPORT, "the evidence takes more than %d bytes",
                         LIMIT_EVIDENCE_BYTES);
    return written;
}

/* --- a file ----------------------------------------------------------------------------------- */

static bool write_file(const char *path, const char *text, size_t size, struct error *err)
{
    AUTO(close_draft) struct draft draft = {.folder = -1};
    if (!draft_open_path(&draft, path, err))
        return false;
    fwrite(text, 1, size, draft.out); /* draft_finish() asks the stream */
    return draft_finish(&draft, err);
}

bool keep_file(const struct evidence *evidence, const char *path, struct error *err)
{
    AUTO(free_text) char *text = NULL;
    size_t size = 0;
    return (print(evidence, &text, &size, err) && write_file(path, text, size, err)) ||
           error_at(err, path, 0, 0);
}

/* --- the store -------------------------------------------------------------------------------- */

static const char *what_is_not_whole(const struct evidence *evidence)
{
    size_t read = 0;
    for (size_t i = 0; i < evidence->sources.count; i++) {
        const struct source *source = &evidence->sources.items[i];
        if (!source->whole)
            return "a report is missing, or not whole";
        for (size_t j = 0; j < source->inputs.count; j++)
            read += source->inputs.items[j].state == INPUT_READ;
    }
    return read == 0 ? "there is no report" : NULL;
}

/* Seconds: a file and a report of the same second may be of the same command. */
static int64_t oldest_report(const struct hearing *hearing)
{
    const struct words *paths = hearing->wanted->paths;
    bool named = paths != NULL && paths->count > 0;
    int64_t oldest = INT64_MAX;
    for (size_t i = 0; i < hearing->evidence.sources.count; i++) {
        const struct input_records *inputs = &hearing->evidence.sources.items[i].inputs;
        for (size_t j = 0; j < inputs->count; j++) {
            struct stat now;
            if (inputs->items[j].state == INPUT_MISSING)
                continue;
            if (fstatat(named ? AT_FDCWD : hearing->place.fd, inputs->items[j].path, &now, 0) != 0)
                return 0;
            oldest = now.st_mtime < oldest ? now.st_mtime : oldest;
        }
    }
    return oldest;
}

/* A report that is older than a file of the commit was made before that file came: of a branch that
 * was worked on before, perhaps. */
static bool is_stale(struct hearing *hearing)
{
    int64_t oldest = oldest_report(hearing);
    struct words files;
    if (!history_files(&hearing->place.history, hearing->mem, &files))
        return true;
    for (size_t i = 0; i < files.count; i++) {
        struct stat now;
        if (fstatat(hearing->place.fd, files.items[i], &now, AT_SYMLINK_NOFOLLOW) == 0 &&
            now.st_mtime > oldest)
            return true;
    }
    return false;
}

/* What this is no run of, so that nothing of it is recorded; NULL: it is one of a commit. */
static const char *what_it_is(struct hearing *hearing)
{
    const struct context *context = hearing->wanted->context;
    if (hearing->comparison.merge_request || context->ci.merge_request != NULL)
        return "this is a merge request";
    if (hearing->place.history.commit[0] == '\0')
        return "there is no commit here";
    if (hearing->choice.by_default)
        return "there is no policy here";
    if (context->in_ci)
        return NULL;
    const char *partly = what_is_not_whole(&hearing->evidence);
    if (partly != NULL)
        return partly;
    if (hearing->judged == NULL)
        return "the work tree is not that of its commit";
    return is_stale(hearing) ? "a report is older than a file of the commit" : NULL;
}

void keep_say_spooled(const struct store *store)
{
    if (store->spooled > 0)
        log_message(
            "%s: the store does not answer: kept in .qgate/spool.jsonl for the next run: %s",
            store->away->where, store->away->what);
}

static bool record(struct hearing *hearing, const char *evidence, bool as_baseline,
                   struct error *err)
{
    const struct context *context = hearing->wanted->context;
    AUTO(close_store) struct store store = {0};
    struct store_batch batch = {.mem = hearing->mem};
    struct saved_evidence saved = {.sha = hearing->place.history.commit,
                                   .body = evidence,
                                   .created_ms = context->now_s * 1000};
    struct project project;
    baseline_key(context, &hearing->choice.policy, hearing->stage, &saved.of);
    project_here(&context->ci, &hearing->place.history, hearing->mem, &project);
    if (project.id == saved.of.project_id) /* a laptop's runs are of no project */
        project_put(&batch, &project);
    measured_put(hearing, saved.of.project_id, evidence, &batch);
    if (!store_open(&store, context->store, STORE_WRITE, &hearing->place, hearing->mem, err) ||
        !(as_baseline ? store_put_evidence(&store, &saved, &batch, err)
                      : store_write(&store, &batch, err)))
        return false;
    keep_say_spooled(&store);
    return true;
}

bool keep_record(struct hearing *hearing, const char **why_not, struct error *err)
{
    AUTO(free_text) char *text = NULL;
    size_t size = 0;
    *why_not = what_it_is(hearing);
    if (*why_not != NULL)
        return true;
    *why_not = what_is_not_whole(&hearing->evidence);
    return print(&hearing->evidence, &text, &size, err) &&
           record(hearing, text, *why_not == NULL, err);
}
