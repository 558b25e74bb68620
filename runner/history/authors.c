#include "runner/history/authors.h"

#include <string.h>

#include "gates/base/glob.h"

void authors_init(struct authors *authors, struct names *people, const struct words *bots,
                  struct arena *mem)
{
    *authors = (struct authors){.people = people, .bots = bots, .mem = mem};
    names_init(&authors->texts, mem);
}

static char *lower(struct arena *mem, const char *text, size_t len)
{
    char *copy = arena_copy(mem, text, len);
    for (char *at = copy; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + ('a' - 'A'));
    return copy;
}

/* A program that writes commits, by the names that such programs give themselves. */
static bool is_known_bot(const char *name)
{
    static const char *const bots[] = {"**\\[bot]**",
                                       "**_bot_**",
                                       "**-bot",
                                       "renovate**",
                                       "dependabot**",
                                       "gitlab bot**",
                                       "argocd-image-updater**"};
    for (size_t i = 0; i < sizeof bots / sizeof bots[0]; i++)
        if (glob_match(bots[i], name))
            return true;
    return false;
}

/* All in small letters. */
static bool is_bot(const struct authors *authors, const char *name, const char *address)
{
    const char *user = arena_copy(authors->mem, address, strcspn(address, "@"));
    if (is_known_bot(name) || is_known_bot(user))
        return true;
    for (size_t i = 0; authors->bots != NULL && i < authors->bots->count; i++) {
        const char *bot = authors->bots->items[i];
        bot = lower(authors->mem, bot, strlen(bot));
        if (glob_match(bot, name) || glob_match(bot, user) || glob_match(bot, address))
            return true;
    }
    return false;
}

static void meet(struct authors *authors, const char *text)
{
    size_t len = strcspn(text, "\n");
    const char *name = lower(authors->mem, text, len);
    const char *address = text[len] == '\0' ? "" : text + len + 1;
    address = lower(authors->mem, address, strlen(address));
    struct author *author = array_add(authors->mem, &authors->known);
    author->person = (uint32_t)names_add(authors->people, address, strlen(address));
    author->bot = is_bot(authors, name, address);
}

static uint32_t add(struct authors *authors, const char *text, size_t len)
{
    size_t index = names_add(&authors->texts, text, len);
    if (index == authors->known.count)
        meet(authors, authors->texts.texts.items[index]);
    return (uint32_t)index;
}

uint32_t authors_add_text(struct authors *authors, const char *text)
{
    return add(authors, text, strlen(text));
}

uint32_t authors_add(struct authors *authors, const char *name, const char *address)
{
    size_t before = strlen(name), behind = strlen(address), len = before + 1 + behind;
    if (len >= authors->buffer.room) {
        authors->buffer.room = len * 2;
        authors->buffer.items = arena_alloc(authors->mem, authors->buffer.room);
    }
    char *at = mempcpy(authors->buffer.items, name, before);
    *at = '\n';
    memcpy(at + 1, address, behind + 1);
    return add(authors, authors->buffer.items, len);
}
