#include "gates/base/day.h"

#include <stdio.h>
#include <string.h>

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return lengths[month - 1] + (month == 2 && is_leap(year));
}

/* The value of `count` digits, -1 when there is something else. */
static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* Years are counted from March, so that the leap day is their last. */
bool day_of(int year, int month, int of_month, int32_t *day)
{
    if (year < 1970 || year > 9999 || month < 1 || month > 12 || of_month < 1 ||
        of_month > month_length(year, month))
        return false;
    int y = year - (month <= 2), m = month > 2 ? month - 3 : month + 9;
    *day = y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + of_month - 1 - 719468;
    return true;
}

/* What stands at the beginning of `text`, which has at least ten characters. */
static bool day_at(const char *text, int32_t *day)
{
    return text[4] == '-' && text[7] == '-' &&
           day_of(digits(text, 4), digits(text + 5, 2), digits(text + 8, 2), day);
}

bool day_parse(const char *text, int32_t *day)
{
    return strlen(text) == strlen("2027-03-01") && day_at(text, day);
}

/* "12:00" or "1200" at `text`: minutes; -1 for something else. *size: how many characters it has.
 */
static int clock_at(const char *text, size_t len, size_t *size)
{
    size_t colon = len > 2 && text[2] == ':';
    if (len < 4 + colon)
        return -1;
    int hour = digits(text, 2), minute = digits(text + 2 + colon, 2);
    *size = 4 + colon;
    return hour < 0 || hour > 23 || minute < 0 || minute > 59 ? -1 : hour * 60 + minute;
}

/* Nothing, `Z`, or a distance from UTC in minutes. */
static bool zone_at(const char *text, size_t len, int *minutes)
{
    size_t size = 0;
    *minutes = 0;
    if (len == 0 || (len == 1 && (text[0] == 'Z' || text[0] == 'z')))
        return true;
    int away = text[0] == '+' || text[0] == '-' ? clock_at(text + 1, len - 1, &size) : -1;
    *minutes = text[0] == '-' ? -away : away;
    return away >= 0 && size + 1 == len;
}

bool instant_parse(const char *text, size_t len, int64_t *seconds)
{
    int32_t day = 0;
    size_t at = strlen("2027-03-01"), size = 0;
    if (len < at + 1 || !day_at(text, &day) || (text[at] != 'T' && text[at] != ' '))
        return false;
    int minutes = clock_at(text + at + 1, len - at - 1, &size), second = 0, zone = 0;
    at += 1 + size;
    if (minutes < 0)
        return false;
    if (at + 2 < len && text[at] == ':') {
        second = digits(text + at + 1, 2);
        at += 3;
        if (at < len && (text[at] == '.' || text[at] == ','))
            for (at++; at < len && text[at] >= '0' && text[at] <= '9';)
                at++;
    }
    if (second < 0 || second > 60 || !zone_at(text + at, len - at, &zone))
        return false;
    *seconds = (int64_t)day * 86400 + (int64_t)(minutes - zone) * 60 + second;
    return true;
}

const char *day_text(char buffer[48], int32_t day)
{
    int year = 1970, month = 1;
    for (; day >= 365 + is_leap(year); year++)
        day -= 365 + is_leap(year);
    for (; day >= month_length(year, month); month++)
        day -= month_length(year, month);
    snprintf(buffer, 48, "%04d-%02d-%02d", year, month, (int)day + 1);
    return buffer;
}
