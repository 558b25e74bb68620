#include "runner/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/base/path.h"

enum { MOST_LEFT = 100 };

void close_draft(struct draft *draft)
{
    if (draft->out != NULL)
        fclose(draft->out);
    if (draft->temporary[0] != '\0')
        unlinkat(draft->folder, draft->temporary, 0);
    if (draft->folder >= 0)
        close(draft->folder);
}

static bool fail(struct error *err, const char *what)
{
    return error_set(err, FAULT_SYSTEM, "%s: %s", what, strerror(errno));
}

/* A run that was killed leaves its draft behind, and in containers every run has the same number.
 */
static int open_temporary(int folder, char *name, size_t size)
{
    int fd = -1;
    for (int turn = 0; fd < 0 && turn < MOST_LEFT && (turn == 0 || errno == EEXIST); turn++) {
        snprintf(name, size, ".qgate-%ld-%d.tmp", (long)getpid(), turn);
        fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    }
    return fd;
}

/* A link or device in the place of the file would be replaced by rename(); a folder cannot be. */
bool draft_open(struct draft *draft, struct error *err)
{
    struct stat now;
    if (fstatat(draft->folder, draft->name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
        !S_ISREG(now.st_mode))
        return error_set(err, FAULT_SYSTEM,
                         "cannot be written: something else than a file is there");
    char temporary[sizeof draft->temporary];
    int fd = open_temporary(draft->folder, temporary, sizeof temporary);
    if (fd < 0)
        return fail(err, "cannot be written");
    memcpy(draft->temporary, temporary, sizeof temporary);
    draft->out = fdopen(fd, "w");
    if (draft->out != NULL)
        return true;
    close(fd);
    return fail(err, "cannot be written");
}

bool draft_open_path(struct draft *draft, const char *path, struct error *err)
{
    draft->name = path_name(path);
    size_t len = (size_t)(draft->name - path);
    char *folder = len == 0 ? strdup(".") : strndup(path, len);
    draft->folder = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int number = errno;
    free(folder);
    if (draft->folder >= 0)
        return draft_open(draft, err);
    error_set(err, FAULT_SYSTEM, "its folder cannot be opened: %s", strerror(number));
    return error_hint(err, "make the folder before qgate runs");
}

bool draft_finish(struct draft *draft, struct error *err)
{
    FILE *out = draft->out;
    bool failed = ferror(out) != 0;
    draft->out = NULL;
    if (fclose(out) != 0 || failed)
        return fail(err, "cannot be written");
    if (renameat(draft->folder, draft->temporary, draft->folder, draft->name) != 0)
        return fail(err, "cannot be put in its place");
    draft->temporary[0] = '\0';
    return true;
}
