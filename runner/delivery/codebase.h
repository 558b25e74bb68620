/* A repository that delivery numbers are taken from: of services, or of GitOps files.
 *
 * It lies where the configuration says, is the one that qgate stands in, or was fetched by `qgate
 * collect`; nothing here touches the network.
 */
#ifndef RUNNER_DELIVERY_CODEBASE_H
#define RUNNER_DELIVERY_CODEBASE_H

#include "gates/delivery/delivery.h"
#include "runner/context.h"
#include "runner/history/commits.h"
#include "runner/history/sizes.h"
#include "runner/history/tags.h"
#include "runner/workplace.h"

/* Where to look. */
struct codebase_wanted {
    const struct context *context;
    const struct workplace *place; /* its repository has been looked into */
    const struct delivery *delivery;
    const char *folder; /* of the configuration, absolute: paths of repositories start here */
};

struct codebase {
    const char *name;              /* of the project or repository, as the configuration has it */
    const char *branch;            /* that changes land on; NULL: the usual one */
    const struct history *history; /* NULL: it is not here, and `why_not` says why and what to do */
    const char *why_not;
    bool here; /* it is the one that qgate stands in */
    struct history own;

    /* Of whoever reads it. */
    const char *trunk; /* tip of the branch, hexadecimal; NULL: not known */
    struct history_tags tags;
    struct words tips; /* commits to be known with all that they hold, hexadecimal: filled by
                          whoever knows what is deployed */
    struct commits commits;
    uint32_t tip; /* of the branch; DORA_NONE: not known */
    struct codebase_size {
        bool asked, known;
        struct change_size size;
    } * sizes;                   /* of each commit */
    struct insights known_sizes; /* by this run and earlier ones */
};

/* Always an answer. */
void codebase_open(struct codebase *base, const struct codebase_wanted *wanted, const char *project,
                   struct arena *mem);
void codebase_open_repository(struct codebase *base, const struct codebase_wanted *wanted,
                              const struct delivery_repository *repository, struct arena *mem);

/* Is a project the one that qgate stands in? By what the pipeline or its remote calls it. */
bool codebase_is_here(const struct codebase_wanted *wanted, const char *project, struct arena *mem);

void close_codebase(struct codebase *base); /* for AUTO */

/* How large a change is by its landed commit, asked once; NULL: not known. */
const struct change_size *codebase_size(struct codebase *base, uint32_t landed,
                                        const struct words *ignore);

/* The index of a commit, hexadecimal; DORA_NONE: NULL, or it is not among them. */
uint32_t codebase_commit(const struct codebase *base, const char *commit);

#endif
