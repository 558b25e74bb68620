/* The tags of a repository, as they stand now: each by its exact name. */
#ifndef RUNNER_HISTORY_TAGS_H
#define RUNNER_HISTORY_TAGS_H

#include <stdint.h>

#include "runner/history/history.h"

struct history_tag {
    const char *name;   /* behind refs/tags/, byte for byte, as git allows it */
    const char *commit; /* hexadecimal */
    int64_t stated_s;   /* when an annotated tag was made; of any other the commit's date */
};

struct history_tags ARRAY(struct history_tag);

/* All that lead to a commit, by name; those of files and folders are none of ours. What a tag
 * leads to is read each time. `cache` as in struct commits_wanted. False: they cannot be listed. */
NODISCARD bool history_tags(const struct history *history, int cache, struct arena *mem,
                            struct history_tags *tags, struct error *err);

/* The tag of exactly this name; NULL: there is none. */
const struct history_tag *history_tag(const struct history_tags *tags, const char *name);

#endif
