/* The tables of the note on what stands beside the rules: waivers, the branch's policy, what a
 * person should look at. */
#include <string.h>

#include "gates/base/day.h"
#include "runner/render/escape.h"
#include "runner/render/markdown.h"
#include "runner/render/words.h"

static const char *gates_cell(struct arena *mem, const struct waiver_ruling *ruling)
{
    const char *text = "";
    for (size_t i = 0; i < ruling->gates.count && i < MOST_DETAILS; i++)
        text = arena_printf(mem, "%s%s%s", text, i == 0 ? "" : ", ",
                            escape_cell(mem, ruling->gates.items[i]));
    return text;
}

static void put_waiver(struct listing *list, const struct waiver_ruling *ruling)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    char day[48];
    const struct waiver *waiver = ruling->waiver;
    const char *words = words_waiver(mem, ruling);
    const char *where = waiver->package != NULL ? waiver->package : waiver->path;
    put_row(list,
            arena_printf(mem, "| %s%s | %s | %s%s%s | %s | %s%s%s |\n",
                         cell_behind(mem, waiver->id == NULL ? "gate " : "",
                                     waiver->id != NULL ? waiver->id : waiver->gate),
                         cell_behind(mem, " in ", where), gates_cell(mem, ruling),
                         escape_cell(mem, waiver->reason), cell_behind(mem, " ", waiver->ticket),
                         waiver->from_environment ? " (`QGATE_WAIVERS`)" : "",
                         escape_cell(mem, waiver->owner), day_text(day, waiver->expires),
                         *words == '\0' ? "" : ", ", words));
}

/* Those that were used, and those that someone should look at. */
void note_waivers(struct note *note)
{
    const struct waiver_rulings *waivers = &note->view->verdict->waivers;
    struct listing list = {.note = note, .most = MOST_ROWS};
    size_t used = 0, listed = 0;
    for (size_t i = 0; i < waivers->count; i++) {
        used += waivers->items[i].used > 0;
        listed += waivers->items[i].used > 0 || *words_waiver(note->mem, &waivers->items[i]);
    }
    if (listed == 0)
        return;
    const char *summary = words_count(note->mem, used > 0 ? used : listed, "waiver");
    if (used == 0)
        summary = arena_printf(note->mem, "%s to look at", summary);
    else if (listed == used)
        summary = arena_printf(note->mem, "%s used", summary);
    else
        summary = arena_printf(note->mem, "%s used, %zu to look at", summary, listed - used);
    begin_details(note, summary, "| what | gate | reason | owner | until |",
                  "|---|---|---|---|---|");
    for (size_t i = 0; i < waivers->count; i++)
        if (waivers->items[i].used > 0 || *words_waiver(note->mem, &waivers->items[i]))
            put_waiver(&list, &waivers->items[i]);
    end_details(&list, "waiver", "");
}

/* What this branch would make of the policy. */
void note_differences(struct note *note)
{
    const struct differences *differences = note->view->differences;
    struct listing list = {.note = note, .most = MOST_ROWS};
    if (differences == NULL || differences->count == 0)
        return;
    bool of_target = strcmp(note->view->policy_from, "target") == 0;
    begin_details(note,
                  arena_printf(note->mem, "This branch %s, %s",
                               words_differences(note->mem, differences),
                               of_target ? "but the policy of its target judged it"
                                         : "and its own judged it"),
                  "| | what | before | this branch |", "|---|---|---|---|");
    for (size_t i = 0; i < differences->count; i++) {
        AUTO(close_arena) struct arena *mem = arena_new();
        const struct difference *difference = &differences->items[i];
        put_row(&list,
                arena_printf(mem, "| %s | %s | %s | %s |\n", difference_name(difference->kind),
                             escape_cell(mem, difference->what),
                             cell_behind(mem, "", difference->before),
                             cell_behind(mem, "", difference->after)));
    }
    end_details(&list, "difference",
                of_target ? "A waiver or threshold counts once it is on the target: send it in a "
                            "merge request of its own.\n\n"
                          : "");
}

/* Pipeline files that changed, reports that git tracks: not the verdict's business, but somebody's.
 */
void note_notices(struct note *note)
{
    const struct words *notices = note->view->notices;
    struct listing list = {.note = note, .most = MOST_ROWS};
    if (notices == NULL || notices->count == 0)
        return;
    begin_details(
        note,
        arena_printf(note->mem, "%s to look at", words_count(note->mem, notices->count, "thing")),
        "| please look |", "|---|");
    for (size_t i = 0; i < notices->count; i++) {
        AUTO(close_arena) struct arena *mem = arena_new();
        put_row(&list, arena_printf(mem, "| %s |\n", escape_cell(mem, notices->items[i])));
    }
    end_details(&list, "thing", "");
}

void note_warnings(struct note *note)
{
    const struct sources *sources = &note->view->evidence->sources;
    struct listing list = {.note = note, .most = MOST_ROWS};
    size_t count = 0;
    for (size_t i = 0; i < sources->count; i++)
        count += sources->items[i].warnings.count;
    if (count == 0)
        return;
    begin_details(
        note, arena_printf(note->mem, "%s about reports", words_count(note->mem, count, "warning")),
        "| report | what is odd |", "|---|---|");
    for (size_t i = 0; i < sources->count; i++)
        for (size_t j = 0; j < sources->items[i].warnings.count; j++) {
            AUTO(close_arena) struct arena *mem = arena_new();
            put_row(&list,
                    arena_printf(mem, "| %s | %s |\n", escape_cell(mem, sources->items[i].name),
                                 escape_cell(mem, sources->items[i].warnings.items[j])));
        }
    end_details(&list, "warning", "");
}
