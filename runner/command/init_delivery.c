#include "runner/command/init_delivery.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gates/base/limits.h"
#include "gates/base/path.h"
#include "gates/base/text.h"
#include "gates/delivery/layout.h"
#include "gates/delivery/outline.h"
#include "runner/command/deliveryfile.h"
#include "runner/draft.h"
#include "runner/history/origin.h"
#include "runner/log.h"
#include "runner/progress.h"
#include "runner/render/words.h"

struct first_draft {
    const struct context *context;
    const struct page *page;
    struct arena *mem;
    struct workplace place;
    struct history gitops;
    struct outline_origin origin;
    size_t files; /* of HEAD's tree */
    struct finds finds;
    struct outline outline;
    const char *text;
    size_t marks;
    struct delivery delivery; /* the text, loaded */
    struct layouts layouts;
    size_t tried, missed; /* versions; those that the layouts do not find */
    struct words unseen;  /* paths of the latter */
    struct progress progress;
};

static void close_first_draft(struct first_draft *p)
{
    close_history(&p->gitops);
    close_workplace(&p->place);
}

/* --- the repository -------------------------------------------------------------------------- */

static bool check_free(struct first_draft *p, struct error *err)
{
    if (!workplace_has(&p->place, DELIVERY_FILE))
        return true;
    error_set(err, FAULT_USAGE, "is there already, and is left as it is");
    error_hint(err, "move it away, or compare: `qgate validate` checks what is there");
    return error_at(err, DELIVERY_FILE, 0, 0);
}

/* A path of the configuration starts in its folder, the one given in the current directory. */
static const char *url_of(const struct first_draft *p, const char *path)
{
    char here[PATH_MAX], there[PATH_MAX];
    bool same = getcwd(here, sizeof here) != NULL && strcmp(here, p->place.root) == 0;
    const char *clean = path_clean(p->mem, path, strlen(path));
    if (same || realpath(path, there) == NULL)
        return clean[0] == '\0' ? "." : clean;
    return arena_copy(p->mem, there, strlen(there));
}

static const char *name_of(const struct origin *origin, struct arena *mem)
{
    const char *name = path_name(origin->path);
    return finds_is_name(name) ? arena_copy(mem, name, strlen(name)) : "gitops";
}

static bool open_gitops(struct first_draft *p, const char *path, struct error *err)
{
    struct origin origin;
    if (strstr(path, "://") != NULL) {
        error_set(err, FAULT_USAGE, "an address is not read: it takes a clone of it");
        return error_hint(err, "git clone %s, and name its folder", path);
    }
    history_open_repository(&p->gitops, path, p->mem);
    if (p->gitops.tree == NULL) {
        error_set(err, FAULT_REPORT, "%s",
                  p->gitops.why_not != NULL ? p->gitops.why_not
                                            : "there is no git repository here");
        return error_at(err, path, 0, 0);
    }
    history_origin(&p->gitops, p->mem, &origin);
    bool remote = origin.host[0] != '\0';
    p->origin = (struct outline_origin){
        .repository = name_of(&origin, p->mem),
        .url = remote ? arena_printf(p->mem, "https://%s/%s.git", origin.host, origin.path)
                      : url_of(p, path),
        .branch = p->gitops.branch,
        .gitlab = remote ? arena_printf(p->mem, "https://%s", origin.host) : NULL,
        .commit = p->gitops.commit,
        .needs_token = remote,
    };
    return true;
}

/* --- its files ------------------------------------------------------------------------------- */

static const char *kept(struct arena *mem, const char *text)
{
    return text == NULL ? NULL : arena_copy(mem, text, strlen(text));
}

/* Called with every path of the tree. */
static bool count_file(void *handle, const char *path)
{
    struct first_draft *p = handle;
    progress_show(&p->progress, "reading", p->files++, 0, "files");
    return finds_wanted(path);
}

/* The trees of files are large and go at once; what was found in them stays. */
static void read_file(void *handle, const char *path, const char *text, size_t len)
{
    struct first_draft *p = handle;
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct finds found = {0};
    finds_read(path, text, len, scratch, &found);
    const char *own = found.count > 0 ? kept(p->mem, path) : NULL;
    for (size_t i = 0; i < found.count; i++) {
        struct find *find = array_add(p->mem, &p->finds);
        *find = found.items[i];
        find->path = own;
        find->name = kept(p->mem, find->name);
        find->before = kept(p->mem, find->before);
        find->version = kept(p->mem, find->version);
        find->project = kept(p->mem, find->project);
        find->image = kept(p->mem, find->image);
    }
}

static bool read_files(struct first_draft *p, struct error *err)
{
    const struct history_visit visit = {count_file, read_file, p, LIMIT_POLICY_BYTES};
    progress_begin(&p->progress, p->context, false);
    bool read = history_visit(&p->gitops, p->gitops.commit, &visit, p->mem, err);
    progress_end(&p->progress);
    return read;
}

/* --- is it right? ---------------------------------------------------------------------------- */

/* What we draw loads: anything else is a mistake of ours. */
static bool load_drawn(struct first_draft *p, struct error *err)
{
    struct problems found;
    problems_init(&found, p->mem);
    if (!delivery_load(DELIVERY_FILE, p->text, strlen(p->text), NULL, p->mem, &p->delivery, &found,
                       err))
        return false;
    if (found.count == 0)
        return true;
    log_problems(&found);
    return error_set(err, FAULT_SYSTEM, "what was drawn is not valid, which is a mistake of qgate");
}

static bool is_seen(const struct seens *seens, const struct outline_version *version)
{
    for (size_t i = 0; i < seens->count; i++) {
        const struct seen *seen = &seens->items[i];
        if (strcmp(seen->service, version->service) == 0 &&
            strcmp(seen->environment, version->environment) == 0 &&
            strcmp(seen->region, version->region) == 0 &&
            strcmp(seen->version, version->version) == 0)
            return true;
    }
    return false;
}

/* Versions stand in the order of their paths, as files are visited. */
static bool is_next(void *handle, const char *path)
{
    const struct first_draft *p = handle;
    return p->tried < p->outline.versions.count &&
           strcmp(p->outline.versions.items[p->tried].path, path) == 0;
}

static void try_file(void *handle, const char *path, const char *text, size_t len)
{
    struct first_draft *p = handle;
    AUTO(close_arena) struct arena *scratch = arena_new();
    const char *own = p->outline.versions.items[p->tried].path;
    struct seens seens = {0};
    struct problems unsaid;
    size_t missed = 0;
    problems_init(&unsaid, scratch);
    bool read = layouts_read(&p->layouts, path, text, len, scratch, &seens, &unsaid);
    for (; is_next(p, path); p->tried++)
        missed += !read || !is_seen(&seens, &p->outline.versions.items[p->tried]);
    p->missed += missed;
    if (missed > 0)
        array_push(p->mem, &p->unseen, own);
}

/* The layouts are tried on the files that they were drawn from. */
static bool try_layouts(struct first_draft *p, struct error *err)
{
    const struct history_visit visit = {is_next, try_file, p, LIMIT_POLICY_BYTES};
    return load_drawn(p, err) &&
           layouts_of(&p->delivery, p->origin.repository, p->mem, &p->layouts, err) &&
           history_visit(&p->gitops, p->gitops.commit, &visit, p->mem, err);
}

static bool write_drawn(struct first_draft *p, struct error *err)
{
    AUTO(close_draft)
    struct draft draft = {.folder = fcntl(p->place.fd, F_DUPFD_CLOEXEC, 0), .name = DELIVERY_FILE};
    if (!draft_open(&draft, err))
        return error_at(err, DELIVERY_FILE, 0, 0);
    fputs(p->text, draft.out);
    return draft_finish(&draft, err) || error_at(err, DELIVERY_FILE, 0, 0);
}

/* --- what is said ---------------------------------------------------------------------------- */

enum { LEAD = 12, MOST_PATHS = 3, MOST_SERVICES = 20 };

static void say(const struct first_draft *p, const char *lead, const char *text)
{
    page_paragraph(p->page, 0, arena_printf(p->mem, "%-*s", LEAD, lead), text);
}

static void say_read(const struct first_draft *p)
{
    const char *branch = p->origin.branch == NULL ? "HEAD" : p->origin.branch;
    say(p, "read",
        arena_printf(p->mem, "%s of %s at %s (%.7s)", words_count(p->mem, p->files, "file"),
                     p->origin.repository, branch, p->origin.commit));
}

static void say_layouts(const struct first_draft *p)
{
    for (size_t i = 0; i < p->outline.layouts.count; i++) {
        const struct outline_layout *layout = &p->outline.layouts.items[i];
        say(p, i == 0 ? "layouts" : "",
            layout->name == NULL ? layout->file
                                 : arena_printf(p->mem, "%s, %s", layout->file, layout->name));
        page_paragraph(p->page, LEAD + 2, "",
                       arena_printf(p->mem, "%s: %s", layout->select,
                                    outline_some(&layout->services, MOST_SERVICES, p->mem)));
    }
}

static void say_paths(const struct first_draft *p, const char *lead, const struct words *paths,
                      const char *why)
{
    if (paths->count > 0)
        say(p, lead,
            arena_printf(p->mem, "%s %s: %s", words_count(p->mem, paths->count, "file"), why,
                         outline_some(paths, MOST_PATHS, p->mem)));
}

static size_t count_regions(const struct outline *outline)
{
    struct names regions;
    AUTO(close_arena) struct arena *scratch = arena_new();
    names_init(&regions, scratch);
    for (size_t i = 0; i < outline->environments.count; i++)
        for (size_t k = 0; k < outline->environments.items[i].regions.count; k++) {
            const char *region = outline->environments.items[i].regions.items[k];
            names_add(&regions, region, strlen(region));
        }
    return regions.texts.count;
}

static void tell(const struct first_draft *p)
{
    const struct outline *outline = &p->outline;
    say_read(p);
    say_layouts(p);
    say(p, "versions",
        arena_printf(p->mem, "%zu of %zu are found by these layouts",
                     outline->versions.count - p->missed, outline->versions.count));
    say_paths(p, "not found", &p->unseen, "with more than one layout tells apart");
    say_paths(p, "left out", &outline->without_environment,
              "with a version, and no environment in the path");
    say_paths(p, "left out", &outline->without_service, "without a name that can be a service");
    say(p, "wrote",
        arena_printf(p->mem,
                     DELIVERY_FILE ": %s, %s, %s; %s marked `# ?`: a person has to look there",
                     words_count(p->mem, outline->services.count, "service"),
                     words_count(p->mem, outline->environments.count, "environment"),
                     words_count(p->mem, count_regions(outline), "region"),
                     words_count(p->mem, p->marks, "line")));
    say(p, "next", "look through it, then `qgate validate`");
}

static enum status nothing_found(const struct first_draft *p)
{
    say_read(p);
    say_paths(p, "left out", &p->outline.without_service, "without a name that can be a service");
    log_message("no file of HEAD says a version in a way that qgate knows");
    fputs("hint: it looks for images of Kustomize, image.tag of Helm values, dependencies of "
          "charts, applications of Argo CD and images of manifests\n",
          stderr);
    return finish_stdout(STATUS_NO_DATA);
}

enum status init_delivery(const struct context *context, const struct page *page, const char *path)
{
    struct error err = {0};
    AUTO(close_first_draft)
    struct first_draft p = {.context = context, .page = page, .mem = context->run};
    if (!workplace_open(&p.place, p.mem, &err) || !check_free(&p, &err) ||
        !open_gitops(&p, path, &err) || !read_files(&p, &err))
        return give_up(&err);
    outline_draw(&p.finds, p.mem, &p.outline);
    if (p.outline.layouts.count == 0)
        return nothing_found(&p);
    p.text = outline_text(&p.outline, &p.origin, p.mem, &p.marks);
    if (!try_layouts(&p, &err) || !write_drawn(&p, &err))
        return give_up(&err);
    tell(&p);
    return finish_stdout(STATUS_PASSED);
}
