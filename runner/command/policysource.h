/* Where a policy of the repository, and the files that it names, come from: the work tree, the tree
 * of a commit in this clone, or of a commit that only GitLab has.
 *
 * All from one place, so that the target's policy never takes over a file of the branch. "There is
 * no such file" is said only where that is certain: what cannot be read is an error.
 */
#ifndef RUNNER_COMMAND_POLICYSOURCE_H
#define RUNNER_COMMAND_POLICYSOURCE_H

#include "gates/base/error.h"
#include "runner/gitlab/gitlab.h"
#include "runner/workplace.h"

/* A file that a policy is made of. */
struct policy_text {
    const char *name;  /* of a file of the repository: its path from the root */
    const char *what;  /* in messages: "the policy", "'ci/base.yml'" */
    const char *bytes; /* NULL: there is none */
    size_t len;
};

struct policy_source {
    /* Fills in bytes and len of a file of the repository. */
    bool (*open)(const struct policy_source *source, struct policy_text *text, struct arena *mem,
                 struct error *err);
    /* Adds the paths of the files that match a glob, sorted. NULL: they cannot be listed there. */
    bool (*list)(const struct policy_source *source, const char *glob, struct arena *mem,
                 struct words *paths, struct error *err);
    const struct workplace *place;
    const char *commit;    /* hexadecimal; NULL: the work tree */
    struct gitlab *gitlab; /* that is asked; otherwise NULL */
};

struct policy_source policysource_work_tree(const struct workplace *place);

/* The repository has been looked into (history_open). */
struct policy_source policysource_commit(const struct workplace *place, const char *commit);

/* The tip of a branch that is not in this clone. False: GitLab does not tell it. Only a file that
 * is missing in that commit, which GitLab has shown, is not there. */
NODISCARD bool policysource_gitlab(struct policy_source *source, struct gitlab *gitlab,
                                   const char *branch, struct arena *mem, struct error *err);

/* A file that lies wherever the command line or the environment says, by its path from the current
 * directory. */
NODISCARD bool policytext_read(struct policy_text *text, struct arena *mem, struct error *err);

/* The same, where it may be that there is none. */
NODISCARD bool policytext_read_if_there(struct policy_text *text, struct arena *mem,
                                        struct error *err);

/* A file, and the files that match a glob, by their paths from a folder that nothing leads out of;
 * `of` names it. bytes NULL: there is no such file. */
NODISCARD bool policytext_read_beneath(int root, const char *path, const char *of,
                                       struct policy_text *text, struct arena *mem,
                                       struct error *err);
NODISCARD bool policysource_list_beneath(int root, const char *glob, struct arena *mem,
                                         struct words *paths, struct error *err);

#endif
