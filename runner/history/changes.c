#include "runner/history/changes.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/hash.h"
#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/history/pairs.h"

struct task {
    const struct history *history;
    git_repository *repository;
    const struct change_wanted *wanted;
    struct arena *mem;
    struct change *change;
};

static void nothing_known(struct change *change, const char *why, const char *remedy)
{
    change->files = (struct changed_files){0};
    change->why_not = why;
    change->remedy = remedy;
}

/* Objects were left out when this was cloned, to be fetched when git needs them. */
static bool is_partial(git_repository *repository)
{
    git_config *config = NULL;
    git_config_iterator *found = NULL;
    git_config_entry *entry;
    bool partial = git_repository_config(&config, repository) == 0 &&
                   git_config_iterator_glob_new(&found, config, "^remote\\..*\\.promisor$") == 0 &&
                   git_config_next(&entry, found) == 0;
    git_config_iterator_free(found);
    git_config_free(config);
    return partial;
}

/* What repairs it that something could not be read; NULL: nothing we know of. */
static const char *remedy_for(const struct task *task, const git_error *what)
{
    const struct change_wanted *wanted = task->wanted;
    const char *to = wanted->to == NULL ? "" : wanted->to;
    if (what == NULL || what->message == NULL)
        return NULL;
    if (strstr(what->message, "extension: 'link'") != NULL)
        return "git update-index --no-split-index";
    if (strstr(what->message, "extension: 'sdir'") != NULL)
        return "git sparse-checkout reapply --no-sparse-index";
    if (what->klass != GIT_ERROR_ODB)
        return NULL;
    /* git fetches what it compares */
    return is_partial(task->repository)
               ? arena_printf(task->mem, "git diff --stat %s %s", wanted->from, to)
               : arena_printf(task->mem, "git fetch --refetch origin %s", wanted->from);
}

static void blame_clone(const struct task *task)
{
    const char *why =
        arena_printf(task->mem, "the files to compare cannot be read: %s", last_words(task->mem));
    nothing_known(task->change, why, remedy_for(task, git_error_last()));
}

static bool tree_of(const struct task *task, const char *hex, git_tree **tree)
{
    AUTO(close_commit) git_commit *commit = NULL;
    if (*hex == '\0')
        return true;
    if (!find_commit(task->history, hex, &commit)) {
        nothing_known(task->change,
                      arena_printf(task->mem, "commit %.12s is not in this clone", hex),
                      arena_printf(task->mem, "git fetch --depth=1 origin %s", hex));
        return false;
    }
    if (git_commit_tree(tree, commit) == 0)
        return true;
    blame_clone(task);
    return false;
}

static bool find_pairs(const struct task *task, struct pairs *pairs)
{
    AUTO(close_tree) git_tree *from = NULL, *to = NULL;
    const struct change_wanted *wanted = task->wanted;
    if (!tree_of(task, wanted->from, &from) ||
        (wanted->to != NULL && !tree_of(task, wanted->to, &to)))
        return false;
    bool found = wanted->to != NULL ? pairs_of_trees(task->repository, from, to, task->mem, pairs)
                                    : pairs_of_work_tree(task->repository, from, wanted->untracked,
                                                         task->mem, pairs);
    if (!found || !pairs_follow_renames(task->repository, pairs)) {
        blame_clone(task);
        return false;
    }
    return true;
}

struct marking {
    struct arena *mem;
    struct changed_file *file;
};

static void add_range(struct arena *mem, struct line_ranges *ranges, int first, int count)
{
    if (count > 0)
        *array_add(mem, ranges) =
            (struct line_range){(uint32_t)first, (uint32_t)(first + count - 1)};
}

static int mark_hunk(const git_diff_delta *delta, const git_diff_hunk *hunk, void *handle)
{
    struct marking *marking = handle;
    (void)delta;
    add_range(marking->mem, &marking->file->removed, hunk->old_start, hunk->old_lines);
    add_range(marking->mem, &marking->file->added, hunk->new_start, hunk->new_lines);
    return 0;
}

/* Without lines of context a hunk is a run of changed lines and nothing else. As buffers, so that
 * no .gitattributes says what is text. */
static bool mark_differences(struct arena *mem, const struct content *old,
                             const struct content *now, struct changed_file *file)
{
    struct marking marking = {mem, file};
    git_diff_options options;
    git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags = GIT_DIFF_INDENT_HEURISTIC | GIT_DIFF_FORCE_TEXT;
    options.context_lines = 0;
    return git_diff_buffers(old->bytes, old->len, NULL, now->bytes, now->len, NULL, &options, NULL,
                            NULL, mark_hunk, NULL, &marking) == 0;
}

/* A line is known again wherever it moves to, and however far it is indented then. */
static uint32_t hash_of_line(const char *line, size_t len)
{
    uint64_t hash = 0;
    for (size_t i = 0, word; i < len; i++) {
        for (word = i; i < len && strchr(" \t\r", line[i]) == NULL;)
            i++;
        if (i > word)
            hash = hash_text(hash, line + word, i - word);
    }
    return (uint32_t)(hash ^ hash >> 32);
}

static void keep_texts(struct arena *mem, const struct content *now, struct changed_file *file)
{
    const char *at = now->bytes, *end = now->bytes + now->len;
    uint32_t *texts = arena_alloc(mem, (changed_file_lines(file) + 1) * sizeof *texts);
    size_t count = 0, range = 0;
    for (uint32_t line = 1; at < end && range < file->added.count; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((newline == NULL ? end : newline) - at);
        if (line >= file->added.items[range].first)
            texts[count++] = hash_of_line(at, len);
        range += line == file->added.items[range].last;
        at += len + 1;
    }
    file->added_texts = texts;
}

/* False: libgit2 gave up. */
static bool mark_lines(struct arena *mem, const struct content *old, const struct content *now,
                       struct changed_file *file)
{
    size_t before = content_lines(old), after = content_lines(now);
    if (before > 0 && after > 0 && before <= LIMIT_CHANGED_LINES && after <= LIMIT_CHANGED_LINES)
        return mark_differences(mem, old, now, file);
    file->binary = before > 0 && after > 0;
    if (!file->binary) {
        add_range(mem, &file->removed, 1, (int)before);
        add_range(mem, &file->added, 1, (int)after);
    }
    return true;
}

static bool is_the_same(const struct pair *pair, const struct content *old,
                        const struct content *now)
{
    return pair->old.mode == pair->now.mode && side_is_file(&pair->now) &&
           strcmp(pair->old_path, pair->path) == 0 && !now->too_large && old->len == now->len &&
           memcmp(old->bytes, now->bytes, old->len) == 0;
}

static enum change_how how_of(const struct pair *pair)
{
    if (pair->old.mode == 0)
        return CHANGE_ADDED;
    if (pair->now.mode == 0)
        return CHANGE_DELETED;
    return strcmp(pair->old_path, pair->path) == 0 ? CHANGE_MODIFIED : CHANGE_RENAMED;
}

static const char *clean_path(struct arena *mem, const char *path)
{
    char *clean = arena_copy(mem, path, strlen(path));
    text_clean(clean, strlen(clean));
    return clean;
}

static bool add_file(const struct task *task, const struct pair *pair)
{
    AUTO(close_content) struct content old = {0}, now = {0};
    if (!content_load(task->repository, &pair->old, pair->old_path, &old) ||
        !content_load(task->repository, &pair->now, pair->path, &now))
        return false;
    if ((pair->old.mode == 0 && pair->now.mode == 0) || is_the_same(pair, &old, &now))
        return true;
    struct changed_file *file = array_add(task->mem, &task->change->files);
    *file = (struct changed_file){
        .path = clean_path(task->mem, pair->path),
        .old_path = clean_path(task->mem, pair->old_path),
        .how = how_of(pair),
    };
    file->binary =
        old.too_large || now.too_large || content_is_binary(&old) || content_is_binary(&now);
    if (file->binary)
        return true;
    file->no_code = side_is_file(&pair->now) && content_has_no_code(&now, pair->path);
    if (!mark_lines(task->mem, &old, &now, file))
        return false;
    keep_texts(task->mem, &now, file);
    return true;
}

static int by_path(const void *one, const void *other)
{
    return strcmp(((const struct changed_file *)one)->path,
                  ((const struct changed_file *)other)->path);
}

static void list_files(const struct task *task)
{
    struct pairs pairs = {0};
    struct changed_files *files = &task->change->files;
    if (!find_pairs(task, &pairs))
        return;
    for (size_t i = 0; i < pairs.count; i++)
        if (!add_file(task, &pairs.items[i])) {
            blame_clone(task);
            return;
        }
    if (files->count > 0)
        qsort(files->items, files->count, sizeof *files->items, by_path);
}

void history_changes(const struct history *history, const struct change_wanted *wanted,
                     struct arena *mem, struct change *change)
{
    struct task task = {history, history->repository, wanted, mem, change};
    *change = (struct change){.base = wanted->from, .head = wanted->to};
    if (history->repository == NULL)
        nothing_known(change,
                      history->why_not == NULL ? "there is no git repository" : history->why_not,
                      NULL);
    else
        list_files(&task);
}
