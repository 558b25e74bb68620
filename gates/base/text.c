#include "gates/base/text.h"

#include <string.h>
#include <strings.h>

#include "gates/base/arena.h"

/* The second byte's range keeps out overlong forms, surrogates and what is too large. */
static bool second_fits(unsigned char first, unsigned char second)
{
    const unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    return second >= least && second <= most;
}

size_t utf8_length(const char *text, size_t len)
{
    if (len == 0)
        return 0;
    const unsigned char *b = (const unsigned char *)text;
    if (b[0] < 0x80)
        return 1;
    size_t size = b[0] >= 0xF0 ? 4 : b[0] >= 0xE0 ? 3 : 2;
    if (b[0] < 0xC2 || b[0] > 0xF4 || size > len)
        return 0;
    if (!second_fits(b[0], b[1]))
        return 0;
    for (size_t i = 2; i < size; i++)
        if ((b[i] & 0xC0) != 0x80)
            return 0;
    return size;
}

uint32_t utf8_point(const char *text, size_t size)
{
    const unsigned char *b = (const unsigned char *)text;
    switch (size) {
    case 2:
        return (uint32_t)(b[0] & 0x1F) << 6 | (b[1] & 0x3F);
    case 3:
        return (uint32_t)(b[0] & 0x0F) << 12 | (uint32_t)(b[1] & 0x3F) << 6 | (b[2] & 0x3F);
    case 4:
        return (uint32_t)(b[0] & 0x07) << 18 | (uint32_t)(b[1] & 0x3F) << 12 |
               (uint32_t)(b[2] & 0x3F) << 6 | (b[3] & 0x3F);
    default:
        return b[0];
    }
}

struct range {
    uint32_t first, last;
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t point)
{
    for (size_t i = 0; i < count; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

#define IN_RANGES(ranges, point) in_ranges(ranges, sizeof(ranges) / sizeof(ranges)[0], point)

/* Cc, Zl, Zp and the characters that turn the reading direction: they could forge what is shown. */
static bool is_control(uint32_t point)
{
    static const struct range controls[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},
        {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
    };
    return IN_RANGES(controls, point);
}

size_t text_width(const char *text)
{
    static const struct range combining[] = {
        {0x0300, 0x036F}, {0x200B, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
    };
    static const struct range wide[] = {
        {0x1100, 0x115F},   {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
        {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
    };
    size_t width = 0;
    for (size_t left = strlen(text); left > 0;) {
        size_t size = utf8_length(text, left);
        if (size == 0)
            size = 1;
        uint32_t point = utf8_point(text, size);
        width += IN_RANGES(combining, point) ? 0 : IN_RANGES(wide, point) ? 2 : 1;
        text += size;
        left -= size;
    }
    return width;
}

/* Is the text the beginning of a character, not all of it? */
static bool begins_one(const char *text, size_t len)
{
    static const char behind[] = {'\x80', '\xA0'}; /* one of the two may follow every first byte */
    char whole[4];
    for (size_t i = 0; i < sizeof behind && len < sizeof whole; i++) {
        memset(whole, behind[i], sizeof whole);
        memcpy(whole, text, len);
        if (utf8_length(whole, sizeof whole) > len)
            return true;
    }
    return false;
}

/* What stands for a character that may not be there; NUL: it may. size 0: no character at all. */
static char stand_in(const char *text, size_t size)
{
    if (size == 1 && (*text == '\n' || *text == '\t' || *text == '\r'))
        return ' ';
    return size == 0 || is_control(utf8_point(text, size)) ? '?' : '\0';
}

size_t text_clean(char *text, size_t len)
{
    size_t replaced = 0, out = 0;
    while (out < len && text[out] >= ' ' && text[out] < 0x7F) /* most texts hold nothing else */
        out++;
    for (size_t i = out; i < len;) {
        size_t size = utf8_length(text + i, len - i);
        if (size == 0 && begins_one(text + i, len - i))
            break;
        const char instead = stand_in(text + i, size);
        size = size == 0 ? 1 : size;
        if (instead != '\0') {
            text[out++] = instead;
            replaced += instead == '?';
        } else {
            memmove(text + out, text + i, size);
            out += size;
        }
        i += size;
    }
    text[out] = '\0';
    return replaced;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

const char *text_keep(struct arena *mem, const char *text, size_t len, size_t max)
{
    while (len > 0 && is_space(text[0])) {
        text++;
        len--;
    }
    while (len > 0 && is_space(text[len - 1]))
        len--;
    bool cut = len > max;
    if (cut) {
        len = max;
        while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
            len--;
    }
    char *copy = arena_alloc(mem, len + sizeof "…");
    memcpy(copy, text, len);
    text_clean(copy, len);
    if (cut)
        memcpy(copy + strlen(copy), "…", sizeof "…");
    return copy;
}

bool text_is(const char *text, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(text, word, len) == 0;
}

bool text_is_nocase(const char *text, size_t len, const char *word)
{
    return strlen(word) == len && strncasecmp(text, word, len) == 0;
}

bool text_lists(const char *list, const char *word, size_t len)
{
    if (len == 0)
        return false;
    for (const char *at = list; at != NULL && *at != '\0';) {
        size_t size = strcspn(at, " ");
        if (size == len && memcmp(at, word, len) == 0)
            return true;
        at += size + (at[size] == ' ');
    }
    return false;
}

const char *text_or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

int text_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned text_distance(const char *a, const char *b, unsigned most)
{
    enum { LONGEST = 63 };
    size_t n = strlen(a), m = strlen(b);
    if (n > LONGEST || m > LONGEST || (n > m ? n - m : m - n) > most)
        return most + 1;
    unsigned cost[LONGEST + 1][LONGEST + 1];
    for (unsigned i = 0; i <= n; i++)
        for (unsigned j = 0; j <= m; j++) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            unsigned change = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            cost[i][j] = least(change, 1 + least(cost[i - 1][j], cost[i][j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i][j] = least(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    return least(cost[n][m], most + 1);
}
