/* What was read of a GitOps history, and how a file keeps it. */
#ifndef RUNNER_HISTORY_SIGHTED_H
#define RUNNER_HISTORY_SIGHTED_H

#include "gates/base/names.h"
#include "gates/delivery/layout.h"

/* A file that counts or is overlooked, as it was at the last commit that was read. */
struct sighted_file {
    struct seens seens; /* what it says, or said when it could be read last */
    uint32_t broken;    /* it cannot be read: which of sightings.unreadable, from 1; 0: it can */
    bool overlooked;    /* it is there, and says nothing: see layouts_overlook() */
};

struct sighted {
    struct names texts; /* all of them, each once */
    struct names paths; /* as git has them; the index is that of `files` */
    struct ARRAY(struct sighted_file) files;
    struct sightings sightings;
    const char *tip;  /* the last commit that was read, hexadecimal; NULL: none */
    int64_t latest_s; /* the latest date so far */
    uint32_t commits; /* how many were read */
};

void sighted_init(struct sighted *sighted, struct arena *mem);

/* A text that lives as long as `sighted`; NULL stays NULL. */
const char *sighted_text(struct sighted *sighted, const char *text);

/* The file of that path, known from now on. */
struct sighted_file *sighted_file(struct sighted *sighted, const char *path);

/* What was kept for these layouts (their digest); nothing when there is no such file, or none that
 * can be believed. */
void sighted_read(int folder, const char *name, const char *layouts, struct arena *mem,
                  struct sighted *sighted);

void sighted_write(int folder, const char *name, const char *layouts,
                   const struct sighted *sighted);

#endif
