/* What was found out about objects of git by looking into them, kept by their names: they never
 * change, so it need not be found out again.
 *
 *     AUTO(insights_close) struct insights insights;
 *     insights_open(&insights, cache, history, "sizes", "", mem);
 *     const struct insight *known = insights_find(&insights, id);   // NULL: find out, then
 * insights_add()
 */
#ifndef RUNNER_HISTORY_INSIGHTS_H
#define RUNNER_HISTORY_INSIGHTS_H

#include <stdint.h>

#include "gates/base/names.h"
#include "runner/history/history.h"

enum { INSIGHT_ID = 20 };

/* As it stands in the file. What the numbers mean is up to who asks. */
struct insight {
    unsigned char about[INSIGHT_ID], other[INSIGHT_ID]; /* names, binary; `other`: zeros: none */
    uint64_t numbers[3];
};

struct insights {
    int folder; /* descriptor, -1: nothing is kept; not closed with the facts */
    const char *name;
    const struct insight *kept; /* by `about` */
    size_t kept_count;
    struct names ids; /* of the fresh ones: the index is theirs */
    struct ARRAY(struct insight) fresh;
    struct arena *mem;
};

/* `kind`: what is asked, `more`: what the answer depends on beside the object; "": nothing. */
void insights_open(struct insights *insights, int folder, const struct history *history,
                   const char *kind, const char *more, struct arena *mem);

/* The same where the answer depends on globs. */
void insights_open_globs(struct insights *insights, int folder, const struct history *history,
                         const char *kind, const struct words *globs, struct arena *mem);

/* NULL: not known yet. Not to be used after the next insights_add(). */
const struct insight *insights_find(const struct insights *insights, const unsigned char *about);

/* One that is not known yet. */
void insights_add(struct insights *insights, const struct insight *insight);

/* Keeps what is new, if anything is. For AUTO; does nothing with what was not opened. */
void insights_close(struct insights *insights);

#endif
