/* `qgate schema`: the JSON Schema of a file that people or programs write. */
#include <string.h>

#include "gates/policies/embedded.h"
#include "runner/command/command.h"

static const struct cli_option options[] = {{0}};
static const char prefix[] = "schema/";

static bool is_schema(const struct embedded *file)
{
    return strncmp(file->name, prefix, sizeof prefix - 1) == 0;
}

static enum status no_schema(const char *name, struct arena *mem)
{
    struct error err = {0};
    struct words names = {0};
    const char *list = "";
    for (const struct embedded *file = embedded_files; file->name != NULL; file++)
        if (is_schema(file)) {
            array_push(mem, &names, file->name + sizeof prefix - 1);
            list = arena_printf(mem, "%s%s%s", list, *list == '\0' ? "" : ", ",
                                file->name + sizeof prefix - 1);
        }
    array_push(mem, &names, NULL);
    const char *nearest = name == NULL ? NULL : cli_nearest(name, names.items);
    if (name == NULL)
        error_set(&err, FAULT_USAGE, "which schema?");
    else
        error_set(&err, FAULT_USAGE, "there is no schema \"%s\"", name);
    if (nearest != NULL)
        error_hint(&err, "did you mean %s?", nearest);
    else
        error_hint(&err, "there are: %s", list);
    return give_up(&err);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    const char *name = cli->arguments.count == 1 ? cli->arguments.items[0] : NULL;
    const struct embedded *file = NULL;
    if (name != NULL)
        file = embedded_named(arena_printf(context->run, "%s%s", prefix, name));
    if (file == NULL)
        return no_schema(name, context->run);
    fwrite(file->text, 1, file->size, stdout);
    return finish_stdout(STATUS_PASSED);
}

const struct command schema_command = {
    .name = "schema",
    .arguments = "policy|verdict",
    .title = "prints the JSON Schema of a policy or of a verdict",
    .options = options,
    .run = run,
};
