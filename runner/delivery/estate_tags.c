/* Deployments that are tags of the service's own repository. */
#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/delivery/estate_parts.h"

/* The glob of a layout, for a service. */
static const char *glob_of(const struct delivery_layout *layout, const char *service,
                           struct arena *mem)
{
    static const char capture[] = "{service}";
    const char *glob = layout->tags, *at;
    while ((at = strstr(glob, capture)) != NULL)
        glob =
            arena_printf(mem, "%.*s%s%s", (int)(at - glob), glob, service, at + sizeof capture - 1);
    return glob;
}

/* When the first file spoke of it: from then on files are right. */
static int64_t first_file(const struct sketch *sketch)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < sketch->told.list.count; i++) {
        const struct dora_deployment *deployment = &sketch->told.list.items[i];
        int64_t began = deployment->first_s != 0 ? deployment->first_s : deployment->stated_s;
        first = began < first ? began : first;
    }
    return first;
}

static void take_tag(struct gathering *gathering, struct sketch *sketch,
                     const struct history_tag *tag)
{
    const char *name = text_keep(gathering->mem, tag->name, strlen(tag->name), LIMIT_NAME_BYTES);
    const struct dora_deployment deployment = {
        .version = name,
        .source = "tag",
        .where = name,
        .stated_s = tag->stated_s,
    };
    told_add(gathering, sketch, &sketch->told, tag->commit, &deployment);
}

static void tell(struct gathering *gathering, struct sketch *sketch)
{
    const struct delivery_layouts *layouts = &gathering->delivery->layouts;
    struct words globs = {0};
    int64_t until = first_file(sketch);
    for (size_t i = 0; i < layouts->count; i++) {
        const struct delivery_layout *layout = &layouts->items[i];
        const char *service = sketch->service->name;
        if (layout->tags != NULL && strcmp(layout->environment, sketch->environment->name) == 0 &&
            (layout->service == NULL || strcmp(layout->service, service) == 0))
            array_push(gathering->mem, &globs, glob_of(layout, service, gathering->mem));
    }
    const struct history_tags *tags = &sketch->base->tags;
    for (size_t i = 0; globs.count > 0 && i < tags->count; i++)
        if (tags->items[i].stated_s < until && globs_match(&globs, tags->items[i].name))
            take_tag(gathering, sketch, &tags->items[i]);
}

void estate_tags(struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->sketch_count; i++)
        tell(gathering, &gathering->sketches[i]);
}
