/* Saved answers of SonarQube and SonarCloud: api/qualitygates/project_status,
 * api/measures/component, api/issues/search, api/hotspots/search, api/ce/task; and the scanner's
 * report-task.txt.
 *
 * What is read of the answers, and where that is specified, stands in sonarsteps.h. The server
 * keeps judging a measure that is missing as OK; here it gives no fact, so that a rule can ask for
 * it.
 */
#include <stdio.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/path.h"
#include "gates/base/text.h"
#include "gates/model/finding.h"
#include "gates/read/sonarsteps.h"

#define BIT(place) (UINT64_C(1) << (place))
#define ANSWERS \
    (BIT(PROJECT_STATUS) | BIT(COMPONENT) | BIT(MEASURES) | BIT(ISSUES) | BIT(HOTSPOTS) | BIT(TASK))

struct sonar {
    struct input *in;
    struct source *into;
    uint64_t answers;    /* bit i: the object or list at place i was there */
    enum family family;  /* of the list under way */
    uint64_t listed;     /* issues or hotspots on the page, whatever their status */
    uint64_t strange;    /* of them: of a status that is not known */
    enum severity worst; /* impact of the issue under way */
    char old_period[JSON_KEPT_BYTES + 1]; /* the first value in the measure's `periods` */
    uint64_t conditions;
    char failed[LIMIT_TEXT_BYTES + 8]; /* "failed: new_coverage, new_bugs" */
};

/* ---- facts ---- */

static struct fact *new_fact(struct sonar *s, const char *key, struct error *err)
{
    struct fact *fact = source_fact(s->into, s->in->run, err);
    if (fact == NULL)
        return NULL;
    const char *id = arena_printf(s->in->scratch, "sonar.%s", key);
    fact->id = text_keep(s->in->run, id, strlen(id), LIMIT_NAME_BYTES);
    return fact;
}

/* `of_period`: the server compared with its period. For a metric that is not new_… that gives the
 * difference, not the value. */
static bool add_metric(struct sonar *s, const char *key, const char *value, bool of_period,
                       struct error *err)
{
    if (key[0] == '\0' || value[0] == '\0')
        return true;
    struct fact *fact = new_fact(s, key, err);
    if (fact == NULL)
        return false;
    if (of_period && strncmp(key, "new_", 4) != 0)
        fact->note = "the change within the server's period, not the total";
    if (!number_parse(value, strlen(value), &fact->number)) /* a level, a date, a distribution */
        fact->word = text_keep(s->in->run, value, strlen(value), LIMIT_TEXT_BYTES);
    return true;
}

static bool close_condition(struct sonar *s, const struct json *json, struct error *err)
{
    const char *key = json_word(json, CONDITION_METRIC);
    s->conditions++;
    if (strcmp(json_word(json, CONDITION_STATUS), "ERROR") == 0) {
        size_t used = strlen(s->failed);
        snprintf(s->failed + used, sizeof s->failed - used, "%s%s",
                 used > 0 ? ", " : "failed: ", key);
    }
    /* Before SonarQube 7.6 a condition on any metric could look at a period only. */
    return add_metric(s, key, json_word(json, CONDITION_VALUE),
                      json_text(json, CONDITION_PERIOD) != NULL, err);
}

static bool close_gate(struct sonar *s, const struct json *json, struct error *err)
{
    const char *status = json_word(json, GATE);
    if (status[0] == '\0')
        return json_wrong(json, err, "projectStatus has no status");
    struct fact *fact = new_fact(s, "quality_gate", err);
    if (fact == NULL)
        return false;
    fact->word = text_keep(s->in->run, status, strlen(status), LIMIT_TEXT_BYTES);
    fact->note = text_keep(s->in->run, s->failed, strlen(s->failed), LIMIT_TEXT_BYTES);
    if (strcmp(json_word(json, IGNORED), "true") == 0)
        source_warn(s->into, s->in->run,
                    "SonarQube left out conditions of its gate because the change is small");
    if (s->conditions == 0 && strcmp(status, "OK") == 0)
        source_warn(s->into, s->in->run, "the quality gate has no condition: its OK says nothing");
    return true;
}

static bool close_measure(struct sonar *s, const struct json *json, struct error *err)
{
    const char *value = json_word(json, VALUE), *period = json_word(json, PERIOD_VALUE);
    if (period[0] == '\0')
        period = s->old_period;
    bool of_period = value[0] == '\0';
    return add_metric(s, json_word(json, METRIC), of_period ? period : value, of_period, err);
}

static bool close_component(struct sonar *s, const struct json *json, struct error *err)
{
    static const char parts[] = "BRC DIR FIL UTS"; /* modules, directories, files, test files */
    const char *qualifier = json_word(json, QUALIFIER);
    if ((s->answers & BIT(MEASURES)) == 0)
        return json_wrong(json, err, "component has no measures");
    if (text_lists(parts, qualifier, strlen(qualifier)))
        source_warn(s->into, s->in->run, "the measures are those of %s, not of the whole project",
                    json_word(json, COMPONENT_NAME));
    return true;
}

/* ---- issues and hotspots ---- */

/* Two scales of the server, the one of issues and the one of impacts and probabilities. They meet
 * level by level, so nothing is lost but the word. */
static enum severity severity_of(const char *word)
{
    static const struct {
        const char *word;
        enum severity severity;
    } table[] = {
        {"BLOCKER", SEVERITY_CRITICAL}, {"CRITICAL", SEVERITY_HIGH}, {"HIGH", SEVERITY_HIGH},
        {"MAJOR", SEVERITY_MEDIUM},     {"MEDIUM", SEVERITY_MEDIUM}, {"MINOR", SEVERITY_LOW},
        {"LOW", SEVERITY_LOW},          {"INFO", SEVERITY_INFO},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(word, table[i].word) == 0)
            return table[i].severity;
    return SEVERITY_UNKNOWN;
}

static enum severity worse(enum severity a, enum severity b)
{
    return a > b ? a : b;
}

static bool is_open(struct sonar *s, const struct json *json)
{
    bool issue = s->family == FAMILY_ISSUES;
    const char *open = issue ? "OPEN CONFIRMED REOPENED" : "TO_REVIEW";
    const char *done = issue ? "RESOLVED CLOSED TO_REVIEW IN_REVIEW REVIEWED ACCEPTED "
                               "FALSE_POSITIVE FIXED IN_SANDBOX"
                             : "REVIEWED";
    const char *status = json_text(json, STATUS);
    if (status == NULL)
        status = json_word(json, ISSUE_STATUS);
    if (status[0] == '\0' || text_lists(open, status, strlen(status)))
        return true;
    s->strange += !text_lists(done, status, strlen(status));
    return false;
}

/* Behind the key of the project; NULL for a problem of the project itself. */
static const char *issue_path(const struct sonar *s, const struct json *json)
{
    const char *component = json_word(json, FILE_KEY), *project = json_word(json, PROJECT);
    size_t len = strlen(project);
    if (strcmp(component, project) == 0)
        return NULL;
    if (len > 0 && strncmp(component, project, len) == 0 && component[len] == ':')
        component += len + 1;
    else if (strrchr(component, ':') != NULL)
        component = strrchr(component, ':') + 1;
    return component[0] == '\0' ? NULL : path_clean(s->in->run, component, strlen(component));
}

/* White space as one space, numbers as 0: they change when the code around the problem does. */
static const char *normalised(struct arena *mem, const char *text)
{
    static const char space[] = " \t\r\n", digits[] = "0123456789";
    char *out = arena_alloc(mem, strlen(text) + 1), *end = out;
    while (*text != '\0') {
        size_t spaces = strspn(text, space), numbers = strspn(text, digits);
        *end++ = spaces > 0 ? ' ' : numbers > 0 ? '0' : *text;
        text += spaces > 0 ? spaces : numbers > 0 ? numbers : 1;
    }
    return out;
}

static const char *identity(const struct sonar *s, const struct json *json, int rule)
{
    const char *hash = json_text(json, HASH);
    const char *fields[] = {
        json_text(json, rule),
        json_text(json, FILE_KEY),
        hash != NULL ? hash : normalised(s->in->scratch, json_word(json, MESSAGE)),
    };
    return finding_identity(s->in->run, fields, sizeof fields / sizeof fields[0]);
}

static bool close_finding(struct sonar *s, const struct json *json, struct error *err)
{
    s->listed++;
    if (!is_open(s, json))
        return true;
    struct finding *finding = source_finding(s->into, s->in->run, err);
    if (finding == NULL)
        return false;
    bool issue = s->family == FAMILY_ISSUES;
    int rule = issue ? RULE : RULE_KEY;
    enum severity severity = severity_of(json_word(json, issue ? SEVERITY : PROBABILITY));
    *finding = (struct finding){
        .family = s->family,
        .severity = severity == SEVERITY_UNKNOWN ? s->worst : severity, /* servers in one mode */
        .rule = json_keep(json, rule, LIMIT_NAME_BYTES),
        .class = json_keep(json, issue ? TYPE : CATEGORY, LIMIT_NAME_BYTES),
        .identity = identity(s, json, rule),
        .path = issue_path(s, json),
        .line = json_line(json, json_text(json, START_LINE) != NULL ? START_LINE : LINE),
        .last_line = json_line(json, json_text(json, END_LINE) != NULL ? END_LINE : LINE),
        .message = json_keep(json, MESSAGE, LIMIT_TEXT_BYTES),
    };
    return true;
}

static bool read_count(const struct json *json, int place, const char *what, uint64_t *count,
                       struct error *err)
{
    const char *text = json_word(json, place);
    return number_parse_count(text, strlen(text), count) ||
           json_wrong(json, err, "%s is not a number: \"%.40s\"", what, text);
}

/* The server gives at most 500 entries a page, and a list cut short looks like good news. */
static bool check_page(struct sonar *s, const struct json *json, struct error *err)
{
    bool paging = json_text(json, PAGING_TOTAL) != NULL;
    int of_page = paging ? PAGING_PAGE : PAGE;
    uint64_t total = 0, page = 1;
    if (!read_count(json, paging ? PAGING_TOTAL : TOTAL, "the total", &total, err) ||
        (json_text(json, of_page) != NULL && !read_count(json, of_page, "the page", &page, err)))
        return false;
    if (s->listed < total || page > 1)
        source_part(s->into,
                    arena_printf(s->in->run, "page %llu holds %llu of %llu %s",
                                 (unsigned long long)page, (unsigned long long)s->listed,
                                 (unsigned long long)total, family_name(s->family)),
                    "ask for all on one page: ps=500, and narrowed down where there are more");
    if (s->strange > 0)
        source_warn(s->into, s->in->run, "%s of a status that is not known, not counted: %llu",
                    family_name(s->family), (unsigned long long)s->strange);
    s->into->speaks |= FAMILY_BIT(s->family);
    return true;
}

/* ---- the analysis ---- */

static bool close_task(struct sonar *s, const struct json *json, struct error *err)
{
    const char *status = json_word(json, TASK_STATUS), *count = json_word(json, TASK_WARNINGS);
    if (strcmp(status, "FAILED") == 0 || strcmp(status, "CANCELED") == 0) {
        error_set(err, FAULT_REPORT, "the analysis failed on the server (%s)%s%.160s", status,
                  json_text(json, TASK_ERROR) == NULL ? "" : ": ", json_word(json, TASK_ERROR));
        return error_hint(err, "this is no verdict of the quality gate: run the analysis again");
    }
    if (strcmp(status, "PENDING") == 0 || strcmp(status, "IN_PROGRESS") == 0) {
        source_part(s->into, "the analysis is still under way on the server",
                    "ask again when it has ended");
        return true;
    }
    if (strcmp(status, "SUCCESS") != 0)
        return json_wrong(json, err, "the status of the task is not known: \"%.40s\"", status);
    if (count[0] != '\0' && strcmp(count, "0") != 0)
        source_warn(s->into, s->in->run, "warnings of the analysis, shown on the server: %s",
                    count);
    return true;
}

static bool refuse_errors(const struct json *json, struct error *err)
{
    error_set(err, FAULT_REPORT, "SonarQube answered with an error: %.200s",
              json_word(json, ERROR_TEXT));
    return error_hint(err, "save the answer of a request that succeeded: a metric the server does "
                           "not know, or a missing right, gives this one");
}

/* ---- the document ---- */

static bool close_answer(struct sonar *s, const struct json *json, struct error *err)
{
    bool paged = json_text(json, PAGING_TOTAL) != NULL || json_text(json, TOTAL) != NULL;
    uint64_t lists = BIT(ISSUES) | BIT(HOTSPOTS), facts = BIT(PROJECT_STATUS) | BIT(COMPONENT);
    uint64_t answer = s->answers & ~BIT(MEASURES);
    bool single = answer != 0 && (answer & (answer - 1)) == 0;
    if (single && (answer & lists) != 0 && paged)
        return check_page(s, json, err);
    if (single && (answer & lists) == 0) {
        s->into->speaks |= (answer & facts) != 0 ? FAMILY_BIT(FAMILY_SONAR) : 0;
        return true;
    }
    error_set(err, FAULT_REPORT, "not an answer of SonarQube that qgate knows");
    return error_hint(err, "save api/qualitygates/project_status, api/measures/component, "
                           "api/issues/search or api/hotspots/search as the server sends it");
}

static bool on_open(void *state, struct json *json, int place, struct error *err)
{
    struct sonar *s = state;
    (void)json, (void)err;
    switch (place) {
    case ISSUES:
        s->family = FAMILY_ISSUES;
        break;
    case HOTSPOTS:
        s->family = FAMILY_HOTSPOTS;
        break;
    case FINDING:
        s->worst = SEVERITY_UNKNOWN;
        break;
    case MEASURE:
        s->old_period[0] = '\0';
        break;
    default:
        break;
    }
    s->answers |= BIT(place) & ANSWERS;
    return true;
}

static bool on_close(void *state, struct json *json, int place, struct error *err)
{
    struct sonar *s = state;
    switch (place) {
    case TOP:
        return close_answer(s, json, err);
    case PROJECT_STATUS:
        return close_gate(s, json, err);
    case CONDITION:
        return close_condition(s, json, err);
    case COMPONENT:
        return close_component(s, json, err);
    case MEASURE:
        return close_measure(s, json, err);
    case OLD_PERIOD:
        if (s->old_period[0] == '\0')
            snprintf(s->old_period, sizeof s->old_period, "%s", json_word(json, OLD_PERIOD_VALUE));
        return true;
    case FINDING:
        return close_finding(s, json, err);
    case IMPACT:
        s->worst = worse(s->worst, severity_of(json_word(json, IMPACT_SEVERITY)));
        return true;
    case TASK:
        return close_task(s, json, err);
    case ERROR:
        return refuse_errors(json, err);
    default:
        return true;
    }
}

/* ---- report-task.txt ---- */

static const char *property(const char *text, size_t len, const char *key)
{
    size_t size = strlen(key);
    for (const char *line = text, *end = text + len; line != NULL && line < end;) {
        if ((size_t)(end - line) > size && memcmp(line, key, size) == 0 && line[size] == '=')
            return line + size + 1;
        line = memchr(line, '\n', (size_t)(end - line));
        line = line == NULL ? NULL : line + 1;
    }
    return NULL;
}

static bool is_properties(const char *head, size_t len)
{
    return property(head, len, "ceTaskId") != NULL || property(head, len, "projectKey") != NULL;
}

/* It names an analysis; the result is on the server. It fits in the head. */
static bool read_properties(struct input *in, struct source *into, struct error *err)
{
    char block[HEAD_BYTES];
    for (size_t got = 1; got > 0;)
        if (!input_read(in, block, sizeof block, &got, err))
            return false;
    if (property(in->head, in->head_len, "ceTaskId") == NULL) {
        error_set(err, FAULT_REPORT, "not the report-task.txt of an analysis: it has no ceTaskId");
        return error_hint(err,
                          "the scanner writes one only when the analysis was sent to the server");
    }
    source_warn(into, in->run,
                "names an analysis, holds no result: a later version asks the server; until then "
                "save the answer of api/qualitygates/project_status");
    return true;
}

static bool sonarqube_read(struct input *in, struct source *into, struct error *err)
{
    struct sonar *s = arena_new_item(in->scratch, struct sonar);
    const struct json_fold fold = {.steps = steps, .open = on_open, .close = on_close};
    s->in = in;
    s->into = into;
    if (is_properties(in->head, in->head_len))
        return read_properties(in, into, err);
    return json_fold(in, &fold, s, err);
}

static bool has(const char *head, size_t len, const char *one, const char *other)
{
    return json_head_has(head, len, one) && json_head_has(head, len, other);
}

static bool sonarqube_claims(const char *head, size_t len)
{
    return json_head_has(head, len, "projectStatus") || has(head, len, "component", "measures") ||
           has(head, len, "paging", "issues") || has(head, len, "paging", "hotspots") ||
           has(head, len, "task", "componentKey") || has(head, len, "errors", "msg") ||
           is_properties(head, len);
}

const struct reader sonarqube_reader = {
    .name = "sonarqube",
    .title = "SonarQube answers",
    .globs = {"**/report-task.txt", "**/sonar*.json", NULL},
    .claims = sonarqube_claims,
    .read = sonarqube_read,
};
