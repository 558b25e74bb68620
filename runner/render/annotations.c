/* Links on the page of the job (GitLab's annotations report).
 *
 * Format: https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsannotations; at most
 * 80 KB and 1,000 links. No address of a report is taken: a link that qgate offers leads to the
 * files of this job or to the public entry of a vulnerability, found by its number. */
#include <ctype.h>
#include <string.h>

#include "gates/base/text.h"
#include "runner/render/document.h"
#include "runner/render/escape.h"
#include "runner/render/render.h"
#include "runner/render/rulings.h"

enum { MOST_LINKS = 100, LABEL_BYTES = 200 };

struct links {
    struct document d;
    struct arena *mem;
    size_t count;
    struct words addresses; /* of vulnerabilities, so far */
};

static void put_link(struct links *links, const char *label, const char *address)
{
    json_t *link = json_object(), *object = json_object();
    label = text_keep(links->mem, label, strlen(label), LABEL_BYTES);
    document_set(link, "label", document_text(label));
    document_set(link, "url", document_text(address));
    document_set(object, "external_link", link);
    document_put(&links->d, NULL, object);
    links->count++;
}

/* The outputs that the policy names: the paths that artifacts keep. */
static void put_files(struct links *links, const struct view *view)
{
    const struct outputs *outputs = &view->policy->outputs;
    for (size_t i = 0; escape_is_address(view->job_url) && i < outputs->count; i++) {
        const struct output *output = &outputs->items[i];
        if (links->count < MOST_LINKS)
            put_link(links, arena_printf(links->mem, "qgate, %s: %s", output->format, output->path),
                     arena_printf(links->mem, "%s/artifacts/file/%s", view->job_url,
                                  escape_percent(links->mem, output->path)));
    }
}

/* Digits, letters and dashes only: nothing of a report goes into an address that could lead it
 * elsewhere. */
static const char *address_of(struct arena *mem, const char *id)
{
    static const struct {
        const char *prefix, *page;
    } lists[] = {
        {"CVE-", "https://nvd.nist.gov/vuln/detail/"},
        {"GHSA-", "https://github.com/advisories/"},
    };
    for (const char *at = id; *at != '\0'; at++)
        if (!isalnum((unsigned char)*at) && *at != '-')
            return NULL;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strncmp(id, lists[i].prefix, strlen(lists[i].prefix)) == 0)
            return arena_printf(mem, "%s%s", lists[i].page, id);
    return NULL;
}

static bool is_listed(const struct links *links, const char *address)
{
    for (size_t i = 0; i < links->addresses.count; i++)
        if (strcmp(links->addresses.items[i], address) == 0)
            return true;
    return false;
}

static void put_finding(struct links *links, const struct finding *finding)
{
    const char *address = address_of(links->mem, finding->rule == NULL ? "" : finding->rule);
    if (address == NULL || is_listed(links, address))
        return;
    array_push(links->mem, &links->addresses, address);
    const char *package = finding->package == NULL ? "" : finding->package;
    put_link(
        links,
        arena_printf(links->mem, "%s%s%s", finding->rule, *package == '\0' ? "" : " in ", package),
        address);
}

/* Vulnerabilities behind rules that did not pass. */
static void put_findings(struct links *links, const struct verdict *verdict)
{
    const struct named_rulings rulings = rulings_named(verdict, links->mem);
    for (size_t i = 0; i < rulings.count; i++) {
        const struct details *details = &rulings.items[i].ruling->details;
        if (rulings.items[i].outcome < OUTCOME_WARNED)
            continue;
        for (size_t j = 0; j < details->count && links->count < MOST_LINKS; j++)
            if (details->items[j].finding != NULL && details->items[j].waiver == NULL)
                put_finding(links, details->items[j].finding);
    }
}

static bool render_annotations(const struct view *view, FILE *out, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct links links = {.mem = mem};
    document_begin(&links.d, out);
    document_open(&links.d, "qgate", '[');
    put_files(&links, view);
    put_findings(&links, view->verdict);
    document_close(&links.d, ']');
    return document_end(&links.d, err);
}

const struct renderer annotations_renderer = {
    .name = "annotations",
    .title = "links on the page of a job of GitLab",
    .render = render_annotations,
};
