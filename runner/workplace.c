#include "runner/workplace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
