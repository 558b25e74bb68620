/* Which changed files a coverage report has to list: those that are source code.
 *
 * The policy says it (`paths.sources`); when it does not, a file whose extension a report lists is
 * source code, unless it looks like a test: in a folder test, tests, __tests__ or spec, or named
 * like test_x.py, x_test.go, XTest.java, XTests.cs, x_spec.rb, x.spec.ts, x.test.js. A file without
 * a line of code is in no report. For a floor both hold: a project can make more files source code,
 * never fewer.
 */
#ifndef GATES_JUDGE_EXPECTED_H
#define GATES_JUDGE_EXPECTED_H

#include "gates/measure/measure.h"
#include "gates/model/change.h"

struct listed;

struct expected {
    const struct words *sources; /* paths.sources */
    const struct evidence *now;
    struct arena *mem;
    struct listed **listed; /* of each source; NULL: not asked for yet */
    const char *map;        /* of expected_map(); NULL: not asked for yet */
};

void expected_begin(struct expected *expected, const struct words *sources,
                    const struct evidence *now, struct arena *mem);

/* Why a report need not list the file, in words; NULL: it has to. `selector`: of a measure of
 * coverage; it says which reports are asked. */
const char *expected_why_not(struct expected *expected, const struct selector *selector,
                             const struct changed_file *file);
bool expected_in_report(struct expected *expected, const struct selector *selector,
                        const struct changed_file *file);

/* A path of a report that matches no single file and ends in the same name; NULL: there is none. */
const char *expected_elsewhere(struct expected *expected, const struct selector *selector,
                               const char *path);

/* The rule of `paths.map` by which reports list a changed file that they do not list now, and what
 * it does; "": there is none. */
const char *expected_map(struct expected *expected, const struct changed_files *files);

#endif
