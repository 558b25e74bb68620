/* The `timeStamp` of a JMeter sample. */
#include <string.h>

#include "gates/read/jmeter.h"

/* 9999-12-31: larger numbers are no time. */
#define LAST_MS UINT64_C(253402300799999)

/* Digits of a pattern: y year, M month, d day, H hour, m minute, s second, S millisecond. */
enum part { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, MILLISECOND, PARTS };

/* `text` laid over `pattern`: letters of the table are digits, everything else stands for itself.
 */
static bool parts_of(const char *text, size_t len, const char *pattern, unsigned parts[PARTS])
{
    static const char letters[] = "yMdHmsS";
    if (strlen(pattern) != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        const char *letter = strchr(letters, pattern[i]);
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (letter == NULL ? text[i] != pattern[i] : !digit)
            return false;
        if (letter != NULL)
            parts[letter - letters] = parts[letter - letters] * 10 + (unsigned)(text[i] - '0');
    }
    return true;
}

/* Days since 1970-01-01 of a date in the Gregorian calendar. Years are counted from March, so that
 * the leap day is their last. */
static int64_t days_of(unsigned year, unsigned month, unsigned day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t m = month > 2 ? month - 3 : month + 9;
    return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - 719468;
}

static bool in_range(const unsigned p[PARTS])
{
    return p[MONTH] >= 1 && p[MONTH] <= 12 && p[DAY] >= 1 && p[DAY] <= 31 && p[HOUR] < 24 &&
           p[MINUTE] < 60 && p[SECOND] < 60;
}

bool jmeter_time(const char *text, size_t len, int64_t *ms, bool *to_ms)
{
    static const char *const patterns[] = {
        "yyyy/MM/dd HH:mm:ss",     "yyyy/MM/dd HH:mm:ss.SSS", "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd HH:mm:ss.SSS", "MM/dd/yy HH:mm:ss",
    };
    uint64_t number = 0;
    if (number_parse_count(text, len, &number) && number <= LAST_MS) {
        *ms = (int64_t)number;
        return *to_ms = true;
    }
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        unsigned p[PARTS] = {0};
        if (!parts_of(text, len, patterns[i], p) || !in_range(p))
            continue;
        if (patterns[i][0] == 'M') /* two digits: 1970 to 2069 */
            p[YEAR] += p[YEAR] < 70 ? 2000 : 1900;
        int64_t minutes = (days_of(p[YEAR], p[MONTH], p[DAY]) * 24 + p[HOUR]) * 60 + p[MINUTE];
        *ms = (minutes * 60 + p[SECOND]) * 1000 + p[MILLISECOND];
        *to_ms = strchr(patterns[i], 'S') != NULL;
        return true;
    }
    return false;
}
