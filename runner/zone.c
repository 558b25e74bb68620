#include "runner/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DAY_S = 86400 };

/* --- is there such a zone? -------------------------------------------------------------------- */

static bool is_named_well(const char *name)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    return *name != '\0' && *name != '/' && strlen(name) < 64 &&
           strspn(name, allowed) == strlen(name);
}

static const char *path_of(const char *name, struct arena *mem)
{
    const char *folder = getenv("TZDIR");
    return arena_printf(mem, "%s/%s", folder == NULL ? "/usr/share/zoneinfo" : folder, name);
}

/* A folder of the database (Europe) is none, and the C library takes what it cannot read for UTC.
 */
static bool is_zone_file(const char *path)
{
    char magic[4] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return false;
    bool has_magic = read(fd, magic, sizeof magic) == (ssize_t)sizeof magic &&
                     memcmp(magic, "TZif", sizeof magic) == 0;
    close(fd);
    return has_magic;
}

/* --- its clocks ------------------------------------------------------------------------------- */

static int32_t offset_at(int64_t seconds)
{
    time_t now = (time_t)seconds;
    struct tm local;
    return localtime_r(&now, &local) == NULL ? 0 : (int32_t)local.tm_gmtoff;
}

/* The first instant after `low` at which clocks show what they show at `high`. */
static int64_t change_between(int64_t low, int64_t high)
{
    int32_t before = offset_at(low);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (offset_at(middle) == before)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* Clocks do not change twice a day. */
static void list_steps(struct zone *zone, int64_t from_s, int64_t to_s, struct arena *mem)
{
    int32_t offset = offset_at(from_s);
    array_push(mem, &zone->steps, ((struct zone_step){INT64_MIN, offset}));
    for (int64_t at = from_s; at < to_s; at += DAY_S) {
        int64_t next = to_s - at < DAY_S ? to_s : at + DAY_S;
        if (offset_at(next) == offset)
            continue;
        offset = offset_at(next);
        array_push(mem, &zone->steps, ((struct zone_step){change_between(at, next), offset}));
    }
}

static void set_zone(const char *name)
{
    if (name == NULL)
        unsetenv("TZ");
    else
        setenv("TZ", name, 1);
    tzset();
}

bool zone_read(const char *name, int64_t from_s, int64_t to_s, struct arena *mem,
               const struct zone **zone, struct error *err)
{
    bool is_utc = strcmp(name, "UTC") == 0;
    if (!is_named_well(name))
        return error_set(err, FAULT_SYSTEM, "there is no time zone \"%s\"", name);
    const char *path = path_of(name, mem);
    if (!is_utc && !is_zone_file(path)) {
        error_set(err, FAULT_SYSTEM, "there is no time zone \"%s\" on this machine", name);
        return error_hint(err,
                          "it would be %s: is the name right, and the package tzdata "
                          "installed?",
                          path);
    }
    struct zone *read = arena_new_item(mem, struct zone);
    const char *before = getenv("TZ");
    before = before == NULL ? NULL : arena_copy(mem, before, strlen(before));
    read->name = arena_copy(mem, name, strlen(name));
    if (!is_utc) {
        set_zone(arena_printf(mem, ":%s", path));
        list_steps(read, from_s, to_s, mem);
        set_zone(before);
    }
    *zone = read;
    return true;
}
