/* The rule of `paths.map` that would make sense of paths which match no file, or several.
 *
 * Each such path shares a tail with some file of the repository; what stands before the tail on
 * both sides is a rule. The one that makes the most paths match is proposed, if it moves none that
 * match without it, and if no other says as much for the same beginning: that would be guessing.
 */
#ifndef GATES_MODEL_PROPOSAL_H
#define GATES_MODEL_PROPOSAL_H

#include "gates/model/evidence.h"

struct proposal {
    const char *from, *to; /* as a policy writes them: "payments/"; `to` "": the root */
    size_t matched, total; /* paths of reports that match with the rule, of all there are */
};

/* `wanted`: files of the repository, of which the rule must reach one; NULL: any. False: there is
 * no such rule, or the repository's files are not known. */
bool proposal_find(const struct evidence *evidence, const struct words *wanted, struct arena *mem,
                   struct proposal *proposal);

/* "paths: {map: [{from: "payments/", to: "src/main/java/payments/"}]}" */
const char *proposal_text(const struct proposal *proposal, struct arena *mem);

/* "all 214 files match", "212 of 214 files match" */
const char *proposal_effect(const struct proposal *proposal, struct arena *mem);

#endif
