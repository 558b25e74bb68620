#include <inttypes.h>
#include <string.h>

#include "gates/judge/newcode.h"

/* Its fingerprint stays when lines move, and when another gap of the file is closed: it is made of
 * the path and of the text of its first line. */
static struct finding finding_of(struct trial *trial, const char *path, const struct gap *gap,
                                 bool branches)
{
    const char *rule = branches ? "uncovered_branches" : "uncovered";
    struct finding finding = {
        .family = FAMILY_COVERAGE,
        .rule = rule,
        .path = path,
        .line = gap->first,
        .last_line = gap->last,
    };
    finding.identity = arena_printf(trial->mem, "%zu:%s%zu:%s%08" PRIx32, strlen(rule), rule,
                                    strlen(path), path, gap->text);
    if (branches)
        finding.message = arena_printf(trial->mem, "%" PRIu64 " of %" PRIu64 " branches not run",
                                       gap->missed, gap->of);
    else
        finding.message = gap->missed == 1 ? "no test runs this line" : "no test runs these lines";
    return finding;
}

void new_code_list(struct trial *trial, const struct new_code *code, bool branches,
                   struct details *details)
{
    struct source *listed = arena_new_item(trial->mem, struct source);
    source_init(listed, trial->mem, "new code", "qgate");
    for (size_t i = 0; i < code->files.count; i++) {
        const struct new_file *file = &code->files.items[i];
        const struct gaps *gaps = branches ? &file->partly : &file->untested;
        for (size_t j = 0; j < gaps->count; j++)
            array_push(trial->mem, &listed->findings,
                       finding_of(trial, file->path, &gaps->items[j], branches));
    }
    source_fingerprint(listed, trial->mem);
    for (size_t i = 0; i < listed->findings.count; i++) {
        const struct finding *finding = &listed->findings.items[i];
        const char *to = finding->last_line == finding->line
                             ? ""
                             : arena_printf(trial->mem, "-%" PRIu32, finding->last_line);
        struct detail *detail = add_detail(
            trial, details,
            arena_printf(trial->mem, "%s:%" PRIu32 "%s", finding->path, finding->line, to),
            finding->message);
        detail->finding = finding;
    }
}

/* "test 1 of these 3 lines (2 may stay untested)" */
static const char *test_some(struct trial *trial, uint64_t k, uint64_t all, bool branches)
{
    const char *many = branches ? "branches" : "lines";
    if (all == 1)
        return branches ? "test this branch" : "test this line";
    if (k == all)
        return arena_printf(trial->mem, "test these %" PRIu64 " %s", all, many);
    return arena_printf(trial->mem,
                        "test %" PRIu64 " of these %" PRIu64 " %s (%" PRIu64 " may stay untested)",
                        k, all, many, all - k);
}

void new_code_advise(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct new_code code = new_code_of(trial, rule, &ruling->value);
    const struct value *value = &ruling->value;
    bool branches = new_code_is_of_branches(rule);
    uint64_t missed = value->whole - value->part, lines = code.lines - code.hit;
    uint64_t k = advise_smallest(rule, missed, advise_part_more, value);
    uint64_t few = rule->max_uncovered > 0 ? lines - rule->max_uncovered : 0;
    new_code_list(trial, &code, branches, &ruling->details);
    if (!branches && few > 0 && (k == 0 || few < k))
        k = few;
    ruling->to_pass =
        k == 0 ? advise_difference(trial, rule, value) : test_some(trial, k, missed, branches);
    if (branches && few > 0)
        ruling->to_pass = arena_printf(
            trial->mem, "%s, or %" PRIu64 " of the %" PRIu64 " lines that no test runs",
            ruling->to_pass, few, lines);
}
