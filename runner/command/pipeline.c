#include "runner/command/pipeline.h"

#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/limits.h"
#include "gates/base/path.h"
#include "gates/policy/yaml.h"
#include "runner/command/intake.h"
#include "runner/discover/report.h"

/* A pipeline is no demand and may be hostile: what passes these is left out. */
enum { LONGEST_NAME = 200, MOST_ARTIFACTS = 1000, MOST_NAMED = 10 };

struct skim {
    struct pipeline *pipeline;
    struct arena *mem;
    const char *job; /* under way; NULL: outside of any */
};

/* Without the variable that stands for the root; NULL when another one stands in it. */
static const char *plain_path(const struct skim *skim, const char *path)
{
    static const char *const roots[] = {"$CI_PROJECT_DIR/", "${CI_PROJECT_DIR}/"};
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
        if (strncmp(path, roots[i], strlen(roots[i])) == 0)
            path += strlen(roots[i]);
    const char *clean = path_clean(skim->mem, path, strlen(path));
    bool leaves = path_is_absolute(clean) || strncmp(clean, "..", 2) == 0;
    return strchr(path, '$') != NULL || *path == '\0' || leaves ? NULL : clean;
}

static void add_artifact(const struct skim *skim, const char *path)
{
    struct pipeline_artifacts *artifacts = &skim->pipeline->artifacts;
    if (skim->job == NULL || strlen(skim->job) > LONGEST_NAME || strlen(path) > LONGEST_NAME ||
        artifacts->count == MOST_ARTIFACTS)
        return;
    array_push(skim->mem, artifacts, ((struct pipeline_artifact){skim->job, path}));
}

static void add(const struct skim *skim, const struct reader *reader, const struct node *node)
{
    struct pipeline_reports *reports = &skim->pipeline->reports;
    const char *path = node->kind == NODE_TEXT ? plain_path(skim, node->text) : NULL;
    if (path != NULL)
        add_artifact(skim, path);
    if (path != NULL && reader == NULL)
        reader = intake_format_by_name(path);
    if (path == NULL || reader == NULL)
        return;
    for (size_t i = 0; i < reports->count; i++)
        if (reports->items[i].reader == reader && strcmp(reports->items[i].path, path) == 0)
            return;
    array_push(skim->mem, reports, ((struct pipeline_report){reader, path}));
}

/* One path or a list of them. Without `reader`, by the usual names of reports. */
static void add_paths(const struct skim *skim, const struct reader *reader,
                      const struct node *paths)
{
    if (paths == NULL)
        return;
    if (paths->kind == NODE_TEXT)
        add(skim, reader, paths);
    for (size_t i = 0; paths->kind == NODE_LIST && i < paths->items.count; i++)
        add(skim, reader, paths->items.items[i]);
}

/* {coverage_format: cobertura, path: coverage.xml} */
static void add_coverage(const struct skim *skim, const struct node *report)
{
    if (report == NULL || report->kind != NODE_MAP)
        return;
    const struct node *format = node_find(report, "coverage_format");
    const struct node *path = node_find(report, "path");
    if (format != NULL && path != NULL && format->kind == NODE_TEXT &&
        reader_named(format->text) != NULL)
        add(skim, reader_named(format->text), path);
}

static void add_artifacts(const struct skim *skim, const struct node *artifacts)
{
    const struct node *reports = node_find(artifacts, "reports");
    if (reports != NULL && reports->kind == NODE_MAP) {
        add_paths(skim, reader_named("junit"), node_find(reports, "junit"));
        add_paths(skim, reader_named("cobertura"), node_find(reports, "cobertura"));
        add_coverage(skim, node_find(reports, "coverage_report"));
    }
    add_paths(skim, NULL, node_find(artifacts, "paths"));
}

static void take_artifacts(const struct skim *skim, const struct node *map)
{
    const struct node *artifacts = node_find(map, "artifacts");
    if (artifacts != NULL && artifacts->kind == NODE_MAP)
        add_artifacts(skim, artifacts);
}

/* Wherever `artifacts` stands. Its depth and size are bounded. */
static void walk(const struct skim *skim, const struct node *node)
{
    for (size_t i = 0; node->kind == NODE_LIST && i < node->items.count; i++)
        walk(skim, node->items.items[i]);
    if (node->kind != NODE_MAP)
        return;
    take_artifacts(skim, node);
    for (size_t i = 1; i < node->items.count; i += 2)
        walk(skim, node->items.items[i]);
}

/* Jobs, templates, defaults. */
static void walk_entries(struct skim *skim, const struct node *root)
{
    if (root->kind != NODE_MAP)
        return;
    take_artifacts(skim, root);
    for (size_t i = 0; i + 1 < root->items.count; i += 2) {
        const struct node *name = root->items.items[i];
        bool is_job = name->kind == NODE_TEXT && strcmp(name->text, "default") != 0;
        skim->job = is_job ? name->text : NULL;
        walk(skim, root->items.items[i + 1]);
    }
}

static void add_include(const struct node *entry, struct arena *mem, struct words *paths)
{
    const struct node *local = entry;
    if (entry->kind == NODE_MAP)
        local = node_find(entry, "local");
    if (local == NULL || local->kind != NODE_TEXT || strstr(local->text, "://") != NULL ||
        strchr(local->text, '$') != NULL)
        return;
    const char *path = local->text + strspn(local->text, "/");
    array_push(mem, paths, path_clean(mem, path, strlen(path)));
}

/* The last document, behind what describes the file's inputs. NULL: `found` says why. */
static const struct node *read_root(const char *text, size_t len, struct arena *mem,
                                    struct problems *found)
{
    struct nodes documents;
    if (!tree_skim(PIPELINE_FILE, text, len, mem, &documents, found))
        return NULL;
    if (documents.count > 0)
        return documents.items[documents.count - 1];
    problem_add(found, (struct place){PIPELINE_FILE, 1, 1}, "the file is empty");
    return NULL;
}

void pipeline_includes(const char *text, size_t len, struct arena *mem, struct words *paths)
{
    struct problems found;
    problems_init(&found, mem);
    const struct node *root = read_root(text, len, mem, &found);
    const struct node *include =
        root == NULL || root->kind != NODE_MAP ? NULL : node_find(root, "include");
    if (include == NULL)
        return;
    if (include->kind != NODE_LIST)
        add_include(include, mem, paths);
    for (size_t i = 0; include->kind == NODE_LIST && i < include->items.count; i++)
        add_include(include->items.items[i], mem, paths);
}

void pipeline_read(const struct workplace *place, struct arena *mem, struct pipeline *pipeline)
{
    struct error err = {0};
    struct problems found;
    char *text;
    size_t len;
    AUTO(close_report) struct report_file file;
    *pipeline = (struct pipeline){0};
    problems_init(&found, mem);
    enum opened opened = report_open_beneath(&file, place->fd, PIPELINE_FILE, &err);
    pipeline->there = opened != OPENED_MISSING;
    if (!pipeline->there)
        return;
    if (opened != OPENED || !report_text(&file, LIMIT_POLICY_BYTES, mem, &text, &len, &err)) {
        pipeline->why_not = arena_printf(mem, "%s", err.what);
        return;
    }
    const struct node *root = read_root(text, len, mem, &found);
    pipeline->root = root;
    if (root != NULL)
        walk_entries(&(struct skim){.pipeline = pipeline, .mem = mem}, root);
    else
        pipeline->why_not =
            arena_printf(mem, "line %u: %s", found.items[0].at.line, found.items[0].what);
}

/* Is the report, or are those of its glob, among what the job keeps? */
static bool keeps(const struct pipeline_artifact *artifact, const char *report)
{
    size_t len = strlen(artifact->path);
    bool below = strncmp(report, artifact->path, len) == 0 && report[len] == '/';
    return below || strcmp(report, artifact->path) == 0 || glob_match(artifact->path, report);
}

static bool names(const struct node *node, const char *job)
{
    for (size_t i = 0; node != NULL && node->kind == NODE_LIST && i < node->items.count; i++)
        if (names(node->items.items[i], job))
            return true;
    return node != NULL && node->kind == NODE_TEXT && strcmp(node->text, job) == 0;
}

/* A template is known by the first job that extends it. */
static const char *known_name(const struct node *root, const char *name)
{
    for (size_t i = 0; name[0] == '.' && i + 1 < root->items.count; i += 2) {
        const struct node *job = root->items.items[i], *value = root->items.items[i + 1];
        if (job->kind == NODE_TEXT && strlen(job->text) <= LONGEST_NAME &&
            value->kind == NODE_MAP && names(node_find(value, "extends"), name))
            name = job->text;
    }
    return name;
}

/* The job whose artifacts say it most exactly; NULL: none does. */
static const char *job_leaving(const struct pipeline *pipeline, const char *report)
{
    const struct pipeline_artifact *best = NULL;
    for (size_t i = 0; i < pipeline->artifacts.count; i++) {
        const struct pipeline_artifact *artifact = &pipeline->artifacts.items[i];
        if (keeps(artifact, report) &&
            (best == NULL || strlen(artifact->path) > strlen(best->path)))
            best = artifact;
    }
    return best == NULL ? NULL : known_name(pipeline->root, best->job);
}

void pipeline_name_jobs(const struct workplace *place, struct arena *mem, struct sources *sources)
{
    struct pipeline pipeline;
    size_t named = 0;
    for (size_t i = 0; i < sources->count; i++) {
        struct input_records *inputs = &sources->items[i].inputs;
        for (size_t j = 0; !sources->items[i].optional && j < inputs->count; j++) {
            if (inputs->items[j].state != INPUT_MISSING || named == MOST_NAMED)
                continue;
            if (named++ == 0)
                pipeline_read(place, mem, &pipeline);
            inputs->items[j].job = job_leaving(&pipeline, inputs->items[j].path);
        }
    }
}
