/* What the reports say: one source for each name in the policy's `reports:`.
 *
 * A reader adds to a fresh source; when the whole report was read it is merged into the source of
 * its entry, otherwise it is dropped: a report that breaks half-way leaves no number behind.
 * Merging is commutative (integers, unions, sorted lists), so the order of files never shows.
 * Nothing here divides: that is left to gates/measure.
 *
 * Every pointer lives in the arena of the run. Every text was made harmless (base/text.h).
 */
#ifndef GATES_MODEL_EVIDENCE_H
#define GATES_MODEL_EVIDENCE_H

#include "gates/base/hash.h"
#include "gates/base/names.h"
#include "gates/base/number.h"
#include "gates/model/histogram.h"
#include "gates/model/linepages.h"

/* What a report can speak about. A source `speaks` of a family when its reports examined it, even
 * when nothing was found: no finding is good news only then. */
enum family {
    FAMILY_TESTS,
    FAMILY_COVERAGE,
    FAMILY_LOAD,
    FAMILY_SONAR,    /* facts of a SonarQube answer */
    FAMILY_VERDICT,  /* what qgate itself said of an earlier stage */
    FAMILY_DELIVERY, /* deployments, changes and incidents: no report, an estate */
    FAMILY_VULNERABILITIES,
    FAMILY_MISCONFIGURATIONS,
    FAMILY_SECRETS,
    FAMILY_LICENSES,
    FAMILY_ISSUES,
    FAMILY_HOTSPOTS,
    FAMILY_COUNT
};

const char *family_name(enum family family); /* "vulnerabilities" */

#define FAMILY_BIT(family) (1U << (family))

/* Ordered; `unknown` stands apart and is never guessed. */
enum severity {
    SEVERITY_UNKNOWN,
    SEVERITY_INFO,
    SEVERITY_LOW,
    SEVERITY_MEDIUM,
    SEVERITY_HIGH,
    SEVERITY_CRITICAL,
    SEVERITY_COUNT
};

const char *severity_name(enum severity severity); /* "critical" */

/* The severity of that name (any case), or SEVERITY_COUNT. */
enum severity severity_named(const char *name, size_t len);

enum fixable { FIXABLE_UNKNOWN, FIXABLE_NO, FIXABLE_YES };

/* One problem that a report lists. Members that do not apply are NULL or 0. */
struct finding {
    enum family family;
    enum severity severity;
    enum fixable fixable;
    const char *rule;   /* CVE-2024-0727, java:S1192, KSV-0001 */
    const char *class;  /* os-pkgs, lang-pkgs, config …; of an issue its type; of a hotspot its
                           category */
    const char *target; /* the image, lock file or resource that was examined */
    const char *package, *version, *fixed; /* fixed: version that repairs it */
    const char *identity;     /* what stays when lines, versions and image tags change: fields, each
                                 preceded by its length */
    const char *path;         /* in the repository, as far as known */
    bool tracked;             /* path is a file of the commit that is judged */
    const char *origin;       /* path of the report it stands in; NULL: not known */
    uint32_t line, last_line; /* 1-based; 0: not known */
    const char *message;
    const char *url;
    const char *fingerprint; /* 32 hexadecimal digits; given by source_fingerprint() */
};

struct findings ARRAY(struct finding);

enum test_outcome { TEST_PASSED, TEST_SKIPPED, TEST_FAILURE, TEST_ERROR };

/* The counts of one suite and file. */
struct test_group {
    const char *suite, *path; /* "" when the report does not say */
    const char *origin;       /* path of the report it stands in; NULL: not known */
    uint64_t passed, skipped, failures, errors;
    uint64_t flaky;                          /* passed after a rerun; part of `passed` */
    int64_t duration_us;                     /* sum over its cases, microseconds */
    uint64_t beside_failures, beside_errors; /* suite-level problems: no test, but failed */
};

struct test_groups ARRAY(struct test_group);

enum test_mark {
    TEST_MARK_FAILED,    /* failure or error of a case */
    TEST_MARK_FLAKY,     /* passed after a rerun */
    TEST_MARK_SUSPECTED, /* failed and passed in one source; changes no count */
    TEST_MARK_BESIDE,    /* suite-level failure or error */
};

/* A test worth naming. */
struct test_case {
    enum test_mark mark;
    enum test_outcome outcome;
    const char *classname, *name, *suite, *path; /* "" when not given */
    const char *origin;  /* path of the report it stands in; NULL: not known */
    uint32_t line;       /* 0: not known */
    const char *message; /* "" when there is none */
    uint64_t hash;       /* the identity in the log */
};

struct test_cases ARRAY(struct test_case);

/* One word for each test case, in the order read: 62 bits of the identity's hash, 2 bits of
 * outcome. */
struct test_log ARRAY(uint64_t);

#define TEST_WORD(hash, outcome) ((uint64_t)(hash) << 2 | (uint64_t)(outcome))
#define TEST_WORD_OUTCOME(word) ((enum test_outcome)((word)&3U))
#define TEST_WORD_HASH(word) ((word) >> 2)

struct tests {
    struct names names;        /* of groups, until settled */
    struct test_groups groups; /* sorted by suite, path once settled */
    struct test_log log;
    struct test_cases cases; /* sorted */
    uint64_t suites;         /* <testsuite> elements */
    bool flaky_unknown;      /* a writer that is known not to show reruns took part */
};

enum { MOST_CANDIDATES = 4 }; /* that are named when a path matches several files */

struct covered_file {
    const char *path;        /* raw until paths_resolve(), then in the repository when `matched` */
    const char *raw;         /* as the report says */
    bool mapped;             /* a map of the policy said where it lies: below no source root */
    bool matched;            /* it is one file of the repository */
    struct words candidates; /* files that it may be, when it may be several: at most
                                MOST_CANDIDATES */
    bool ignored;            /* the policy leaves it out: paths.ignore */
    bool maybe_ignored;      /* it would not, or would, were it one of `candidates` */
    struct lines lines;
};

struct covered_files ARRAY(struct covered_file);

struct coverage {
    struct names names;         /* of files, until settled */
    struct words roots;         /* what the report calls its source roots */
    struct covered_files files; /* sorted by path once settled */
    struct line_budget budget;
};

struct load_label {
    const char *label;
    const char *origin; /* path of the report it stands in; NULL: not known */
    bool transaction;   /* a transaction controller: the sum of other samples */
    bool alone;         /* … which are not listed beside it: it must never be left out */
    struct histogram passed, failed;
    int64_t first_ms, last_ms; /* first start and last end, ms since 1970 */
    bool timed;                /* first_ms and last_ms are known */
};

struct load_labels ARRAY(struct load_label);

enum load_transactions { TRANSACTIONS_EXCLUDE, TRANSACTIONS_INCLUDE, TRANSACTIONS_ONLY };
enum load_percentiles { PERCENTILES_NEAREST, PERCENTILES_LINEAR, PERCENTILES_JMETER };

struct load {
    struct names names; /* of labels, until settled: label i has items 2i and, as a transaction,
                           2i + 1 */
    struct load_labels labels; /* sorted by label once settled, a transaction behind its namesake */
    uint64_t pages;            /* histogram pages in use */
    enum load_transactions transactions; /* which labels count; the policy's choice */
    enum load_percentiles percentiles;
    uint64_t apdex_ms[2]; /* satisfied and tolerated up to */
};

struct label {
    const char *name, *value;
};

struct labels ARRAY(struct label);

/* A number or word that the report states itself. */
struct fact {
    const char *id;       /* sonar.coverage, verdict */
    struct labels labels; /* sorted by name; most facts have none */
    const char *word;     /* NULL: a number */
    struct number number;
    const char *origin; /* path of the report it stands in; NULL: not known */
    const char *note;   /* "" or what a person should know of it */
};

struct facts ARRAY(struct fact);

struct dora_estate;

enum input_state {
    INPUT_READ,
    INPUT_MISSING, /* the entry matched no file */
    INPUT_BROKEN,  /* the file is there and could not be read whole */
    INPUT_SKIPPED, /* read already, for another entry of the same name */
};

struct input_record {
    const char *path; /* as the policy or the command line names it */
    enum input_state state;
    const char *job; /* of the pipeline, which should have left a missing one; NULL: not known */
    char sha256[DIGEST_HEX]; /* "" when not read */
    uint64_t bytes;
    uint64_t repaired;         /* characters that had to be replaced */
    const struct error *error; /* of a broken one, otherwise NULL */
};

struct input_records ARRAY(struct input_record);

struct source {
    const char *name, *format;
    bool optional; /* absent is allowed */
    bool whole;    /* every file that must be there was read to its end, nothing is cut off */
    const char *
        absent; /* an optional file that is not there beside others that are required; NULL: none */
    const char *committed; /* a report that git tracks, which the policy allows; NULL: none */
    const char *stale; /* it is older than the change, so it answers nothing, in words; NULL: it is
                          not, or nobody asked */
    const char *part_reason; /* why a report that was read is not all there is; NULL otherwise */
    const char *part_remedy; /* what to do about it; NULL: give all of the report */
    int64_t written_s;  /* oldest time stamp inside its reports, since 1970; 0: they have none */
    const char *commit; /* that the report says it is about, hexadecimal; NULL: it does not say */
    unsigned speaks;    /* FAMILY_BITs */
    const char *origin; /* path of the report, of a fresh source and while one is merged; NULL
                           otherwise */
    const char *entry;  /* the policy's place and path: ".qgate.yml:9", for messages */
    const char *path;   /* the path or glob of the entry */
    struct input_records inputs; /* sorted by path */
    struct words warnings;       /* sorted, each once */
    struct tests tests;
    struct coverage coverage;
    struct load load;
    struct facts facts;               /* sorted by id */
    const struct dora_estate *estate; /* gates/measure/estate.h; of FAMILY_DELIVERY, never saved;
                                         otherwise NULL */
    struct findings findings;         /* sorted by severity (worst first), path, line, rule */
};

struct sources ARRAY(struct source);

struct path_index;

struct evidence {
    const char *commit;             /* hexadecimal; "" when not known */
    const struct path_index *files; /* of the repository; NULL: not known, or nobody asked */
    struct sources sources;         /* sorted by name, format */
};

/* A fresh source; texts and tables go into `mem`. */
void source_init(struct source *source, struct arena *mem, const char *name, const char *format);

/* The file, label or group of that name, made when it is new: its index in the array. False when a
 * ceiling is passed. Only before source_settle(). Texts may be raw: they are made harmless. */
NODISCARD bool source_file(struct source *source, struct arena *mem, const char *path, size_t len,
                           size_t *index, struct error *err);
NODISCARD bool source_label(struct source *source, struct arena *mem, const char *label, size_t len,
                            bool transaction, size_t *index, struct error *err);
NODISCARD bool source_group(struct source *source, struct arena *mem, const char *suite,
                            const char *path, size_t *index, struct error *err);

/* Is there room for more names and messages? Asked by all of these; by a reader only when it keeps
 * some beside the source. */
NODISCARD bool source_room(const struct arena *mem, struct error *err);

/* One more, zeroed; NULL when a ceiling is passed. */
struct finding *source_finding(struct source *source, struct arena *mem, struct error *err);
struct fact *source_fact(struct source *source, struct arena *mem, struct error *err);
struct test_case *source_case(struct source *source, struct arena *mem, struct error *err);

/* One test more in a group: its counts, and its TEST_WORD in the log. False when a ceiling is
 * passed. */
NODISCARD bool source_test(struct source *source, struct arena *mem, size_t group, uint64_t word,
                           int64_t duration_us, struct error *err);

/* A warning of the report, in words; each text once. */
void source_warn(struct source *source, struct arena *mem, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Union of a whole report into its source. False when a ceiling is passed; `into` is then spoilt
 * and must be marked not whole by the caller. */
NODISCARD bool source_merge(struct source *into, struct arena *mem, const struct source *from,
                            struct error *err);

/* The source is not whole: why, and what to do about it (NULL: give all of the report). Texts live
 * as long as the source. */
void source_part(struct source *source, const char *reason, const char *remedy);

/* The report says when it was written. */
void source_written(struct source *source, int64_t seconds);

/* When the report is about a commit: is it the one judged? A report about another one, or one that
 * cannot be compared (`judged` ""), is not whole. */
void source_is_about(struct source *source, struct arena *mem, const char *judged);

/* Sort everything, merge what is listed twice, find suspected flaky tests. Called once when a
 * source is complete. */
void source_settle(struct source *source, struct arena *mem);

/* Give every finding of a settled source its fingerprint: 128 bits of SHA-256 over family, format,
 * identity and the how-manieth of its identity it is, each preceded by its length. */
void source_fingerprint(struct source *source, struct arena *mem);

#endif
