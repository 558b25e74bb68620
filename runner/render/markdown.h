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

/* What wants attention, worst first, a row for each cause. False: nothing does. */
bool note_problems(struct note *note);

/* Tables in <details>, one after the other; each may have nothing to say. */
void note_rules(struct note *note);
void note_waivers(struct note *note);
void note_differences(struct note *note);
void note_notices(struct note *note);
void note_warnings(struct note *note);

#endif
