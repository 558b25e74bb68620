#include "gates/base/glob.h"

#include <stddef.h>
#include <string.h>

#include "gates/base/array.h"
#include "gates/base/text.h"

static size_t size_at(const char *text)
{
    size_t size = (unsigned char)*text < 0x80 ? 1 : utf8_length(text, strnlen(text, 4));
    return size == 0 ? 1 : size;
}

/* The character at *text, stepped over. */
static uint32_t take_character(const char **text)
{
    size_t size = size_at(*text);
    uint32_t point = utf8_point(*text, size);
    *text += size;
    return point;
}

/* The set at `glob` (behind its `[`): does it hold c? *end is set behind the `]`; NULL: no set at
 * all. */
static bool set_holds(const char *glob, uint32_t c, const char **end)
{
    bool negated = *glob == '!' || *glob == '^', held = false;
    const char *at = glob + negated, *first = at;
    while (*at != '\0' && (*at != ']' || at == first)) {
        uint32_t low = take_character(&at), high = low;
        if (at[0] == '-' && at[1] != ']' && at[1] != '\0') {
            at++;
            high = take_character(&at);
        }
        held |= c >= low && c <= high;
    }
    *end = *at == ']' ? at + 1 : NULL;
    return held != negated;
}

/* Does what stands at *glob match at *path? Steps over both when so; a plain text byte by byte. */
static bool step(const char **glob, const char **path)
{
    const char *at = *glob, *end = NULL;
    if (*at == '?' && **path != '/') {
        *glob = at + 1;
        *path += size_at(*path);
        return true;
    }
    if (*at == '[' && **path != '/') {
        const char *behind = *path;
        bool held = set_holds(at + 1, take_character(&behind), &end);
        if (end != NULL && held) {
            *glob = end;
            *path = behind;
        }
        if (end != NULL)
            return held;
    }
    if (*at == '\\' && at[1] != '\0')
        at++;
    if (*at != **path)
        return false;
    *glob = at + 1;
    ++*path;
    return true;
}

/* Where to go on when a match fails: the last `*` and the last `**` seen. */
struct retry {
    const char *glob, *path;
    bool parts; /* `**` followed by `/`: goes on at the beginning of a part only */
};

/* At a `**`; a following `/` is part of it, so that a glob `a/` `**` `/b` matches a/b, but not
 * a/xb. */
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
    *path = star->path += size_at(star->path);
    return true;
}

static bool retry_globstar(struct retry *star, bool next_part, const char **glob, const char **path)
{
    if (star->glob == NULL)
        return false;
    const char *next = star->parts || next_part ? strchr(star->path, '/') : star->path;
    if (next == NULL || *next == '\0')
        return false;
    *glob = star->glob;
    *path = star->path = next + size_at(next);
    return true;
}

/* A `*` that took its part of the path to the end in vain would do so from every later beginning of
 * `**` in that part as well, because both have the same number of slashes between them: the next
 * part is tried. So no pair of glob and path takes longer than the product of their lengths. */
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
        if (*path != '\0' && step(&glob, &path))
            continue;
        if (retry_star(&star, &glob, &path))
            continue;
        if (!retry_globstar(&globstar, star.glob != NULL, &glob, &path))
            return false;
        star = (struct retry){0};
    }
    return true;
}

bool globs_match(const struct words *globs, const char *path)
{
    for (size_t i = 0; i < globs->count; i++)
        if (glob_match(globs->items[i], path))
            return true;
    return false;
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
