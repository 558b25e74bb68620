/* A verdict that `--output json=FILE` wrote, made a view again: the way back from json.c.
 *
 * The file may come from anybody, and what is read from it may be published with a token: its size
 * is bounded, every member is checked, every text is made harmless and cut before it is used. A
 * rule is parsed from its own text, a value from its number, so that both show as they did where
 * they were judged.
 */
#ifndef RUNNER_RENDER_VERDICT_FILE_H
#define RUNNER_RENDER_VERDICT_FILE_H

#include "runner/render/render.h"

/* How json.c spells the words of `publish.gitlab`, by their enum. */
#define VERDICT_NOTES 4
#define VERDICT_THREADS 3
extern const char *const verdict_notes[VERDICT_NOTES];
extern const char *const verdict_threads[VERDICT_THREADS];

struct verdict_file {
    struct view view; /* of the members below; what belongs to the terminal alone is unset */
    struct verdict verdict;
    struct policy policy; /* its name, origins, digest, waivers and what is published */
    struct differences differences;
    struct words notices;
    struct evidence evidence; /* names, files and warnings of the reports; no number */
};

/* False: it is not JSON, or no verdict that this version knows. */
NODISCARD bool verdict_file_take(const char *text, size_t len, struct arena *mem,
                                 struct verdict_file *file, struct error *err);

/* The same of a file; `-` is standard input. */
NODISCARD bool verdict_file_read(const char *path, struct arena *mem, struct verdict_file *file,
                                 struct error *err);

#endif
