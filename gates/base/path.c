#include "gates/base/path.h"

#include <string.h>

#include "gates/base/arena.h"
#include "gates/base/text.h"

bool path_is_absolute(const char *path)
{
    bool drive = ((path[0] | 0x20) >= 'a' && (path[0] | 0x20) <= 'z') && path[1] == ':';
    return path[0] == '/' || (drive && path[2] == '/');
}

/* Drop the last part of what is written so far; false when there is none to drop. */
static bool drop_part(char *out, size_t *len, size_t root)
{
    size_t at = *len;
    while (at > root && out[at - 1] != '/')
        at--;
    if (at == *len || strncmp(out + at, "..", *len - at) == 0)
        return false;
    *len = at > root ? at - 1 : root;
    return true;
}

const char *path_clean(struct arena *mem, const char *raw, size_t len)
{
    char *in = arena_copy(mem, raw, len), *out = arena_alloc(mem, len + 2);
    text_clean(in, len);
    for (char *c = in; *c != '\0'; c++)
        if (*c == '\\')
            *c = '/';
    size_t used = 0, root = in[0] == '/';
    if (root)
        out[used++] = '/';
    for (const char *part = in; *part != '\0';) {
        size_t size = strcspn(part, "/");
        bool dots = size == 2 && part[0] == '.' && part[1] == '.';
        bool skip = size == 0 || (size == 1 && part[0] == '.');
        if (!skip && !(dots && (drop_part(out, &used, root) || root))) {
            if (used > root)
                out[used++] = '/';
            memcpy(out + used, part, size);
            used += size;
        }
        part += size + (part[size] == '/');
    }
    out[used] = '\0';
    return out;
}

const char *path_join(struct arena *mem, const char *base, const char *path)
{
    if (path_is_absolute(path) || base[0] == '\0' || strcmp(base, ".") == 0)
        return path;
    size_t len = strlen(base);
    return arena_printf(mem, "%s%s%s", base, base[len - 1] == '/' ? "" : "/", path);
}

bool path_ends_in(const char *path, const char *suffix)
{
    size_t len = strlen(path), size = strlen(suffix);
    if (size == 0 || size > len || strcmp(path + len - size, suffix) != 0)
        return false;
    return size == len || path[len - size - 1] == '/';
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}
