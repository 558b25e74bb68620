/* Paths of coverage reports, made paths of the repository.
 *
 * A report names files as the tool saw them: below a source root, absolute in another checkout, or
 * relative to some folder. They are resolved before anything is merged, because two names of two
 * reports may be one file. What matches no file of the repository, or several, keeps its name, is
 * not `matched`, and is counted. Where that name is also the path of a file, `./` stands before it,
 * so that nothing is ever taken for a file that it only may be.
 */
#ifndef GATES_MODEL_PATHS_H
#define GATES_MODEL_PATHS_H

#include "gates/model/evidence.h"
#include "gates/model/pathindex.h"

/* How paths begin in a report, and what stands for it in the repository; whole parts only. */
struct path_map {
    const char *from, *to; /* clean; `to` "": its root */
};

struct path_maps ARRAY(struct path_map);

/* Apply the first map that fits to every path of one report: of source files and roots, tests and
 * findings. Paths of tests and findings that lie below `root` (NULL: none) are made relative to it.
 * Before paths_resolve(). */
void paths_map(struct source *source, const struct path_maps *maps, const char *root,
               struct arena *mem);

/* Resolve the files of one report, before it is merged. In this order: as a map said, below a
 * source root, as it stands, then the longest tail that it shares with exactly one file. A tail is
 * a whole path of the repository with a directory in it, or the whole path of the report. */
void paths_resolve(struct source *source, const struct path_index *index, struct arena *mem);

/* How many files of the complete source are not matched: `3 of 214 paths match no file of the
 * repository, e.g. …, and 1 matches several, e.g. …`; NULL: none. */
const char *paths_unmatched(const struct source *source, struct arena *mem);

#endif
