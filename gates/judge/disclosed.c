/* Newly disclosed: a vulnerability that is new in the reports though the change did not bring its
 * package. Nobody can say so of every package, because a report names only those with findings; so
 * it is said only where it is certain, and everything else is new:
 *
 * - The baseline has other findings in the same version of the package, at the same place, and knew
 *   this one nowhere. At most as many as the package was there times.
 * - The package stands in a file of the repository that did not change since the baseline.
 */
#include <stdlib.h>
#include <string.h>

#include "gates/base/path.h"
#include "gates/judge/baseline.h"
#include "gates/judge/new_items.h"

static const char *class_of(const struct finding *finding)
{
    return finding->class == NULL ? "" : finding->class;
}

/* Of system packages the target names the tag of the image: every build has another. */
static const char *place_of(const struct finding *finding)
{
    bool system = strcmp(class_of(finding), "os-pkgs") == 0;
    return system || finding->target == NULL ? "" : finding->target;
}

static int compare_packages(const struct new_item *p, const struct new_item *q)
{
    ORDER(strcmp(p->report, q->report));
    ORDER(strcmp(class_of(p->finding), class_of(q->finding)));
    ORDER(strcmp(p->finding->package, q->finding->package));
    ORDER(strcmp(p->finding->version, q->finding->version));
    return strcmp(place_of(p->finding), place_of(q->finding));
}

static int by_package(const void *a, const void *b)
{
    const struct new_item *p = *(const struct new_item *const *)a;
    const struct new_item *q = *(const struct new_item *const *)b;
    ORDER(compare_packages(p, q));
    ORDER(new_item_texts(p->finding->rule, q->finding->rule));
    return (p > q) - (p < q);
}

static int compare_rules(const struct new_item *p, const struct new_item *q)
{
    ORDER(strcmp(p->report, q->report));
    ORDER(strcmp(p->finding->package, q->finding->package));
    return new_item_texts(p->finding->rule, q->finding->rule);
}

static int by_rule(const void *a, const void *b)
{
    return compare_rules(*(const struct new_item *const *)a, *(const struct new_item *const *)b);
}

static int by_path(const void *a, const void *b)
{
    return new_item_texts((*(const struct new_item *const *)a)->finding->path,
                          (*(const struct new_item *const *)b)->finding->path);
}

static bool is_in_package(const struct finding *finding)
{
    return finding != NULL && finding->family == FAMILY_VULNERABILITIES &&
           finding->package != NULL && finding->version != NULL;
}

/* ---- in a package that was there ------------------------------------------------------------- */

static struct new_items packages_of(const struct evidence *before, struct arena *mem)
{
    struct new_items all = {0};
    for (size_t i = 0; i < before->sources.count; i++) {
        const struct source *source = &before->sources.items[i];
        const char *report = new_item_report(source, mem);
        for (size_t j = 0; j < source->findings.count; j++) {
            const struct finding *finding = &source->findings.items[j];
            if (is_in_package(finding))
                array_push(mem, &all, ((struct new_item){.report = report, .finding = finding}));
        }
    }
    return all;
}

/* What the baseline has in packages, in two orders. */
struct packages {
    size_t count;
    struct new_item **by_package, **by_rule;
};

/* The same for every value of `each`, but where it is a report. */
static struct packages sorted_packages(struct trial *trial, const struct evidence *before)
{
    const struct selector *selector = trial->selector;
    bool is_same = selector->index != NULL && selector_value(selector, "report") == NULL &&
                   selector_value(selector, "format") == NULL;
    const struct packages *noted = is_same ? index_noted(selector, trial->docket->then) : NULL;
    if (noted != NULL)
        return *noted;
    const struct new_items all = packages_of(before, trial->mem);
    const struct packages packages = {all.count, new_items_sorted(&all, trial->mem, by_package),
                                      new_items_sorted(&all, trial->mem, by_rule)};
    if (is_same)
        index_note(selector, trial->docket->then, &packages, sizeof packages);
    return packages;
}

/* How often the package was there in that version and place: as often as the finding that is listed
 * of it most often. */
static size_t times_there(const struct packages *then, const struct new_item *package)
{
    size_t most = 0, run = 0, low = 0, high = then->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_packages(then->by_package[middle], package) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < then->count; i++) {
        if (compare_packages(then->by_package[i], package) != 0)
            break;
        bool again = run > 0 && compare_rules(then->by_package[i - 1], then->by_package[i]) == 0;
        run = again ? run + 1 : 1;
        most = run > most ? run : most;
    }
    return most;
}

/* `group`: the new ones of one package, version and place, sorted by rule. */
static void mark_group(struct new_item **group, size_t count, const struct packages *then)
{
    size_t times = times_there(then, group[0]);
    size_t run = 0;
    for (size_t i = 0; i < count; i++) {
        run = i > 0 && compare_rules(group[i - 1], group[i]) == 0 ? run + 1 : 1;
        bool is_old =
            bsearch(&group[i], then->by_rule, then->count, sizeof(struct new_item *), by_rule);
        group[i]->is_disclosed = run <= times && !is_old;
    }
}

static void mark_packages(struct new_item **new, size_t count, const struct packages *then)
{
    qsort(new, count, sizeof *new, by_package);
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count; next++)
            if (compare_packages(new[i], new[next]) != 0)
                break;
        mark_group(new + i, next - i, then);
    }
}

/* ---- in a file that did not change ----------------------------------------------------------- */

static int by_last_part(const void *a, const void *b)
{
    return strcmp(path_name(*(const char *const *)a), path_name(*(const char *const *)b));
}

/* The paths that changed, also those they had before, sorted by what stands behind their last `/`.
 */
static struct words changed_paths(const struct change *since, struct arena *mem)
{
    struct words paths = {0};
    for (size_t i = 0; i < since->files.count; i++) {
        array_push(mem, &paths, since->files.items[i].path);
        array_push(mem, &paths, since->files.items[i].old_path);
    }
    if (paths.count > 0)
        qsort(paths.items, paths.count, sizeof *paths.items, by_last_part);
    return paths;
}

/* A scanner may have been started in a folder, or elsewhere: the ends of paths decide. */
static bool touches(const struct words *changed, const char *path)
{
    size_t low = 0, high = changed->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_last_part(&changed->items[middle], &path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < changed->count; i++) {
        if (by_last_part(&changed->items[i], &path) != 0)
            break;
        if (path_ends_in(changed->items[i], path) || path_ends_in(path, changed->items[i]))
            return true;
    }
    return false;
}

static void mark_files(struct new_item **new, size_t count, const struct words *changed)
{
    bool untouched = false;
    qsort(new, count, sizeof *new, by_path);
    for (size_t i = 0; i < count; i++) {
        const struct finding *finding = new[i]->finding;
        if (!finding->tracked)
            continue;
        if (i == 0 || by_path(&new[i - 1], &new[i]) != 0)
            untouched = !touches(changed, finding->path);
        new[i]->is_disclosed |= untouched;
    }
}

void new_items_disclosed(struct trial *trial, const struct evidence *before,
                         struct new_items *items)
{
    struct new_item **new = arena_alloc(trial->mem, (items->count + 1) * sizeof(struct new_item *));
    const struct change *since = baseline_since(trial);
    size_t count = 0;
    for (size_t i = 0; i < items->count; i++) {
        struct new_item *item = &items->items[i];
        if (item->is_new && !item->is_known && is_in_package(item->finding))
            new[count++] = item;
    }
    if (count == 0)
        return;
    const struct packages then = sorted_packages(trial, before);
    mark_packages(new, count, &then);
    if (since == NULL)
        return;
    const struct words changed = changed_paths(since, trial->mem);
    mark_files(new, count, &changed);
}
