/* Finding reports where no policy names them. */
#include "gates/base/glob.h"
#include "runner/command/intake.h"
#include "runner/discover/discover.h"
#include "runner/discover/report.h"
#include "runner/log.h"

#define MOST_GLOBS (sizeof((struct reader *)NULL)->globs / sizeof(char *))

static const char *const ignored[] = {"node_modules", ".qgate", "vendor", NULL};

/* Reports have any name; by these endings they are looked at, and taken when their content is one.
 */
static const char *const endings[] = {"**/*.xml", "**/*.json", "**/*.jtl", "**/*.csv"};

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

/* What the file is: by its content, or, when that tells nothing, by its name, so that a report that
 * is empty or cut off is an error and not passed over. What has a report's name and is another kind
 * of document is worth a word. */
static const struct reader *format_of(const struct workplace *place, const char *path)
{
    struct error err = {0};
    bool foreign = false;
    AUTO(close_report) struct report_file file;
    const struct reader *named = intake_format_by_name(path);
    if (report_open_beneath(&file, place->fd, path, &err) != OPENED || file.before.st_size == 0)
        return named;
    const struct reader *reader = report_format(&file, &foreign, &err);
    if (reader == NULL && !foreign)
        return named;
    if (reader == NULL && named != NULL)
        log_message("left out %s: %s", path, err.what);
    /* a format without usual places is a statement about another run: only a policy asks for it */
    return reader != NULL && reader->globs[0] == NULL ? NULL : reader;
}

/* By ending, or, where that is too much to look into, by the usual names. */
static bool hunt_reports(const struct workplace *place, const struct words *also, struct arena *mem,
                         struct found *found, struct error *err)
{
    struct hunt usual = {.root = place->fd, .ignore = ignored}, wide;
    struct error too_many = {0};
    add_globs(mem, &usual.globs);
    for (size_t i = 0; also != NULL && i < also->count; i++)
        array_push(mem, &usual.globs, also->items[i]);
    wide = usual;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        array_push(mem, &wide.globs, endings[i]);
    if (discover(&wide, mem, found, &too_many))
        return true;
    log_message("%s: looking for reports by their usual names only", too_many.what);
    return discover(&usual, mem, found, err);
}

bool intake_search(const struct workplace *place, const struct words *also, struct arena *mem,
                   struct report_entries *entries, struct search *search, struct error *err)
{
    struct found found;
    *search = (struct search){0};
    if (!hunt_reports(place, also, mem, &found, err))
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
        search->tracked += tracked && intake_format_by_name(path) != NULL;
    }
    return true;
}
