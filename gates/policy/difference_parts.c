/* How two policies differ beside their gates. */
#include <string.h>

#include "gates/base/day.h"
#include "gates/base/names.h"
#include "gates/policy/differ.h"
#include "gates/policy/rules.h"

/* Where lists and maps stand that keep no place of their own. */
static struct place top(const struct policy *policy)
{
    return (struct place){policy->path, 1, 1};
}

/* A word that stands in one of two lists only: how it is called and what it means there. */
struct wording {
    const char *gone, *come; /* "paths.ignore: removed" */
    enum difference_kind when_gone, when_come;
};

static void differ_words(const struct differ *differ, const struct wording *wording,
                         const struct words *before, const struct words *after, struct place at)
{
    struct couples couples;
    couples_init(&couples, before->count, after->count, differ->mem);
    couples_add(&couples, before, after);
    for (size_t i = 0; i < before->count; i++)
        if (couples.of_before[i] == NAMES_NONE)
            differ_say(differ, (struct difference){wording->when_gone, wording->gone,
                                                   before->items[i], "", at});
    for (size_t i = 0; i < after->count; i++)
        if (couples.of_after[i] == NAMES_NONE)
            differ_say(differ, (struct difference){wording->when_come, wording->come, "",
                                                   after->items[i], at});
}

static const char *const flags[] = {"false", "true"};

/* Less is demanded with the flag than without. */
static void differ_lenient_flag(const struct differ *differ, const char *what, bool before,
                                bool after, struct place at)
{
    if (before != after)
        differ_say(differ, (struct difference){after ? DIFFERENCE_LOOSENED : DIFFERENCE_TIGHTENED,
                                               what, flags[before], flags[after], at});
}

/* --- extends --------------------------------------------------------------------------------- */

static struct words extended(const struct policy *policy, struct arena *mem)
{
    struct words names = {0};
    for (size_t i = 0; i < policy->origins.count; i++)
        if (strcmp(policy->origins.items[i].role, "extends") == 0)
            array_push(mem, &names, policy->origins.items[i].name);
    return names;
}

static void differ_extends(const struct differ *differ, const struct policy *before,
                           const struct policy *after)
{
    static const struct wording wording = {"extends: removed", "extends: added", DIFFERENCE_CHANGED,
                                           DIFFERENCE_CHANGED};
    const struct words first = extended(before, differ->mem), second = extended(after, differ->mem);
    differ_words(differ, &wording, &first, &second, top(after));
}

/* --- reports --------------------------------------------------------------------------------- */

static struct words report_keys(const struct report_entries *reports, bool with_path,
                                struct arena *mem)
{
    struct words keys = {0};
    for (size_t i = 0; i < reports->count; i++) {
        const struct report_entry *entry = &reports->items[i];
        array_push(mem, &keys,
                   arena_printf(mem, "%s\1%s\1%s", entry->format, entry->name,
                                with_path ? entry->path : ""));
    }
    return keys;
}

static const char *options_text(const struct settings *settings, struct arena *mem)
{
    struct words options = {0};
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *setting = &settings->items[i];
        array_push(mem, &options,
                   arena_printf(mem, "%s: %s", setting->option->key,
                                words_join(&setting->values, ", ", mem)));
    }
    return words_join(&options, "; ", mem);
}

static const char *age_text(int64_t seconds, struct arena *mem)
{
    static const struct {
        int64_t seconds;
        const char *unit;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    size_t i = 0;
    while (seconds % units[i].seconds != 0)
        i++;
    return arena_printf(mem, "%lld%s", (long long)(seconds / units[i].seconds), units[i].unit);
}

static void differ_age(const struct differ *differ, const char *what, int64_t before, int64_t after,
                       struct place at)
{
    if (before == after)
        return;
    bool more = after == 0 || (before != 0 && after > before);
    differ_value(differ, (struct difference){more ? DIFFERENCE_LOOSENED : DIFFERENCE_TIGHTENED,
                                             what, before == 0 ? "" : age_text(before, differ->mem),
                                             after == 0 ? "" : age_text(after, differ->mem), at});
}

static void differ_report(const struct differ *differ, const struct report_entry *before,
                          const struct report_entry *after)
{
    struct arena *mem = differ->mem;
    const char *what = arena_printf(mem, "report %s", after->name);
    differ_text(differ, arena_printf(mem, "%s: path", what), before->path, after->path, after->at);
    differ_lenient_flag(differ, arena_printf(mem, "%s: optional", what), before->optional,
                        after->optional, after->at);
    differ_lenient_flag(differ, arena_printf(mem, "%s: tracked", what), before->tracked,
                        after->tracked, after->at);
    differ_age(differ, arena_printf(mem, "%s: max_age", what), before->max_age_s, after->max_age_s,
               after->at);
    differ_text(differ, arena_printf(mem, "%s: options", what),
                options_text(&before->settings, mem), options_text(&after->settings, mem),
                after->at);
}

static const char *report_text(const struct report_entry *entry, struct arena *mem)
{
    return arena_printf(mem, "%s %s", entry->format, entry->path);
}

/* A file that several entries match belongs to the first of them. */
static bool is_reordered(const struct couples *couples)
{
    size_t last = 0;
    for (size_t i = 0; i < couples->before; i++) {
        if (couples->of_before[i] == NAMES_NONE)
            continue;
        if (couples->of_before[i] < last)
            return true;
        last = couples->of_before[i];
    }
    return false;
}

static void differ_reports(const struct differ *differ, const struct policy *policy,
                           const struct report_entries *before, const struct report_entries *after)
{
    struct couples couples;
    couples_init(&couples, before->count, after->count, differ->mem);
    for (int with_path = 1; with_path >= 0; with_path--) {
        const struct words first = report_keys(before, with_path, differ->mem);
        const struct words second = report_keys(after, with_path, differ->mem);
        couples_add(&couples, &first, &second);
    }
    for (size_t i = 0; i < before->count; i++)
        if (couples.of_before[i] != NAMES_NONE)
            differ_report(differ, &before->items[i], &after->items[couples.of_before[i]]);
        else
            differ_say(differ, (struct difference){DIFFERENCE_LOOSENED, "report removed",
                                                   report_text(&before->items[i], differ->mem), "",
                                                   before->items[i].at});
    for (size_t i = 0; i < after->count; i++)
        if (couples.of_after[i] == NAMES_NONE) /* its numbers may make others better */
            differ_say(differ, (struct difference){DIFFERENCE_CHANGED, "report added", "",
                                                   report_text(&after->items[i], differ->mem),
                                                   after->items[i].at});
    if (is_reordered(&couples))
        differ_say(differ, (struct difference){DIFFERENCE_CHANGED, "reports in another order", "",
                                               "", top(policy)});
}

/* --- paths ----------------------------------------------------------------------------------- */

static const char *maps_text(const struct path_maps *maps, struct arena *mem)
{
    struct words texts = {0};
    for (size_t i = 0; i < maps->count; i++)
        array_push(mem, &texts,
                   arena_printf(mem, "%s: \"%s\"", maps->items[i].from, maps->items[i].to));
    return words_join(&texts, ", ", mem);
}

/* The first list of source files narrows down what they are without one. */
static void differ_sources(const struct differ *differ, const struct policy *before,
                           const struct policy *after)
{
    struct wording wording = {"paths.sources: removed", "paths.sources: added", DIFFERENCE_LOOSENED,
                              DIFFERENCE_TIGHTENED};
    if (before->sources.count == 0)
        wording.when_come = DIFFERENCE_LOOSENED;
    if (after->sources.count == 0)
        wording.when_gone = DIFFERENCE_CHANGED;
    differ_words(differ, &wording, &before->sources, &after->sources, top(after));
}

static void differ_paths(const struct differ *differ, const struct policy *before,
                         const struct policy *after)
{
    /* files that count again may be covered better than the others */
    static const struct wording ignore = {"paths.ignore: removed", "paths.ignore: added",
                                          DIFFERENCE_CHANGED, DIFFERENCE_LOOSENED};
    static const char *const unmatched[] = {"fail", "warn", "ignore"};
    differ_text(differ, "paths.map", maps_text(&before->maps, differ->mem),
                maps_text(&after->maps, differ->mem), top(after));
    differ_words(differ, &ignore, &before->ignore, &after->ignore, top(after));
    differ_sources(differ, before, after);
    if (before->unmatched != after->unmatched)
        differ_say(differ,
                   (struct difference){after->unmatched > before->unmatched ? DIFFERENCE_LOOSENED
                                                                            : DIFFERENCE_TIGHTENED,
                                       "paths.unmatched", unmatched[before->unmatched],
                                       unmatched[after->unmatched], top(after)});
}

/* --- components ------------------------------------------------------------------------------ */

static struct words component_texts(const struct components *components, struct arena *mem)
{
    struct words texts = {0};
    for (size_t i = 0; i < components->count; i++)
        array_push(mem, &texts,
                   arena_printf(mem, "%s: %s", components->items[i].name,
                                words_join(&components->items[i].globs, ", ", mem)));
    return texts;
}

static void differ_components(const struct differ *differ, const struct policy *before,
                              const struct policy *after)
{
    static const struct wording wording = {"component removed", "component added",
                                           DIFFERENCE_CHANGED, DIFFERENCE_CHANGED};
    const struct words first = component_texts(&before->components, differ->mem);
    const struct words second = component_texts(&after->components, differ->mem);
    differ_words(differ, &wording, &first, &second, top(after));
}

/* --- waivers --------------------------------------------------------------------------------- */

static const char *or_nothing(const char *text)
{
    return text == NULL ? "" : text;
}

/* Those of the policy: QGATE_WAIVERS are not the branch's to change. */
struct own_waivers {
    const struct waiver **items;
    struct words keys; /* what they waive */
};

static struct own_waivers own_waivers(const struct policy *policy, struct arena *mem)
{
    const struct waivers *all = &policy->waivers;
    struct own_waivers own = {arena_alloc(mem, (all->count + 1) * sizeof *own.items), {0}};
    for (size_t i = 0; i < all->count; i++) {
        const struct waiver *waiver = &all->items[i];
        if (waiver->from_environment)
            continue;
        own.items[own.keys.count] = waiver;
        array_push(mem, &own.keys,
                   arena_printf(mem, "%s\1%s\1%s\1%s\1%s", or_nothing(waiver->id),
                                or_nothing(waiver->gate), or_nothing(waiver->package),
                                or_nothing(waiver->path), or_nothing(waiver->measure)));
    }
    return own;
}

/* "CVE-2024-1, package zlib" */
static const char *waiver_name(const struct waiver *waiver, struct arena *mem)
{
    const struct {
        const char *key, *value;
    } parts[] = {{"gate ", waiver->gate},
                 {"package ", waiver->package},
                 {"path ", waiver->path},
                 {"measure ", waiver->measure}};
    const char *text = or_nothing(waiver->id);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].value != NULL)
            text = arena_printf(mem, "%s%s%s%s", text, *text == '\0' ? "" : ", ", parts[i].key,
                                parts[i].value);
    return text;
}

static const char *waiver_text(const struct waiver *waiver, struct arena *mem)
{
    char day[48];
    return arena_printf(mem, "%s, until %s", waiver_name(waiver, mem),
                        day_text(day, waiver->expires));
}

static void differ_waiver(const struct differ *differ, const struct waiver *before,
                          const struct waiver *after)
{
    const char *name = waiver_name(after, differ->mem);
    differ_until(differ, arena_printf(differ->mem, "waiver of %s: expires", name), before->expires,
                 after->expires, after->at);
}

static void differ_waivers(const struct differ *differ, const struct policy *before,
                           const struct policy *after)
{
    struct arena *mem = differ->mem;
    const struct own_waivers first = own_waivers(before, mem), second = own_waivers(after, mem);
    struct couples couples;
    couples_init(&couples, first.keys.count, second.keys.count, mem);
    couples_add(&couples, &first.keys, &second.keys);
    for (size_t i = 0; i < first.keys.count; i++)
        if (couples.of_before[i] != NAMES_NONE)
            differ_waiver(differ, first.items[i], second.items[couples.of_before[i]]);
        else
            differ_say(differ, (struct difference){DIFFERENCE_TIGHTENED, "waiver removed",
                                                   waiver_text(first.items[i], mem), "",
                                                   first.items[i]->at});
    for (size_t i = 0; i < second.keys.count; i++)
        if (couples.of_after[i] == NAMES_NONE)
            differ_say(differ,
                       (struct difference){DIFFERENCE_LOOSENED, "waiver added", "",
                                           waiver_text(second.items[i], mem), second.items[i]->at});
}

/* What holds for all waivers. */
static void differ_terms(const struct differ *differ, const struct policy *before,
                         const struct policy *after)
{
    static const char *const unused[] = {"warn", "fail"};
    const int64_t day_s = 86400;
    differ_age(differ, "waivers.max_days", before->waivers.max_days * day_s,
               after->waivers.max_days * day_s, top(after));
    if (before->waivers.unused_fails != after->waivers.unused_fails)
        differ_say(differ,
                   (struct difference){after->waivers.unused_fails ? DIFFERENCE_TIGHTENED
                                                                   : DIFFERENCE_LOOSENED,
                                       "waivers.unused", unused[before->waivers.unused_fails],
                                       unused[after->waivers.unused_fails], top(after)});
}

/* --- what is written and published ----------------------------------------------------------- */

static struct words output_texts(const struct outputs *outputs, struct arena *mem)
{
    struct words texts = {0};
    for (size_t i = 0; i < outputs->count; i++)
        array_push(mem, &texts,
                   arena_printf(mem, "%s %s", outputs->items[i].format, outputs->items[i].path));
    return texts;
}

static void differ_outputs(const struct differ *differ, const struct policy *before,
                           const struct policy *after)
{
    static const struct wording wording = {"output removed", "output added", DIFFERENCE_CHANGED,
                                           DIFFERENCE_CHANGED};
    const struct words first = output_texts(&before->outputs, differ->mem);
    const struct words second = output_texts(&after->outputs, differ->mem);
    differ_words(differ, &wording, &first, &second, top(after));
}

static void differ_publish(const struct differ *differ, const struct policy *before,
                           const struct policy *after)
{
    static const char *const notes[] = {"on_change", "always", "on_fail", "never"};
    static const char *const threads[] = {"new", "all", "none"};
    const struct publish_gitlab *old = &before->gitlab, *new = &after->gitlab;
    differ_text(differ, "publish.gitlab.note", notes[old->note], notes[new->note], top(after));
    differ_text(differ, "publish.gitlab.threads", threads[old->threads], threads[new->threads],
                top(after));
    differ_text(differ, "publish.gitlab.max_threads",
                arena_printf(differ->mem, "%llu", (unsigned long long)old->max_threads),
                arena_printf(differ->mem, "%llu", (unsigned long long)new->max_threads),
                top(after));
    differ_text(differ, "publish.gitlab.status", flags[old->status], flags[new->status],
                top(after));
    if (old->required != new->required)
        differ_say(differ,
                   (struct difference){new->required ? DIFFERENCE_TIGHTENED : DIFFERENCE_LOOSENED,
                                       "publish.gitlab.required", flags[old->required],
                                       flags[new->required], top(after)});
}

void differ_parts(const struct differ *differ, const struct policy *before,
                  const struct policy *after)
{
    differ_extends(differ, before, after);
    differ_reports(differ, after, &before->reports, &after->reports);
    differ_paths(differ, before, after);
    differ_components(differ, before, after);
    differ_waivers(differ, before, after);
    differ_terms(differ, before, after);
    differ_outputs(differ, before, after);
    differ_publish(differ, before, after);
}
