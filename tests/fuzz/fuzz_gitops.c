/* What the layouts of a GitOps repository read of any text: memory safety, a place for what cannot
 * be read, and nothing that may not be shown.
 */
#include "gates/delivery/layout.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static const char configuration[] =
    "version: 1\n"
    "repositories: {ops: {url: ops}}\n"
    "environments: {staging: {tier: staging}, production: {tier: production, regions: [eu, af]}}\n"
    "deployments:\n"
    "  - {repository: ops, file: '{environment}.yaml', select: '{service}.image.tag'}\n"
    "  - {repository: ops, file: '{environment}.yaml', select: 'images[name=*/{service}].newTag'}\n"
    "  - {repository: ops, file: '**.yaml', kind: Application, name: "
    "'{service}-{environment}-{region}',"
    " select: 'spec.sources[0].targetRevision'}\n"
    "  - {repository: ops, file: '{environment}.yaml', select: "
    "'a.*{service}*.b[x={region}][y=*].d'}\n"
    "  - {repository: ops, file: '{environment}.yaml', select: 'tag(pods[name={service}].image)',"
    " region: af}\n"
    "services: {ledger: {project: .}}\n";

static void check(const struct seens *seens)
{
    for (size_t i = 0; i < seens->count; i++) {
        const struct seen *seen = &seens->items[i];
        must(seen->service[0] != '\0' && printable(seen->service));
        must(seen->version[0] != '\0' && printable(seen->version));
        must(strcmp(seen->environment, "staging") == 0 ||
             strcmp(seen->environment, "production") == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct delivery delivery;
    struct layouts layouts;
    struct seens seens = {0};
    struct problems found;
    struct error err = {0};
    problems_init(&found, mem);
    must(delivery_load("delivery.yml", configuration, strlen(configuration), NULL, mem, &delivery,
                       &found, &err));
    must(found.count == 0 && layouts_of(&delivery, "ops", mem, &layouts, &err));
    if (layouts_read(&layouts, "production.yaml", (const char *)data, size, mem, &seens, &found)) {
        must(found.count == 0);
        check(&seens);
        return 0;
    }
    must(found.count > 0 && seens.count == 0);
    for (size_t i = 0; i < found.count; i++)
        must(found.items[i].at.line > 0 && printable(found.items[i].what));
    return 0;
}
