#include "runner/workplace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gates/base/path.h"

bool workplace_open(struct workplace *place, struct arena *mem, struct error *err)
{
    char here[PATH_MAX];
    *place = (struct workplace){.fd = -1};
    if (getcwd(here, sizeof here) == NULL)
        return error_set(err, FAULT_SYSTEM, "the current directory cannot be found: %s",
                         strerror(errno));
    history_find(&place->history, here, mem);
    place->root = place->history.root;
    if (place->root == NULL)
        place->root = arena_copy(mem, here, strlen(here));
    place->fd = open(place->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (place->fd >= 0)
        return true;
    error_set(err, FAULT_SYSTEM, "cannot be opened: %s", strerror(errno));
    return error_at(err, place->root, 0, 0);
}

void close_workplace(struct workplace *place)
{
    close_history(&place->history);
    if (place->fd >= 0)
        close(place->fd);
    place->fd = -1;
}

bool workplace_has(const struct workplace *place, const char *name)
{
    /* what cannot be looked at counts as there: opening it will say why */
    return faccessat(place->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

const char *workplace_path(const struct workplace *place, const char *path, struct arena *mem)
{
    return path_join(mem, place->root, path);
}

/* What is left of an absolute path behind the root. */
static const char *below_root(const struct workplace *place, const char *whole)
{
    size_t root = strcmp(place->root, "/") == 0 ? 0 : strlen(place->root);
    bool inside = strncmp(whole, place->root, root) == 0 && whole[root] == '/';
    return inside && whole[root + 1] != '\0' ? whole + root + 1 : NULL;
}

bool workplace_resolve(const struct workplace *place, const char *path, struct arena *mem,
                       const char **inside)
{
    char whole[PATH_MAX];
    if (realpath(path, whole) == NULL)
        return false;
    const char *below = below_root(place, whole);
    *inside = below == NULL ? NULL : arena_copy(mem, below, strlen(below));
    return true;
}

/* Only what lies above the root is followed through links: those below are the branch's to make,
 * and must not lead to another file of it. */
static const char *below_link(const struct workplace *place, const char *whole, struct arena *mem)
{
    char folder[PATH_MAX];
    for (const char *end = strchr(whole + 1, '/'); end != NULL; end = strchr(end + 1, '/')) {
        const char *above = arena_copy(mem, whole, (size_t)(end - whole));
        if (realpath(above, folder) != NULL && strcmp(folder, place->root) == 0)
            return end + 1;
    }
    return NULL;
}

const char *workplace_within(const struct workplace *place, const char *path, struct arena *mem)
{
    char here[PATH_MAX];
    if (getcwd(here, sizeof here) == NULL)
        return NULL;
    const char *whole = path_join(mem, here, path);
    whole = path_clean(mem, whole, strlen(whole));
    const char *below = below_root(place, whole);
    return below != NULL ? below : below_link(place, whole, mem);
}
