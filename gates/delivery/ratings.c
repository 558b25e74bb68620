#include "gates/delivery/ratings.h"

#include <assert.h>
#include <string.h>

#include "gates/base/text.h"
#include "gates/policies/embedded.h"
#include "gates/policy/quantity.h"
#include "gates/policy/yaml.h"

struct reading {
    struct arena *mem;
    struct problems *found;
};

static void wrong(const struct reading *r, const struct node *node, const char *what)
{
    problem_add(r->found, node->at, "%s", what);
}

/* --- limits ----------------------------------------------------------------------------------- */

/* "30d": its seconds. */
static bool read_time(const char *text, struct number *seconds)
{
    int64_t ms;
    if (!duration_read(text, &ms))
        return false;
    *seconds = number_ratio(ms, 1000);
    return true;
}

static bool read_share(const char *text, struct number *percent)
{
    struct quantity quantity;
    if (!quantity_read(text, strlen(text), &quantity) || quantity.dimension != DIMENSION_PERCENT)
        return false;
    *percent = quantity.number;
    return true;
}

/* "1 in 30d", "5 days a week" */
static bool read_pace(const char *text, struct dora_limit *limit)
{
    static const char in[] = "1 in ";
    const char *unit = strchr(text, ' ');
    uint64_t days;
    int64_t ms;
    if (strncmp(text, in, sizeof in - 1) == 0 && duration_read(text + sizeof in - 1, &ms)) {
        limit->value = number_ratio(86400000, (uint64_t)ms);
        return true;
    }
    limit->kind = DORA_DAYS;
    if (unit == NULL || (strcmp(unit, " days a week") != 0 && strcmp(unit, " day a week") != 0) ||
        !number_parse_count(text, (size_t)(unit - text), &days) || days > 7)
        return false;
    limit->value = number_of((int64_t)days);
    return true;
}

static bool read_limit(const char *text, struct dora_limit *limit)
{
    switch (limit->kind) {
    case DORA_UNDER:
        return read_time(text, &limit->value);
    case DORA_AT_MOST:
        return read_share(text, &limit->value);
    default:
        return read_pace(text, limit);
    }
}

static void read_limits(const struct reading *r, const struct node *map, struct dora_limits *limits)
{
    static const char *const keys[] = {"under", "at_most", "at_least"};
    for (int kind = DORA_UNDER; kind <= DORA_AT_LEAST; kind++) {
        const struct node *list = node_find(map, keys[kind]);
        if (list == NULL)
            continue;
        if (list->kind != NODE_LIST || limits->count > 0)
            wrong(r, list, "limits are one list");
        for (size_t i = 0; list->kind == NODE_LIST && i < list->items.count; i++) {
            struct dora_limit limit = {.kind = (enum dora_limit_kind)kind};
            const struct node *item = list->items.items[i];
            if (item->kind != NODE_TEXT || !read_limit(item->text, &limit))
                wrong(r, item, "this is no such limit");
            else
                array_push(r->mem, limits, limit);
        }
    }
}

/* --- parts ------------------------------------------------------------------------------------ */

static bool read_count(const struct node *node, uint64_t *count)
{
    return node != NULL && node->kind == NODE_TEXT &&
           number_parse_count(node->text, strlen(node->text), count);
}

static unsigned read_year(const struct reading *r, const struct node *map)
{
    uint64_t year = 0;
    if (!read_count(node_find(map, "year"), &year) || year > 9999)
        wrong(r, map, "it needs a `year`");
    return (unsigned)year;
}

static void read_scale(const struct reading *r, const struct node *map, struct dora_scale *scale)
{
    const struct node *worth = node_find(map, "worth");
    read_limits(r, map, &scale->limits);
    for (size_t i = 0; worth != NULL && i < worth->items.count; i++) {
        uint64_t points;
        if (!read_count(worth->items.items[i], &points) || points > 10)
            wrong(r, worth->items.items[i], "points are 0 to 10");
        else
            array_push(r->mem, &scale->worth, points);
    }
    if (worth == NULL && (!read_count(node_find(map, "falls"), &scale->falls) || scale->falls == 0))
        wrong(r, map, "a score has `worth` or `falls`");
    else if (worth != NULL && scale->worth.count != scale->limits.count + 1)
        wrong(r, worth, "`worth` has one more than there are limits");
}

static void read_levels(const struct reading *r, const struct node *map, struct dora_levels *levels)
{
    const struct node *names = node_find(map, "names");
    levels->year = read_year(r, map);
    for (size_t i = 0; names != NULL && i < names->items.count; i++)
        if (names->items.items[i]->kind == NODE_TEXT)
            array_push(r->mem, &levels->names, names->items.items[i]->text);
    for (enum dora_rated rated = 0; rated < DORA_RATED; rated++) {
        const struct node *part = node_find(map, dora_rated_name(rated));
        if (part == NULL)
            continue;
        read_limits(r, part, &levels->limits[rated]);
        if (levels->limits[rated].count + 1 != levels->names.count)
            wrong(r, part, "there is one name more than there are limits");
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static void read_score(const struct reading *r, const struct node *map,
                       struct dora_ratings *ratings)
{
    ratings->year = read_year(r, map);
    for (enum dora_rated rated = 0; rated < DORA_RATED; rated++) {
        const struct node *part = node_find(map, dora_rated_name(rated));
        if (part == NULL)
            wrong(r, map, "every measure has a score");
        else
            read_scale(r, part, &ratings->scales[rated]);
    }
}

void ratings_read(const char *file, const char *text, size_t len, struct arena *mem,
                  struct dora_ratings *ratings, struct problems *found)
{
    const struct reading r = {mem, found};
    const struct node *root = tree_read(file, text, len, mem, found);
    *ratings = (struct dora_ratings){0};
    if (root == NULL)
        return;
    const struct node *score = node_find(root, "score"), *bands = node_find(root, "bands");
    if (score == NULL || bands == NULL || bands->kind != NODE_LIST) {
        wrong(&r, root, "it has `score` and the list `bands`");
        return;
    }
    read_score(&r, score, ratings);
    for (size_t i = 0; i < bands->items.count; i++)
        read_levels(&r, bands->items.items[i], array_add(mem, &ratings->levels));
}

void ratings_builtin(struct arena *mem, struct dora_ratings *ratings)
{
    struct problems found;
    const struct embedded *file = embedded_named("data/bands");
    problems_init(&found, mem);
    ratings_read("bands.yml", file->text, file->size, mem, ratings, &found);
    assert(found.count == 0);
}
