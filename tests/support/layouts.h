/* What the layouts of a configuration read of a file: a few words for a test. Included behind
 * everything else, as pool.h.
 */
#ifndef TESTS_SUPPORT_LAYOUTS_H
#define TESTS_SUPPORT_LAYOUTS_H

#include <string.h>

#include "gates/delivery/layout.h"
#include "tests/support/pool.h"

/* Three services are listed; production has two regions, staging has none of its own. */
#define BASE                                                                          \
    "version: 1\n"                                                                    \
    "bots: [robot]\n"                                                                 \
    "repositories: {ops: {url: ../ops}, other: {url: ../other}}\n"                    \
    "environments:\n"                                                                 \
    "  staging: {tier: staging}\n"                                                    \
    "  production: {tier: production, regions: [eu, eu-west]}\n"                      \
    "  pre-production: {tier: testing}\n"                                             \
    "  spare: {tier: other, regions: [south, eu, north]}\n"                           \
    "services: {ledger: {project: .}, card-auth: {project: .}, b-eu: {project: .}}\n" \
    "deployments:\n"

static struct delivery delivery;
static struct layouts layouts;

static inline void configure(const char *entries)
{
    struct problems found;
    struct error err = {0};
    const char *text = arena_printf(mem, "%s%s", BASE, entries);
    problems_init(&found, mem);
    assert_true(
        delivery_load("delivery.yml", text, strlen(text), NULL, mem, &delivery, &found, &err));
    for (size_t i = 0; i < found.count; i++)
        fail_msg("line %u: %s", found.items[i].at.line, found.items[i].what);
    assert_true(layouts_of(&delivery, "ops", mem, &layouts, &err));
}

/* `service environment region version; …` */
static inline const char *said(const char *path, const char *text)
{
    struct seens seens = {0};
    struct problems found;
    const char *all = "";
    problems_init(&found, mem);
    if (!layouts_read(&layouts, path, text, strlen(text), mem, &seens, &found))
        return found.items[0].what;
    for (size_t i = 0; i < seens.count; i++) {
        const struct seen *seen = &seens.items[i];
        assert_string_equal(seen->path, path);
        all = arena_printf(mem, "%s%s%s %s %s %s", all, i == 0 ? "" : "; ", seen->service,
                           seen->environment, seen->region[0] == '\0' ? "-" : seen->region,
                           seen->version);
    }
    assert_true(layouts_match(&layouts, path, mem) || seens.count == 0);
    return all;
}

#endif
