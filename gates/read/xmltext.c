/* What needs no parser: gathering texts, and a look at the head of a document. */
#include <string.h>

#include "gates/read/xml.h"

void xml_text_clear(struct xml_text *text)
{
    text->len = 0;
    text->text[0] = '\0';
}

/* memmove() on purpose: of a memcpy() whose size has a ceiling gcc makes `rep movs`, which takes
 * longer to start than most names take to copy. */
void xml_gather(struct xml_text *into, const char *text, size_t len)
{
    size_t room = sizeof into->text - 1 - into->len, take = len < room ? len : room;
    memmove(into->text + into->len, text, take);
    into->len += take;
    into->text[into->len] = '\0';
}

void xml_take(struct xml_text *into, const struct xml_value *value)
{
    size_t room = sizeof into->text - 1;
    into->len = value->len < room ? value->len : room;
    if (into->len > 0)
        memmove(into->text, value->text, into->len);
    into->text[into->len] = '\0';
}

void xml_copy(struct xml_text *into, const struct xml_tag *tag, const char *name)
{
    struct xml_value value = {0};
    value.text = xml_attr(tag, name, &value.len);
    xml_take(into, &value);
}

static const char *behind(const char *at, const char *end, const char *mark)
{
    const char *found = memmem(at, (size_t)(end - at), mark, strlen(mark));
    return found == NULL ? end : found + strlen(mark);
}

/* Behind the `>` that ends a DOCTYPE: not one inside quotes or brackets. */
static const char *behind_doctype(const char *at, const char *end)
{
    bool inside = false;
    for (; at < end; at++) {
        if (*at == '"' || *at == '\'') {
            const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));
            if (close == NULL)
                return end;
            at = close;
        } else if (*at == '[' || *at == ']') {
            inside = *at == '[';
        } else if (*at == '>' && !inside) {
            return at + 1;
        }
    }
    return end;
}

static bool starts(const char *at, const char *end, const char *word)
{
    return (size_t)(end - at) >= strlen(word) && memcmp(at, word, strlen(word)) == 0;
}

/* Behind everything that may stand before the root element. */
static const char *behind_prolog(const char *at, const char *end)
{
    if (starts(at, end, "\xEF\xBB\xBF"))
        at += 3;
    for (;;) {
        while (at < end && strchr(" \t\r\n", *at) != NULL)
            at++;
        if (starts(at, end, "<?"))
            at = behind(at, end, "?>");
        else if (starts(at, end, "<!--"))
            at = behind(at, end, "-->");
        else if (starts(at, end, "<!DOCTYPE"))
            at = behind_doctype(at, end);
        else
            return at;
    }
}

const char *xml_root(const char *head, size_t len, size_t *name_len)
{
    const char *end = head + len, *at = behind_prolog(head, end);
    if (at == end || *at != '<')
        return NULL;
    const char *name = at + 1;
    for (at = name; at < end && strchr(" \t\r\n/>", *at) == NULL; at++)
        if (*at == ':')
            name = at + 1;
    *name_len = (size_t)(at - name);
    return *name_len > 0 && at < end ? name : NULL;
}
