/* Which files hold no line of code.
 *
 * Told line by line, without knowing the language: only what is a comment wherever it stands counts
 * as one. A text that begins a string over several lines is code on its first line.
 */
#include <string.h>

#include "gates/base/path.h"
#include "gates/base/text.h"
#include "runner/history/content.h"

/* How comments begin. What would make the rest of such a line code is no comment. */
enum style { STYLE_NONE, STYLE_SLASHES, STYLE_HASH, STYLE_DASHES, STYLE_SEMICOLON, STYLE_PERCENT };

/* Not here: languages where comments look otherwise outside of some brackets, and assemblers, whose
 * comment signs differ by machine. */
static const struct {
    enum style style;
    const char *extensions;
} languages[] = {
    {STYLE_SLASHES, "c h cc cpp cxx hh hpp hxx m mm cs d dart go groovy java proto rs scala swift"},
    {STYLE_SLASHES, "js mjs cjs jsx ts mts cts tsx kt kts"},
    {STYLE_HASH, "py pyi rb sh bash zsh ksh pl pm r yml yaml toml ex exs"},
    {STYLE_DASHES, "sql hs lua adb ads elm"},
    {STYLE_SEMICOLON, "clj cljs cljc lisp el scm rkt"},
    {STYLE_PERCENT, "erl hrl"},
};

static enum style style_of(const char *path)
{
    const char *dot = strrchr(path_name(path), '.');
    size_t len = dot == NULL ? 0 : strlen(++dot);
    for (size_t i = 0; len > 0 && i < sizeof languages / sizeof languages[0]; i++)
        if (text_lists(languages[i].extensions, dot, len))
            return languages[i].style;
    return STYLE_NONE;
}

static bool holds(const char *text, size_t len, const char *word)
{
    return memmem(text, len, word, strlen(word)) != NULL;
}

/* Characters that end a line for some compilers, and escapes that Java reads before it looks for
 * comments: code could hide behind them. */
static bool is_tricky(const char *text, size_t len)
{
    return holds(text, len, "\\u") || holds(text, len, "\xC2\x85") ||
           holds(text, len, "\xE2\x80\xA8") || holds(text, len, "\xE2\x80\xA9");
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static const char *skip_line(const char *at, const char *end)
{
    while (at < end && *at != '\n' && *at != '\r')
        at++;
    return at;
}

/* Behind the comment that begins here; NULL: none does. */
static const char *skip_slashes(const char *at, const char *end)
{
    if (end - at < 2 || at[0] != '/')
        return NULL;
    if (at[1] == '/')
        return skip_line(at, end);
    if (at[1] != '*')
        return NULL;
    const char *close = memmem(at + 2, (size_t)(end - at) - 2, "*/", 2);
    return close == NULL ? NULL : close + 2;
}

static const char *skip_comment(enum style style, const char *at, const char *end)
{
    char next = end - at < 2 ? '\n' : at[1], third = end - at < 3 ? '\n' : at[2];
    switch (style) {
    case STYLE_SLASHES:
        return skip_slashes(at, end);
    case STYLE_HASH:
        return *at == '#' ? skip_line(at, end) : NULL;
    case STYLE_DASHES: /* `--[[ x ]] code` in Lua, `-->` in Haskell, `--1` in SQL */
        return *at == '-' && next == '-' && is_blank(third) ? skip_line(at, end) : NULL;
    case STYLE_SEMICOLON:
        return *at == ';' ? skip_line(at, end) : NULL;
    case STYLE_PERCENT:
        return *at == '%' ? skip_line(at, end) : NULL;
    default:
        return NULL;
    }
}

bool content_has_no_code(const struct content *content, const char *path)
{
    const char *at = content->bytes, *end = at + content->len;
    enum style style = style_of(path);
    while (at < end) {
        if (!is_blank(*at)) {
            at = skip_comment(style, at, end);
            if (at == NULL)
                return false;
        } else {
            at++;
        }
    }
    return style == STYLE_NONE || !is_tricky(content->bytes, content->len);
}
