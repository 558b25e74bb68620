/* A policy: what a project demands. Loaded from YAML, checked, and never changed afterwards.
 *
 * `policy_load` collects every mistake of the text in one run (struct problems); `err` is for what
 * is not a mistake of the text. Everything lives in the arena given. Days are counted from
 * 1970-01-01, UTC.
 */
#ifndef GATES_POLICY_POLICY_H
#define GATES_POLICY_POLICY_H

#include "gates/base/problems.h"
#include "gates/measure/measure.h"
#include "gates/model/paths.h"
#include "gates/read/reader.h"

enum function { FUNCTION_NONE, FUNCTION_NEW, FUNCTION_DELTA, FUNCTION_GROWTH };
enum compare {
    COMPARE_LESS,
    COMPARE_AT_MOST,
    COMPARE_MORE,
    COMPARE_AT_LEAST,
    COMPARE_EQUAL,
    COMPARE_UNEQUAL
};
enum on_missing { ON_MISSING_FAIL, ON_MISSING_WARN, ON_MISSING_PASS, ON_MISSING_SKIP };
enum on_unmatched { ON_UNMATCHED_FAIL, ON_UNMATCHED_WARN, ON_UNMATCHED_IGNORE };

const char *compare_text(enum compare compare);    /* "<=" */
const char *function_text(enum function function); /* "new", "" */

/* Where a rule or gate applies; empty lists: everywhere. */
struct when {
    struct words branches; /* globs over the target branch */
    struct words changes;  /* globs over the paths this change touches */
};

struct rule;
struct rules ARRAY(struct rule *);

struct rule {
    struct place at;
    const char *text; /* as written, one line */
    struct rules any; /* `any:`: one of these must hold; when not empty, nothing from here to `word`
                         is used */
    enum function function;
    struct selector selector;
    enum compare compare;
    struct number threshold; /* in the measure's unit; delta of a percentage: points; growth: % */
    const char *word;        /* threshold of a state; NULL: a number */

    const char *why;         /* the policy's own words; NULL: none */
    struct number tolerance; /* in the threshold's unit; 0: none */
    uint64_t min_lines;      /* 0: none */
    uint64_t max_uncovered;  /* 0: none */
    const char *each;        /* a label; NULL: none */
    struct when when;
    int32_t enforce_from; /* day; 0: at once */
    enum on_missing on_missing;
    enum on_missing on_no_baseline; /* default ON_MISSING_WARN */
};

struct gate {
    struct place at;
    const char *name;
    const char *stage; /* default "build" */
    const char *why;
    struct when when;     /* inherited by rules that have none of their own */
    int32_t enforce_from; /* the same */
    const char *each;     /* the same */
    bool locked;
    bool floor; /* comes from the floor: waivers, ignored paths and leniency of the project do not
                   reach it */
    struct rules require, warn;
};

struct gates ARRAY(struct gate);

struct report_entry {
    struct place at;                  /* of its path */
    const struct reader *reader;      /* NULL: this version cannot read the format yet */
    const char *format, *name, *path; /* path: a literal or a glob */
    bool optional, tracked;
    int64_t max_age_s; /* 0: any age */
    struct settings settings;
};

struct report_entries ARRAY(struct report_entry);

struct output {
    struct place at;
    const char *format, *path;
};

struct outputs ARRAY(struct output);

/* An exception with a reason, an owner and an end. It names a finding or test by `id`, or a `gate`.
 */
struct waiver {
    struct place at;
    const char *id;   /* of a finding (CVE-2024-1, a rule) or a test's name; a glob; NULL: of a
                         gate */
    const char *gate; /* only there; without `id` the gate as a whole; NULL: in every gate */
    const char *package, *path, *measure; /* narrow `id` down; path a glob; NULL: any */
    const char *reason, *owner;
    const char *ticket;    /* NULL: none */
    int32_t expires;       /* day; it counts through that day */
    bool from_environment; /* QGATE_WAIVERS: added by the maintainers */
};

struct waivers {
    struct waiver *items;
    size_t count, room;
    int32_t max_days;  /* one that reaches further than so many days from today does not count; 0:
                          any */
    bool unused_fails; /* one that waives nothing fails the run; otherwise it is a warning */
};

/* What `outputs:` may name, parted by spaces; a test holds it against the table of renderers. Those
 * of later versions are taken with a warning. */
#define POLICY_OUTPUTS \
    "terminal json markdown codequality junit metrics cobertura annotations dotenv"
#define POLICY_LATER_OUTPUTS "sarif csv html"

enum publish_note { NOTE_ON_CHANGE, NOTE_ALWAYS, NOTE_ON_FAIL, NOTE_NEVER };
enum publish_threads { THREADS_NEW, THREADS_ALL, THREADS_NONE };

/* Findings that have a thread at once: how many when the policy says nothing, and the most. */
enum { THREADS_USUAL = 30, THREADS_MOST = 100 };

struct publish_gitlab {
    enum publish_note note;
    enum publish_threads threads;
    uint64_t max_threads; /* so many findings have one at once; 1 to THREADS_MOST */
    bool status;          /* set a commit status */
    bool required;        /* publishing that fails is exit status 5 */
};

/* What the policy is made of beside its own file. */
struct policy_origin {
    const char *role; /* "extends", "waiver_file" (of the policy), "floor" (and what that extends)
                         or "waivers" (QGATE_WAIVERS) */
    const char *name; /* "qgate:service", "ci/base.yml" */
    char sha256[DIGEST_HEX];
};

struct policy_origins ARRAY(struct policy_origin);

struct policy {
    const char *path;        /* as named in messages; "qgate:default" when compiled in */
    char sha256[DIGEST_HEX]; /* of the file's bytes */
    struct components components;
    struct report_entries reports; /* in the order written */
    struct words ignore;           /* paths.ignore */
    struct words sources;          /* paths.sources */
    struct path_maps maps;         /* paths.map */
    enum on_unmatched unmatched;   /* paths.unmatched: a path that matches no single file */
    struct publish_gitlab gitlab;  /* publish.gitlab */
    struct gates gates;            /* in the order written */
    struct waivers waivers;
    struct outputs outputs;
    struct policy_origins origins; /* in the order read */
    struct problems warnings;      /* what is allowed and still odd */
};

/* Where the files that a policy names come from: the loader itself opens nothing. */
struct policy_files {
    /* The text of a file of the repository ("ci/base.yml") or of the site ("site:NAME"); *text NULL
     * when there is none. It must live as long as the policy. False with err: it could not be asked
     * for. */
    bool (*open)(void *handle, const char *name, const char **text, size_t *len, struct error *err);
    /* The paths of the repository's files that match a glob, sorted, added to `paths`. NULL: files
     * can only be named. False with err as above. */
    bool (*list)(void *handle, const char *glob, struct words *paths, struct error *err);
    void *handle;
};

/* Load a policy's text and what it extends. True: read, and it may be used only when found->count
 * is 0. False with err: a file that it names could not be asked for. `files` NULL: it can name
 * none. */
NODISCARD bool policy_load(const char *path, const char *text, size_t len,
                           const struct policy_files *files, struct arena *mem,
                           struct policy *policy, struct problems *found, struct error *err);

/* Add the gates of a floor: always judged, locked, out of reach of the project's leniency. The
 * floor must live as long as the policy. What a floor cannot hold is added to `found`. */
void policy_add_floor(struct policy *policy, const struct policy *floor, struct arena *mem,
                      struct problems *found);

/* Add the waivers of QGATE_WAIVERS: a list, or a map as in `waivers:`. */
void policy_add_waivers(struct policy *policy, const char *path, const char *text, size_t len,
                        struct arena *mem, struct problems *found);

/* One rule as text, for `qgate explain` and tests. `at` is where the text stands. NULL: found says
 * why. */
struct rule *rule_parse(const char *text, struct place at, struct arena *mem,
                        struct problems *found);

/* One rule with its keys, in YAML, as an item of `require:` would hold it: {rule: …, min_lines: 5}.
 */
struct rule *rule_parse_keys(const char *file, const char *text, size_t len, struct arena *mem,
                             struct problems *found);

/* What the rule demands, as a sentence without full stop. */
const char *rule_words(const struct rule *rule, struct arena *mem);

/* The measure that a rule could begin with, `vulnerabilities.critical` included. False: there is
 * none. */
bool selector_named(const char *id, struct arena *mem, struct selector *selector);

#endif
