#include "runner/history/renew.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "gates/base/arena.h"

enum { MOST_PACKS = 50, DESCRIPTORS = 16 };

static void close_folder(DIR **folder)
{
    if (*folder != NULL)
        closedir(*folder);
}

bool renew_is_due(const char *path)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    AUTO(close_folder) DIR *packs = opendir(arena_printf(mem, "%s/objects/pack", path));
    size_t count = 0;
    for (struct dirent *entry; packs != NULL && (entry = readdir(packs)) != NULL;) {
        size_t len = strlen(entry->d_name);
        count += len > 5 && strcmp(entry->d_name + len - 5, ".pack") == 0;
    }
    return count > MOST_PACKS;
}

static int remove_it(const char *path, const struct stat *now, int kind, struct FTW *where)
{
    (void)now;
    (void)kind;
    (void)where;
    return remove(path);
}

void renew_drop(const char *fresh)
{
    nftw(fresh, remove_it, DESCRIPTORS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Whoever is stopped in between finds nothing, and fetches it as a whole once more. */
void renew_take(const char *fresh, const char *path)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const char *old = arena_printf(mem, "%s.old", path);
    renew_drop(old);
    if (rename(path, old) != 0 || rename(fresh, path) != 0)
        renew_drop(fresh);
    renew_drop(old);
}
