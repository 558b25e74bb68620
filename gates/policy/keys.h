/* Every key that a file written by people may hold, in one table for each language: that of
 * policies and that of delivery configurations.
 *
 * The loader fills plain keys from it and knows misspelt ones by it; the manual prints it. A key's
 * path names the part it belongs to: `gates.stage` is the key `stage` of an entry of `gates`;
 * `rule` and `when` stand in several places.
 */
#ifndef GATES_POLICY_KEYS_H
#define GATES_POLICY_KEYS_H

#include "gates/policy/policy.h"
#include "gates/policy/yaml.h"

enum key_type {
    KEY_TEXT,
    KEY_WORDS,  /* a list of texts; one may stand alone */
    KEY_FLAG,   /* true or false */
    KEY_COUNT,  /* a whole number */
    KEY_DAY,    /* 2027-03-01 */
    KEY_AGE,    /* 36h; kept in seconds */
    KEY_CHOICE, /* one of `choices`, kept as its index */
    KEY_LIST,   /* of other things; left to the loader, as are all that follow */
    KEY_MAP,
    KEY_LIST_OR_MAP,
    KEY_TEXT_OR_LIST,
    KEY_NAMES, /* as KEY_WORDS */
    KEY_OTHER, /* a text with a meaning of its own, perhaps empty */
};

enum key_need {
    KEY_OPTIONAL,
    KEY_REQUIRED,
};

struct key {
    const char *path; /* NULL ends the table */
    enum key_type type;
    enum key_need need;
    size_t offset;        /* of the member in the struct of its part; types from KEY_LIST on: 0 */
    const char *choices;  /* of KEY_CHOICE, parted by spaces */
    const char *fallback; /* what holds when it is not given, for people; "" when nothing does */
    const char *help;     /* one sentence without full stop */
};

/* A part of a file, for "it belongs into …". */
struct language_part {
    const char *part;  /* as keys begin; "" for the top; NULL ends the table */
    const char *title; /* "an entry of `reports`" */
};

struct language {
    const struct key *keys;
    const struct language_part *parts; /* a key that stands in several is looked for in this
                                          order */
};

extern const struct key policy_keys[];
extern const struct language policy_language;

const char *key_type_name(enum key_type type); /* "a list of words" */

/* What a map of waivers says of all of them. */
struct waiver_terms {
    uint64_t max_days;
    unsigned unused; /* 0: warn, 1: fail */
};

/* What a load is about. */
struct loader {
    struct arena *mem;
    struct problems *found;
    const struct language *language;
    struct policy *policy;            /* NULL: another language */
    const struct policy_files *files; /* NULL: the file can name none */
    struct error *err;
    struct words open;  /* the policies being loaded, each extended by the one before it */
    struct words read;  /* all that were loaded or are */
    size_t comparisons; /* of names so far; a hostile policy has many of both */
};

/* Does the part have a key of this name? */
bool keys_has(const struct language *language, const char *part, const char *name);

/* Fill the members of `into` from the keys of `map` that belong to `part` ("" for the top). Says
 * what is unknown, of the wrong type or missing. False: `map` is no map at all. */
bool keys_load(struct loader *loader, const struct node *map, const char *part, void *into);

/* The value of a key that the table leaves to the loader, NULL when it is not there or of another
 * kind. */
const struct node *keys_find(const struct node *map, const char *key, enum node_kind kind);

/* Add the texts of a list, or the one that stands alone. `what` names it in messages. */
void words_load(struct loader *loader, const char *what, const struct node *value,
                struct words *into);

#endif
