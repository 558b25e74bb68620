/* Judged values and counts as the renderers for people say them. */
#ifndef RUNNER_RENDER_WORDS_H
#define RUNNER_RENDER_WORDS_H

#include "gates/judge/verdict.h"
#include "gates/policy/difference.h"

/* What a policy is made of beside its own file: " + qgate:service + floor /etc/qgate/floor.yml". */
const char *words_origins(struct arena *mem, const struct policy_origins *origins);

/* "412", "4,070" */
const char *words_number(struct arena *mem, size_t number);

/* "1 rule", "2 rules", "1,204 rules" */
const char *words_count(struct arena *mem, size_t count, const char *noun);

/* The value with what it is made of: "3 of 412", "81.4 % (4070 of 5000)"; "" when there is none. */
const char *words_value(struct arena *mem, const struct ruling *ruling);

/* The same for its outcome: "2 of 412, a warning only", "no data". */
const char *words_ruling(struct arena *mem, const struct ruling *ruling);

/* The outcome of a rule as its gate counts it: what fails in a gate that is waived is waived. */
enum outcome words_outcome(const struct gate_ruling *gate, const struct ruling *ruling);

/* What is to be said of a detail beside its subject: "critical  zlib 1.2.11, fixed in 1.2.13". */
const char *words_detail(struct arena *mem, const struct detail *detail);

/* How the rules of a gate came out: "2 of 5 rules failed, 1 without data", "4 rules passed". */
const char *words_gate(struct arena *mem, const struct gate_ruling *gate);

/* The run in numbers: "2 of 3 gates · 1 warning". */
const char *words_run(struct arena *mem, const struct verdict *verdict);

/* What makes a run pass that did not: the first few different steps of the rules with its outcome.
 * How many there are. */
size_t words_steps(struct arena *mem, const struct verdict *verdict, struct words *first);

/* What a person should know of a waiver: it expires soon, does not count, waives nothing; ""
 * otherwise. */
const char *words_waiver(struct arena *mem, const struct waiver_ruling *ruling);

/* "unit test: new(coverage.lines)   >= 90%  →  >= 60%" */
const char *words_difference(struct arena *mem, const struct difference *difference);

/* What they come to: "loosens the policy in 2 places, changes it in 1 place"; "" for none. */
const char *words_differences(struct arena *mem, const struct differences *differences);

/* Where and what: "line 5, column 12: hits is not a number". */
const char *words_error(struct arena *mem, const struct error *err);

/* Seconds since 1970 as "2027-03-01T12:00:05Z". */
const char *words_instant(char buffer[32], int64_t seconds);

/* What was read: "cobertura 1, junit 23 of 24 files, 13 deployments of 4 services". */
const char *words_read(struct arena *mem, const struct evidence *evidence);

#endif
