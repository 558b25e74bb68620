#include "gates/delivery/delivery.h"

#include <string.h>

#include "gates/delivery/load.h"

const char *tier_name(enum tier tier)
{
    static const char *const names[] = {
        [TIER_PRODUCTION] = "production",   [TIER_STAGING] = "staging", [TIER_TESTING] = "testing",
        [TIER_DEVELOPMENT] = "development", [TIER_OTHER] = "other",
    };
    return names[tier];
}

/* How many of the map's keys only the one language has at its top. */
static size_t own_keys(const struct node *map, const struct language *own,
                       const struct language *other)
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < map->items.count; i += 2)
        count += map->items.items[i]->kind == NODE_TEXT &&
                 keys_has(own, "", map->items.items[i]->text) &&
                 !keys_has(other, "", map->items.items[i]->text);
    return count;
}

bool delivery_is(const struct node *document)
{
    return document != NULL && document->kind == NODE_MAP &&
           own_keys(document, &delivery_language, &policy_language) >
               own_keys(document, &policy_language, &delivery_language);
}

void delivery_init(struct delivery *delivery, const char *path, struct arena *mem)
{
    *delivery = (struct delivery){
        .path = path, .zone = "UTC", .since_day = DELIVERY_NO_BEGIN, .people = PEOPLE_HASHED};
    problems_init(&delivery->notes, mem);
    names_init(&delivery->repository_names, mem);
    names_init(&delivery->environment_names, mem);
    names_init(&delivery->team_names, mem);
    names_init(&delivery->service_names, mem);
}

void delivery_usual_environment(struct delivery *delivery, struct place at, struct arena *mem)
{
    static const char name[] = "production";
    names_add(&delivery->environment_names, name, sizeof name - 1);
    array_push(mem, &delivery->environments,
               ((struct delivery_environment){.at = at, .name = name, .tier = TIER_PRODUCTION}));
}

void delivery_default(struct delivery *delivery, const char *service, struct arena *mem)
{
    const struct place nowhere = {"", 0, 0};
    struct service_defaults defaults;
    delivery_init(delivery, NULL, mem);
    delivery->people = PEOPLE_NONE;
    defaults_init(&defaults, mem);
    delivery_usual_environment(delivery, nowhere, mem);
    names_add(&delivery->service_names, service, strlen(service));
    array_push(mem, &delivery->services,
               ((struct delivery_service){.at = nowhere,
                                          .name = service,
                                          .project = ".",
                                          .versions = defaults.versions,
                                          .since_day = DELIVERY_NO_BEGIN,
                                          .incident_hours = defaults.incident_hours}));
    array_push(mem, &delivery->layouts,
               ((struct delivery_layout){.at = nowhere,
                                         .tags = "v*",
                                         .environment = delivery->environments.items[0].name}));
}

const struct delivery_repository *delivery_repository(const struct delivery *delivery,
                                                      const char *name)
{
    size_t index = names_find(&delivery->repository_names, name, strlen(name));
    return index == NAMES_NONE ? NULL : &delivery->repositories.items[index];
}

const struct delivery_environment *delivery_environment(const struct delivery *delivery,
                                                        const char *name)
{
    size_t index = names_find(&delivery->environment_names, name, strlen(name));
    return index == NAMES_NONE ? NULL : &delivery->environments.items[index];
}

const struct delivery_service *delivery_service(const struct delivery *delivery, const char *name)
{
    size_t index = names_find(&delivery->service_names, name, strlen(name));
    return index == NAMES_NONE ? NULL : &delivery->services.items[index];
}

const struct delivery_team *delivery_team(const struct delivery *delivery, const char *id)
{
    size_t index = names_find(&delivery->team_names, id, strlen(id));
    return index == NAMES_NONE ? NULL : &delivery->teams.items[index];
}

bool delivery_project(const struct delivery *delivery, const char *project, struct arena *mem,
                      struct delivery_repository *repository)
{
    const struct delivery_repository *own = delivery_repository(delivery, project);
    if (own != NULL)
        *repository = *own;
    if (own != NULL)
        return true;
    if (delivery->gitlab_url == NULL || strcmp(project, ".") == 0)
        return false;
    size_t len = strlen(delivery->gitlab_url);
    len -= delivery->gitlab_url[len - 1] == '/';
    *repository = (struct delivery_repository){
        .name = project,
        .url = arena_printf(mem, "%.*s/%s.git", (int)len, delivery->gitlab_url, project),
        .token_env = delivery->gitlab_token_env,
    };
    return true;
}

const char *delivery_zone(const struct delivery *delivery, const struct delivery_team *team)
{
    return team != NULL && team->zone != NULL ? team->zone : delivery->zone;
}
