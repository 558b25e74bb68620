/* `select:`: where in the YAML documents of a file the version of a service stands.
 *
 *     image.tag                                  a key below a key
 *     {service}.image.tag                        each key there is a service
 *     "app.kubernetes.io/version"                a key with dots, in quotes
 *     images[newName=*{service}].newTag           of a list the maps that hold this
 *     sources[chart={service}][kind=a].version   that hold both
 *     containers[0].image                        of a list the first
 *     tag(containers[name={service}].image)      of the reference to an image what is behind its
 *                                                name (version.h)
 *
 * Keys and values are templates (template.h). Of a key that is given twice the last counts; merge
 * keys (`<<`) are followed, and what a map says itself outranks them. A value that is no text, or
 * is empty, is none.
 */
#ifndef GATES_DELIVERY_CHOOSE_H
#define GATES_DELIVERY_CHOOSE_H

#include "gates/delivery/template.h"
#include "gates/policy/yaml.h"

enum choice_step_kind { STEP_KEY, STEP_ITEMS, STEP_NUMBER };

struct choice_filter {
    const char *key;
    struct template value;
};

struct choice_step {
    enum choice_step_kind kind;
    struct template key;                        /* of STEP_KEY */
    const char *literal;                        /* of STEP_KEY: the key; NULL: it is a template */
    struct ARRAY(struct choice_filter) filters; /* of STEP_ITEMS: all must match */
    uint64_t number;                            /* of STEP_NUMBER: of the item, from 0 */
};

struct choice {
    struct ARRAY(struct choice_step) steps; /* never empty */
    bool of_image;                          /* they lead to the reference to an image */
};

/* False: *why says what is wrong with it, for people. */
NODISCARD bool choice_parse(const char *text, struct arena *mem, struct choice *choice,
                            const char **why);

/* A version that was found. */
struct chosen {
    struct captures captures;
    const char *version;
    const struct node *node; /* that says the version and nothing else; NULL: it says more */
    const struct node *part; /* what is the service's: the value or item that was captured last, or
                                that `document` is; NULL: no template of the choice captured */
};

struct chosens ARRAY(struct chosen);

/* Adds every version that the document holds, with what was captured before. */
void choose(const struct choice *choice, const struct node *document, const struct known *known,
            const struct captures *before, struct arena *mem, struct chosens *chosens);

/* The value of a key as above; NULL: there is none, or it is no map. */
const struct node *map_value(const struct node *map, const char *key);

/* Of the part, the version left out (NULL: nothing is): the same number when the same is said, in
 * whatever order the keys of its maps stand. */
uint64_t part_digest(const struct node *part, const struct node *version);

#endif
