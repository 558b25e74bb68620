#include "gates/delivery/places.h"

#include <string.h>

#include "gates/base/text.h"

#define BETWEEN "-_."

/* Longer words first where one begins with another. */
static const struct {
    const char *word;
    enum tier tier;
} environments[] = {
    {"production", TIER_PRODUCTION},
    {"prod", TIER_PRODUCTION},
    {"prd", TIER_PRODUCTION},
    {"live", TIER_PRODUCTION},
    {"preproduction", TIER_STAGING},
    {"preprod", TIER_STAGING},
    {"staging", TIER_STAGING},
    {"stage", TIER_STAGING},
    {"stg", TIER_STAGING},
    {"acceptance", TIER_STAGING},
    {"uat", TIER_STAGING},
    {"testing", TIER_TESTING},
    {"test", TIER_TESTING},
    {"tst", TIER_TESTING},
    {"integration", TIER_TESTING},
    {"qa", TIER_TESTING},
    {"e2e", TIER_TESTING},
    {"development", TIER_DEVELOPMENT},
    {"dev", TIER_DEVELOPMENT},
    {"sandbox", TIER_DEVELOPMENT},
    {"demo", TIER_OTHER},
    {"training", TIER_OTHER},
};

/* Regions of the clouds begin so; of these some stand alone as well. */
static const char areas[] = "eu us af ap asia sa na ca me cn il mx europe africa australia "
                            "northamerica southamerica emea apac amer latam uk de fr";
static const char alone[] = "eu us af ap asia sa na emea apac amer latam uk de fr";
static const char azure[] =
    "westeurope northeurope eastus eastus2 westus westus2 westus3 centralus uksouth ukwest "
    "southeastasia eastasia germanywestcentral francecentral southafricanorth";
static const char directions[] =
    "north south east west central northeast northwest southeast southwest";

static bool is_environment(const char *word, size_t len)
{
    for (size_t i = 0; i < sizeof environments / sizeof environments[0]; i++)
        if (text_is_nocase(word, len, environments[i].word))
            return true;
    return false;
}

enum tier tier_guess(const char *name)
{
    for (size_t i = 0; i < sizeof environments / sizeof environments[0]; i++)
        if (text_is_nocase(name, strlen(name), environments[i].word))
            return environments[i].tier;
    return TIER_OTHER;
}

/* --- words ----------------------------------------------------------------------------------- */

static bool is_end(char c)
{
    return c == '\0' || c == '/' || strchr(BETWEEN, c) != NULL;
}

/* Letters, then digits perhaps: the length of the letters. */
static size_t letters_of(const char *word, size_t len)
{
    size_t letters = 0;
    while (letters < len && (word[letters] < '0' || word[letters] > '9'))
        letters++;
    return letters;
}

static size_t word_length(const char *at)
{
    return strcspn(at, "/" BETWEEN);
}

/* The length of a region that begins here, 0 when none does: eu, eu-west-1, europe-west4. */
static size_t region_at(const char *at)
{
    size_t area = word_length(at), digits = 0;
    if (text_lists(azure, at, area))
        return area;
    if (!text_lists(areas, at, area))
        return 0;
    size_t len = text_lists(alone, at, area) ? area : 0;
    if (at[area] != '-')
        return len;
    const char *direction = at + area + 1;
    size_t size = word_length(direction), letters = letters_of(direction, size);
    if (!text_lists(directions, direction, letters))
        return len;
    len = area + 1 + size;
    if (letters == size && at[len] == '-')
        digits = strspn(at + len + 1, "0123456789");
    return digits > 0 && is_end(at[len + 1 + digits]) ? len + 1 + digits : len;
}

static size_t environment_at(const char *at)
{
    size_t len = word_length(at);
    return is_environment(at, len) ? len : 0;
}

/* The first word for which `length_at` has a length; a whole part when `whole`. */
static const char *find_word(const char *text, size_t (*length_at)(const char *at), bool whole,
                             struct arena *mem)
{
    for (const char *at = text; *at != '\0'; at += *at != '\0') {
        size_t len = length_at(at);
        const char *end = at + len;
        bool begins = at == text || at[-1] == '/';
        bool ends = *end == '\0' || *end == '/' || (*end == '.' && strchr(end, '/') == NULL);
        if (len > 0 && (!whole || (begins && ends)))
            return arena_copy(mem, at, len);
        at += word_length(at);
    }
    return NULL;
}

/* The parts of a path in which the environment stands. */
static const char *find_beside(const char *text, const char *environment, struct arena *mem)
{
    for (const char *part = text; *part != '\0'; part += *part == '/') {
        size_t len = strcspn(part, "/");
        const char *own = arena_copy(mem, part, len);
        const char *without = word_replaced(own, environment, "", mem);
        const char *found = without == own ? NULL : find_word(without, region_at, false, mem);
        if (found != NULL)
            return found;
        part += len;
    }
    return NULL;
}

void places_find(const char *text, struct arena *mem, struct places *places)
{
    *places = (struct places){.environment = find_word(text, environment_at, true, mem)};
    if (places->environment == NULL)
        places->environment = find_word(text, environment_at, false, mem);
    if (places->environment != NULL)
        places_find_region(text, mem, places);
}

void places_find_region(const char *text, struct arena *mem, struct places *places)
{
    places->region = find_word(text, region_at, true, mem);
    if (places->region == NULL)
        places->region = find_beside(text, places->environment, mem);
}

bool places_is_structure(const char *word)
{
    static const char words[] =
        "app apps application applications argocd base chart charts cluster clusters common "
        "components config configs deploy deployment deployments env environment environments envs "
        "flux gitops helm helmfile image images infra k8s kubernetes kustomization kustomize "
        "manifests namespaces overlay overlays platform region regions release releases service "
        "services src stacks tenants value values version versions workloads";
    return text_lists(words, word, strlen(word));
}

/* --- templates ------------------------------------------------------------------------------- */

const char *word_replaced(const char *text, const char *word, const char *by, struct arena *mem)
{
    size_t len = strlen(word);
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word))
        if ((at == text || is_end(at[-1])) && is_end(at[len]))
            return arena_printf(mem, "%.*s%s%s", (int)(at - text), text, by, at + len);
    return text;
}

/* Every time that it stands there. */
static const char *all_replaced(const char *text, const char *word, const char *by,
                                struct arena *mem)
{
    for (const char *next; word != NULL; text = next)
        if ((next = word_replaced(text, word, by, mem)) == text)
            break;
    return text;
}

const char *places_template(const char *text, const struct places *places, struct arena *mem)
{
    /* the region first: it may hold `-` as the words around it do */
    const char *template = all_replaced(text, places->region, "{region}", mem);
    return all_replaced(template, places->environment, "{environment}", mem);
}

const char *template_rest(const char *part, struct arena *mem)
{
    const char *end = part + strlen(part);
    while (*part == '{' && strchr(part, '}') != NULL) {
        part = strchr(part, '}') + 1;
        part += strspn(part, BETWEEN);
    }
    while (end > part && end[-1] == '}') {
        while (end > part && *--end != '{')
            continue;
        while (end > part && strchr(BETWEEN, end[-1]) != NULL)
            end--;
    }
    size_t len = (size_t)(end > part ? end - part : 0);
    return len == 0 || memchr(part, '{', len) != NULL ? NULL : arena_copy(mem, part, len);
}
