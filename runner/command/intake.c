#include "runner/command/intake.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/limits.h"
#include "gates/base/path.h"
#include "gates/base/text.h"
#include "runner/command/intake_parts.h"
#include "runner/command/pipeline.h"
#include "runner/discover/discover.h"
#include "runner/discover/report.h"
#include "runner/log.h"

static const char unknown_format[] = "unknown";

/* The source of that name and format, made when it is new. */
static size_t source_of(struct desk *desk, const struct report_entry *entry, const char *name,
                        const char *format)
{
    const char *key = arena_printf(desk->mem, "%s\x1F%s", format, name);
    size_t at = names_add(&desk->names, key, strlen(key));
    if (at == desk->sources.count) {
        struct source *source = array_add(desk->mem, &desk->sources);
        source_init(source, desk->mem, name, format);
        source->optional = true;
        source->path = entry->path;
        if (entry->at.file != NULL)
            source->entry = arena_printf(desk->mem, "%s:%u", entry->at.file, entry->at.line);
    }
    desk->sources.items[at].optional &= entry->optional;
    return at;
}

/* An argument is known by its format, or, when that cannot be told, by its path. */
static struct source *source_for(struct desk *desk, const struct job *job,
                                 const struct reader *reader)
{
    const struct report_entry *entry = job->entry;
    size_t at;
    if (!job->argument)
        at = source_of(desk, entry, entry->name, entry->format);
    else if (reader != NULL)
        at = source_of(desk, entry, reader->name, reader->name);
    else
        at = source_of(desk, entry, job->path, unknown_format);
    return &desk->sources.items[at];
}

static struct input_record *record(struct desk *desk, struct source *source, const char *path,
                                   enum input_state state)
{
    struct input_record *input = array_add(desk->mem, &source->inputs);
    input->path = text_keep(desk->mem, path, strlen(path), LIMIT_NAME_BYTES);
    input->state = state;
    return input;
}

static void record_broken(struct desk *desk, struct source *source, const char *path,
                          const struct error *err)
{
    struct error *kept = arena_new_item(desk->mem, struct error);
    *kept = *err;
    record(desk, source, path, INPUT_BROKEN)->error = kept;
    source->whole = false;
}

/* No file: of a required entry that is worth a record at once. */
static void record_missing(struct desk *desk, const struct job *job)
{
    struct source *source = source_for(desk, job, NULL);
    if (job->entry->optional) {
        size_t at = (size_t)(source - desk->sources.items);
        array_push(desk->mem, &desk->absences, ((struct absence){at, job->path}));
        return;
    }
    record(desk, source, job->path, INPUT_MISSING);
    source->whole = false;
}

/* Has this very file (by whatever path) been read for the same name and format? */
static bool was_read(struct desk *desk, const struct job *job, const struct report_file *file)
{
    const struct report_entry *entry = job->entry;
    if (file->stream)
        return false;
    const char *key =
        arena_printf(desk->mem, "%s\x1F%s\x1F%llu:%llu", job->argument ? "" : entry->format,
                     job->argument ? "" : entry->name, (unsigned long long)file->before.st_dev,
                     (unsigned long long)file->before.st_ino);
    size_t count = desk->seen.texts.count;
    return names_add(&desk->seen, key, strlen(key)) < count;
}

/* A report that is too old, or of another commit, is read and shown but answers nothing. */
static void check_freshness(struct desk *desk, const struct job *job, struct source *source)
{
    int64_t most = job->entry->max_age_s, age = desk->intake->now_s - source->written_s;
    source_is_about(source, desk->mem, desk->intake->commit);
    if (most == 0 || (source->written_s > 0 && age <= most))
        return;
    if (source->written_s == 0)
        source_part(source,
                    arena_printf(desk->mem,
                                 "%s does not say when it was written, and `max_age` asks for it",
                                 job->path),
                    "have its tool write the time, or take `max_age` out");
    else
        source_part(source,
                    arena_printf(desk->mem, "%s is %s%lld h old, `max_age` allows %lld h",
                                 job->path, age / 3600 == most / 3600 ? "over " : "",
                                 (long long)age / 3600, (long long)most / 3600),
                    arena_printf(desk->mem, "run the job that writes %s again", job->path));
}

/* Into the source of its entry; what passes a ceiling there spoils the source. */
static void merge(struct desk *desk, const struct job *job, struct report *report)
{
    struct error err = {0};
    struct source *source = source_for(desk, job, report->reader);
    intake_resolve_paths(desk, &report->source);
    check_freshness(desk, job, &report->source);
    intake_check_origin(desk, job, &report->source, source);
    /* only components ask in which report a thing stands */
    if (desk->intake->policy->components.count > 0)
        report->source.origin =
            text_keep(desk->mem, job->path, strlen(job->path), LIMIT_NAME_BYTES);
    if (!source_merge(source, desk->mem, &report->source, &err)) {
        record_broken(desk, source, job->path, &err);
        return;
    }
    struct input_record *input = record(desk, source, job->path, INPUT_READ);
    memcpy(input->sha256, report->sha256, sizeof input->sha256);
    input->bytes = report->bytes;
    input->repaired = report->repaired;
}

static void read_file(struct desk *desk, const struct job *job)
{
    struct error err = {0};
    struct report report = {0};
    const struct report_entry *entry = job->entry;
    struct report_wanted wanted = {entry->reader, &entry->settings, .digest = true};
    AUTO(close_report) struct report_file file;
    progress_show(desk->intake->progress, "reading", ++desk->files, desk->expected, "reports");
    enum opened opened = job->argument
                             ? report_open(&file, job->path, &err)
                             : report_open_beneath(&file, desk->intake->place->fd, job->path, &err);
    if (opened == OPENED_MISSING) {
        record_missing(desk, job);
    } else if (opened == OPENED && was_read(desk, job, &file)) {
        struct source *source = source_for(desk, job, entry->reader);
        record(desk, source, job->path, INPUT_SKIPPED);
        source_warn(source, desk->mem, "%s is named twice and was read once", job->path);
    } else if (opened == OPENED && report_take(&file, &wanted, desk->mem, &report, &err)) {
        merge(desk, job, &report);
    } else {
        record_broken(desk, source_for(desk, job, report.reader), job->path, &err);
    }
}

static bool is_forbidden(const char *path, struct error *err)
{
    if (strcmp(path, ".git") == 0 || strncmp(path, ".git/", 5) == 0 || strstr(path, "/.git/"))
        return !error_set(err, FAULT_REPORT, "lies under .git");
    if (path_is_absolute(path) || strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0)
        return !error_set(err, FAULT_REPORT, "leads out of the repository");
    return false;
}

/* What an entry's path stands for: itself, or what its glob matches. */
static bool match(struct desk *desk, const struct report_entry *entry, struct words *paths,
                  struct error *err)
{
    const char *path = path_clean(desk->mem, entry->path, strlen(entry->path));
    if (desk->intake->literal || !glob_is_pattern(entry->path)) {
        array_push(desk->mem, paths, entry->path);
        return desk->intake->literal || !is_forbidden(path, err);
    }
    if (is_forbidden(path, err))
        return false;
    struct hunt hunt = {.root = desk->intake->place->fd};
    struct found found;
    bool escapes = strchr(entry->path, '\\') != NULL; /* in a glob no separator */
    array_push(desk->mem, &hunt.globs, escapes ? entry->path : path);
    if (!discover(&hunt, desk->mem, &found, err))
        return false;
    for (size_t i = 0; i < found.closed.count; i++)
        log_message("%s cannot be looked into", found.closed.items[i]);
    *paths = found.paths;
    return true;
}

static void read_entry(struct desk *desk, const struct report_entry *entry)
{
    struct error err = {0};
    struct words paths = {0};
    struct job job = {.entry = entry, .path = entry->path};
    bool matched = match(desk, entry, &paths, &err);
    desk->expected += paths.count > 0 ? paths.count - 1 : 0;
    if (matched && desk->files + paths.count > LIMIT_FILES)
        matched = error_set(&err, FAULT_REPORT, "more than %d report files", LIMIT_FILES);
    if (!matched) {
        error_at(&err, entry->path, 0, 0);
        record_broken(desk, source_for(desk, &job, entry->reader), entry->path, &err);
        return;
    }
    if (paths.count == 0)
        record_missing(desk, &job);
    for (size_t i = 0; i < paths.count; i++) {
        job.path = paths.items[i];
        read_file(desk, &job);
    }
}

/* Formats without a report, as if each had an optional entry. */
static void add_absent_formats(struct desk *desk)
{
    for (size_t i = 0; readers[i] != NULL; i++) {
        const struct reader *reader = readers[i];
        const char *usual = reader->globs[0] != NULL ? reader->globs[0] : reader->name;
        struct report_entry entry = {.path = usual, .optional = true};
        size_t count = desk->sources.count;
        size_t at = source_of(desk, &entry, reader->name, reader->name);
        if (at == count)
            record(desk, &desk->sources.items[at], usual, INPUT_MISSING);
    }
}

/* Absent optional files are worth a word only where nothing else of the source had to be there, or
 * to a floor. */
static void record_absences(struct desk *desk)
{
    for (size_t i = 0; i < desk->absences.count; i++) {
        struct source *source = &desk->sources.items[desk->absences.items[i].source];
        if (source->optional)
            record(desk, source, desk->absences.items[i].path, INPUT_MISSING);
        else if (source->absent == NULL || strcmp(desk->absences.items[i].path, source->absent) < 0)
            source->absent = desk->absences.items[i].path;
    }
}

static int by_path(const void *a, const void *b)
{
    const struct input_record *p = a, *q = b;
    int order = strcmp(p->path, q->path);
    return order != 0 ? order : (int)p->state - (int)q->state;
}

static int by_name(const void *a, const void *b)
{
    const struct source *p = a, *q = b;
    int order = strcmp(p->name, q->name);
    return order != 0 ? order : strcmp(p->format, q->format);
}

static void finish(struct desk *desk, struct evidence *evidence)
{
    if (desk->intake->any_format)
        add_absent_formats(desk);
    record_absences(desk);
    pipeline_name_jobs(desk->intake->place, desk->mem, &desk->sources);
    for (size_t i = 0; i < desk->sources.count; i++) {
        struct source *source = &desk->sources.items[i];
        if (source->inputs.count > 1)
            qsort(source->inputs.items, source->inputs.count, sizeof *source->inputs.items,
                  by_path);
        if (source->coverage.files.count > 0)
            intake_judge_paths(desk, source);
        source_settle(source, desk->mem);
        intake_ignore_files(&source->coverage, &desk->intake->policy->ignore);
        source_fingerprint(source, desk->mem);
        intake_mark_tracked(desk, source);
    }
    if (desk->sources.count > 1)
        qsort(desk->sources.items, desk->sources.count, sizeof *desk->sources.items, by_name);
    if (desk->intake->policy->components.count > 0) /* does a file lie in each? */
        intake_repository_files(desk);
    evidence->sources = desk->sources;
    evidence->files = desk->index;
}

static void begin(struct desk *desk, const struct intake *intake, size_t expected)
{
    *desk = (struct desk){.intake = intake, .mem = intake->mem, .expected = expected};
    names_init(&desk->names, desk->mem);
    names_init(&desk->seen, desk->mem);
}

void intake_entries(const struct intake *intake, const struct report_entries *entries,
                    struct evidence *evidence)
{
    struct desk desk;
    begin(&desk, intake, entries->count);
    for (size_t i = 0; i < entries->count; i++)
        read_entry(&desk, &entries->items[i]);
    finish(&desk, evidence);
}

void intake_arguments(const struct intake *intake, const struct words *paths,
                      struct evidence *evidence)
{
    struct desk desk;
    begin(&desk, intake, paths->count);
    for (size_t i = 0; i < paths->count; i++) {
        struct report_entry *entry = arena_new_item(intake->mem, struct report_entry);
        entry->path = paths->items[i];
        struct job job = {entry, .argument = true, .path = entry->path};
        read_file(&desk, &job);
    }
    finish(&desk, evidence);
}
