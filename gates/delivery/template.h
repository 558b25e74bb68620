/* Templates of paths and names: text with {service}, {environment} and {region}, and `*`.
 *
 * A capture takes one character or more and never a `/`. An environment is one of the
 * configuration's; a region one of its environment's, or, where the environment lists none, any
 * that another one lists. What several templates capture of one thing must be the same, and so must
 * what one template captures twice. In a path `*` takes any run without `/`, and `**` any run,
 * between slashes whole parts or nothing; in a name `*` takes any run.
 *
 * Where a text can be read in several ways: a service that is listed before any other name, then
 * the longest environment, then the longest region; then each `*` and {service}, from left to
 * right, takes as much as it can.
 */
#ifndef GATES_DELIVERY_TEMPLATE_H
#define GATES_DELIVERY_TEMPLATE_H

#include "gates/base/names.h"
#include "gates/delivery/delivery.h"

/* What is known so far; NULL: not yet. */
struct captures {
    const char *service, *environment, *region;
};

/* The names of a configuration, as templates look for them. */
struct known {
    struct names services;
    struct known_environment {
        const char *name;
        struct words regions; /* the longest first */
    } * environments;         /* the longest name first */
    size_t environment_count;
    struct words regions; /* of all environments */
};

void known_from(const struct delivery *delivery, struct arena *mem, struct known *known);

enum piece_kind {
    PIECE_TEXT,
    PIECE_RUN,   /* no `/` */
    PIECE_ALL,   /* anything */
    PIECE_PARTS, /* whole parts of a path, each with its slash, or nothing */
    PIECE_SERVICE,
    PIECE_ENVIRONMENT,
    PIECE_REGION
};

struct piece {
    enum piece_kind kind;
    const char *text; /* not terminated */
    size_t len;
};

struct template
{
    struct ARRAY(struct piece) pieces; /* never empty */
    bool holds[PIECE_REGION + 1];      /* by kind */
};

/* The text is not empty and not copied. */
void template_parse(const char *text, bool of_path, struct arena *mem, struct template *template);

/* Does it match all of the text, with what is captured already? Adds what it captures; false:
 * nothing is added. Texts that are too long, or would take too many
 * steps, do not match. */
bool template_match(const struct template *template, const char *text, const struct known *known,
                    struct arena *mem, struct captures *captures);

#endif
