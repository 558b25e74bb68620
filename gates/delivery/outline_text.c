#include <string.h>

#include "gates/base/text.h"
#include "gates/delivery/outline.h"
#include "gates/delivery/places.h"
#include "gates/policy/rules.h"
#include "gates/policy/yaml.h"

enum { COMMENT_COLUMN = 46, MOST_NAMED = 6 };

struct pen {
    struct arena *mem;
    struct words lines;
    size_t marks;
};

/* A line with a comment behind it; "? …" needs a person. */
static void line(struct pen *pen, const char *text, const char *comment)
{
    size_t width = text_width(text);
    pen->marks += comment[0] == '?';
    if (*comment == '\0')
        array_push(pen->mem, &pen->lines, arena_printf(pen->mem, "%s\n", text));
    else
        array_push(pen->mem, &pen->lines,
                   arena_printf(pen->mem, "%s%*s  # %s\n", text,
                                width < COMMENT_COLUMN ? (int)(COMMENT_COLUMN - width) : 0, "",
                                comment));
}

static const char *quoted(const struct pen *pen, const char *text)
{
    return text_in_yaml(text, pen->mem);
}

static void write_repository(struct pen *pen, const struct outline_origin *origin)
{
    const char *gitlab = origin->gitlab != NULL ? origin->gitlab : "https://gitlab.example";
    const char *branch = origin->branch == NULL
                             ? ""
                             : arena_printf(pen->mem, ", branch: %s", quoted(pen, origin->branch));
    line(pen, "sources:", "");
    line(pen,
         arena_printf(pen->mem, "  gitlab: {url: %s, token_env: QGATE_GITLAB_TOKEN}",
                      quoted(pen, gitlab)),
         "? the projects of the services lie below it");
    line(pen, "repositories:", "");
    line(pen,
         arena_printf(pen->mem, "  %s: {url: %s%s%s}", quoted(pen, origin->repository),
                      quoted(pen, origin->url), branch,
                      origin->needs_token ? ", token_env: GITOPS_READ_TOKEN" : ""),
         origin->needs_token ? "? the variable that holds its token" : "");
}

/* What a person has to look at. */
static const char *doubt(const struct outline *outline,
                         const struct outline_environment *environment)
{
    if (environment->guessed)
        return "? its folder lies beside those of environments; its tier";
    if (environment->guessed_regions)
        return outline->one_environment ? "? no path names an environment; regions: folders that "
                                          "hold the same"
                                        : "? the tier, by its name; regions: folders that hold the "
                                          "same";
    return outline->one_environment ? "? no path names an environment" : "? the tier, by its name";
}

static void write_environments(struct pen *pen, const struct outline *outline)
{
    line(pen, "environments:", "");
    for (size_t i = 0; i < outline->environments.count; i++) {
        const struct outline_environment *environment = &outline->environments.items[i];
        struct words regions = {0};
        for (size_t k = 0; k < environment->regions.count; k++)
            array_push(pen->mem, &regions, quoted(pen, environment->regions.items[k]));
        const char *list = words_join(&regions, ", ", pen->mem);
        line(pen,
             arena_printf(pen->mem, "  %s: {tier: %s%s%s%s}", quoted(pen, environment->name),
                          tier_name(tier_guess(environment->name)),
                          *list == '\0' ? "" : ", regions: [", list, *list == '\0' ? "" : "]"),
             doubt(outline, environment));
    }
}

const char *outline_some(const struct words *words, size_t most, struct arena *mem)
{
    struct words some = *words;
    some.count = words->count > most ? most : words->count;
    const char *text = words_join(&some, ", ", mem);
    return some.count == words->count
               ? text
               : arena_printf(mem, "%s and %zu more", text, words->count - some.count);
}

static void write_layouts(struct pen *pen, const struct outline *outline,
                          const struct outline_origin *origin)
{
    line(pen, "deployments:", "");
    for (size_t i = 0; i < outline->layouts.count; i++) {
        const struct outline_layout *layout = &outline->layouts.items[i];
        line(pen, arena_printf(pen->mem, "  - repository: %s", quoted(pen, origin->repository)),
             outline_some(&layout->services, MOST_NAMED, pen->mem));
        line(pen, arena_printf(pen->mem, "    file: %s", quoted(pen, layout->file)), "");
        if (layout->kind == FIND_APPLICATION)
            line(pen, "    kind: Application", "");
        if (layout->name != NULL)
            line(pen, arena_printf(pen->mem, "    name: %s", quoted(pen, layout->name)), "");
        line(pen, arena_printf(pen->mem, "    select: %s", quoted(pen, layout->select)), "");
        if (outline->one_environment)
            line(pen, "    environment: production", "");
    }
}

/* The tag of a version that begins with v is the version itself. */
static const char *version_rule(const char *version)
{
    bool is_tag = version[0] == 'v' && version[1] >= '0' && version[1] <= '9';
    return is_tag ? ", version: [{recorded: true}, {tag: '{version}'}, {hex: true}]" : "";
}

static void write_services(struct pen *pen, const struct outline *outline)
{
    line(pen, "services:", "");
    for (size_t i = 0; i < outline->services.count; i++) {
        const struct outline_service *service = &outline->services.items[i];
        const char *project = service->project != NULL ? service->project : service->name;
        line(pen,
             arena_printf(pen->mem, "  %s: {project: %s%s}", quoted(pen, service->name),
                          quoted(pen, project), version_rule(service->version)),
             arena_printf(pen->mem, "? its project; it runs %s",
                          text_keep(pen->mem, service->version, strlen(service->version), 60)));
    }
}

const char *outline_text(const struct outline *outline, const struct outline_origin *origin,
                         struct arena *mem, size_t *marks)
{
    struct pen pen = {.mem = mem};
    line(&pen,
         arena_printf(mem, "# Drawn by `qgate init --delivery` from %s at %.7s.",
                      origin->repository, origin->commit),
         "");
    line(&pen, "# What `# ?` stands behind needs a person.", "");
    line(&pen, "version: 1", "");
    line(&pen, "timezone: UTC", "? where days and weeks are cut: Europe/London");
    write_repository(&pen, origin);
    write_environments(&pen, outline);
    write_layouts(&pen, outline, origin);
    line(&pen, "defaults:", "");
    line(&pen, "  version: [{recorded: true}, {tag: 'v{version}'}, {hex: true}]",
         "? from a version to its commit");
    line(&pen, "# teams:", "? who owns what");
    line(&pen, "#   payments: {name: Payments, owns: ['fin/payments/**']}", "");
    write_services(&pen, outline);
    *marks = pen.marks;
    return words_join(&pen.lines, "", mem);
}
