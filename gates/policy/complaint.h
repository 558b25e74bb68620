/* What libyaml says of a mistake, in words that help. */
#ifndef GATES_POLICY_COMPLAINT_H
#define GATES_POLICY_COMPLAINT_H

/* What it says itself where we know nothing better. */
const char *complaint_of(const char *theirs);

#endif
