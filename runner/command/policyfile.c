#include "runner/command/policyfile.h"

#include <errno.h>
#include <string.h>

#include "gates/base/path.h"
#include "gates/policies/embedded.h"

/* Where the files lie that a policy names. */
struct library {
    const struct policy_wanted *wanted;
    struct arena *mem;
    bool of_floor; /* whose files are never the project's */
};

static const char *site_path(const struct policy_wanted *wanted, const char *name,
                             struct arena *mem)
{
    const char *other = wanted->context->site_directory;
    return path_join(mem, other != NULL ? other : SITE_DIRECTORY, name);
}

static bool open_of_site(const struct library *library, struct policy_text *text, struct error *err)
{
    struct policy_text file = *text;
    const char *name = arena_printf(library->mem, "policies/%s.yml", text->name + strlen("site:"));
    file.name = site_path(library->wanted, name, library->mem);
    if (!policytext_read_if_there(&file, library->mem, err))
        return false;
    text->bytes = file.bytes;
    text->len = file.len;
    return true;
}

static bool open_named(void *handle, const char *name, const char **bytes, size_t *len,
                       struct error *err)
{
    const struct library *library = handle;
    const struct policy_source *source = library->wanted->source;
    struct policy_text text = {.name = name, .what = arena_printf(library->mem, "'%s'", name)};
    bool opened;
    if (strncmp(name, "site:", strlen("site:")) == 0)
        opened = open_of_site(library, &text, err);
    else if (library->of_floor)
        return error_set(err, FAULT_POLICY, "a floor cannot extend '%s': it is of the repository",
                         name);
    else
        opened = source->open(source, &text, library->mem, err);
    *bytes = text.bytes;
    *len = text.len;
    return opened;
}

static bool load(const struct policy_wanted *wanted, const struct policy_text *text, bool of_floor,
                 struct arena *mem, struct policy *policy, struct problems *found,
                 struct error *err)
{
    struct library library = {wanted, mem, of_floor};
    const struct policy_files files = {.open = open_named, .handle = &library};
    return policy_load(text->name, text->bytes, text->len, &files, mem, policy, found, err) ||
           error_at(err, text->name, 0, 0);
}

static bool load_default(struct arena *mem, struct policy *policy, struct problems *found,
                         struct error *err)
{
    const struct embedded *file = embedded_named("default");
    return policy_load(DEFAULT_POLICY, file->text, file->size, NULL, mem, policy, found, err);
}

static bool read_own(const struct policy_wanted *wanted, struct policy_text *text,
                     struct arena *mem, struct error *err)
{
    static const char first[] = "is that its path? `qgate init` writes a first one";
    if (text->name == wanted->file)
        return policytext_read(text, mem, err) || error_hint(err, first);
    if (!wanted->source->open(wanted->source, text, mem, err))
        return error_at(err, text->name, 0, 0);
    if (text->bytes != NULL)
        return true;
    error_set(err, FAULT_POLICY, "%s cannot be opened: %s", text->what, strerror(ENOENT));
    error_hint(err, first);
    return error_at(err, text->name, 0, 0);
}

bool policyfile_load_alone(const struct policy_wanted *wanted, struct arena *mem,
                           struct policy *policy, struct problems *found, struct error *err)
{
    struct policy_text text = {.name = wanted->path != NULL ? wanted->path : wanted->file,
                               .what = "the policy"};
    if (text.name == NULL)
        return load_default(mem, policy, found, err);
    return read_own(wanted, &text, mem, err) &&
           load(wanted, &text, /* of_floor */ false, mem, policy, found, err);
}

static bool add_waivers(const struct policy_wanted *wanted, struct arena *mem,
                        struct policy *policy, struct problems *found, struct error *err)
{
    struct policy_text text = {.name = wanted->context->waivers,
                               .what = "the file of QGATE_WAIVERS"};
    if (text.name == NULL)
        return true;
    if (!policytext_read(&text, mem, err))
        return false;
    policy_add_waivers(policy, text.name, text.bytes, text.len, mem, found);
    return true;
}

/* The floor's text; bytes stay NULL when nobody has laid one. */
static bool find_floor(const struct policy_wanted *wanted, struct policy_text *text,
                       struct arena *mem, struct error *err)
{
    text->what = "the floor";
    text->name = wanted->floor != NULL ? wanted->floor : wanted->context->floor;
    if (text->name != NULL)
        return policytext_read(text, mem, err);
    text->name = site_path(wanted, "floor.yml", mem);
    return policytext_read_if_there(text, mem, err) || error_at(err, text->name, 0, 0);
}

static bool add_floor(const struct policy_wanted *wanted, struct arena *mem, struct policy *policy,
                      struct problems *found, struct error *err)
{
    struct policy_text text = {0};
    struct policy *floor = arena_new_item(mem, struct policy);
    if (!find_floor(wanted, &text, mem, err))
        return false;
    if (text.bytes == NULL)
        return true;
    if (!load(wanted, &text, /* of_floor */ true, mem, floor, found, err))
        return false;
    policy_add_floor(policy, floor, mem, found);
    for (size_t i = 0; i < floor->warnings.count; i++)
        problem_add(&policy->warnings, floor->warnings.items[i].at, "%s",
                    floor->warnings.items[i].what);
    return true;
}

bool policyfile_complete(const struct policy_wanted *wanted, struct arena *mem,
                         struct policy *policy, struct problems *found, struct error *err)
{
    /* the floor last: what it says of waivers holds for those of the environment as well */
    if (!add_waivers(wanted, mem, policy, found, err) ||
        !add_floor(wanted, mem, policy, found, err))
        return false;
    problems_sort(found);
    return true;
}

bool policyfile_load(const struct policy_wanted *wanted, struct arena *mem, struct policy *policy,
                     struct problems *found, struct error *err)
{
    if (!policyfile_load_alone(wanted, mem, policy, found, err))
        return false;
    /* what others add to a policy with mistakes would only say them again */
    return found->count > 0 || policyfile_complete(wanted, mem, policy, found, err);
}
