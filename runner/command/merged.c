#include "runner/command/merged.h"

#include <stdlib.h>
#include <string.h>

#include "runner/history/changes.h"

static int compare_path(const void *path, const void *file)
{
    return strcmp(path, ((const struct changed_file *)file)->path);
}

/* A range of which the merge brought one end is the other end alone. */
static void take_lines(const struct changed_file *file, const struct finding *finding,
                       struct finding_place *place)
{
    bool is_range = finding->last_line > finding->line;
    uint32_t first = changed_file_line_before(file, finding->line);
    uint32_t last = is_range ? changed_file_line_before(file, finding->last_line) : first;
    place->line = first != 0 ? first : last;
    place->last_line = last != 0 ? last : first;
    place->path = place->line == 0 ? NULL : file->old_path;
}

static const struct finding_place *place_of(const struct change *change,
                                            const struct finding *finding, struct arena *mem)
{
    const struct changed_files *files = &change->files;
    struct finding_place *place = arena_new_item(mem, struct finding_place);
    const struct changed_file *file = files->count == 0
                                          ? NULL
                                          : bsearch(finding->path, files->items, files->count,
                                                    sizeof *files->items, compare_path);
    *place = (struct finding_place){finding->path, finding->line, finding->last_line};
    if (change->why_not != NULL || (file != NULL && (file->binary || file->how == CHANGE_ADDED)))
        *place = (struct finding_place){0};
    else if (file != NULL)
        take_lines(file, finding, place);
    return place;
}

void merged_place(struct hearing *hearing, const char *source)
{
    const char *judged = hearing->place.history.commit;
    const struct change_wanted wanted = {.from = source, .to = judged};
    struct gate_rulings *gates = &hearing->verdict.gates;
    struct change change = {0};
    if (source == NULL || judged == NULL || strcmp(source, judged) == 0)
        return;
    history_changes(&hearing->place.history, &wanted, hearing->mem, &change);
    for (size_t i = 0; i < gates->count; i++)
        for (size_t j = 0; j < gates->items[i].rulings.count; j++) {
            struct details *details = &gates->items[i].rulings.items[j].details;
            for (size_t k = 0; k < details->count; k++) {
                const struct finding *finding = details->items[k].finding;
                if (finding != NULL && finding->path != NULL && finding->line > 0)
                    details->items[k].at_source = place_of(&change, finding, hearing->mem);
            }
        }
}
