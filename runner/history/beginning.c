#include "runner/history/beginning.h"

#include <string.h>

#include "runner/history/inside.h"

enum { FEWEST_DIGITS = 7 };

/* Objects that share a beginning. */
struct search {
    git_odb *odb;
    git_oid beginning, found;
    size_t len, commits;
};

static void close_odb(git_odb **odb)
{
    git_odb_free(*odb);
}

static int take_object(const git_oid *id, void *state)
{
    struct search *search = state;
    git_object_t type;
    size_t size;
    bool commit = git_oid_ncmp(id, &search->beginning, search->len) == 0 &&
                  git_odb_read_header(&size, &type, search->odb, id) == 0 &&
                  type == GIT_OBJECT_COMMIT;
    /* an object may lie in two packs */
    if (commit && (search->commits == 0 || !git_oid_equal(id, &search->found))) {
        search->found = *id;
        search->commits++;
    }
    return 0;
}

/* A file has the same beginning, or several commits have it: libgit2 says only that it is
 * ambiguous. Reads the numbers of all objects, which is rare. */
static const char *among_all(const struct history *history, struct search *search,
                             struct arena *mem, bool *several)
{
    AUTO(close_odb) git_odb *odb = NULL;
    if (git_repository_odb(&odb, history->repository) != 0)
        return NULL;
    search->odb = odb;
    if (git_odb_foreach(odb, take_object, search) != 0)
        return NULL;
    *several = search->commits > 1;
    return search->commits == 1 ? hex_of(&search->found, mem) : NULL;
}

const char *commit_beginning(const struct history *history, const char *hex, size_t len,
                             struct arena *mem, bool *several)
{
    AUTO(close_object) git_object *object = NULL;
    struct search search = {.len = len};
    *several = false;
    if (len < FEWEST_DIGITS || len > GIT_OID_HEXSZ ||
        git_oid_fromstrn(&search.beginning, hex, len) != 0)
        return NULL;
    int found = git_object_lookup_prefix(&object, history->repository, &search.beginning, len,
                                         GIT_OBJECT_COMMIT);
    if (found == 0)
        return hex_of(git_object_id(object), mem);
    return found == GIT_EAMBIGUOUS ? among_all(history, &search, mem, several) : NULL;
}
