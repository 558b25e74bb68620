/* The loader of delivery configurations on any text, which it includes as well: memory safety,
 * every mistake with its place and printable, and a configuration without mistakes is one to
 * measure by.
 */
#include "gates/delivery/delivery.h"
#include "tests/fuzz/fuzz.h"

struct given {
    const char *text;
    size_t len;
    struct arena *mem;
};

static bool list_files(void *handle, const char *glob, struct words *paths, struct error *err)
{
    const struct given *given = handle;
    (void)glob, (void)err;
    array_push(given->mem, paths, "included");
    return true;
}

static bool open_file(void *handle, const char *name, const char **text, size_t *len,
                      struct error *err)
{
    const struct given *given = handle;
    (void)name, (void)err;
    *text = given->text;
    *len = given->len;
    return true;
}

/* What the loader promises of services. */
static void check(const struct delivery *delivery)
{
    must(delivery->environments.count > 0);
    for (size_t i = 0; i < delivery->services.count; i++) {
        const struct delivery_service *service = &delivery->services.items[i];
        must(delivery_service(delivery, service->name) == service);
        must(service->project != NULL && service->versions.count > 0);
        must(service->incident_hours > 0);
        for (size_t k = 0; k < service->owners.count; k++) {
            const struct delivery_owner *owner = &service->owners.items[k];
            must(delivery_team(delivery, owner->team) != NULL);
            must(owner->from_day <= owner->until_day);
            must(k == 0 || owner[-1].until_day < owner->from_day);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct given given = {(const char *)data, size, mem};
    const struct policy_files files = {.open = open_file, .list = list_files, .handle = &given};
    struct delivery delivery;
    struct problems found;
    struct error err = {0};

    problems_init(&found, mem);
    must(delivery_load("delivery", given.text, size, &files, mem, &delivery, &found, &err));
    must(err.fault == FAULT_NONE);
    for (size_t i = 0; i < found.count; i++)
        must(found.items[i].at.line > 0 && printable(found.items[i].what));
    for (size_t i = 0; i < delivery.notes.count; i++)
        must(delivery.notes.items[i].at.line > 0 && printable(delivery.notes.items[i].what));
    if (found.count == 0)
        check(&delivery);
    return 0;
}
