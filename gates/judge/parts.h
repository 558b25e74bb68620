/* What the files of the judge share; nobody else includes it. */
#ifndef GATES_JUDGE_PARTS_H
#define GATES_JUDGE_PARTS_H

#include "gates/judge/expected.h"
#include "gates/judge/judge.h"
#include "gates/measure/index.h"

/* One run of the judge. */
struct trial {
    const struct docket *docket;
    struct arena *mem;
    struct waiver_rulings *waivers;         /* of the policy, in its order: state and use so far */
    const struct gate *gate;                /* under judgement; NULL: reports that no rule reads */
    const struct selector *selector;        /* under judgement: the rule's, or narrowed by each and
                                               waivers */
    const struct waiver_rulings *used;      /* by the first pass, for `waivers.used`; NULL in it */
    struct expected expected;               /* which changed files a report has to list */
    const struct evidence *without_removed; /* baseline.h; NULL: not asked for yet, or not known */
    struct index index;                     /* for selectors of one value of `each` */
    struct new_items *items;                /* that the rule under judgement compared; of new() */
    struct disclosed ARRAY(const struct finding *) disclosed; /* so far, perhaps more than once */
};

/* The state of every waiver on the day of judging. */
void waivers_begin(struct trial *trial);

/* The selector, with what a waiver names taken out; the same selector when nothing could be. */
const struct selector *waivers_apply(struct trial *trial, const struct rule *rule,
                                     const struct selector *selector);

/* What waivers took out of the value under judgement: noted as used, and said in details and
 * outcome. */
void waivers_say(struct trial *trial, const struct rule *rule, struct ruling *ruling);

/* The waiver of the whole gate; NULL: none that counts. */
const struct waiver *waivers_of_gate(struct trial *trial, const struct gate *gate);

/* How many waivers the selector's gates used. */
uint64_t waivers_used(const struct trial *trial, const struct selector *selector);

/* Is the source there and whole? Passed, no data or error; reason, to_pass and details of `ruling`
 * say what is wrong. */
enum outcome trial_source(struct trial *trial, const struct source *source, struct ruling *ruling);

/* What stands in the way of an answer: reports that are absent, broken or not whole. */
enum outcome trial_selector(struct trial *trial, const struct selector *selector,
                            struct ruling *ruling);

/* Judge a rule; one or more rulings are added to `all`. */
void trial_rule(struct trial *trial, const struct rule *rule, bool warning, struct rulings *all);

/* Where the value of a rule comes from, and what is said when it does not hold: one for each way in
 * which a number can come about. */
struct answer {
    /* False: there is no value, and outcome, reason and to_pass of the ruling say why; otherwise
     * ruling->value is to be compared. It is that of trial->selector. */
    bool (*take)(struct trial *trial, const struct rule *rule, struct ruling *ruling);

    /* Does it hold although the comparison does not, and says so in the ruling? NULL: never. */
    bool (*holds)(struct trial *trial, const struct rule *rule, struct ruling *ruling);

    /* Fill reason, to_pass and details of a ruling whose comparison does not hold. */
    void (*advise)(struct trial *trial, const struct rule *rule, struct ruling *ruling);

    /* Every value of `label` for `each`, each once. NULL: those of the reports. */
    void (*values)(struct trial *trial, const struct selector *selector, const char *label,
                   struct words *out);
};

const struct answer *answer_of(const struct rule *rule);

extern const struct answer evidence_answer;   /* what the reports of this run say */
extern const struct answer new_lines_answer;  /* coverage of the lines that this change added */
extern const struct answer change_answer;     /* how large this change is */
extern const struct answer difference_answer; /* delta, growth */
extern const struct answer new_items_answer;  /* findings and failing tests, not in the baseline */

/* What the baseline says of a rule that does not compare: for people, it decides nothing. */
void show_baseline(struct trial *trial, const struct rule *rule, struct ruling *ruling);

/* Is it known what this change did? Otherwise the ruling says why not. */
bool has_change(struct trial *trial, const struct rule *rule, struct ruling *ruling);

/* Did a pattern run into its limit? The ruling says so. */
bool has_error(struct ruling *ruling);

/* The files that trial->selector may pick of a change that is known: all, or those at the one path
 * that `each` has come to; going through all for every path would take the square of their number.
 */
struct changed_files change_files(const struct trial *trial);

/* Does the selector pick the file by its path? `value` becomes an error when a pattern ran into its
 * limit. */
bool picks_file(struct trial *trial, const struct selector *selector,
                const struct changed_file *file, struct value *value);

/* No data, as the rule wants it taken; the lack of a thing by that word. */
enum outcome lenient(const struct rule *rule);
enum outcome taken_as(enum on_missing word);

/* Are the reports of this run there, from which trial->selector draws? Otherwise the ruling says
 * what is wrong. */
bool has_reports(struct trial *trial, const struct rule *rule, struct ruling *ruling);

/* Does trial->selector pick a component that this change does not touch, in which files lie, and of
 * which no report tells anything? Never in a floor, where a project's components could be a way
 * around it. */
bool is_component_of_others(struct trial *trial);

/* The selector for one value of a label. */
const struct selector *selector_of_value(struct trial *trial, const struct selector *wide,
                                         const char *label, const char *value);

/* What the selector counts, in the evidence's order. */
void list_findings(struct trial *trial, const struct selector *selector,
                   const struct evidence *evidence, struct details *details);
void list_tests(struct trial *trial, const struct selector *selector,
                const struct evidence *evidence, struct details *details);

/* The new ones of trial->items, without what the selector takes out. */
void list_new(struct trial *trial, const struct selector *selector, struct details *details);

/* One more thing behind an outcome. */
struct detail *add_detail(struct trial *trial, struct details *details, const char *subject,
                          const char *text);

/* `advise` of what the reports say. */
void advise(struct trial *trial, const struct rule *rule, struct ruling *ruling);

void advise_tests(struct trial *trial, const struct rule *rule, struct ruling *ruling);
void advise_coverage(struct trial *trial, const struct rule *rule, struct ruling *ruling);
void advise_load(struct trial *trial, const struct rule *rule, struct ruling *ruling);
void advise_findings(struct trial *trial, const struct rule *rule, struct ruling *ruling);

/* to_pass of a rule that counts just what stands in details. */
void advise_listed_tests(struct trial *trial, const struct rule *rule, struct ruling *ruling);
void advise_listed_findings(struct trial *trial, const struct rule *rule, struct ruling *ruling);

/* Is there more of it once the rule holds? */
bool advise_up(const struct rule *rule, const struct value *value);

/* The smallest k from 1 to `most` for which the rule holds for try(state, k), which moves one way
 * as k grows; 0 when it never does. */
uint64_t advise_smallest(const struct rule *rule, uint64_t most,
                         struct number (*try)(const void *state, uint64_t k), const void *state);

/* part + k, part - k of the whole, in percent; `state` is the value */
struct number advise_part_more(const void *state, uint64_t k);
struct number advise_part_less(const void *state, uint64_t k);

/* How many of a counted thing must go, or come. */
uint64_t advise_count(const struct rule *rule, const struct value *value);

const char *plural(uint64_t count); /* "s" but for 1 */

/* "61 ms less", "over 0.5 % more": the way from a value to where the rule holds. */
const char *advise_difference(struct trial *trial, const struct rule *rule,
                              const struct value *value);

/* What to repair when nothing answers the selector. */
const char *advise_missing(struct trial *trial, const struct selector *selector);

#endif
