/* From a line of a file as it is to the line it was, held against a file made both ways; and to its
 * text. */
#include "gates/model/change.h"
#include "tests/support/test.h"

enum { MOST = 24 };

static void check(const struct changed_file *file, const uint32_t before[], uint32_t count)
{
    for (uint32_t line = 1; line <= count; line++)
        assert_int_equal(changed_file_line_before(file, line), before[line - 1]);
}

static void test_a_few(void **state)
{
    (void)state;
    struct line_range added[] = {{1, 2}, {5, 5}}, removed[] = {{2, 3}, {6, 7}};
    const struct changed_file same = {.path = "a"};
    const struct changed_file file = {.added = {added, 2, 2}, .removed = {removed, 2, 2}};
    check(&same, (const uint32_t[]){1, 2, 3}, 3);
    check(&file, (const uint32_t[]){0, 0, 1, 4, 0, 5, 8, 9}, 8);
    assert_int_equal(changed_file_line_before(&same, UINT32_MAX), UINT32_MAX);
}

static void put(struct line_range ranges[], struct line_ranges *list, uint32_t line)
{
    list->items = ranges;
    if (list->count > 0 && ranges[list->count - 1].last + 1 == line)
        ranges[list->count - 1].last = line;
    else
        ranges[list->count++] = (struct line_range){line, line};
}

/* Every way to add, remove and keep in eight steps. */
static void test_all_short_files(void **state)
{
    (void)state;
    enum { STEPS = 8, WAYS = 6561 };
    for (int way = 0; way < WAYS; way++) {
        struct line_range added[MOST], removed[MOST];
        struct changed_file file = {.path = "a"};
        uint32_t before[MOST], is = 0, was = 0;
        for (int i = 0, left = way; i < STEPS; i++, left /= 3) {
            if (left % 3 == 0)
                before[is++] = ++was;
            else if (left % 3 == 1)
                put(removed, &file.removed, ++was);
            else {
                before[is++] = 0;
                put(added, &file.added, is);
            }
        }
        check(&file, before, is);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_few),
        cmocka_unit_test(test_all_short_files),
    };
    return cmocka_run_group_tests_name("line_before", tests, NULL, NULL);
}
