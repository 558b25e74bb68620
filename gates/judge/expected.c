#include "gates/judge/expected.h"

#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/path.h"
#include "gates/model/proposal.h"

static const char *const tests[] = {
    "**/test/**", "**/tests/**", "**/__tests__/**", "**/spec/**",  "**/test_*.*", "**/*_test.*",
    "**/*Test.*", "**/*Tests.*", "**/*_spec.*",     "**/*.spec.*", "**/*.test.*",
};

void expected_begin(struct expected *expected, const struct words *sources,
                    const struct evidence *now, struct arena *mem)
{
    *expected = (struct expected){.sources = sources, .now = now, .mem = mem};
    expected->listed = arena_alloc(mem, (now->sources.count + 1) * sizeof(struct listed *));
}

static bool is_test(const char *path)
{
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        if (glob_match(tests[i], path))
            return true;
    return false;
}

/* "" when there is none: `.profile` is a name. */
static const char *extension_of(const char *path)
{
    const char *name = path_name(path), *dot = strrchr(name, '.');
    return dot == NULL || dot == name ? "" : dot + 1;
}

/* What the files that a source lists have in common with others. */
struct listed {
    struct names extensions;
    struct names strays;      /* the last parts of paths that match no single file … */
    struct words stray_paths; /* … and the first path of each */
};

/* A report lists thousands of files and is asked for each changed one: once through is enough. */
static const struct listed *listed_by(struct expected *expected, size_t source)
{
    if (expected->listed[source] != NULL)
        return expected->listed[source];
    const struct covered_files *files = &expected->now->sources.items[source].coverage.files;
    struct listed *listed = arena_new_item(expected->mem, struct listed);
    names_init(&listed->extensions, expected->mem);
    names_init(&listed->strays, expected->mem);
    for (size_t i = 0; i < files->count; i++) {
        const char *path = files->items[i].path, *name = path_name(path);
        const char *extension = extension_of(path);
        names_add(&listed->extensions, extension, strlen(extension));
        if (!files->items[i].matched &&
            names_add(&listed->strays, name, strlen(name)) == listed->stray_paths.count)
            array_push(expected->mem, &listed->stray_paths, files->items[i].raw);
    }
    expected->listed[source] = listed;
    return listed;
}

static bool is_spoken_of(struct expected *expected, const struct selector *selector,
                         const char *extension)
{
    const struct sources *sources = &expected->now->sources;
    for (size_t i = 0; *extension != '\0' && i < sources->count; i++)
        if (measure_draws(selector, &sources->items[i]) &&
            names_find(&listed_by(expected, i)->extensions, extension, strlen(extension)) !=
                NAMES_NONE)
            return true;
    return false;
}

const char *expected_why_not(struct expected *expected, const struct selector *selector,
                             const struct changed_file *file)
{
    if (file->no_code)
        return "it has no line of code";
    if (globs_match(expected->sources, file->path))
        return NULL;
    if (expected->sources->count > 0 && !selector->ignores_nothing)
        return "`paths.sources` does not name it";
    if (is_test(file->path))
        return "it looks like a test";
    return is_spoken_of(expected, selector, extension_of(file->path))
               ? NULL
               : "no report lists files of its kind";
}

bool expected_in_report(struct expected *expected, const struct selector *selector,
                        const struct changed_file *file)
{
    return expected_why_not(expected, selector, file) == NULL;
}

const char *expected_elsewhere(struct expected *expected, const struct selector *selector,
                               const char *path)
{
    const char *name = path_name(path);
    const struct sources *sources = &expected->now->sources;
    for (size_t i = 0; i < sources->count; i++) {
        if (!measure_draws(selector, &sources->items[i]))
            continue;
        const struct listed *listed = listed_by(expected, i);
        size_t index = names_find(&listed->strays, name, strlen(name));
        if (index != NAMES_NONE)
            return listed->stray_paths.items[index];
    }
    return NULL;
}

/* Trying rules goes through all paths of all reports, so it is done once for the whole change. */
const char *expected_map(struct expected *expected, const struct changed_files *files)
{
    struct words wanted = {0};
    struct proposal proposal;
    if (expected->map != NULL)
        return expected->map;
    for (size_t i = 0; i < files->count; i++)
        if (files->items[i].how != CHANGE_DELETED)
            array_push(expected->mem, &wanted, files->items[i].path);
    expected->map = "";
    if (proposal_find(expected->now, &wanted, expected->mem, &proposal))
        expected->map = arena_printf(expected->mem, "with this rule %s: %s",
                                     proposal_effect(&proposal, expected->mem),
                                     proposal_text(&proposal, expected->mem));
    return expected->map;
}
