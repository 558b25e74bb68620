#include "gates/base/glob.h"

#include <stddef.h>
#include <string.h>

/* The set at `glob` (behind its `[`): does it hold c? *end is set behind the `]`; NULL: no set at all. */
static bool set_holds(const char *glob, char c, const char **end)
{
    bool negated = *glob == '!' || *glob == '^', held = false;
    const char *at = glob + negated, *first = at;
    for (; *at != '\0' && (*at != ']' || at == first); at++) {
        char low = *at;
        if (at[1] == '-' && at[2] != ']' && at[2] != '\0') {
            held |= c >= low && c <= at[2];
            at += 2;
        } else {
            held |= c == low;
        }
    }
    *end = *at == ']' ? at + 1 : NULL;
    return held != negated;
}

/* Does one character match what stands at *glob? Steps over it when so. */
static bool step(const char **glob, char c)
{
    const char *at = *glob, *end = NULL;
    if (*at == '?' && c != '/') {
        *glob = at + 1;
        return true;
    }
    if (*at == '[' && c != '/') {
        bool held = set_holds(at + 1, c, &end);
        if (end != NULL) {
            *glob = held ? end : at;
            return held;
        }
    }
    if (*at == '\\' && at[1] != '\0')
        at++;
    if (*at != c)
        return false;
    *glob = at + 1;
    return true;
}

/* Where to go on when a match fails: the last `*` and the last `**` seen. */
struct retry {
    const char *glob, *path;
    bool parts; /* `**` followed by `/`: goes on at the beginning of a part only */
};

/* At a `**`; a following `/` is part of it, so that a glob `a/` `**` `/b` matches a/b, but not a/xb. */
static struct retry at_globstar(const char *glob, const char *path, bool at_part)
{
    while (*glob == '*')
        glob++;
    bool parts = at_part && *glob == '/';
    return (struct retry){parts ? glob + 1 : glob, path, parts};
}

static bool retry_star(struct retry *star, const char **glob, const char **path)
{
    if (star->glob == NULL || *star->path == '\0' || *star->path == '/')
        return false;
    *glob = star->glob;
    *path = ++star->path;
    return true;
}

static bool retry_globstar(struct retry *star, const char **glob, const char **path)
{
    if (star->glob == NULL)
        return false;
    const char *next = star->parts ? strchr(star->path, '/') : star->path;
    if (next == NULL || *next == '\0')
        return false;
    *glob = star->glob;
    *path = star->path = next + 1;
    return true;
}

bool glob_match(const char *glob, const char *path)
{
    struct retry star = {0}, globstar = {0};
    const char *begin = glob;
    while (*path != '\0' || *glob != '\0') {
        if (glob[0] == '*' && glob[1] == '*') {
            globstar = at_globstar(glob, path, glob == begin || glob[-1] == '/');
            glob = globstar.glob;
            star = (struct retry){0};
            continue;
        }
        if (glob[0] == '*') {
            star = (struct retry){++glob, path, false};
            continue;
        }
        if (*path != '\0' && step(&glob, *path)) {
            path++;
            continue;
        }
        if (retry_star(&star, &glob, &path))
            continue;
        star = (struct retry){0};
        if (!retry_globstar(&globstar, &glob, &path))
            return false;
    }
    return true;
}

bool glob_is_pattern(const char *glob)
{
    return strpbrk(glob, "*?[\\") != NULL;
}

unsigned long glob_literal_prefix(const char *glob)
{
    size_t literal = strcspn(glob, "*?[\\");
    while (literal > 0 && glob[literal - 1] != '/')
        literal--;
    return literal;
}
