#include "runner/store/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool refuse(struct error *err, const char *path, const char *what, const char *hint)
{
    error_set(err, FAULT_SYSTEM, "%s", what);
    error_hint(err, "%s", hint);
    return error_at(err, path, 0, 0);
}

/* SQLite takes what lies beside the database for a part of it: all of the names count. */
static bool check_untracked(const struct workplace *place, struct error *err)
{
    static const char *const names[] = {STORE_PATH,        STORE_PATH "-wal",
                                        STORE_PATH "-shm", STORE_PATH "-journal",
                                        SPOOL_PATH,        PEOPLE_PATH};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (history_tracks(&place->history, names[i]))
            return refuse(err, names[i], "git tracks it: a store is never part of a commit",
                          "take it out of the commit: git rm --cached -r " STORE_FOLDER);
    return true;
}

static bool hide_from_git(int folder, struct error *err)
{
    int fd =
        openat(folder, ".gitignore", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    bool written = fd >= 0 && write(fd, "*\n", 2) == 2;
    if (!written)
        refuse(err, STORE_FOLDER "/.gitignore", strerror(errno), "");
    if (fd >= 0)
        close(fd);
    return written;
}

static int open_folder(int at, const char *name)
{
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Only who makes the folder hides it: a project may keep files of its own there. */
static int make_folder(const struct workplace *place, struct error *err)
{
    bool made = mkdirat(place->fd, STORE_FOLDER, 0777) == 0;
    if (!made && errno != EEXIST)
        refuse(err, STORE_FOLDER, strerror(errno), "");
    int folder = open_folder(place->fd, STORE_FOLDER);
    if (made && folder >= 0 && !hide_from_git(folder, err)) {
        close(folder);
        return -1;
    }
    return folder;
}

int folder_open(const struct workplace *place, bool create, struct error *err)
{
    if (!check_untracked(place, err))
        return -1;
    int folder = open_folder(place->fd, STORE_FOLDER);
    if (folder < 0 && errno == ENOENT && !create)
        return -1;
    if (folder < 0 && errno == ENOENT)
        folder = make_folder(place, err);
    if (folder < 0)
        refuse(err, STORE_FOLDER, "is not a folder, or a link to one",
               "remove it: qgate makes it anew");
    return folder;
}

int folder_cache(const struct workplace *place, bool create, struct error *err)
{
    if (history_holds(&place->history, CACHE_PATH)) {
        refuse(err, CACHE_PATH, "git tracks it: what is fetched is never part of a commit",
               "take it out of the commit: git rm --cached -r " CACHE_PATH);
        return -1;
    }
    int folder = folder_open(place, create, err);
    if (folder < 0)
        return -1;
    int cache = open_folder(folder, CACHE_FOLDER);
    if (cache < 0 && errno == ENOENT && create &&
        (mkdirat(folder, CACHE_FOLDER, 0777) == 0 || errno == EEXIST))
        cache = open_folder(folder, CACHE_FOLDER);
    if (cache < 0 && (create || errno != ENOENT))
        refuse(err, CACHE_PATH, strerror(errno), "remove it: qgate makes it anew");
    close(folder);
    return cache;
}

static bool check_file(int folder, bool *there, struct error *err)
{
    struct stat now;
    *there = fstatat(folder, STORE_FILE, &now, AT_SYMLINK_NOFOLLOW) == 0;
    if (!*there)
        return errno == ENOENT || refuse(err, STORE_PATH, strerror(errno), "");
    return S_ISREG(now.st_mode) ||
           refuse(err, STORE_PATH, "is not a file", "remove it: qgate makes it anew");
}

bool folder_check(const struct workplace *place, bool create, bool *there, struct error *err)
{
    *there = false;
    int folder = folder_open(place, create, err);
    if (folder < 0)
        return err->fault == FAULT_NONE;
    bool good = check_file(folder, there, err);
    close(folder);
    return good;
}
