#include "runner/command/validate.h"

#include <string.h>

#include "gates/base/path.h"
#include "gates/policy/yaml.h"
#include "runner/log.h"

bool delivery_is_wanted(const struct delivery_wanted *wanted)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct policy_text text;
    struct problems unsaid;
    struct error ignored = {0};
    problems_init(&unsaid, mem);
    if (!deliveryfile_text(wanted, mem, &text, &ignored) || text.bytes == NULL)
        return false;
    const struct node *root = tree_read_long(text.name, text.bytes, text.len, mem, &unsaid);
    return root == NULL ? strcmp(path_name(text.name), DELIVERY_FILE) == 0 : delivery_is(root);
}

static const char *counted(size_t count, const char *one, const char *many, struct arena *mem)
{
    return arena_printf(mem, "%zu %s", count, count == 1 ? one : many);
}

static void say_valid(const struct delivery *delivery, struct arena *mem)
{
    const size_t included = delivery->files.count - 1;
    printf("%s%s: a valid delivery configuration: %s, %s, %s, %s\n", delivery->path,
           included == 0 ? ""
                         : arena_printf(mem, " (and %s)", counted(included, "file", "files", mem)),
           counted(delivery->teams.count, "team", "teams", mem),
           counted(delivery->services.count, "service", "services", mem),
           counted(delivery->environments.count, "environment", "environments", mem),
           counted(delivery->repositories.count, "repository", "repositories", mem));
    for (size_t i = 0; i < delivery->notes.count; i++) {
        const struct problem *note = &delivery->notes.items[i];
        printf("%s:%u:%u: %s\n", note->at.file, note->at.line, note->at.column, note->what);
    }
}

enum status validate_delivery(const struct delivery_wanted *wanted)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct delivery delivery;
    struct policy_text text;
    struct problems found;
    struct error err = {0};
    problems_init(&found, mem);
    if (!deliveryfile_text(wanted, mem, &text, &err) ||
        !deliveryfile_load(wanted, &text, mem, &delivery, &found, &err))
        return give_up(&err);
    log_problems(&found);
    if (found.count > 0)
        return STATUS_USAGE;
    say_valid(&delivery, mem);
    return STATUS_PASSED;
}
