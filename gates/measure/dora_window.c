/* The words for a time that is looked at. */
#include <string.h>

#include "gates/base/day.h"
#include "gates/measure/dora.h"

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

bool dora_window_read(const char *text, int32_t today, struct dora_window *window)
{
    static const struct {
        const char *name;
        int32_t days;
    } usual[] = {{"7d", 7}, {"28d", 28}, {"90d", 90}, {"182d", 182}};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (strcmp(text, usual[i].name) == 0) {
            int32_t from = today - usual[i].days + 1;
            *window = (struct dora_window){from < 0 ? 0 : from, today};
            return true;
        }
    return read_days(text, window);
}
