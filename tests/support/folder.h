/* Folders that a test makes and takes away. */
#ifndef TESTS_SUPPORT_FOLDER_H
#define TESTS_SUPPORT_FOLDER_H

#include <ftw.h>
#include <stdio.h>

static inline int folder_remove_one(const char *path, const struct stat *now, int kind,
                                    struct FTW *where)
{
    (void)now, (void)kind, (void)where;
    return remove(path);
}

/* With all that is in it. 0: it is gone. */
static inline int folder_remove(const char *path)
{
    return nftw(path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
