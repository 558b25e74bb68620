/* Scores and levels: the compiled-in data, and data with mistakes. */
#include <string.h>

#include "gates/delivery/ratings.h"
#include "tests/support/pool.h"
#include "tests/support/test.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* 28 days with `counted` deployments on `days_a_week`; medians in seconds; of ten each. */
static struct dora_figures figures_of(size_t counted, unsigned days_a_week, int64_t lead_s,
                                      size_t failed, int64_t recovery_s)
{
    return (struct dora_figures){
        .days = 28,
        .begun = true,
        .counted = counted,
        .weeks = 4,
        .days_a_week = number_of(days_a_week),
        .failed = failed,
        .unplanned = failed,
        .lead = {.count = 10, .p50 = lead_s * 1000},
        .recovery = {.count = 10, .p50 = recovery_s * 1000},
    };
}

/* "lead_time 8 elite, …; throughput 8, stability 9, all 8.4" of a year. */
static const char *says(const struct dora_figures *figures, unsigned year)
{
    struct dora_ratings ratings;
    struct dora_score score;
    char buffer[48];
    const char *text = "";
    ratings_builtin(mem, &ratings);
    assert_int_equal(ratings.year, 2025);
    dora_score(&ratings, dora_levels_of(&ratings, year), figures, &score);
    for (enum dora_rated rated = 0; rated < DORA_RATED; rated++) {
        const struct dora_grade *grade = &score.grades[rated];
        text = arena_printf(mem, "%s%s%s %s", text, rated == 0 ? "" : ", ",
                            grade->points.known ? number_short(buffer, grade->points.points)
                            : grade->few        ? "few"
                                                : "-",
                            grade->level == NULL ? "-" : grade->level);
    }
    const struct dora_points *sums[] = {&score.throughput, &score.stability, &score.all};
    for (size_t i = 0; i < 3; i++)
        text = arena_printf(mem, "%s%s%s", text, i == 0 ? "; " : ", ",
                            sums[i]->known ? number_short(buffer, sums[i]->points) : "-");
    return text;
}

/* Lead time, frequency, fail rate, recovery, rework. */
static void the_quick_check_of_2025(void **state)
{
    (void)state;
    struct dora_figures best = figures_of(28 * 24, 7, HOUR - 1, 0, MINUTE);
    assert_string_equal(says(&best, 0), "10 elite, 10 elite, 10 elite, 10 elite, 10 -; 10, 10, 10");
    struct dora_figures good = figures_of(28, 5, DAY - 1, 5, HOUR);
    good.kinds[DORA_ROLLBACK] = 22; /* 5 of 50 unplanned */
    assert_string_equal(says(&good, 0), "8 elite, 8 elite, 8.214286 low, 8 high, 9 -; "
                                        "8, 8.607143, 8.242857");
    struct dora_figures fair = figures_of(10, 1, DAY, 1, DAY); /* 10 %: still high */
    assert_string_equal(says(&fair, 0), "6 high, 6 high, 9 high, 6 medium, 9 -; 6, 9, 7.2");
    struct dora_figures poor = figures_of(5, 0, 7 * DAY, 5, 30 * DAY);
    poor.days = 182;
    assert_string_equal(says(&poor, 0), "4 medium, 2 low, 0 low, 2 low, 0 -; 2.666667, 0, 1.6");
    struct dora_figures worst = figures_of(5, 0, 182 * DAY, 5, 182 * DAY + 1);
    worst.days = 3650;
    assert_string_equal(says(&worst, 0), "0 low, 0 low, 0 low, 0 low, 0 -; 0, 0, 0");
}

static void levels_of_other_years(void **state)
{
    (void)state;
    struct dora_figures fair = figures_of(10, 1, DAY, 1, DAY);
    assert_string_equal(says(&fair, 2024), "6 high, 6 high, 9 -, 6 -, 9 -; 6, 9, 7.2");
    assert_string_equal(says(&fair, 2022), "6 high, 6 medium, 9 high, 6 medium, 9 -; 6, 9, 7.2");
    assert_string_equal(says(&fair, 2021), "6 high, 6 high, 9 elite, 6 medium, 9 -; 6, 9, 7.2");
    assert_string_equal(says(&fair, 2019), "6 high, 6 high, 9 elite, 6 high, 9 -; 6, 9, 7.2");
    assert_string_equal(says(&fair, 2018), "6 -, 6 -, 9 -, 6 -, 9 -; 6, 9, 7.2");
}

static void few_are_never_rated(void **state)
{
    (void)state;
    struct dora_figures few = figures_of(4, 1, DAY, 1, DAY);
    few.lead.count = 4;
    assert_string_equal(says(&few, 0), "few -, few -, few -, 6 medium, few -; -, -, -");
    few = figures_of(5, 1, DAY, 1, DAY);
    few.lead.count = 5;
    few.recovery.count = 0; /* nothing has recovered */
    assert_string_equal(says(&few, 0), "6 high, 6 high, 8 low, - -, 8 -; -, 8, -");
    struct dora_figures none = {.days = 28};
    assert_string_equal(says(&none, 0), "- -, - -, - -, - -, - -; -, -, -");
}

/* A level by weeks needs one; that by time does not. */
static void without_a_whole_week(void **state)
{
    (void)state;
    struct dora_figures f = figures_of(10, 5, DAY, 1, DAY);
    f.weeks = 0;
    assert_string_equal(says(&f, 0), "6 high, 6 -, 9 high, 6 medium, 9 -; 6, 9, 7.2");
    assert_string_equal(says(&f, 2019), "6 high, 6 high, 9 elite, 6 high, 9 -; 6, 9, 7.2");
}

#define SCORE                                                           \
    "score:\n  year: 2025\n  lead_time: {worth: [1, 0], under: [1h]}\n" \
    "  deployment_frequency: {falls: 1}\n  recovery_time: {falls: 1}\n" \
    "  change_fail_rate: {falls: 1}\n"
#define REWORK "  rework_rate: {falls: 1}\n"

static void mistakes_are_said(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } all[] = {
        {SCORE REWORK "bands: []\n", ""},
        {"- 1\n", "it has `score` and the list `bands`"},
        {"score: {}\nbands: 1\n", "it has `score` and the list `bands`"},
        {"score: {}\n", "it has `score` and the list `bands`"},
        {SCORE "bands: []\n", "every measure has a score"},
        {SCORE "  rework_rate: {worth: [1]\n", "*"},
        {SCORE "  rework_rate: {falls: 0}\nbands: []\n", "a score has `worth` or `falls`"},
        {SCORE "  rework_rate: {}\nbands: []\n", "a score has `worth` or `falls`"},
        {SCORE "  rework_rate: {worth: [11]}\nbands: []\n", "points are 0 to 10"},
        {SCORE "  rework_rate: {worth: [[1]]}\nbands: []\n", "points are 0 to 10"},
        {SCORE "  rework_rate: {worth: [1, 2]}\nbands: []\n",
         "`worth` has one more than there are limits"},
        {SCORE REWORK "bands: [{names: [a]}]\n", "it needs a `year`"},
        {SCORE REWORK "bands: [{year: 20000, names: [a]}]\n", "it needs a `year`"},
        {SCORE REWORK "bands: [{year: 1, names: [[a]], rework_rate: {}}]\n",
         "there is one name more than there are limits"},
        {SCORE REWORK "bands: [{year: 1, rework_rate: {under: [1h]}}]\n",
         "there is one name more than there are limits"},
        {SCORE REWORK "bands: [{year: 1, names: [a], rework_rate: {under: 1h}}]\n",
         "limits are one list"},
        {SCORE REWORK
         "bands: [{year: 1, names: [a, b], rework_rate: {under: [1h], at_most: [1%]}}]\n",
         "limits are one list"},
        {SCORE REWORK "bands: [{year: 1, names: [a], rework_rate: {under: [[1h]]}}]\n",
         "this is no such limit"},
        {SCORE REWORK "bands: [{year: 1, names: [a], rework_rate: {under: [1%]}}]\n",
         "this is no such limit"},
        {SCORE REWORK "bands: [{year: 1, names: [a], rework_rate: {at_most: [1h]}}]\n",
         "this is no such limit"},
        {SCORE REWORK "bands: [{year: 1, names: [a], rework_rate: {at_most: [x]}}]\n",
         "this is no such limit"},
        {SCORE REWORK "bands: [{year: 1, names: [a], rework_rate: {at_least: [1 in x]}}]\n",
         "this is no such limit"},
        {SCORE REWORK "bands: [{year: 1, names: [a], rework_rate: {at_least: [daily]}}]\n",
         "this is no such limit"},
        {SCORE REWORK "bands: [{year: 1, names: [a], rework_rate: {at_least: [1 a week]}}]\n",
         "this is no such limit"},
        {SCORE REWORK "bands: [{year: 1, names: [a], rework_rate: {at_least: [8 days a week]}}]\n",
         "this is no such limit"},
        {SCORE REWORK "bands: [{year: 1, names: [a], rework_rate: {at_least: [x days a week]}}]\n",
         "this is no such limit"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct problems found;
        struct dora_ratings ratings;
        problems_init(&found, mem);
        ratings_read("x.yml", all[i].text, strlen(all[i].text), mem, &ratings, &found);
        const char *said = found.count == 0 ? "" : found.items[0].what;
        if (strcmp(all[i].says, "*") == 0 ? found.count == 0 : strcmp(said, all[i].says) != 0)
            fail_msg("%s: %s", all[i].text, said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_quick_check_of_2025), cmocka_unit_test(levels_of_other_years),
        cmocka_unit_test(few_are_never_rated),     cmocka_unit_test(without_a_whole_week),
        cmocka_unit_test(mistakes_are_said),
    };
    return cmocka_run_group_tests_name("score", tests, open_pool, close_pool);
}
