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

/* How often the package was there in that version and place: as often as the finding that is listed
 * of it most often. `at` walks the sorted list. */
static size_t times_there(struct new_item *const *then, size_t count, size_t *at,
                          const struct new_item *package)
{
    size_t most = 0, run = 0;
    while (*at < count && compare_packages(then[*at], package) < 0)
        ++*at;
    for (; *at < count && compare_packages(then[*at], package) == 0; ++*at) {
        bool again = run > 0 && compare_rules(then[*at - 1], then[*at]) == 0;
        run = again ? run + 1 : 1;
        most = run > most ? run : most;
    }
    return most;
}

/* `group`: the new ones of one package, version and place, sorted by rule. */
static void mark_group(struct new_item **group, size_t count, size_t times,
                       struct new_item *const *by_rules, size_t known)
{
    size_t run = 0;
    for (size_t i = 0; i < count; i++) {
        run = i > 0 && compare_rules(group[i - 1], group[i]) == 0 ? run + 1 : 1;
        bool is_old = bsearch(&group[i], by_rules, known, sizeof(struct new_item *), by_rule);
        group[i]->is_disclosed = run <= times && !is_old;
    }
}

static void mark_packages(struct new_item **new, size_t count, const struct evidence *before,
                          struct arena *mem)
{
    const struct new_items all = packages_of(before, mem);
    struct new_item **then = new_items_sorted(&all, mem, by_package);
    struct new_item **by_rules = new_items_sorted(&all, mem, by_rule);
    qsort(new, count, sizeof *new, by_package);
    for (size_t i = 0, next, at = 0; i < count; i = next) {
        for (next = i + 1; next < count; next++)
            if (compare_packages(new[i], new[next]) != 0)
                break;
        size_t times = times_there(then, all.count, &at, new[i]);
        mark_group(new + i, next - i, times, by_rules, all.count);
    }
}

/* ---- in a file that did not change ----------------------------------------------------------- */

/* A scanner may have been started in a folder, or elsewhere: the ends of paths decide. */
static bool touches(const struct change *change, const char *path)
{
    for (size_t i = 0; i < change->files.count; i++) {
        const char *const changed[] = {change->files.items[i].path,
                                       change->files.items[i].old_path};
        for (size_t j = 0; j < 2; j++)
            if (path_ends_in(changed[j], path) || path_ends_in(path, changed[j]))
                return true;
    }
    return false;
}

static void mark_files(struct new_item **new, size_t count, const struct change *since)
{
    bool untouched = false;
    qsort(new, count, sizeof *new, by_path);
    for (size_t i = 0; i < count; i++) {
        const struct finding *finding = new[i]->finding;
        if (!finding->tracked)
            continue;
        if (i == 0 || by_path(&new[i - 1], &new[i]) != 0)
            untouched = !touches(since, finding->path);
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
    mark_packages(new, count, before, trial->mem);
    if (since != NULL)
        mark_files(new, count, since);
}
