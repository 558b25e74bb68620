/* What the files of the markdown output share; of others only who writes a note of several verdicts
 * includes it. */
#ifndef RUNNER_RENDER_MARKDOWN_H
#define RUNNER_RENDER_MARKDOWN_H

#include "runner/render/render.h"

enum { MARKDOWN_ROOM = 900000 }; /* bytes of rows: with all the rest a note stays below 1 MiB */

/* The output, with that much room for rows. */
NODISCARD bool markdown_write(const struct view *view, size_t room, FILE *out, struct error *err);

/* One rendering. */
struct note {
    const struct view *view;
    FILE *out;
    struct arena *mem; /* until the note is written */
    size_t room;       /* bytes that rows of tables may still take */
};

/* A table under way. */
struct listing {
    struct note *note;
    size_t most, written, left_out; /* rows */
};

enum {
    MOST_ROWS = 1000, /* of a table that is folded up */
    MOST_DETAILS = 5, /* of a row */
};

/* One row, or one that is left out. */
void put_row(struct listing *list, const char *row);

/* A table that is folded up; `noun` is what its rows are, `below` a paragraph of ours or "". */
void begin_details(const struct note *note, const char *summary, const char *columns,
                   const char *dashes);
void end_details(const struct listing *list, const char *noun, const char *below);

/* `text` as a code span behind `lead`, or nothing when it is NULL or empty. */
const char *cell_behind(struct arena *mem, const char *lead, const char *text);

/* What wants attention, worst first, a row for each cause. False: nothing does. */
bool note_problems(struct note *note);

/* Tables in <details>, one after the other; each may have nothing to say. */
void note_rules(struct note *note);
void note_waivers(struct note *note);
void note_differences(struct note *note);
void note_notices(struct note *note);
void note_warnings(struct note *note);

#endif
