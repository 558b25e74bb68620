/* Finding reports where no policy names them. */
#include "gates/base/glob.h"
#include "runner/command/intake.h"
#include "runner/discover/discover.h"
#include "runner/discover/report.h"

#define MOST_GLOBS (sizeof((struct reader *)NULL)->globs / sizeof(char *))

static const char *const ignored[] = {"node_modules", ".qgate", "vendor", NULL};

static void add_globs(struct arena *mem, struct words *globs)
{
    for (size_t i = 0; readers[i] != NULL; i++)
        for (size_t j = 0; j < MOST_GLOBS && readers[i]->globs[j] != NULL; j++)
            array_push(mem, globs, readers[i]->globs[j]);
}

static void add_entry(struct report_entries *entries, struct arena *mem,
                      const struct reader *reader, const char *path)
{
    struct report_entry entry = {
        .reader = reader,
        .format = reader->name,
        .name = reader->name,
        .path = path,
        .optional = true,
    };
    array_push(mem, entries, entry);
}

const struct reader *intake_format_by_name(const char *path)
{
    for (size_t i = 0; readers[i] != NULL; i++)
        for (size_t j = 0; j < MOST_GLOBS && readers[i]->globs[j] != NULL; j++)
            if (glob_match(readers[i]->globs[j], path))
                return readers[i];
    return NULL;
}

/* What the file is: by its content, or, when there is none to be had, by its name, so that an empty
 * report is an error and not passed over. */
static const struct reader *format_of(const struct workplace *place, const char *path)
{
    struct error err = {0};
    AUTO(close_report) struct report_file file;
    if (report_open_beneath(&file, place->fd, path, &err) != OPENED || file.before.st_size == 0)
        return intake_format_by_name(path);
    const struct reader *reader = report_format(&file, &err);
    if (reader == NULL)
        log_message("left out %s: %s", path, err.what);
    return reader;
}

bool intake_search(const struct workplace *place, const struct words *also, struct arena *mem,
                   struct report_entries *entries, struct search *search, struct error *err)
{
    struct hunt hunt = {.root = place->fd, .ignore = ignored};
    struct found found;
    add_globs(mem, &hunt.globs);
    for (size_t i = 0; also != NULL && i < also->count; i++)
        array_push(mem, &hunt.globs, also->items[i]);
    *search = (struct search){0};
    if (!discover(&hunt, mem, &found, err))
        return false;
    for (size_t i = 0; i < found.closed.count; i++)
        log_message("%s cannot be looked into", found.closed.items[i]);
    for (size_t i = 0; i < found.paths.count; i++) {
        const char *path = found.paths.items[i];
        bool tracked = history_tracks(&place->history, path);
        const struct reader *reader = tracked ? NULL : format_of(place, path);
        if (reader != NULL)
            add_entry(entries, mem, reader, path);
        search->found += reader != NULL;
        search->tracked += tracked;
    }
    return true;
}
