/* The only door to libyaml: a file that a person writes, as a small tree of nodes.
 *
 * Every node knows its line and column (in characters), so that a mistake is shown where it stands.
 * Refused with a position: text that is not UTF-8, control characters, directives, tags, merge
 * keys, keys that are no plain words, keys given twice, unknown and unfinished aliases, a second
 * document, and whatever passes a ceiling (POLICY_… in limits.h). Nodes live in the arena. An alias
 * is the node it names, not a copy.
 */
#ifndef GATES_POLICY_YAML_H
#define GATES_POLICY_YAML_H

#include "gates/base/problems.h"

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };

struct node;
struct nodes ARRAY(struct node *);

struct node {
    enum node_kind kind;
    struct place at;
    const char *text;     /* of a text: harmless, one line */
    bool plain;           /* of a text: written without quotes */
    bool cut;             /* of a plain text: a comment follows on its line */
    unsigned text_column; /* of a text that stands in the file character for character: its first
                             column; otherwise 0 */
    struct nodes items;   /* of a list: its items; of a map: key, value, key, value … */
    size_t size;          /* nodes in it, aliases expanded, itself included */
};

/* The document, or NULL when there is none to go on with; mistakes are added to `found`. */
struct node *tree_read(const char *file, const char *text, size_t len, struct arena *mem,
                       struct problems *found);

/* The same for a file that lists much: DELIVERY_NODES. */
struct node *tree_read_long(const char *file, const char *text, size_t len, struct arena *mem,
                            struct problems *found);

/* All documents of a file that is no policy and is only looked through: tags are passed over, merge
 * keys are keys like others, and so are those given twice; ceilings are those of YAML_… in
 * limits.h. A text is what is written, whatever YAML would take it for: 1.10, 0x1f, 1e3 and 007
 * stay so. False: it cannot be read to its end, and `found` says where. */
NODISCARD bool tree_skim(const char *file, const char *text, size_t len, struct arena *mem,
                         struct nodes *documents, struct problems *found);

/* A text as it is to be written in YAML: in single quotes where it would be taken for something
 * else. */
const char *text_in_yaml(const char *text, struct arena *mem);

/* The value of a key of a map, NULL when it is not there. */
const struct node *node_find(const struct node *map, const char *key);

/* Nothing was written: `key:`, `~` or `null`. */
bool node_is_empty(const struct node *node);

#endif
