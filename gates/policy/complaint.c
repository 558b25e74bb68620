#include "gates/policy/complaint.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *theirs, *ours;
} complaints[] = {
    {"did not find expected ',' or ']'",
     "a list in [ ] goes on with `,` or ends with `]`; put a rule with { } in single quotes"},
    {"did not find expected ',' or '}'",
     "a map in { } goes on with `,` or ends with `}`; put a rule with { } in single quotes"},
    {"mapping values are not allowed in this context",
     "`: ` cannot stand here; put a text that holds it in single quotes"},
    {"could not find expected ':'", "a key needs a `:` and a value behind it"},
    {"did not find expected key",
     "no key begins here: look at the indentation, and quote a text that begins with a quote"},
    {"did not find expected '-' indicator",
     "no `- ` begins here: look at the indentation, and quote a text that begins with a quote"},
    {"did not find expected alphabetic or numeric character",
     "no text can begin with this character: put the whole text or rule in single quotes"},
    {"block sequence entries are not allowed in this context",
     "a list cannot begin here: put it on a line of its own"},
    {"mapping keys are not allowed in this context", "a map cannot begin here"},
    {"did not find expected node content", "a value is missing here"},
    {"found unexpected end of stream", "a quote is opened and never closed"},
    {"found unknown escape character",
     "in double quotes a backslash begins an escape: use single quotes"},
    {"found character that cannot start any token",
     "no text can begin with this character: put the whole text or rule in single quotes"},
    {"did not find expected <document start>",
     "the document is over here: look at the indentation"},
    {"found a tab character that violates indentation", "a tab cannot indent: use spaces"},
};

const char *complaint_of(const char *theirs)
{
    for (size_t i = 0; i < sizeof complaints / sizeof complaints[0]; i++)
        if (strcmp(complaints[i].theirs, theirs) == 0)
            return complaints[i].ours;
    return theirs;
}
