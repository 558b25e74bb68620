/* How two policies differ: gates, and what their comparison shares with that of other parts. */
#include <string.h>

#include "gates/base/day.h"
#include "gates/base/limits.h"
#include "gates/base/names.h"
#include "gates/base/text.h"
#include "gates/policy/differ.h"
#include "gates/policy/rules.h"

const char *difference_name(enum difference_kind kind)
{
    static const char *const names[] = {
        [DIFFERENCE_LOOSENED] = "loosened",
        [DIFFERENCE_CHANGED] = "changed",
        [DIFFERENCE_TIGHTENED] = "tightened",
    };
    return names[kind];
}

/* A policy may hold a text of a megabyte; nobody reads it in a list. */
static const char *shown(const struct differ *differ, const char *text)
{
    return text_keep(differ->mem, text, strlen(text), LIMIT_NAME_BYTES);
}

void differ_say(const struct differ *differ, struct difference difference)
{
    difference.what = shown(differ, difference.what);
    difference.before = shown(differ, difference.before);
    difference.after = shown(differ, difference.after);
    array_push(differ->mem, differ->out, difference);
}

void differ_value(const struct differ *differ, struct difference difference)
{
    if (*difference.before == '\0')
        difference.before = "none";
    if (*difference.after == '\0')
        difference.after = "none";
    differ_say(differ, difference);
}

/* --- couples ---------------------------------------------------------------------------------- */

/* As many indexes, each the same. */
static size_t *indexes(size_t count, size_t index, struct arena *mem)
{
    size_t *items = arena_alloc(mem, (count + 1) * sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = index;
    return items;
}

void couples_init(struct couples *couples, size_t before, size_t after, struct arena *mem)
{
    *couples = (struct couples){.of_before = indexes(before, NAMES_NONE, mem),
                                .of_after = indexes(after, NAMES_NONE, mem),
                                .before = before,
                                .mem = mem};
}

/* Each key with its occurrence, so that none stands there twice; NULL for what has found its other.
 */
static struct words numbered(const struct words *keys, const size_t *others, struct arena *mem)
{
    struct words result = {0};
    size_t *counts = indexes(keys->count, 0, mem);
    struct names seen;
    names_init(&seen, mem);
    for (size_t i = 0; i < keys->count; i++) {
        const char *key = NULL;
        if (others[i] == NAMES_NONE) {
            size_t index = names_add(&seen, keys->items[i], strlen(keys->items[i]));
            key = arena_printf(mem, "%s\4%zu", keys->items[i], counts[index]++);
        }
        array_push(mem, &result, key);
    }
    return result;
}

void couples_add(struct couples *couples, const struct words *before, const struct words *after)
{
    const struct words first = numbered(before, couples->of_before, couples->mem);
    const struct words second = numbered(after, couples->of_after, couples->mem);
    size_t *places = indexes(first.count, 0, couples->mem); /* of each name in `first` */
    struct names names;
    names_init(&names, couples->mem);
    for (size_t i = 0; i < first.count; i++) {
        if (first.items[i] == NULL)
            continue;
        places[names_add(&names, first.items[i], strlen(first.items[i]))] = i;
    }
    for (size_t i = 0; i < second.count; i++) {
        size_t at = second.items[i] == NULL
                        ? NAMES_NONE
                        : names_find(&names, second.items[i], strlen(second.items[i]));
        if (at == NAMES_NONE)
            continue;
        couples->of_after[i] = places[at];
        couples->of_before[places[at]] = i;
    }
}

/* --- single values ---------------------------------------------------------------------------- */

void differ_text(const struct differ *differ, const char *what, const char *before,
                 const char *after, struct place at)
{
    before = before == NULL ? "" : before;
    after = after == NULL ? "" : after;
    if (strcmp(before, after) != 0)
        differ_value(differ, (struct difference){DIFFERENCE_CHANGED, what, before, after, at});
}

static const char *count_text(uint64_t count, struct arena *mem)
{
    return count == 0 ? "" : arena_printf(mem, "%llu", (unsigned long long)count);
}

void differ_leniency(const struct differ *differ, const char *what, uint64_t before, uint64_t after,
                     struct place at)
{
    enum difference_kind kind = after > before ? DIFFERENCE_LOOSENED : DIFFERENCE_TIGHTENED;
    if (before != after)
        differ_value(differ, (struct difference){kind, what, count_text(before, differ->mem),
                                                 count_text(after, differ->mem), at});
}

static const char *date(int32_t day, struct arena *mem)
{
    char text[48];
    return day == 0 ? "" : arena_printf(mem, "%s", day_text(text, day));
}

void differ_until(const struct differ *differ, const char *what, int32_t before, int32_t after,
                  struct place at)
{
    enum difference_kind kind = after > before ? DIFFERENCE_LOOSENED : DIFFERENCE_TIGHTENED;
    if (before != after)
        differ_value(differ, (struct difference){kind, what, date(before, differ->mem),
                                                 date(after, differ->mem), at});
}

/* Does every word of `few` stand in `many`? No word at all stands for any. */
static bool covers(const struct words *many, const struct words *few, struct arena *mem)
{
    struct names names;
    names_init(&names, mem);
    for (size_t i = 0; i < many->count; i++)
        names_add(&names, many->items[i], strlen(many->items[i]));
    for (size_t i = 0; i < few->count && many->count > 0; i++)
        if (names_find(&names, few->items[i], strlen(few->items[i])) == NAMES_NONE)
            return false;
    return many->count == 0 || few->count > 0;
}

static bool applies_wherever(const struct when *one, const struct when *other, struct arena *mem)
{
    return covers(&one->branches, &other->branches, mem) &&
           covers(&one->changes, &other->changes, mem);
}

static const char *list_text(const char *name, const struct words *words, struct arena *mem)
{
    if (words->count == 0)
        return "";
    return arena_printf(mem, "%s: [%s]", name, words_join(words, ", ", mem));
}

static const char *when_text(const struct when *when, struct arena *mem)
{
    const char *branches = list_text("branch", &when->branches, mem);
    const char *changes = list_text("changes", &when->changes, mem);
    const char *between = *branches != '\0' && *changes != '\0' ? ", " : "";
    return arena_printf(mem, "%s%s%s", branches, between, changes);
}

void differ_when(const struct differ *differ, const char *what, const struct when *before,
                 const struct when *after, struct place at)
{
    bool wider = applies_wherever(after, before, differ->mem);
    bool narrower = applies_wherever(before, after, differ->mem);
    enum difference_kind kind = wider      ? DIFFERENCE_TIGHTENED
                                : narrower ? DIFFERENCE_LOOSENED
                                           : DIFFERENCE_CHANGED;
    if (!wider || !narrower)
        differ_value(differ, (struct difference){kind, what, when_text(before, differ->mem),
                                                 when_text(after, differ->mem), at});
}

/* --- gates ------------------------------------------------------------------------------------ */

/* What only another run judges is demanded by nobody here. */
static void differ_stage(const struct differ *differ, const struct gate *before,
                         const struct gate *after)
{
    bool here = strcmp(after->stage, "build") == 0;
    if (strcmp(before->stage, after->stage) != 0)
        differ_say(differ, (struct difference){here ? DIFFERENCE_CHANGED : DIFFERENCE_LOOSENED,
                                               arena_printf(differ->mem, "%s: stage", after->name),
                                               before->stage, after->stage, after->at});
}

static void differ_locked(const struct differ *differ, const struct gate *before,
                          const struct gate *after)
{
    static const char *const flags[] = {"false", "true"};
    enum difference_kind kind = after->locked ? DIFFERENCE_TIGHTENED : DIFFERENCE_LOOSENED;
    if (before->locked != after->locked)
        differ_say(differ,
                   (struct difference){kind, arena_printf(differ->mem, "%s: locked", after->name),
                                       flags[before->locked], flags[after->locked], after->at});
}

static void differ_gate(const struct differ *differ, const struct gate *before,
                        const struct gate *after)
{
    struct arena *mem = differ->mem;
    differ_stage(differ, before, after);
    differ_when(differ, arena_printf(mem, "%s: when", after->name), &before->when, &after->when,
                after->at);
    differ_until(differ, arena_printf(mem, "%s: enforce_from", after->name), before->enforce_from,
                 after->enforce_from, after->at);
    differ_text(differ, arena_printf(mem, "%s: each", after->name), before->each, after->each,
                after->at);
    differ_locked(differ, before, after);
    differ_rules(differ, before, after);
}

/* The gates of the policy itself: a floor is not the branch's to change. */
struct own_gates {
    const struct gate **items;
    struct words names;
};

static struct own_gates own_gates(const struct policy *policy, struct arena *mem)
{
    struct own_gates own = {arena_alloc(mem, (policy->gates.count + 1) * sizeof *own.items), {0}};
    for (size_t i = 0; i < policy->gates.count; i++) {
        if (policy->gates.items[i].floor)
            continue;
        own.items[own.names.count] = &policy->gates.items[i];
        array_push(mem, &own.names, policy->gates.items[i].name);
    }
    return own;
}

static void differ_gates(const struct differ *differ, const struct policy *before,
                         const struct policy *after)
{
    const struct own_gates first = own_gates(before, differ->mem);
    const struct own_gates second = own_gates(after, differ->mem);
    const struct gate nothing = {0};
    struct couples couples;
    couples_init(&couples, first.names.count, second.names.count, differ->mem);
    couples_add(&couples, &first.names, &second.names);
    for (size_t i = 0; i < first.names.count; i++)
        if (couples.of_before[i] != NAMES_NONE)
            differ_gate(differ, first.items[i], second.items[couples.of_before[i]]);
        else
            differ_say(differ, (struct difference){DIFFERENCE_LOOSENED, "gate removed",
                                                   first.items[i]->name, "", first.items[i]->at});
    for (size_t i = 0; i < second.names.count; i++)
        if (couples.of_after[i] == NAMES_NONE)
            differ_rules(differ, &nothing, second.items[i]);
}

static void keep_order(const struct differences *found, enum difference_kind kind,
                       struct arena *mem, struct differences *out)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].kind == kind)
            array_push(mem, out, found->items[i]);
}

void policy_differences(const struct policy *before, const struct policy *after, struct arena *mem,
                        struct differences *out)
{
    struct differences found = {0};
    const struct differ differ = {mem, &found};
    *out = (struct differences){0};
    differ_gates(&differ, before, after);
    differ_parts(&differ, before, after);
    for (int kind = DIFFERENCE_LOOSENED; kind <= DIFFERENCE_TIGHTENED; kind++)
        keep_order(&found, (enum difference_kind)kind, mem, out);
}
