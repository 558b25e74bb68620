/* JUnit XML test results.
 *
 * There is no specification; nearest: https://github.com/windyroad/JUnit-Schema and
 * https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd. Tried with
 * reports of Surefire, Gradle, pytest, GoogleTest, CTest, cmocka, bats, jest-junit, vitest, mocha,
 * Jasmine, Playwright, newman, PHPUnit, gotestsum, xUnit.net and container-structure-test. Counts
 * in attributes are never used: they are missing, stale or count something else.
 */
#include <string.h>

#include "gates/base/day.h"
#include "gates/base/hash.h"
#include "gates/base/limits.h"
#include "gates/base/number.h"
#include "gates/base/text.h"
#include "gates/read/junit_attempts.h"
#include "gates/read/junit_time.h"
#include "gates/read/xml.h"

#define NO_GROUP SIZE_MAX

/* A <testsuite> under way. The document itself is one without name, for what stands beside suites.
 */
struct suite {
    struct xml_text name, path; /* path: its own, else that of the suite around it */
    unsigned depth;             /* of its element */
    size_t group;               /* of its last case or problem; NO_GROUP: none yet */
    struct xml_text group_path; /* the path of that */
};

struct junit {
    struct input *in;
    struct source *into;
    struct suite *suites[LIMIT_DEPTH + 1]; /* made once for each depth */
    size_t suite_count;                    /* the last one is the innermost */

    unsigned case_depth; /* of the <testcase> under way; 0: outside */
    struct attempt test;
    struct test_case details; /* of test, when there is something to say */
    struct xml_text classname, name, path;
    uint64_t class_hash; /* of the whole class name */
    uint32_t line;

    enum test_outcome beside; /* of a suite's own problem under way; TEST_PASSED: none */
    struct xml_text message;
    unsigned message_rank; /* of the result it comes from; 0: none */
    unsigned text_depth;   /* of the element whose text is the message; 0: not wanted */

    bool reruns;              /* only the last attempt of an identity counts */
    struct attempts attempts; /* filled only then */

    uint64_t found, declared; /* <testcase> elements, and what the attributes say */
    bool root_declares, suite_silent;
    bool hides_reruns, shows_reruns;
    uint64_t bad_times;
};

/* Suites */

static struct suite *innermost(const struct junit *j)
{
    return j->suites[j->suite_count - 1];
}

static struct suite *push_suite(struct junit *j, unsigned depth)
{
    if (j->suites[j->suite_count] == NULL)
        j->suites[j->suite_count] = arena_new_item(j->in->scratch, struct suite);
    struct suite *suite = j->suites[j->suite_count++];
    xml_text_clear(&suite->name);
    xml_text_clear(&suite->path);
    suite->depth = depth;
    suite->group = NO_GROUP;
    return suite;
}

static void read_timestamp(struct junit *j, const struct xml_tag *tag)
{
    size_t len = 0;
    int64_t seconds = 0;
    const char *text = xml_attr(tag, "timestamp", &len);
    if (text != NULL && instant_parse(text, len, &seconds))
        source_written(j->into, seconds);
}

static void begin_suite(struct junit *j, const struct xml_tag *tag)
{
    read_timestamp(j, tag);
    const struct suite *around = innermost(j);
    bool outer = j->suite_count == 1;
    struct suite *suite = push_suite(j, xml_depth(tag));
    xml_copy(&suite->name, tag, "name");
    xml_copy(&suite->path, tag, "file");
    if (suite->path.len == 0)
        xml_copy(&suite->path, tag, "filepath");
    if (suite->path.len == 0)
        xml_gather(&suite->path, around->path.text, around->path.len);
    j->into->tests.suites++;

    uint64_t declared = 0;
    if (!outer || j->root_declares)
        return;
    if (xml_count(tag, "tests", &declared))
        j->declared += declared;
    else
        j->suite_silent = true;
}

/* Writers that try again and do not say so. Playwright has a switch for it, which shows only when a
 * test was tried again. */
static bool is_known_to_hide_reruns(const struct xml_tag *root)
{
    size_t len = 0;
    const char *name = xml_attr(root, "name", &len);
    if (name == NULL)
        return false;
    bool playwright = xml_attr(root, "id", &(size_t){0}) != NULL &&
                      xml_attr(root, "skipped", &(size_t){0}) != NULL &&
                      xml_attr(root, "errors", &(size_t){0}) != NULL;
    return playwright || text_is(name, len, "vitest tests");
}

static bool check_writer(const struct xml_tag *root, struct error *err)
{
    size_t len = 0;
    const char *name = xml_attr(root, "name", &len);
    if (name == NULL || !text_is(name, len, OWN_SUITES))
        return true;
    xml_wrong(root, err, "qgate wrote this: a verdict, no report of tests");
    return error_hint(err, "take it out of the path, or write it elsewhere");
}

static bool begin_root(struct junit *j, const struct xml_tag *tag, struct error *err)
{
    if (xml_is(tag, "testsuite"))
        return true;
    if (!xml_is(tag, "testsuites"))
        return xml_wrong_root(tag, "JUnit", err);
    if (!check_writer(tag, err))
        return false;
    innermost(j)->depth = 1;
    j->root_declares = xml_count(tag, "tests", &j->declared);
    j->hides_reruns = is_known_to_hide_reruns(tag);
    return true;
}

/* The group of the innermost suite and `path`. */
static bool find_group(struct junit *j, const struct xml_text *path, size_t *group,
                       struct error *err)
{
    struct suite *suite = innermost(j);
    bool same = suite->group != NO_GROUP && suite->group_path.len == path->len &&
                memcmp(suite->group_path.text, path->text, path->len) == 0;
    if (!same) {
        if (!source_group(j->into, j->in->run, suite->name.text, path->text, &suite->group, err))
            return false;
        suite->group_path = *path;
    }
    *group = suite->group;
    return true;
}

/* Results */

/* What an element in a case says. A rerun says that the case was tried again. */
struct result {
    const char *name;
    enum test_outcome outcome;
    unsigned rank; /* of its message: the largest is kept, of equal ones the first */
};

static const struct result *result_of(const struct xml_tag *tag)
{
    static const struct result results[] = {
        {"error", TEST_ERROR, 3},       {"failure", TEST_FAILURE, 2},
        {"skipped", TEST_SKIPPED, 0},   {"flakyFailure", TEST_PASSED, 1},
        {"flakyError", TEST_PASSED, 1}, {"rerunFailure", TEST_PASSED, 1},
        {"rerunError", TEST_PASSED, 1},
    };
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        if (xml_is(tag, results[i].name))
            return &results[i];
    return NULL;
}

static void begin_message(struct junit *j, const struct xml_tag *tag, unsigned rank)
{
    if (rank <= j->message_rank)
        return;
    j->message_rank = rank;
    xml_copy(&j->message, tag, "message");
    j->text_depth = j->message.len == 0 ? xml_depth(tag) : 0;
}

/* Of a text its first line with something in it. */
static void end_message(struct junit *j)
{
    struct xml_text *message = &j->message;
    size_t from = strspn(message->text, " \t\r\n");
    size_t len = strcspn(message->text + from, "\r\n");
    memmove(message->text, message->text + from, len);
    message->text[len] = '\0';
    message->len = len;
    j->text_depth = 0;
}

static const char *kept_message(const struct junit *j)
{
    return text_keep(j->in->run, j->message.text, j->message.len, LIMIT_TEXT_BYTES);
}

static void begin_result(struct junit *j, const struct xml_tag *tag)
{
    const struct result *result = result_of(tag);
    if (result == NULL)
        return;
    if (result->outcome == TEST_PASSED)
        j->test.flaky = j->shows_reruns = true;
    if (result->outcome > j->test.outcome)
        j->test.outcome = result->outcome;
    begin_message(j, tag, result->rank);
}

/* A problem of a suite itself: no test, but something failed. */
static void begin_beside(struct junit *j, const struct xml_tag *tag)
{
    const struct result *result = result_of(tag);
    if (result == NULL || result->outcome < TEST_FAILURE)
        return;
    j->beside = result->outcome;
    j->message_rank = 0;
    begin_message(j, tag, result->rank);
}

static bool end_beside(struct junit *j, struct error *err)
{
    enum test_outcome outcome = j->beside;
    size_t at = 0;
    j->beside = TEST_PASSED;
    if (!find_group(j, &innermost(j)->path, &at, err))
        return false;
    struct test_case *test = source_case(j->into, j->in->run, err);
    if (test == NULL)
        return false;
    struct test_group *group = &j->into->tests.groups.items[at];
    group->beside_errors += outcome == TEST_ERROR;
    group->beside_failures += outcome == TEST_FAILURE;
    test->mark = TEST_MARK_BESIDE;
    test->outcome = outcome;
    test->suite = group->suite;
    test->path = group->path;
    test->message = kept_message(j);
    return true;
}

/* Cases */

/* the usual ones first */
enum { CLASSNAME, NAME, TIME, FILE_PATH, LINE, STATUS, RESULT, CASE_ATTRS };

static bool says_not_run(struct xml_value word)
{
    static const char *const words[] = {"notrun", "disabled", "skipped", "ignored", "suppressed"};
    for (size_t i = 0; word.text != NULL && i < sizeof words / sizeof words[0]; i++)
        if (text_is_nocase(word.text, word.len, words[i]))
            return true;
    return false;
}

static int64_t time_of(struct junit *j, struct xml_value time)
{
    int64_t us = 0;
    if (time.text != NULL && !junit_time(time.text, time.len, &us))
        j->bad_times++;
    return us;
}

static uint32_t line_of(struct xml_value line)
{
    uint64_t number = 0;
    bool known = line.text != NULL && number_parse_count(line.text, line.len, &number);
    return known && number <= LIMIT_LINE ? (uint32_t)number : 0;
}

/* What makes a case the same one in another report. Cases of one class stand together: most have
 * the class name that was taken for the one before. */
static uint64_t take_identity(struct junit *j, const struct xml_value *given)
{
    const struct xml_value *class = &given[CLASSNAME], *name = &given[NAME];
    bool same = class->len > 0 && class->len == j->classname.len &&
                class->len <= LIMIT_NAME_BYTES && /* nothing was cut */
                memcmp(class->text, j->classname.text, class->len) == 0;
    if (!same) {
        xml_take(&j->classname, class);
        j->class_hash = hash_text(0, class->text, class->len);
    }
    xml_take(&j->name, name);
    xml_take(&j->path, &given[FILE_PATH]);
    if (j->path.len == 0)
        xml_gather(&j->path, innermost(j)->path.text, innermost(j)->path.len);
    uint64_t hash = hash_text(j->class_hash, name->text, name->len);
    return j->path.len == 0 ? hash : hash_text(hash, j->path.text, j->path.len);
}

static bool begin_case(struct junit *j, const struct xml_tag *tag, struct error *err)
{
    static const char *const names[CASE_ATTRS] = {
        [CLASSNAME] = "classname", [NAME] = "name",     [TIME] = "time",     [FILE_PATH] = "file",
        [LINE] = "line",           [STATUS] = "status", [RESULT] = "result",
    };
    struct xml_value given[CASE_ATTRS];
    xml_attrs(tag, names, given, CASE_ATTRS);
    bool not_run = says_not_run(given[STATUS]) || says_not_run(given[RESULT]);
    j->found++;
    j->case_depth = xml_depth(tag);
    j->message_rank = 0;
    xml_text_clear(&j->message);
    j->line = line_of(given[LINE]);
    j->test = (struct attempt){
        .hash = TEST_WORD_HASH(TEST_WORD(take_identity(j, given), 0)),
        .duration_us = time_of(j, given[TIME]),
        .outcome = not_run ? TEST_SKIPPED : TEST_PASSED,
    };
    return find_group(j, &j->path, &j->test.group, err);
}

/* What is worth saying about the case under way. */
static struct test_case details_of(const struct junit *j)
{
    const struct test_group *group = &j->into->tests.groups.items[j->test.group];
    struct arena *run = j->in->run;
    return (struct test_case){
        .mark = j->test.flaky ? TEST_MARK_FLAKY : TEST_MARK_FAILED,
        .outcome = j->test.outcome,
        .classname = text_keep(run, j->classname.text, j->classname.len, LIMIT_NAME_BYTES),
        .name = text_keep(run, j->name.text, j->name.len, LIMIT_NAME_BYTES),
        .suite = group->suite,
        .path = group->path,
        .line = j->line,
        .message = kept_message(j),
        .hash = j->test.hash,
    };
}

static bool end_case(struct junit *j, struct error *err)
{
    j->case_depth = 0;
    j->test.flaky = j->test.flaky && j->test.outcome == TEST_PASSED;
    if (j->test.flaky || j->test.outcome >= TEST_FAILURE) {
        j->details = details_of(j);
        j->test.details = &j->details;
    }
    return j->reruns ? attempt_keep(&j->attempts, &j->test, j->in, err)
                     : attempt_count(&j->test, j->into, j->in->run, err);
}

/* Events */

/* In a case or in a suite's own problem there is one thing under way: another one would end it, and
 * what follows would count for neither. */
static bool check_place(const struct junit *j, const struct xml_tag *tag, struct error *err)
{
    const char *around = j->case_depth > 0           ? "testcase"
                         : j->beside == TEST_ERROR   ? "error"
                         : j->beside == TEST_FAILURE ? "failure"
                                                     : NULL;
    return around == NULL || xml_wrong(tag, err, "<%s> inside of <%s>", tag->name, around);
}

static bool on_open(void *state, const struct xml_tag *tag, struct error *err)
{
    struct junit *j = state;
    unsigned depth = xml_depth(tag);
    if (depth == 1 && !begin_root(j, tag, err))
        return false;
    bool is_case = xml_is(tag, "testcase"), is_suite = xml_is(tag, "testsuite");
    if ((is_case || is_suite) && !check_place(j, tag, err))
        return false;
    if (is_case)
        return begin_case(j, tag, err);
    if (is_suite)
        begin_suite(j, tag);
    else if (j->case_depth > 0 && depth == j->case_depth + 1)
        begin_result(j, tag);
    else if (j->case_depth == 0 && depth == innermost(j)->depth + 1)
        begin_beside(j, tag);
    return true;
}

static bool on_close(void *state, const struct xml_tag *tag, struct error *err)
{
    struct junit *j = state;
    unsigned depth = xml_depth(tag);
    if (depth == j->text_depth)
        end_message(j);
    if (depth == j->case_depth)
        return end_case(j, err);
    if (xml_is(tag, "testsuite"))
        j->suite_count--;
    else if (j->beside != TEST_PASSED && depth == innermost(j)->depth + 1)
        return end_beside(j, err);
    return true;
}

static bool on_text(void *state, const char *text, size_t len, struct error *err)
{
    (void)err;
    struct junit *j = state;
    if (j->text_depth > 0)
        xml_gather(&j->message, text, len);
    return true;
}

static void warn(const struct junit *j)
{
    struct arena *run = j->in->run;
    if (j->bad_times > 0)
        source_warn(j->into, run, "times that are negative or cannot be read count 0: %llu",
                    (unsigned long long)j->bad_times);
    bool declares = j->root_declares || (j->into->tests.suites > 0 && !j->suite_silent);
    if (declares && j->declared != j->found)
        source_warn(j->into, run, "declares %llu tests, holds %llu",
                    (unsigned long long)j->declared, (unsigned long long)j->found);
}

static bool junit_read(struct input *in, struct source *into, struct error *err)
{
    static const struct xml_fold fold = {on_open, on_close, on_text};
    struct junit *j = arena_new_item(in->scratch, struct junit);
    j->in = in;
    j->into = into;
    j->reruns = strcmp(input_word(in, "duplicates", "separate"), "reruns") == 0;
    into->speaks |= FAMILY_BIT(FAMILY_TESTS);
    push_suite(j, 0);
    if (!xml_fold(in, &fold, j, err) || !attempts_count_last(&j->attempts, j->in, into, err))
        return false;
    into->tests.flaky_unknown = j->hides_reruns && !j->shows_reruns;
    warn(j);
    return true;
}

static bool junit_claims(const char *head, size_t len)
{
    size_t name_len = 0;
    const char *name = xml_root(head, len, &name_len);
    return name != NULL && text_lists("testsuites testsuite", name, name_len) &&
           memmem(head, len, OWN_SUITES, strlen(OWN_SUITES)) == NULL;
}

static const struct option junit_options[] = {
    {
        .key = "duplicates",
        .type = OPTION_WORD,
        .choices = "separate reruns",
        .fallback = "separate",
        .help = "what several cases of the same class, name and file in one report are: tests of "
                "their own, or attempts of which the last one counts",
    },
    {0},
};

const struct reader junit_reader = {
    .name = "junit",
    .title = "JUnit XML",
    .globs = {"**/TEST-*.xml", "**/*junit*.xml", "**/test-results/**/*.xml",
              "**/surefire-reports/*.xml"},
    .claims = junit_claims,
    .options = junit_options,
    .read = junit_read,
};
