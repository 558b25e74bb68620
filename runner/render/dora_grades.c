/* The score of DORA's Quick Check and the levels of its reports: where to look, no league. */
#include "runner/render/dora_sheet.h"

static const char *const names[DORA_RATED] = {"lead time", "deployments", "failures", "recovery",
                                              "rework"};

static const char *points(const struct dora_sheet *s, const char *name,
                          const struct dora_points *points)
{
    char buffer[48];
    if (!points->known)
        return "";
    return arena_printf(s->mem, "%s %s", name, number_text(buffer, points->points, 1));
}

/* Measures without points because they are taken from too little, or from nothing. */
static const char *missing(const struct dora_sheet *s)
{
    const char *few = "", *none = "";
    for (int i = 0; i < DORA_RATED; i++) {
        const struct dora_grade *grade = &s->answer->score.grades[i];
        if (grade->few)
            few = dora_listed(s->mem, few, names[i]);
        else if (!grade->points.known)
            none = dora_listed(s->mem, none, names[i]);
    }
    if (*few != '\0')
        few = arena_printf(s->mem, "too few for %s", few);
    if (*none != '\0')
        none = arena_printf(s->mem, "no data for %s", none);
    return dora_listed(s->mem, few, none);
}

static void put_points(const struct dora_sheet *s)
{
    char buffer[48];
    const struct dora_score *score = &s->answer->score;
    const char *text = points(s, "throughput", &score->throughput);
    text = dora_listed(s->mem, text, points(s, "stability", &score->stability));
    if (*text == '\0')
        return;
    for (int i = 0; i < DORA_RATED && !score->all.known; i++)
        text = dora_listed(s->mem, text, points(s, names[i], &score->grades[i].points));
    const char *lacking = missing(s);
    dora_sheet_row(s, arena_printf(s->mem, "score of %u, 0 to 10", s->view->ratings->year),
                   score->all.known ? number_text(buffer, score->all.points, 1) : "-",
                   *lacking == '\0' ? text : arena_printf(s->mem, "%s; %s", text, lacking));
}

static void put_levels(const struct dora_sheet *s)
{
    const char *text = "";
    for (int i = 0; i < DORA_RATED; i++) {
        const char *level = s->answer->score.grades[i].level;
        if (level != NULL)
            text = dora_listed(s->mem, text, arena_printf(s->mem, "%s %s", names[i], level));
    }
    if (*text != '\0')
        dora_sheet_row(s, arena_printf(s->mem, "levels of %u", s->view->levels->year), "", text);
}

void dora_sheet_score(const struct dora_sheet *s)
{
    put_points(s);
    put_levels(s);
}
