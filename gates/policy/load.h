/* Inside gates/policy: the parts of the loader.
 *
 * A policy is loaded after what it extends, into the same struct policy: lists add, gates of one
 * name are merged. What parts say about each other is checked once all of them are known.
 */
#ifndef GATES_POLICY_LOAD_H
#define GATES_POLICY_LOAD_H

#include "gates/policy/keys.h"

/* A text of the policy for a message: not longer than a line. */
const char *load_shown(const struct loader *loader, const char *text);

/* How a message at `from` names another place: "line 7", or "ci/base.yml:7:3" in another file. */
const char *load_place(const struct loader *loader, struct place place, struct place from);

/* One more comparison of names? When there were too many, none is said to be missing. */
bool load_may_compare(struct loader *loader);

/* In the order of the files, and each mistake once. */
void load_settle(struct problems *found);

/* SHA-256 of a file, in hexadecimal. */
void load_digest(struct arena *mem, const char *text, size_t len, char sha256[DIGEST_HEX]);

/* Say when a path is absolute, leaves the repository or lies in git's own directory. False: it
 * does. */
bool load_check_path(struct loader *loader, const struct node *value);

/* The entries of `reports:`, added to those inherited. */
void reports_load(struct loader *loader, const struct node *list);

/* Entries of one name and format are one source, which is read one way. */
void reports_check(struct loader *loader);

/* The gates of one file, merged into those inherited. */
void gates_load(struct loader *loader, const struct node *list);

/* What rules say about reports and components, once all are known. */
void gates_check(struct loader *loader);

/* A gate of its own, or more of an inherited one. `map` is where it is written, `sound` says that
 * no mistake was found in it. */
void gate_add(struct loader *loader, const struct gate *own, const struct node *map, bool sound);

/* `extends:`. False with loader->err: a file could not be asked for. */
bool extends_load(struct loader *loader, const struct node *names);

/* One policy into loader->policy, after what it extends. */
bool load_file(struct loader *loader, const char *name, const char *text, size_t len);

/* `waivers:`, a list or a map. False with loader->err: a file could not be asked for. */
bool waivers_load(struct loader *loader, const struct node *value);

/* Waivers of gates that are not there, or locked. */
void waivers_check(struct loader *loader);

/* The text of a file that the policy names at `at`. *text NULL: there is none, and it is said.
 * False with loader->err: it could not be asked for. */
bool load_open(struct loader *loader, const struct node *name, const char **text, size_t *len);

#endif
