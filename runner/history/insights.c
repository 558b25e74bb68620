#include "runner/history/insights.h"

#include <stdlib.h>
#include <string.h>

#include "runner/history/cachefile.h"
#include "runner/history/origin.h"

/* Raise it with every change of struct insight, or of what is kept in one. */
enum { LAYOUT = 1 };

void insights_open(struct insights *insights, int folder, const struct history *history,
                   const char *kind, const char *more, struct arena *mem)
{
    size_t len = 0;
    *insights = (struct insights){.folder = folder, .mem = mem};
    names_init(&insights->ids, mem);
    if (folder < 0)
        return;
    insights->name = origin_file(history, kind, more, mem);
    const void *bytes = cachefile_read(folder, insights->name, cachefile_version(LAYOUT), &len);
    insights->kept = bytes;
    insights->kept_count = bytes == NULL ? 0 : len / sizeof *insights->kept;
}

void insights_open_globs(struct insights *insights, int folder, const struct history *history,
                         const char *kind, const struct words *globs, struct arena *mem)
{
    const char *more = "";
    for (size_t i = 0; folder >= 0 && i < globs->count; i++)
        more = arena_printf(mem, "%s%s\n", more, globs->items[i]);
    insights_open(insights, folder, history, kind, more, mem);
}

static int by_id(const void *one, const void *other)
{
    return memcmp(one, other, INSIGHT_ID); /* `about` stands first */
}

const struct insight *insights_find(const struct insights *insights, const unsigned char *about)
{
    const struct insight *kept =
        insights->kept_count == 0
            ? NULL
            : bsearch(about, insights->kept, insights->kept_count, sizeof *insights->kept, by_id);
    if (kept != NULL || insights->fresh.count == 0)
        return kept;
    size_t fresh = names_find(&insights->ids, (const char *)about, INSIGHT_ID);
    return fresh == NAMES_NONE ? NULL : &insights->fresh.items[fresh];
}

void insights_add(struct insights *insights, const struct insight *insight)
{
    names_add(&insights->ids, (const char *)insight->about, INSIGHT_ID);
    array_push(insights->mem, &insights->fresh, *insight);
}

void insights_close(struct insights *insights)
{
    size_t count = insights->kept_count + insights->fresh.count;
    if (insights->fresh.count == 0 || insights->folder < 0)
        return;
    struct insight *all = arena_alloc(insights->mem, count * sizeof *all);
    if (insights->kept_count > 0)
        memcpy(all, insights->kept, insights->kept_count * sizeof *all);
    memcpy(all + insights->kept_count, insights->fresh.items, insights->fresh.count * sizeof *all);
    qsort(all, count, sizeof *all, by_id);
    const struct cachefile_part whole = {all, count * sizeof *all};
    cachefile_write(insights->folder, insights->name, cachefile_version(LAYOUT), &whole, 1);
    insights->fresh.count = 0;
}
