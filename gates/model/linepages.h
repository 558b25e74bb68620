/* Which lines of one source file are coverable, which were run, and their branches.
 *
 * Two bits a line in pages of 512 lines, eight bytes a line with branches: memory grows with what
 * is known, so a line number of two billion costs one page. Merging is union: a line is hit when
 * any report hit it; of a line's branches the larger `covered` and the larger `total` are kept.
 */
#ifndef GATES_MODEL_LINEPAGES_H
#define GATES_MODEL_LINEPAGES_H

#include <stdint.h>

#include "gates/base/array.h"

#define PAGE_LINES 512U

struct line_page {
    uint32_t number;   /* holds the lines number * 512 … number * 512 + 511 */
    uint64_t known[8]; /* bit set: the line is coverable */
    uint64_t hit[8];   /* bit set: a test runs it; only where known is set */
};

struct branch_line {
    uint32_t line;
    uint16_t covered, total; /* covered <= total */
};

struct line_pages { /* sorted by number */
    struct line_page **items;
    size_t count, room;
};

struct branch_lines ARRAY(struct branch_line);

struct lines {
    struct line_pages pages;
    struct branch_lines branches; /* sorted and merged once lines_settle() was called */
    struct line_page *last;       /* the page used last: reports list lines in order */
};

/* What is left of the ceilings of limits.h; shared by all files of a report. */
struct line_budget {
    uint64_t pages, branch_lines; /* used so far */
};

/* Add what a report says of `line` (1 to LIMIT_LINE). False when a ceiling is passed. */
NODISCARD bool lines_add(struct lines *lines, struct arena *mem, struct line_budget *budget,
                         uint32_t line, bool hit, struct error *err);
NODISCARD bool lines_add_branches(struct lines *lines, struct arena *mem,
                                  struct line_budget *budget, uint32_t line, uint64_t covered,
                                  uint64_t total, struct error *err);

/* Union of `from` into `into`. */
NODISCARD bool lines_merge(struct lines *into, struct arena *mem, struct line_budget *budget,
                           const struct lines *from, struct error *err);

/* Sort and merge the branches; call once when everything is added. */
void lines_settle(struct lines *lines);

struct line_counts {
    uint64_t known, hit;                 /* lines */
    uint64_t branches, branches_covered; /* branches */
};

/* What a settled map holds. */
struct line_counts lines_count(const struct lines *lines);

enum line_state { LINE_UNKNOWN, LINE_MISSED, LINE_HIT };
enum line_state lines_state(const struct lines *lines, uint32_t line);

/* The branches of that line in a settled map; NULL: it has none. */
const struct branch_line *lines_branches(const struct lines *lines, uint32_t line);

#endif
