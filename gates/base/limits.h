/* Every ceiling in one table. Passing one refuses the report or the policy with a hint; nothing is
 * ever evaluated over a cut list. `qgate formats` prints the table.
 */
#ifndef GATES_BASE_LIMITS_H
#define GATES_BASE_LIMITS_H

/* name, value, what it bounds */
#define LIMITS(X)                                                                             \
    X(FILES, 10000, "report files of one run")                                                \
    X(REPORT_MIB, 4096, "MiB of one report")                                                  \
    X(DEPTH, 512, "levels of nesting in a report")                                            \
    X(TOKEN_BYTES, 16777216, "bytes without a complete element or value")                     \
    X(CDATA_BYTES, 67108864, "bytes of one CDATA section")                                    \
    X(XML_ATTRIBUTES, 4096, "attributes of one element")                                      \
    X(XML_NAMES, 20000, "different names in an XML report")                                   \
    X(PATHS, 200000, "source files in a coverage report")                                     \
    X(ROOTS, 1000, "source roots of a coverage report")                                       \
    X(LINE, 2147483647, "the largest line number")                                            \
    X(FILE_PAGES, 4096, "pages of 512 lines in one source file")                              \
    X(PAGES, 800000, "pages of 512 lines in a run")                                           \
    X(BRANCH_LINES, 8000000, "lines with branches in a run")                                  \
    X(LINE_BRANCHES, 65535, "branches of one line")                                           \
    X(TESTS, 10000000, "test cases of a run")                                                 \
    X(TEST_PROBLEMS, 200000, "failing, flaky or broken test cases of a run")                  \
    X(SUITES, 100000, "pairs of test suite and file")                                         \
    X(LABELS, 10000, "labels of load samples")                                                \
    X(HISTOGRAM_PAGES, 16384, "pages of 1,024 response times in a run")                       \
    X(FACTS, 100000, "facts of a report")                                                     \
    X(FINDINGS, 400000, "findings of a run")                                                  \
    X(KEPT_MIB, 160, "MiB of names, messages and numbers kept in a run")                      \
    X(TEXT_BYTES, 160, "bytes kept of a message")                                             \
    X(NAME_BYTES, 1024, "bytes kept of a name or path")                                       \
    X(VERDICT_BYTES, 16777216, "bytes of a verdict that `qgate explain` reads")               \
    X(ANSWER_MIB, 64, "MiB of one answer of a service")                                       \
    X(EVIDENCE_BYTES, 67108864, "bytes of saved evidence")                                    \
    X(EVENTS, 20000, "events that `qgate record` takes at once")                              \
    X(EVENT_BYTES, 65536, "bytes of an event, a line of JSON")                                \
    X(EVENTS_BYTES, 67108864, "bytes of all of them")                                         \
    X(CHANGED_MIB, 64, "MiB of a changed file; the lines of a larger one are not known")      \
    X(CHANGED_LINES, 1000000, "lines of a changed file, before and after, that are compared") \
    X(POLICY_BYTES, 1048576, "bytes of a policy file")                                        \
    X(POLICY_DEPTH, 32, "levels of nesting in a policy")                                      \
    X(POLICY_NODES, 20000, "YAML nodes of a policy, aliases expanded")                        \
    X(POLICY_FILES, 32, "files that a policy extends")                                        \
    X(POLICY_ALIASES, 100, "YAML aliases of a policy")                                        \
    X(YAML_BYTES, 8388608, "bytes of a YAML file that is only looked through")                \
    X(YAML_DEPTH, 100, "levels of nesting in such a file")                                    \
    X(YAML_NODES, 500000, "YAML nodes of such a file, aliases expanded")                      \
    X(YAML_ALIASES, 10000, "YAML aliases of such a file")                                     \
    X(DELIVERY_NODES, 200000, "YAML nodes of a delivery configuration, aliases expanded")     \
    X(DELIVERY_FILES, 1000, "files that a delivery configuration includes")                   \
    X(DELIVERY_MIB, 8, "MiB of files that a delivery configuration includes")                 \
    X(DELIVERY_TEAMS, 2000, "teams of a delivery configuration")                              \
    X(DELIVERY_SERVICES, 10000, "services of a delivery configuration")                       \
    X(RULE_BYTES, 4096, "bytes of a rule in a policy")                                        \
    X(PATTERN_BYTES, 256, "bytes of a regular expression in a policy")                        \
    X(PATTERN_STEPS, 100000, "steps of matching a regular expression")                        \
    X(PATTERN_DEPTH, 250, "depth of matching a regular expression")                           \
    X(PATTERN_HEAP_KIB, 1024, "KiB of matching a regular expression")                         \
    X(LABEL_BYTES, 512, "bytes of a label value that a regular expression looks at")          \
    X(LABEL_VALUES, 1000, "values of a label in `qgate read --json`")

#define LIMIT_ENUM(name, value, what) LIMIT_##name = value,
enum limit { LIMITS(LIMIT_ENUM) };

#endif
