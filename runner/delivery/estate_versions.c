/* How many versions led to commits, by which way, and what would help the others. */
#include <stdlib.h>
#include <string.h>

#include "runner/delivery/estate_parts.h"

static struct words names_of(const struct history_tags *tags, struct arena *mem)
{
    struct words names = {0};
    for (size_t i = 0; i < tags->count; i++)
        array_push(mem, &names, tags->items[i].name);
    return names;
}

static void count_versions(struct gathering *gathering, const struct sketch *sketch)
{
    const struct share *share = share_of(gathering, sketch);
    if (share->resolver == NULL)
        return;
    struct resolved asked = resolver_asked(share->resolver);
    struct estate_versions row = {.service = sketch->service->name,
                                  .project = sketch->service->project,
                                  .count = asked.versions->count};
    struct names missed; /* of versions pinned by a digest what stands before it */
    names_init(&missed, gathering->mem);
    for (size_t i = 0; i < row.count; i++) {
        if (asked.items[i].by == NULL) {
            const char *version = asked.versions->items[i];
            names_add(&missed, version, strcspn(version, "@"));
            continue;
        }
        row.found++;
        row.by[asked.items[i].by->how]++;
    }
    if (missed.texts.count > 0) {
        const struct words tags = names_of(&sketch->base->tags, gathering->mem);
        version_propose(row.service, &missed.texts, &tags, gathering->mem, &row.proposal);
    }
    if (row.count > 0)
        array_push(gathering->mem, &gathering->estate->versions, row);
}

static int by_service(const void *one, const void *other)
{
    const struct estate_versions *a = one, *b = other;
    return strcmp(a->service, b->service);
}

/* In any environment; of others nothing is listed. */
static bool is_known(const struct sketch *sketches, size_t environments)
{
    for (size_t i = 0; i < environments; i++)
        if (sketches[i].why_not == NULL && sketches[i].base->why_not == NULL)
            return true;
    return false;
}

void estate_versions(struct gathering *gathering)
{
    size_t environments = gathering->delivery->environments.count;
    for (size_t i = 0; i < gathering->sketch_count; i += environments)
        if (is_known(&gathering->sketches[i], environments))
            count_versions(gathering, &gathering->sketches[i]);
    if (gathering->estate->versions.count > 0)
        qsort(gathering->estate->versions.items, gathering->estate->versions.count,
              sizeof *gathering->estate->versions.items, by_service);
}
