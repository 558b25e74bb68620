/* What the message of a commit says of the change that it landed: text of people and of forges, in
 * the words that git, GitLab and GitHub write.
 *
 * Everything in it is hostile; nothing here takes more than linear time.
 */
#ifndef GATES_MEASURE_LANDING_H
#define GATES_MEASURE_LANDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct words;

/* Raise it whenever landing_read() answers otherwise: what it said of a commit is kept in files. */
enum { LANDING_RULES = 2 };

struct landing {
    const char *subject; /* harmless, cut */
    const char *claims;  /* the harmless message of what may be a hotfix or a revert, and may
                            name what it repairs; NULL: it is neither */
    const char *keys;    /* words that may be numbers of incidents, parted by spaces; NULL: none */
    uint64_t request;    /* of `See merge request group/project!45`; 0: none is named */
    bool hotfix;         /* its subject says so: `hotfix: …`, `Merge branch 'hotfix/…'` */
    bool repairs;        /* a hotfix, or its subject begins with `Revert` */
    int64_t first_s;     /* the earliest date among commits that were squashed into one; INT64_MAX:
                            the message lists none */
};

void landing_read(struct arena *mem, const char *message, size_t len, struct landing *landing);

/* A merge of a branch that one of the globs matches is a hotfix as well. */
void landing_add_hotfix(struct landing *landing, const struct words *branches);

/* The first of the `keys` at *at, which may be NULL, and its length; steps over it. NULL: none. */
const char *landing_key(const char **at, size_t *len);

/* A word of `claims`, and what it stands for there. */
enum landing_means { LANDING_WORD, LANDING_COMMIT, LANDING_REQUEST };

struct landing_word {
    const char *text; /* not terminated */
    size_t len;
    enum landing_means means; /* LANDING_COMMIT and _REQUEST: `reverts` stands before it */
    uint64_t request;
    unsigned phrase; /* how many words of `reverts merge request` stand before it */
};

/* The word at *at or behind it; steps over it. `word` holds the one before, at first zeros. False:
 * there is none. */
bool landing_next(const char **at, struct landing_word *word);

#endif
