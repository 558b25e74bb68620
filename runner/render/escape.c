#include "runner/render/escape.h"

#include <ctype.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"

/* Rules are never cut: one that says less than it demands would be a lie. */
enum { MOST_BYTES = LIMIT_RULE_BYTES };

static const char *harmless(struct arena *mem, const char *text)
{
    return text_keep(mem, text, strlen(text), MOST_BYTES);
}

static size_t longest_run(const char *text, char of)
{
    size_t longest = 0;
    for (size_t run = 0; *text != '\0'; text++) {
        run = *text == of ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* GitLab's parser knows no delimiter of more than 80 backticks: a longer one would end nothing. */
static const char *without_long_runs(struct arena *mem, const char *text)
{
    enum { MOST_IN_A_ROW = 20 };
    char *copy = arena_copy(mem, text, strlen(text));
    size_t run = 0;
    for (char *at = copy; *at != '\0'; at++) {
        run = *at == '`' ? run + 1 : 0;
        if (run > MOST_IN_A_ROW) {
            *at = '\'';
            run = 0;
        }
    }
    return copy;
}

/* A span begins and ends with more backticks than stand in a row inside, and a space beside a
 * backtick of the text; an empty one is a space. */
static const char *span(struct arena *mem, const char *text)
{
    size_t len = strlen(text), count = longest_run(text, '`') + 1;
    char *fence = arena_alloc(mem, count + 1);
    memset(fence, '`', count);
    bool beside = len > 0 && (text[0] == '`' || text[len - 1] == '`');
    return arena_printf(mem, "%s%s%s%s%s", fence, len == 0 || beside ? " " : "", text,
                        beside ? " " : "", fence);
}

const char *escape_span(struct arena *mem, const char *text)
{
    return span(mem, without_long_runs(mem, harmless(mem, text)));
}

/* A character that is written as something else, and as what; NULL: it stands for itself. */
typedef const char *replacement(const char *at);

static const char *replaced(struct arena *mem, const char *text, replacement *instead)
{
    size_t size = 1;
    for (const char *at = text; *at != '\0'; at++)
        size += instead(at) == NULL ? 1 : strlen(instead(at));
    char *out = arena_alloc(mem, size), *to = out;
    for (const char *at = text; *at != '\0'; at++) {
        const char *other = instead(at);
        if (other == NULL)
            *to++ = *at;
        for (; other != NULL && *other != '\0'; other++)
            *to++ = *other;
    }
    return out;
}

static const char *in_cell(const char *at)
{
    return *at == '|' ? "\\|" : NULL;
}

const char *escape_cell(struct arena *mem, const char *text)
{
    return replaced(mem, escape_span(mem, text), in_cell);
}

/* U+FFFE and U+FFFF are characters, but not of XML: U+FFFD stands for them. */
static const char *xml_characters(struct arena *mem, const char *text)
{
    char *copy = arena_copy(mem, text, strlen(text));
    for (char *at = copy; (at = strstr(at, "\xEF\xBF")) != NULL; at += 2)
        if (at[2] == '\xBE' || at[2] == '\xBF')
            at[2] = '\xBD';
    return copy;
}

static const char *in_xml(const char *at)
{
    switch (*at) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

const char *escape_xml(struct arena *mem, const char *text)
{
    return replaced(mem, xml_characters(mem, harmless(mem, text)), in_xml);
}

static const char *in_label(const char *at)
{
    return *at == '\\' ? "\\\\" : *at == '"' ? "\\\"" : *at == '#' ? "?" : NULL;
}

const char *escape_label(struct arena *mem, const char *text)
{
    return replaced(mem, harmless(mem, text), in_label);
}

static const char *in_widget(const char *at)
{
    return *at == '<' ? "‹" : *at == '%' && at[1] == '{' ? "% " : NULL;
}

const char *escape_widget(struct arena *mem, const char *text)
{
    return replaced(mem, harmless(mem, text), in_widget);
}

static bool is_plain(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("._/-", c) != NULL);
}

const char *escape_percent(struct arena *mem, const char *text)
{
    size_t len = strlen(text);
    char *out = arena_alloc(mem, 3 * len + 1), *to = out;
    for (size_t i = 0; i < len; i++) {
        bool dashes = text[i] == '-' && i > 0 && text[i - 1] == '-';
        if (is_plain(text[i]) && !dashes) {
            *to++ = text[i];
            continue;
        }
        static const char digits[] = "0123456789ABCDEF";
        *to++ = '%';
        *to++ = digits[(unsigned char)text[i] >> 4];
        *to++ = digits[(unsigned char)text[i] & 15];
    }
    return out;
}

bool escape_is_address(const char *text)
{
    size_t scheme = strncmp(text, "https://", 8) == 0  ? 8
                    : strncmp(text, "http://", 7) == 0 ? 7
                                                       : 0;
    for (const char *at = text; *at != '\0'; at++)
        if (!is_plain(*at) && *at != ':' && *at != '%' && *at != '~')
            return false;
    return scheme > 0 && text[scheme] != '\0';
}
