/* Names of commits: branches, tags, numbers. Looked up exactly, never by what `git rev-parse` would
 * guess. */
#ifndef RUNNER_HISTORY_REFS_H
#define RUNNER_HISTORY_REFS_H

#include "runner/history/inside.h"

/* Where a reference of exactly this name leads, hexadecimal; NULL: there is none, or to no commit.
 */
const char *tip_of(const struct history *history, const char *reference, struct arena *mem);

/* What a person names: a whole number of a commit, a branch, one of the remote, a tag, the
 * beginning of a number (7 digits or more); NULL: nothing of this clone. A branch outranks a tag of
 * its name, or a tag that somebody pushed would take its place. */
const char *commit_named(const struct history *history, const char *name, struct arena *mem,
                         bool *by_its_number);

/* By the clone alone, what the current branch is to be merged into: the default branch; on that
 * branch itself what was pushed of it. NULL: nothing. */
const char *likely_target(const struct history *history, struct arena *mem);

const char *branch_of(const char *reference);  /* "main" of "refs/remotes/origin/main" */
const char *short_name(const char *reference); /* "origin/main" of it, for people */

bool is_hex(const char *text);

#endif
