/* What this change did: the lines it added and removed since its base. Filled by runner/history. */
#ifndef GATES_MODEL_CHANGE_H
#define GATES_MODEL_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "gates/base/array.h"

struct line_range {
    uint32_t first, last; /* 1-based, both included */
};

struct line_ranges ARRAY(struct line_range);

enum change_how { CHANGE_ADDED, CHANGE_MODIFIED, CHANGE_RENAMED, CHANGE_DELETED };

struct changed_file {
    const char *path;     /* in the repository, as it is now; of a deleted file: as it was */
    const char *old_path; /* before a rename; otherwise the same as path */
    enum change_how how;
    bool no_code; /* every line of it is blank or a comment, as far as its name tells the
                     language */
    bool binary; /* git takes it for no text, or it is too large to be compared: which lines changed
                    is not known, none are given */
    struct line_ranges added;    /* lines of the file as it is now */
    const uint32_t *added_texts; /* of each of these, in order: a hash of its text without white
                                    space; NULL: not known */
    struct line_ranges removed;  /* lines of the file as it was */
};

/* How many lines of it were added or modified. */
static inline uint64_t changed_file_lines(const struct changed_file *file)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < file->added.count; i++)
        lines += file->added.items[i].last - file->added.items[i].first + UINT64_C(1);
    return lines;
}

/* Which line of the file as it was is this line of the file as it is; 0: it was added. */
uint32_t changed_file_line_before(const struct changed_file *file, uint32_t line);

struct changed_files ARRAY(struct changed_file);

struct change {
    const char *base,
        *head; /* commits, hexadecimal; base "": nothing was there, head NULL: the work tree */
    const char *why_not; /* why there is none (shallow clone, no target …); NULL when there is */
    const char *remedy;  /* with why_not: what repairs it, "git fetch …" */
    struct changed_files files; /* sorted by path */
};

#endif
