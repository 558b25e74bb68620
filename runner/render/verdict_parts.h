/* What the files that take a verdict apart share; nobody else includes it. */
#ifndef RUNNER_RENDER_VERDICT_PARTS_H
#define RUNNER_RENDER_VERDICT_PARTS_H

#include <jansson.h>

#include "runner/render/verdict_file.h"

/* A file under way. The first member that is missing or of another kind is kept in `wrong`; reading
 * goes on with something harmless in its place and is refused at the end. */
struct reading_verdict {
    struct arena *mem;
    const char *wrong; /* NULL: nothing so far */
};

const json_t *part_object(struct reading_verdict *r, const json_t *object, const char *key);
const json_t *part_list(struct reading_verdict *r, const json_t *object, const char *key);

/* Harmless texts; the second is NULL for null. */
const char *part_text(struct reading_verdict *r, const json_t *object, const char *key);
const char *part_text_or_null(struct reading_verdict *r, const json_t *object, const char *key);
uint64_t part_count(struct reading_verdict *r, const json_t *object, const char *key);
bool part_flag(struct reading_verdict *r, const json_t *object, const char *key);

/* One of `words`, by its place in them. */
size_t part_word(struct reading_verdict *r, const json_t *object, const char *key,
                 const char *const words[], size_t count);

enum outcome part_outcome(struct reading_verdict *r, const json_t *object);
struct words part_words(struct reading_verdict *r, const json_t *object, const char *key);

/* One item behind a rule, one waiver, and one file of a report. */
struct detail part_detail(struct reading_verdict *r, const json_t *object);
const struct waiver *part_waiver(struct reading_verdict *r, const json_t *object);
struct input_record part_input(struct reading_verdict *r, const json_t *object);

/* False: what it says of a rule, a gate or the run does not follow from the rest. */
NODISCARD bool verdict_agrees(const struct verdict_file *file, struct error *err);

#endif
