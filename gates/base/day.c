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

bool day_parse(const char *text, int32_t *day)
{
    if (strlen(text) != strlen("2027-03-01") || text[4] != '-' || text[7] != '-')
        return false;
    int year = digits(text, 4), month = digits(text + 5, 2), of_month = digits(text + 8, 2);
    if (year < 1970 || month < 1 || month > 12 || of_month < 1 ||
        of_month > month_length(year, month))
        return false;
    int32_t days = 0;
    for (int y = 1970; y < year; y++)
        days += 365 + is_leap(y);
    for (int m = 1; m < month; m++)
        days += month_length(year, m);
    *day = days + of_month - 1;
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
