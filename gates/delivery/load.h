/* Inside gates/delivery: the parts of the loader.
 *
 * The configuration is read first, then what it includes, then what its parts say about each other
 * is checked. Keys are read by the mechanism of policies (gates/policy/keys.h).
 */
#ifndef GATES_DELIVERY_LOAD_H
#define GATES_DELIVERY_LOAD_H

#include "gates/delivery/delivery.h"
#include "gates/delivery/keys.h"
#include "gates/policy/load.h"

/* An entry of `sources`; what it has depends on which one it is. */
struct source_entry {
    const char *name, *url, *token_env;
    unsigned region;
    uint64_t account;
    struct words groups, urgency;
};

struct query_entry {
    const char *source, *ask, *of, *unit;
    unsigned better;
};

/* An entry of `version:`: one of them. */
struct version_entry {
    bool recorded, hex;
    const char *tag, *map;
};

/* `defaults:` */
struct service_defaults {
    struct version_rules versions;
    uint64_t incident_hours;
};

/* What a load is about. */
struct delivery_loader {
    struct loader in; /* memory, mistakes, files */
    struct delivery *delivery;
    struct service_defaults defaults;
    struct words sources; /* the keys of `sources` */
    struct nodes layouts; /* how the delivery's layouts are written */
    struct names later;   /* keys of which it was said that nothing collects them */
    uint64_t matching;    /* steps of matching projects so far */
    size_t included_bytes;
    bool includes_no_more; /* a ceiling was passed, and said */
};

/* --- what is written, piece by piece: each says what is wrong with it ------------------------ */

/* A name that templates, labels and files can hold: letters, digits, `_.-` and those of `more`,
 * beginning with a letter or digit. `what` is named: "a service". */
void check_name(struct delivery_loader *load, const struct node *name, const char *what,
                const char *more);

/* The name of a time zone as the IANA database writes them; whether there is one is not known here.
 * Nothing is said of a key that is not there; so with all below. */
void check_zone(struct delivery_loader *load, const struct node *map, const char *key);

/* The name of an environment variable; never a secret itself. */
void check_variable(struct delivery_loader *load, const struct node *map, const char *key);

/* An address without a password, over https; http where no token is sent, or to this machine. */
void check_url(struct delivery_loader *load, const struct node *map, bool with_token);

/* A path, glob or template of paths that stays in its repository. */
void check_inside(struct delivery_loader *load, const struct node *map, const char *key);

/* A template: whatever else than `known` (words parted by spaces) stands in braces is a mistake. In
 * the language of others (`foreign`) only {word} is looked at. */
void check_template(struct delivery_loader *load, const struct node *map, const char *key,
                    const char *known, bool foreign);

bool template_has(const char *text, const char *word); /* NULL has nothing */

/* Days in the right order. */
void check_days(struct delivery_loader *load, struct place at, int32_t from_day, int32_t until_day);

/* Say that nothing of that name is there, and which is near: "no team is named 'x'". */
void unknown_name(struct delivery_loader *load, struct place at, const char *what, const char *name,
                  const struct names *known);

/* Say that a name is taken, where it is in another file: of one file the tree says it. */
void taken_name(struct delivery_loader *load, const struct node *name, const char *what,
                struct place by);

/* Something that is right and of no effect yet. */
void note(struct delivery_loader *load, struct place at, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The same of a key of a map that this version does not collect; `shown` is the way to it. Where
 * many maps have it, the first is enough. */
void note_later(struct delivery_loader *load, const struct node *map, const char *key,
                const char *shown);

/* An empty configuration, as it is before anything is read. */
void delivery_init(struct delivery *delivery, const char *path, struct arena *mem);
void delivery_usual_environment(struct delivery *delivery, struct place at, struct arena *mem);
void defaults_init(struct service_defaults *defaults, struct arena *mem);

/* --- the parts ------------------------------------------------------------------------------- */

void sources_load(struct delivery_loader *load, const struct node *map);
void queries_load(struct delivery_loader *load, const struct node *map);
void deployments_load(struct delivery_loader *load, const struct node *list);
void defaults_load(struct delivery_loader *load, const struct node *map);
void teams_load(struct delivery_loader *load, const struct node *map);
void services_load(struct delivery_loader *load, const struct node *map);

/* `version: 1` of this file or of an included one. */
void check_version(struct delivery_loader *load, const struct node *root);

/* `include:`. False with load->in.err: a file could not be asked for. */
bool includes_load(struct delivery_loader *load, const struct node *value);

/* What they say about each other, once all are known. */
void deployments_check(struct delivery_loader *load);
void teams_check(struct delivery_loader *load);
void services_check(struct delivery_loader *load);

#endif
