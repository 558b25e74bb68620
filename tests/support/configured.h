/* Delivery configurations as text, and what the loader says of them. Include it last, as pool.h. */
#ifndef TESTS_SUPPORT_CONFIGURED_H
#define TESTS_SUPPORT_CONFIGURED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates/delivery/load.h"

#include "tests/support/pool.h"

#define GITLAB "sources: {gitlab: {url: 'https://gitlab.example/'}}\n"

/* `one` and `many` match as many files; `lost` cannot be listed, and what `gone` lists not opened.
 */
static inline bool list_files(void *handle, const char *glob, struct words *paths,
                              struct error *err)
{
    (void)handle;
    const char *name = strrchr(glob, '/') != NULL ? strrchr(glob, '/') + 1 : glob;
    size_t count = strcmp(name, "many") == 0    ? 1002
                   : strcmp(name, "large") == 0 ? 20
                                                : strcmp(name, "none") != 0;
    for (size_t i = 0; i < count; i++)
        array_push(mem, paths, arena_printf(mem, "%s%zu", glob, i));
    return strcmp(name, "lost") != 0 || error_set(err, FAULT_SYSTEM, "no answer");
}

static inline bool open_file(void *handle, const char *name, const char **text, size_t *len,
                             struct error *err)
{
    (void)handle;
    *text = strstr(name, "vanished") != NULL ? NULL : "version: 1\n";
    if (strstr(name, "large") != NULL)
        *text = arena_printf(mem, "version: 1 # %0600000d\n", 0);
    *len = *text == NULL ? 0 : strlen(*text);
    return strstr(name, "gone") == NULL || error_set(err, FAULT_REMOTE, "no answer");
}

static inline const char *all_of(const struct problems *found)
{
    const char *all = "";
    for (size_t i = 0; i < found->count; i++)
        all = arena_printf(mem, "%s%s%s", all, i > 0 ? " | " : "", found->items[i].what);
    return all;
}

static inline struct delivery *loaded_from(const char *path, const struct policy_files *files,
                                           const char *text, const char **says)
{
    struct problems found;
    struct error err = {0};
    struct delivery *delivery = arena_new_item(mem, struct delivery);
    problems_init(&found, mem);
    bool read = delivery_load(path, text, strlen(text), files, mem, delivery, &found, &err);
    *says = read ? all_of(&found) : arena_printf(mem, "%s:%u: %s", err.where, err.line, err.what);
    return delivery;
}

static inline struct delivery *loaded(const char *text, const char **says)
{
    const struct policy_files files = {.open = open_file, .list = list_files};
    return loaded_from("conf/delivery.yml", &files, arena_printf(mem, "version: 1\n%s", text),
                       says);
}

static inline struct delivery *right(const char *text)
{
    const char *says = NULL;
    struct delivery *delivery = loaded(text, &says);
    assert_string_equal(says, "");
    return delivery;
}

static inline void says(const char *text, const char *wanted)
{
    const char *said = NULL;
    loaded(text, &said);
    if (strcmp(said, wanted) != 0)
        fail_msg("%s: \"%s\", not \"%s\"", text, said, wanted);
}

/* `count` times the entry, numbered. */
static inline const char *many(const char *before, size_t count, const char *entry)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    fputs(before, out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "  n%zu: %s\n", i, entry);
    fclose(out);
    const char *kept = arena_copy(mem, text, len);
    free(text);
    return kept;
}

#endif
