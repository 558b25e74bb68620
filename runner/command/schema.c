/* `qgate schema`: the JSON Schema of a file that people or programs write. */
#include <string.h>

#include "gates/delivery/keys.h"
#include "gates/policies/embedded.h"
#include "runner/command/command.h"
#include "runner/scd.h"

static const struct cli_option options[] = {
    {"scd", NULL, "the keys of a policy or delivery configuration as entries for the manual"},
    {0},
};
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

static enum status print_keys(const struct language *language)
{
    static const char *const needs[] = {[KEY_OPTIONAL] = "", [KEY_REQUIRED] = ", required"};
    for (const struct key *key = language->keys; key->path != NULL; key++)
        scd_entry(stdout, key->path, "", "%s (%s%s%s%s)", key->help,
                  key->choices == NULL ? key_type_name(key->type) : key->choices, needs[key->need],
                  key->fallback[0] == '\0' ? "" : "; otherwise ", key->fallback);
    return finish_stdout(STATUS_PASSED);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    const char *name = cli->arguments.count == 1 ? cli->arguments.items[0] : NULL;
    if (cli_flag(cli, "scd"))
        return print_keys(name != NULL && strcmp(name, "delivery") == 0 ? &delivery_language
                                                                        : &policy_language);
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
    .arguments = "policy|evidence|verdict|dora|event",
    .title = "prints the JSON Schema of a policy, of saved evidence, of a verdict, of delivery "
             "numbers or of events",
    .options = options,
    .run = run,
};
