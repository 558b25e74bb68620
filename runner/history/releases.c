#include "runner/history/releases.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/history/commits.h"
#include "runner/history/inside.h"
#include "runner/history/tags.h"

static int by_date(const void *one, const void *other)
{
    const struct history_tag *a = one, *b = other;
    if (a->stated_s != b->stated_s)
        return a->stated_s < b->stated_s ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* Those that the pattern means, the earliest first. */
static bool list_releases(const struct history *history, const char *glob, struct arena *mem,
                          struct history_tags *releases, struct error *err)
{
    struct history_tags tags = {0};
    if (!history_tags(history, mem, &tags, err))
        return false;
    for (size_t i = 0; i < tags.count; i++)
        if (glob_match(glob, tags.items[i].name))
            array_push(mem, releases, tags.items[i]);
    if (releases->count > 0)
        qsort(releases->items, releases->count, sizeof *releases->items, by_date);
    return true;
}

bool history_releases(const struct history *history, const struct releases_wanted *wanted,
                      struct arena *mem, struct dora_chain *chain, struct error *err)
{
    struct history_tags releases = {0};
    struct words tips = {0};
    struct names people;
    struct commits commits;
    if (!list_releases(history, wanted->glob, mem, &releases, err))
        return false;
    for (size_t i = 0; i < releases.count; i++)
        array_push(mem, &tips, releases.items[i].commit);
    names_init(&people, mem);
    const struct commits_wanted of_all = {
        .tips = &tips,
        .people = &people,
        .cache = wanted->cache,
        .doing = "reading the history",
        .progress = wanted->progress,
    };
    if (!history_commits(history, &of_all, mem, &commits, err))
        return false;
    *chain = (struct dora_chain){.commits = commits.all};
    for (size_t i = 0; i < releases.count; i++) {
        const struct history_tag *tag = &releases.items[i];
        struct dora_deployment *deployment = array_add(mem, &chain->deployments);
        deployment->version = text_keep(mem, tag->name, strlen(tag->name), LIMIT_NAME_BYTES);
        deployment->source = "tag";
        deployment->where = deployment->version;
        deployment->commit = commits_find(&commits, tag->commit, strlen(tag->commit));
        deployment->stated_s = tag->stated_s;
    }
    return true;
}
