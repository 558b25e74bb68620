#include "runner/render/page.h"

#include <string.h>

#include "gates/base/text.h"

enum { HANGING = 2, GAP = 2 };

/* Our own characters that a plain terminal may not have. */
static const struct spelling {
    const char *utf8, *ascii;
} spellings[] = {{"…", "..."}, {" · ", ", "}, {"→", "->"}};

static const struct spelling *spelling_at(const char *text)
{
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (strncmp(text, spellings[i].utf8, strlen(spellings[i].utf8)) == 0)
            return &spellings[i];
    return NULL;
}

/* A harmless copy, as this page can show it. No spelling is longer in ASCII than in UTF-8. */
static char *shown(const struct page *page, struct arena *mem, const char *text)
{
    size_t len = strlen(text);
    char *copy = arena_copy(mem, text, len);
    text_clean(copy, len);
    if (page->utf8)
        return copy;
    char *out = copy;
    for (const char *at = copy; *at != '\0';) {
        const struct spelling *spelling = spelling_at(at);
        if (spelling == NULL) {
            *out++ = *at++;
            continue;
        }
        at += strlen(spelling->utf8);
        memcpy(out, spelling->ascii, strlen(spelling->ascii));
        out += strlen(spelling->ascii);
    }
    *out = '\0';
    return copy;
}

/* Bytes of the character at `text`, which is not empty, and the columns it takes. */
static size_t character(const char *text, size_t *width)
{
    char one[5] = "";
    size_t size = utf8_length(text, strnlen(text, sizeof one - 1));
    if (size == 0)
        size = 1;
    memcpy(one, text, size);
    *width = text_width(one);
    return size;
}

/* Bytes of `text` in at most `width` columns. */
static size_t fitting(const char *text, size_t width)
{
    size_t size = 0;
    for (size_t used = 0, one; text[size] != '\0'; used += one) {
        size_t bytes = character(text + size, &one);
        if (used + one > width)
            break;
        size += bytes;
    }
    return size;
}

/* Bytes of the next line of `text`: up to a space when there is one, and at least one character. */
static size_t line_length(const char *text, size_t width)
{
    size_t size = fitting(text, width), one;
    if (text[size] == '\0' || text[size] == ' ')
        return size;
    for (size_t i = size; i > 0; i--)
        if (text[i - 1] == ' ')
            return i;
    return size > 0 ? size : character(text, &one);
}

static void put(const struct page *page, const char *text, size_t len)
{
    while (len > 0 && text[len - 1] == ' ')
        len--;
    fwrite(text, 1, len, page->out);
}

static void put_spaces(const struct page *page, size_t count)
{
    fprintf(page->out, "%*s", (int)count, "");
}

static void put_coloured(const struct page *page, const char *text, const char *colour)
{
    if (page->colour && *colour != '\0')
        fprintf(page->out, "\033[%sm%s\033[0m", colour, text);
    else
        fputs(text, page->out);
}

/* The rest of a wrapped text, every line at `indent`. */
static void put_wrapped(const struct page *page, size_t indent, const char *text)
{
    while (*text == ' ')
        text++;
    while (*text != '\0') {
        size_t size = line_length(text, page->columns - indent);
        put_spaces(page, indent);
        put(page, text, size);
        fputc('\n', page->out);
        text += size;
        while (*text == ' ')
            text++;
    }
}

static void put_right(const struct page *page, size_t at, const char *right)
{
    if (*right != '\0')
        fprintf(page->out, "%*s%s", (int)(page->columns - at - text_width(right)), "", right);
    fputc('\n', page->out);
}

/* What follows a mark or word that ends at column `at`. */
static void put_row(const struct page *page, struct arena *mem, size_t at, const char *left_text,
                    const char *right_text)
{
    const char *left = shown(page, mem, left_text), *right = shown(page, mem, right_text);
    size_t room = page->columns - at, wide = text_width(right), need = wide == 0 ? 0 : wide + GAP;
    bool beside = text_width(left) + need <= room || need <= room / 2;
    size_t size = line_length(left, beside ? room - need : room);
    put(page, left, size);
    char *first = arena_copy(mem, left, size);
    for (size_t i = size; i > 0 && first[i - 1] == ' '; i--)
        first[i - 1] = '\0';
    put_right(page, at + text_width(first), beside ? right : "");
    put_wrapped(page, at + HANGING, left + size);
    if (beside)
        return;
    if (wide <= room)
        put_right(page, 0, right);
    else
        put_wrapped(page, at + HANGING, right);
}

void page_row(const struct page *page, size_t indent, const struct mark *mark, const char *left,
              const char *right)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    put_spaces(page, indent);
    put_coloured(page, page->utf8 ? mark->utf8 : mark->ascii, mark->colour);
    put_spaces(page, 1);
    put_row(page, mem, indent + 2, left, right);
}

void page_lead_row(const struct page *page, const char *word, const char *colour, const char *left,
                   const char *right)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    put_coloured(page, word, colour);
    put_spaces(page, PAGE_LEAD - strlen(word));
    put_row(page, mem, PAGE_LEAD, left, right);
}

void page_paragraph(const struct page *page, size_t indent, const char *lead, const char *text)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const char *safe = shown(page, mem, text);
    size_t at = indent + strlen(lead), size = line_length(safe, page->columns - at);
    put_spaces(page, indent);
    fputs(lead, page->out);
    put(page, safe, size);
    fputc('\n', page->out);
    put_wrapped(page, at, safe + size);
}

/* Cut at the end, with `…`. */
static char *cut(const struct page *page, struct arena *mem, char *text, size_t width)
{
    if (text_width(text) <= width)
        return text;
    const char *dots = page->utf8 ? "…" : "...";
    size_t size = fitting(text, width - text_width(dots));
    return arena_printf(mem, "%.*s%s", (int)size, text, dots);
}

/* Cut in the middle: a third from the beginning, the rest from the end. */
static char *cut_middle(const struct page *page, struct arena *mem, char *text, size_t width)
{
    size_t whole = text_width(text);
    if (whole <= width)
        return text;
    const char *dots = page->utf8 ? "…" : "...";
    size_t left = width - text_width(dots), head = fitting(text, left / 3);
    const char *tail = text;
    for (size_t one; whole > left - left / 3; whole -= one)
        tail += character(tail, &one);
    return arena_printf(mem, "%.*s%s%s", (int)head, text, dots, tail);
}

void page_pair(const struct page *page, size_t indent, size_t column, const char *subject_text,
               const char *text, bool whole)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    char *subject = shown(page, mem, subject_text), *said = shown(page, mem, text);
    if (!whole)
        subject = cut_middle(page, mem, subject, page->columns - indent);
    size_t room = page->columns - indent, wide = text_width(subject);
    size_t at = (wide > column ? wide : column) + GAP;
    if (*said != '\0' && at + text_width(said) <= room) {
        fprintf(page->out, "%*s%s%*s%s\n", (int)indent, "", subject, (int)(at - wide), "", said);
        return;
    }
    put_wrapped(page, indent, subject);
    indent += HANGING;
    put_wrapped(page, indent, whole ? said : cut(page, mem, said, page->columns - indent));
}

void page_columns(const struct page *page, size_t indent, size_t column, const char *name_text,
                  const char *text)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const char *name = shown(page, mem, name_text);
    size_t wide = text_width(name);
    if (wide < column) {
        fprintf(page->out, "%*s%s%*s", (int)indent, "", name, (int)(column - wide), "");
    } else {
        put_wrapped(page, indent, name);
        put_spaces(page, indent + column);
    }
    put(page, text, strlen(text));
    fputc('\n', page->out);
}

size_t page_width(const struct page *page, const char *text)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    return text_width(shown(page, mem, text));
}
