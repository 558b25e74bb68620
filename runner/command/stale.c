#include "runner/command/stale.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gates/judge/expected.h"

static bool is_older(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

static bool written(const struct hearing *hearing, const char *path, struct timespec *when)
{
    struct stat now;
    if (fstatat(hearing->place.fd, path, &now, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    *when = now.st_mtim;
    return true;
}

/* The oldest of a source's reports. */
struct oldest {
    const char *path; /* NULL: none was read */
    struct timespec when;
};

static struct oldest oldest_report(const struct hearing *hearing, const struct source *source)
{
    struct oldest oldest = {0};
    for (size_t i = 0; i < source->inputs.count; i++) {
        const struct input_record *input = &source->inputs.items[i];
        struct timespec when;
        if (input->state == INPUT_READ && written(hearing, input->path, &when) &&
            (oldest.path == NULL || is_older(when, oldest.when)))
            oldest = (struct oldest){input->path, when};
    }
    return oldest;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct covered_file *)a)->path, ((const struct covered_file *)b)->path);
}

static bool lists(const struct coverage *coverage, const char *path)
{
    const struct covered_file wanted = {.path = path};
    return bsearch(&wanted, coverage->files.items, coverage->files.count, sizeof wanted, by_path) !=
           NULL;
}

/* Does the source speak of the file? */
static bool is_about(const struct source *source, struct expected *expected,
                     const struct changed_file *file)
{
    const struct measure *measure = catalogue_find("coverage.lines");
    const struct selector selector = {.measure = measure, .id = measure->id};
    return source->coverage.files.count == 0 || lists(&source->coverage, file->path) ||
           expected_in_report(expected, &selector, file);
}

static void mark(struct hearing *hearing, struct source *source, struct expected *expected)
{
    const struct changed_files *files = &hearing->change.files;
    struct oldest report = oldest_report(hearing, source);
    for (size_t i = 0; report.path != NULL && i < files->count; i++) {
        const struct changed_file *file = &files->items[i];
        struct timespec when;
        if (file->how == CHANGE_DELETED || !written(hearing, file->path, &when) ||
            !is_older(report.when, when) || !is_about(source, expected, file))
            continue;
        source->stale = arena_printf(hearing->mem, "%s is older than your change of %s",
                                     report.path, file->path);
        return;
    }
}

void stale_mark(struct hearing *hearing)
{
    struct sources *sources = &hearing->evidence.sources;
    struct expected expected;
    expected_begin(&expected, &hearing->choice.policy.sources, &hearing->evidence, hearing->mem);
    for (size_t i = 0; i < sources->count; i++)
        mark(hearing, &sources->items[i], &expected);
}
