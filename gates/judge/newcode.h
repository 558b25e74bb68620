/* What a change added, and how much of it is tested: the numbers behind new(coverage.lines) and
 * new(coverage.branches), and what is said of them.
 *
 * Counted are the added and modified lines that a report lists as coverable: a line is hit when any
 * report hit it, and a report that does not list it says nothing of it. A changed source file that
 * no report saw is never taken for tested.
 */
#ifndef GATES_JUDGE_NEWCODE_H
#define GATES_JUDGE_NEWCODE_H

#include "gates/judge/parts.h"

/* Lines that no test runs, or a line of whose branches some are not taken. */
struct gap {
    uint32_t first, last;
    uint32_t text;   /* a hash of the first one's text; 0: not known */
    uint64_t missed; /* lines, or branches … */
    uint64_t of;     /* … of so many; of lines: not used */
};

struct gaps ARRAY(struct gap);

/* The added lines of a file that a report saw. */
struct new_file {
    const char *path;
    uint64_t lines, hit, branches, taken; /* coverable lines */
    struct gaps untested, partly;         /* lines; branches */
};

struct new_files ARRAY(struct new_file);

/* What the selector picks of this change. */
struct new_code {
    bool touched; /* a file of it changed, in whatever way */
    struct source_list {
        const struct source **items;
        size_t count, room;
    } sources;
    struct new_files files; /* sorted by path */
    struct words unseen;    /* source files that no report saw, sorted */
    struct words binary;    /* source files of which git does not know the lines, sorted */
    uint64_t lines, hit, branches, taken;
};

/* What trial->selector picks. `value` becomes the share that is tested, absent when there is
 * nothing to test, an error when a pattern ran into its limit. The change must be known. */
struct new_code new_code_of(struct trial *trial, const struct rule *rule, struct value *value);

/* Is it the branches that count? */
bool new_code_is_of_branches(const struct rule *rule);

/* The findings, one for each gap. */
void new_code_list(struct trial *trial, const struct new_code *code, bool branches,
                   struct details *details);

/* `advise` of the answer. */
void new_code_advise(struct trial *trial, const struct rule *rule, struct ruling *ruling);

#endif
