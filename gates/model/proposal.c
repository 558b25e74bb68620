#include "gates/model/proposal.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/path.h"
#include "gates/model/paths.h"

enum {
    MOST_ASKED = 4096, /* paths that are asked for a rule */
    MOST_FILES = 4,    /* files that are considered for each of them */
    MOST_ROOTS = 4,    /* source roots below which it may lie */
    MOST_TRIED = 8,    /* rules that are tried on all paths, the most frequent first */
};

struct candidate {
    struct path_map map;
    size_t votes;   /* paths that were asked and want it */
    size_t tail;    /* bytes that one of them has in common with its file: the more, the better */
    size_t matched; /* of all paths; 0: it does harm, or little */
};

struct candidates ARRAY(struct candidate);

/* Rules by their texts. */
struct ballot {
    struct arena *mem;
    struct names names;
    struct candidates candidates;
};

static void vote(struct ballot *ballot, const char *from, const char *to, size_t tail)
{
    const char *key = arena_printf(ballot->mem, "%s\x1F%s", from, to);
    size_t at = names_add(&ballot->names, key, strlen(key));
    if (at == ballot->candidates.count)
        array_push(ballot->mem, &ballot->candidates, ((struct candidate){.map = {from, to}}));
    struct candidate *candidate = &ballot->candidates.items[at];
    candidate->votes++;
    if (candidate->tail < tail)
        candidate->tail = tail;
}

/* What stands before the last `tail` bytes: "src/main/" of "src/main/a.c" is src/main. */
static const char *before_tail(const char *path, size_t tail, struct arena *mem)
{
    size_t len = strlen(path) - tail;
    while (len > 1 && path[len - 1] == '/')
        len--;
    return arena_copy(mem, path, len);
}

/* A map begins with something: of "p/q/a.c", all of which is the tail, p stays. */
static size_t shortened(const char *path, size_t tail)
{
    const char *slash = strchr(path, '/');
    if (tail < strlen(path) || slash == NULL)
        return tail;
    return strlen(slash + 1);
}

static void ask(struct ballot *ballot, const struct path_index *index, const char *path)
{
    const char *files[MOST_FILES];
    size_t tail, count = path_index_nearest(index, path, MOST_FILES, files, &tail);
    size_t rest = shortened(path, tail);
    if (rest == strlen(path)) /* a bare name: a rule for it alone */
        return;
    for (size_t i = 0; i < count; i++)
        vote(ballot, before_tail(path, rest, ballot->mem), before_tail(files[i], rest, ballot->mem),
             tail);
}

/* A path that a map of the policy has moved already is that map's matter. */
static bool is_stray(const struct covered_file *file)
{
    return !file->matched && !file->mapped;
}

/* As it stands, and below the source roots: a map moves those as well. */
static void ask_source(struct ballot *ballot, const struct path_index *index,
                       const struct words *roots, const char *path)
{
    ask(ballot, index, path);
    for (size_t i = 0; !path_is_absolute(path) && i < roots->count && i < MOST_ROOTS; i++) {
        const char *root = path_clean(ballot->mem, roots->items[i], strlen(roots->items[i]));
        ask(ballot, index, path_join(ballot->mem, root, path));
    }
}

static void ask_all(struct ballot *ballot, const struct evidence *evidence,
                    const struct path_index *index)
{
    size_t strays = 0, seen = 0;
    for (size_t i = 0; i < evidence->sources.count; i++)
        for (size_t j = 0; j < evidence->sources.items[i].coverage.files.count; j++)
            strays += is_stray(&evidence->sources.items[i].coverage.files.items[j]);
    size_t step = strays / MOST_ASKED + 1;
    for (size_t i = 0; i < evidence->sources.count; i++) {
        const struct coverage *coverage = &evidence->sources.items[i].coverage;
        for (size_t j = 0; j < coverage->files.count; j++)
            if (is_stray(&coverage->files.items[j]) && seen++ % step == 0)
                ask_source(ballot, index, &coverage->roots, coverage->files.items[j].raw);
    }
}

/* What becomes of the paths of a report with a map. */
struct effect {
    size_t matched;         /* of all its paths */
    size_t strays, reached; /* those that it moves and that match nothing now; and match with it */
    bool harms;             /* one that matches now would not, or match another file */
};

static void add_file(struct effect *effect, const struct covered_file *now,
                     const struct covered_file *with)
{
    bool moved = with->mapped && !now->mapped;
    bool same = with->matched && now->matched && strcmp(with->path, now->path) == 0;
    effect->matched += now->matched || (with->matched && !now->mapped);
    effect->harms |= moved && now->matched && !same;
    effect->strays += moved && !now->matched;
    effect->reached += moved && !now->matched && with->matched;
}

static void try_source(const struct source *source, const struct path_index *index,
                       const struct path_maps *maps, struct arena *mem, struct effect *effect)
{
    const struct covered_files *files = &source->coverage.files;
    struct source copy;
    source_init(&copy, mem, source->name, source->format);
    for (size_t i = 0; i < source->coverage.roots.count; i++)
        array_push(mem, &copy.coverage.roots, source->coverage.roots.items[i]);
    for (size_t i = 0; i < files->count; i++) {
        const char *raw = files->items[i].raw;
        array_push(mem, &copy.coverage.files, ((struct covered_file){.path = raw, .raw = raw}));
    }
    paths_map(&copy, maps, /* root */ NULL, mem);
    paths_resolve(&copy, index, mem);
    for (size_t i = 0; i < files->count; i++)
        add_file(effect, &files->items[i], &copy.coverage.files.items[i]);
}

/* A rule that leaves most of what it moves unmatched came about by chance: of names alike. */
static void try_on_all(struct candidate *candidate, const struct evidence *evidence)
{
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct path_maps maps = {0};
    struct effect effect = {0};
    array_push(scratch, &maps, candidate->map);
    for (size_t i = 0; i < evidence->sources.count; i++)
        try_source(&evidence->sources.items[i], evidence->files, &maps, scratch, &effect);
    if (!effect.harms && 2 * effect.reached >= effect.strays)
        candidate->matched = effect.matched;
}

static int by_votes(const void *a, const void *b)
{
    const struct candidate *p = a, *q = b;
    if (p->votes != q->votes)
        return p->votes > q->votes ? -1 : 1;
    if (p->tail != q->tail)
        return p->tail > q->tail ? -1 : 1;
    int order = strcmp(p->map.from, q->map.from);
    return order != 0 ? order : strcmp(p->map.to, q->map.to);
}

/* Does another say as much for the same beginning? */
static bool has_rival(const struct candidates *candidates, const struct candidate *one)
{
    for (size_t i = 0; i < candidates->count; i++) {
        const struct candidate *other = &candidates->items[i];
        if (other != one && other->matched == one->matched &&
            strcmp(other->map.from, one->map.from) == 0)
            return true;
    }
    return false;
}

/* The best of those that were tried; NULL: none does any good for certain. */
static const struct candidate *elect(const struct candidates *candidates, size_t matched_now)
{
    const struct candidate *best = NULL;
    for (size_t i = 0; i < candidates->count; i++) {
        const struct candidate *one = &candidates->items[i];
        if (one->matched > (best == NULL ? matched_now : best->matched) &&
            !has_rival(candidates, one))
            best = one;
    }
    return best;
}

static size_t count_files(const struct evidence *evidence, size_t *matched)
{
    size_t total = 0;
    *matched = 0;
    for (size_t i = 0; i < evidence->sources.count; i++) {
        const struct covered_files *files = &evidence->sources.items[i].coverage.files;
        total += files->count;
        for (size_t j = 0; j < files->count; j++)
            *matched += files->items[j].matched;
    }
    return total;
}

/* "payments" is written "payments/": whole parts are replaced. */
static const char *written(const char *path, struct arena *mem)
{
    size_t len = strlen(path);
    bool slash = len > 0 && path[len - 1] != '/';
    return arena_printf(mem, "%s%s", path, slash ? "/" : "");
}

bool proposal_find(const struct evidence *evidence, const struct words *wanted, struct arena *mem,
                   struct proposal *proposal)
{
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct ballot ballot = {.mem = scratch};
    size_t matched_now;
    if (evidence->files == NULL)
        return false;
    names_init(&ballot.names, scratch);
    ask_all(&ballot, evidence,
            wanted == NULL ? evidence->files : path_index_new(scratch, "", wanted));
    struct candidates *candidates = &ballot.candidates;
    if (candidates->count > 1)
        qsort(candidates->items, candidates->count, sizeof *candidates->items, by_votes);
    if (candidates->count > MOST_TRIED)
        candidates->count = MOST_TRIED;
    for (size_t i = 0; i < candidates->count; i++)
        try_on_all(&candidates->items[i], evidence);
    proposal->total = count_files(evidence, &matched_now);
    const struct candidate *best = elect(candidates, matched_now);
    if (best == NULL)
        return false;
    proposal->from = written(best->map.from, mem);
    proposal->to = written(best->map.to, mem);
    proposal->matched = best->matched;
    return true;
}

/* As a YAML text in double quotes. */
static const char *quoted(const char *text, struct arena *mem)
{
    char *out = arena_alloc(mem, 2 * strlen(text) + 3), *at = out;
    *at++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            *at++ = '\\';
        *at++ = *text;
    }
    *at = '"';
    return out;
}

const char *proposal_text(const struct proposal *proposal, struct arena *mem)
{
    return arena_printf(mem, "paths: {map: [{from: %s, to: %s}]}", quoted(proposal->from, mem),
                        quoted(proposal->to, mem));
}

const char *proposal_effect(const struct proposal *proposal, struct arena *mem)
{
    if (proposal->matched < proposal->total)
        return arena_printf(mem, "%zu of %zu files match", proposal->matched, proposal->total);
    if (proposal->total == 1)
        return "the file matches";
    return arena_printf(mem, "all %zu files match", proposal->total);
}
