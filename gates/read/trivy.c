/* Trivy's JSON: `trivy image|fs|repo|config|sbom|k8s --format json`.
 *
 * Tried on files of versions 0.16 (an array, before schema 2) to 0.6x. What is read, and where that
 * is specified, stands in trivysteps.h.
 */
#include <string.h>

#include "gates/base/day.h"
#include "gates/base/limits.h"
#include "gates/base/path.h"
#include "gates/base/text.h"
#include "gates/model/finding.h"
#include "gates/read/trivysteps.h"

/* The findings of one result. What they share may stand behind them in the file, so it is filled in
 * when the report, or the resource of a cluster, closes. */
struct part {
    size_t end; /* index behind its last finding */
    const char *target, *class, *type;
};

struct parts ARRAY(struct part);

struct trivy {
    struct input *in;
    struct source *into;
    struct parts parts; /* not filled in yet */
    size_t filled;      /* findings before have everything */
    enum family family; /* of the list under way */
    bool lists_checks;  /* the result under way has a list of misconfigurations */
    bool has_results;   /* results stand in `Results`, not in an array that is the document */
    unsigned speaks;
    uint64_t results, suppressed, resources, unscanned;
    const char *first_unscanned;
};

/* ---- findings ---- */

static enum fixable fixable(const struct trivy *t, const struct json *json)
{
    if (t->family != FAMILY_VULNERABILITIES)
        return FIXABLE_UNKNOWN;
    const char *status = json_word(json, STATUS);
    if (json_word(json, FIXED)[0] != '\0' || strcmp(status, "fixed") == 0)
        return FIXABLE_YES;
    bool open = strcmp(status, "unknown") == 0 || strcmp(status, "under_investigation") == 0;
    return open ? FIXABLE_UNKNOWN : FIXABLE_NO;
}

static enum severity severity(const struct json *json)
{
    const char *word = json_word(json, SEVERITY);
    enum severity known = severity_named(word, strlen(word));
    return known == SEVERITY_COUNT ? SEVERITY_UNKNOWN : known;
}

static const int rule_places[] = {
    [FAMILY_VULNERABILITIES] = VULNERABILITY_ID,
    [FAMILY_MISCONFIGURATIONS] = CHECK_ID,
    [FAMILY_SECRETS] = SECRET_RULE,
    [FAMILY_LICENSES] = LICENSE_NAME,
};

/* The finding's own part of its identity. No line, version or message: a check that fails twice in
 * one file is told apart by its occurrence number. */
static const char *own_identity(const struct trivy *t, const struct json *json)
{
    const char *fields[] = {
        json_text(json, PACKAGE),
        json_text(json, FILE_PATH),
        json_text(json, CAUSE_RESOURCE),
        json_text(json, rule_places[t->family]),
    };
    if (t->family == FAMILY_VULNERABILITIES)
        fields[1] = fields[3];
    size_t count = t->family == FAMILY_VULNERABILITIES ? 2 : 4;
    return finding_identity(t->in->scratch, fields, count);
}

static bool add_finding(struct trivy *t, struct json *json, struct error *err)
{
    const char *status = json_word(json, STATUS);
    if (t->family == FAMILY_MISCONFIGURATIONS && status[0] != '\0' && strcmp(status, "FAIL") != 0)
        return true; /* checks that passed, and exceptions, are listed, too */
    struct finding *finding = source_finding(t->into, t->in->run, err);
    if (finding == NULL)
        return false;
    bool has_cause = json_text(json, CAUSE_START) != NULL;
    *finding = (struct finding){
        .family = t->family,
        .severity = severity(json),
        .fixable = fixable(t, json),
        .rule = json_keep(json, rule_places[t->family], LIMIT_NAME_BYTES),
        .package = json_keep(json, PACKAGE, LIMIT_NAME_BYTES),
        .version = json_keep(json, INSTALLED, LIMIT_NAME_BYTES),
        .fixed = json_keep(json, FIXED, LIMIT_NAME_BYTES),
        .identity = own_identity(t, json),
        .path = json_keep(json, FILE_PATH, LIMIT_NAME_BYTES),
        .line = json_line(json, has_cause ? CAUSE_START : START_LINE),
        .last_line = json_line(json, has_cause ? CAUSE_END : END_LINE),
        .message = json_keep(json, MESSAGE, LIMIT_TEXT_BYTES),
        .url = json_keep(json, PRIMARY_URL, LIMIT_NAME_BYTES),
    };
    if (finding->message == NULL)
        finding->message = json_keep(json, TITLE, LIMIT_TEXT_BYTES);
    if (finding->url == NULL)
        finding->url = json_keep(json, LINK, LIMIT_NAME_BYTES);
    return true;
}

/* ---- results ---- */

/* Families of operating systems, as Trivy wrote them when results had no class yet. */
static bool is_system(const char *type)
{
    static const char *const families[] = {
        "alma",
        "alpine",
        "amazon",
        "centos",
        "debian",
        "fedora",
        "opensuse.leap",
        "opensuse.tumbleweed",
        "oracle",
        "photon",
        "redhat",
        "rocky",
        "ubuntu",
        "opensuse",
        "suse linux enterprise server",
    };
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        if (strcmp(type, families[i]) == 0)
            return true;
    return false;
}

/* Before schema 2 results had no class: what is no operating system is a programming language. */
static const char *result_class(const struct trivy *t, const struct json *json)
{
    const char *class = json_text(json, CLASS), *type = json_word(json, TYPE);
    if (class != NULL || t->has_results)
        return class == NULL ? "" : class;
    if (t->lists_checks)
        return "config";
    return type[0] == '\0' ? "" : is_system(type) ? "os-pkgs" : "lang-pkgs";
}

static void add_part(struct trivy *t, const struct json *json, const char *class)
{
    size_t end = t->into->findings.count;
    size_t start = t->parts.count > 0 ? t->parts.items[t->parts.count - 1].end : t->filled;
    if (start == end)
        return;
    struct arena *mem = t->in->scratch;
    const char *target = json_word(json, TARGET), *type = json_word(json, TYPE);
    struct part *part = array_add(mem, &t->parts);
    part->end = end;
    part->target = arena_copy(mem, target, strlen(target));
    part->class = arena_copy(mem, class, strlen(class));
    part->type = arena_copy(mem, type, strlen(type));
}

static bool close_result(struct trivy *t, struct json *json, struct error *err)
{
    if (!t->has_results && json_text(json, TARGET) == NULL) {
        json_wrong(json, err, "not a Trivy report: an element of the list has no Target");
        return error_hint(err, "say which format it is with --format");
    }
    const char *class = result_class(t, json);
    if (strcmp(class, "os-pkgs") == 0 || strcmp(class, "lang-pkgs") == 0)
        t->speaks |= FAMILY_BIT(FAMILY_VULNERABILITIES);
    if (strcmp(class, "config") == 0)
        t->speaks |= FAMILY_BIT(FAMILY_MISCONFIGURATIONS);
    t->speaks |= FAMILY_BIT(FAMILY_SECRETS) | FAMILY_BIT(FAMILY_LICENSES);
    t->results++;
    add_part(t, json, class);
    return true;
}

/* What Trivy names in a directory or repository are paths; in an image they are not ours. */
static bool in_repository(const char *artifact)
{
    return text_lists("filesystem repository remote_repository", artifact, strlen(artifact));
}

/* What comes before the finding's own part of the identity. The target of system packages names the
 * image's tag and the system's version; it is left out. */
static const char *shared_identity(const struct trivy *t, const struct part *part,
                                   const char *resource)
{
    const char *fields[3] = {resource};
    size_t count = resource[0] != '\0';
    if (strcmp(part->class, "os-pkgs") == 0) {
        fields[count++] = part->class;
        fields[count++] = part->type;
    } else {
        fields[count++] = part->target;
    }
    return finding_identity(t->in->scratch, fields, count);
}

static const char *shown_target(const struct trivy *t, const char *target, const char *resource)
{
    struct arena *mem = t->in->run;
    if (resource[0] == '\0')
        return text_keep(mem, target, strlen(target), LIMIT_NAME_BYTES);
    const char *text = path_ends_in(resource, target)
                           ? resource
                           : arena_printf(t->in->scratch, "%s: %s", resource, target);
    return text_keep(mem, text, strlen(text), LIMIT_NAME_BYTES);
}

static void fill_part(struct trivy *t, const struct part *part, const char *resource,
                      const char *artifact)
{
    struct arena *mem = t->in->run;
    const char *identity = shared_identity(t, part, resource);
    const char *target = shown_target(t, part->target, resource);
    const char *class = text_keep(mem, part->class, strlen(part->class), LIMIT_NAME_BYTES);
    bool located = in_repository(artifact) && strcmp(part->class, "os-pkgs") != 0;
    const char *path = path_clean(mem, part->target, strlen(part->target));
    for (; t->filled < part->end; t->filled++) {
        struct finding *finding = &t->into->findings.items[t->filled];
        finding->identity = arena_printf(mem, "%s%s", identity, finding->identity);
        finding->target = target;
        finding->class = class[0] == '\0' ? NULL : class;
        if (!located)
            finding->path = NULL;
        else if (finding->family != FAMILY_LICENSES) /* those name a file, or none */
            finding->path = path;
    }
}

static void fill_parts(struct trivy *t, const char *resource, const char *artifact)
{
    for (size_t i = 0; i < t->parts.count; i++)
        fill_part(t, &t->parts.items[i], resource, artifact);
    t->parts.count = 0;
}

/* ---- the document ---- */

static const char *resource_name(const struct trivy *t, const struct json *json)
{
    const char *space = json_word(json, NAMESPACE);
    return arena_printf(t->in->scratch, "%s%s%s/%s", space, space[0] == '\0' ? "" : "/",
                        json_word(json, KIND), json_word(json, NAME));
}

static void close_resource(struct trivy *t, const struct json *json)
{
    t->resources++;
    if (t->parts.count > 0)
        fill_parts(t, resource_name(t, json), "");
    if (json_word(json, SCAN_ERROR)[0] != '\0' && t->unscanned++ == 0)
        t->first_unscanned = resource_name(t, json);
}

static bool close_document(struct trivy *t, const struct json *json, struct error *err)
{
    const char *created = json_word(json, CREATED);
    int64_t written_s = 0;
    if (instant_parse(created, strlen(created), &written_s))
        source_written(t->into, written_s);
    fill_parts(t, "", json_word(json, ARTIFACT_TYPE));
    const char *version = json_text(json, SCHEMA_VERSION);
    if (version != NULL && strcmp(version, "2") != 0) {
        error_set(err, FAULT_REPORT, "SchemaVersion %.20s is not known", version);
        return error_hint(err, "qgate reads version 2: update qgate, or write the report with "
                               "another version of Trivy");
    }
    bool old = !t->has_results && t->results > 0;
    if (version != NULL || old || json_text(json, CLUSTER) != NULL)
        return true;
    error_set(err, FAULT_REPORT, "not a Trivy report: it has no SchemaVersion");
    return error_hint(err, "write it with `trivy … --format json`");
}

static bool on_open(void *state, struct json *json, int place, struct error *err)
{
    static const enum family families[] = {
        [VULNERABILITIES] = FAMILY_VULNERABILITIES,
        [MISCONFIGURATIONS] = FAMILY_MISCONFIGURATIONS,
        [SECRETS] = FAMILY_SECRETS,
        [LICENSES] = FAMILY_LICENSES,
    };
    struct trivy *t = state;
    if (place == RESULTS)
        t->has_results = true;
    else if (place == RESOURCE && t->parts.count > 0) /* of whom would these be? */
        return json_wrong(json, err, "results of no resource before those of a cluster");
    else if (place == RESULT)
        t->lists_checks = false;
    else if (place >= VULNERABILITIES && place <= LICENSES)
        t->family = families[place];
    t->lists_checks |= place == MISCONFIGURATIONS;
    return true;
}

static bool on_close(void *state, struct json *json, int place, struct error *err)
{
    struct trivy *t = state;
    if (place == FINDING)
        return add_finding(t, json, err);
    if (place == RESULT)
        return close_result(t, json, err);
    if (place == RESOURCE)
        close_resource(t, json);
    t->suppressed += place == SUPPRESSION;
    return place != TOP || close_document(t, json, err);
}

/* ---- what it speaks for ---- */

static const struct {
    const char *word;
    enum family family;
} scanners[] = {
    {"vuln", FAMILY_VULNERABILITIES},
    {"config", FAMILY_MISCONFIGURATIONS},
    {"misconfig", FAMILY_MISCONFIGURATIONS}, /* Trivy's newer word */
    {"secret", FAMILY_SECRETS},
    {"license", FAMILY_LICENSES},
};

static unsigned stated_families(const struct setting *setting)
{
    unsigned families = 0;
    for (size_t i = 0; i < setting->values.count; i++)
        for (size_t k = 0; k < sizeof scanners / sizeof scanners[0]; k++)
            if (strcmp(setting->values.items[i], scanners[k].word) == 0)
                families |= FAMILY_BIT(scanners[k].family);
    return families;
}

static void decide_families(struct trivy *t)
{
    const struct setting *stated = input_setting(t->in, "scanners");
    unsigned found = 0, guessed = FAMILY_BIT(FAMILY_SECRETS) | FAMILY_BIT(FAMILY_LICENSES);
    for (size_t i = 0; i < t->into->findings.count; i++)
        found |= FAMILY_BIT(t->into->findings.items[i].family);
    t->into->speaks = found | (stated == NULL ? t->speaks : stated_families(stated));
    if (t->results == 0)
        source_warn(t->into, t->in->run,
                    "the report has no result: nothing was found, or nothing was examined");
    if (stated != NULL || t->results == 0 || (found & guessed) == guessed)
        return;
    const char *none = (found & FAMILY_BIT(FAMILY_LICENSES)) != 0  ? "no secrets"
                       : (found & FAMILY_BIT(FAMILY_SECRETS)) != 0 ? "no licenses"
                                                                   : "no secrets and no licenses";
    source_warn(t->into, t->in->run,
                "lists %s, taken as none found: options.scanners says what was scanned", none);
}

static void tell_unscanned(struct trivy *t)
{
    const char *text = arena_printf(
        t->in->run, "%llu of %llu resources could not be scanned, first %s",
        (unsigned long long)t->unscanned, (unsigned long long)t->resources, t->first_unscanned);
    if (input_flag(t->in, "allow_errors")) {
        source_warn(t->into, t->in->run, "%s", text);
        return;
    }
    source_part(t->into, text_keep(t->in->run, text, strlen(text), LIMIT_NAME_BYTES),
                "have Trivy scan all of them (meant so? `options: {allow_errors: true}`)");
}

static bool trivy_read(struct input *in, struct source *into, struct error *err)
{
    struct trivy t = {.in = in, .into = into};
    const struct json_fold fold = {.steps = steps, .open = on_open, .close = on_close};
    if (!json_fold(in, &fold, &t, err))
        return false;
    decide_families(&t);
    if (t.unscanned > 0)
        tell_unscanned(&t);
    if (t.suppressed > 0)
        source_warn(into, in->run, "suppressed by Trivy itself and not counted: %llu",
                    (unsigned long long)t.suppressed);
    return true;
}

static bool trivy_claims(const char *head, size_t len)
{
    return json_head_has(head, len, "SchemaVersion") || json_head_has(head, len, "ClusterName") ||
           (json_head_has(head, len, "Target") && json_head_has(head, len, "Vulnerabilities"));
}

static const struct option trivy_options[] = {
    {"scanners", OPTION_WORDS, "vuln config misconfig secret license", "what the results show",
     "what was scanned for, also where nothing was found"},
    {"allow_errors", OPTION_FLAG, NULL, "false",
     "resources of a cluster that could not be scanned are a warning"},
    {0},
};

const struct reader trivy_reader = {
    .name = "trivy",
    .title = "Trivy JSON",
    .globs = {"**/trivy*.json", "**/*-trivy.json", NULL},
    .claims = trivy_claims,
    .options = trivy_options,
    .read = trivy_read,
};
