/* The `timeStamp` of a JMeter sample. */
#include <string.h>

#include "gates/base/day.h"
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
        int32_t day = 0;
        if (!parts_of(text, len, patterns[i], p))
            continue;
        if (patterns[i][0] == 'M') /* two digits: 1970 to 2069 */
            p[YEAR] += p[YEAR] < 70 ? 2000 : 1900;
        if (p[HOUR] > 23 || p[MINUTE] > 59 || p[SECOND] > 59 ||
            !day_of((int)p[YEAR], (int)p[MONTH], (int)p[DAY], &day))
            return false;
        int64_t minutes = ((int64_t)day * 24 + p[HOUR]) * 60 + p[MINUTE];
        *ms = (minutes * 60 + p[SECOND]) * 1000 + p[MILLISECOND];
        *to_ms = strchr(patterns[i], 'S') != NULL;
        return true;
    }
    return false;
}
