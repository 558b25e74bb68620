/* The words for a time that is looked at. */
#include <string.h>

#include "gates/base/day.h"
#include "gates/measure/dora.h"
#include "gates/measure/measure.h"

/* "2027-01-01..2027-01-31" */
static bool read_days(const char *text, struct dora_window *window)
{
    enum { DAY_LENGTH = 10 };
    char from[DAY_LENGTH + 1] = "";
    if (strlen(text) != 2 * DAY_LENGTH + 2 || memcmp(text + DAY_LENGTH, "..", 2) != 0)
        return false;
    memcpy(from, text, DAY_LENGTH);
    return day_parse(from, &window->from_day) &&
           day_parse(text + DAY_LENGTH + 2, &window->to_day) && window->from_day <= window->to_day;
}

/* "28d" */
static bool read_count(const char *text, int32_t today, struct dora_window *window)
{
    enum { MOST_DAYS = 3660 };
    uint64_t days;
    size_t len = strlen(text);
    if (len < 2 || text[len - 1] != 'd' || !number_parse_count(text, len - 1, &days) || days == 0 ||
        days > MOST_DAYS)
        return false;
    int32_t from = today - (int32_t)days + 1;
    *window = (struct dora_window){from < 0 ? 0 : from, today};
    return true;
}

bool dora_window_read(const char *text, int32_t today, struct dora_window *window)
{
    return read_count(text, today, window) || read_days(text, window);
}

bool measure_window_known(const char *text)
{
    struct dora_window window;
    return dora_window_read(text, 0, &window);
}
