/* Texts that want out of their place, format by format. */
#include <string.h>

#include "gates/base/limits.h"
#include "runner/render/escape.h"
#include "tests/support/test.h"

/* behind the others */
#include "tests/support/pool.h"

static void spans_are_longer_than_any_run_inside(void **state)
{
    (void)state;
    assert_string_equal(escape_span(mem, "a"), "`a`");
    assert_string_equal(escape_span(mem, "a`b"), "``a`b``");
    assert_string_equal(escape_span(mem, "a``b`c"), "```a``b`c```");
    assert_string_equal(escape_span(mem, "`a"), "`` `a ``");
    assert_string_equal(escape_span(mem, "a`"), "`` a` ``");
    assert_string_equal(escape_span(mem, "``"), "``` `` ```");
    assert_string_equal(escape_span(mem, ""), "` `");
    assert_string_equal(escape_span(mem, " \n "), "` `");
    assert_string_equal(escape_span(mem, "a|b\\"), "`a|b\\`");
}

/* The parser of GitLab knows delimiters of up to 80. */
static void spans_have_no_endless_delimiter(void **state)
{
    (void)state;
    char text[200];
    memset(text, '`', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    const char *span = escape_span(mem, text);
    assert_int_equal(strspn(span, "`"), 21);
    assert_int_equal(strlen(span), sizeof text - 1 + 2 * 22);
}

static void spans_are_one_line(void **state)
{
    (void)state;
    assert_string_equal(escape_span(mem, "a\n/merge\r\n/close\rb"), "`a /merge  /close b`");
    assert_string_equal(escape_span(mem, "a\xE2\x80\xA8/merge"), "`a?/merge`");
}

static void cells_hold_their_pipes(void **state)
{
    (void)state;
    assert_string_equal(escape_cell(mem, "a|b"), "`a\\|b`");
    assert_string_equal(escape_cell(mem, "a\\|b"), "`a\\\\|b`");
    assert_string_equal(escape_cell(mem, "|`|"), "``\\|`\\|``");
}

static void rules_are_never_cut_and_endless_texts_are(void **state)
{
    (void)state;
    char text[LIMIT_RULE_BYTES + 2];
    memset(text, 'x', sizeof text - 1);
    text[LIMIT_RULE_BYTES + 1] = '\0';
    assert_non_null(strstr(escape_span(mem, text), "x…`"));
    text[LIMIT_RULE_BYTES] = '\0';
    assert_int_equal(strlen(escape_span(mem, text)), LIMIT_RULE_BYTES + 2);
}

static void xml_has_only_its_own_characters(void **state)
{
    (void)state;
    assert_string_equal(escape_xml(mem, "<a b=\"c\">&]]>"), "&lt;a b=&quot;c&quot;&gt;&amp;]]&gt;");
    assert_string_equal(escape_xml(mem, "a\nb\x01"), "a b?");
    assert_string_equal(escape_xml(mem, "\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD"),
                        "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_string_equal(escape_xml(mem, "\xEF\xBC\x81"), "\xEF\xBC\x81");
}

static void labels_end_where_they_end(void **state)
{
    (void)state;
    assert_string_equal(escape_label(mem, "a\"} 1\nb \\"), "a\\\"} 1 b \\\\");
    assert_string_equal(escape_label(mem, "a # EOF"), "a ? EOF");
}

static void widgets_get_no_markup(void **state)
{
    (void)state;
    assert_string_equal(escape_widget(mem, "<img> %{danger_start} 5% {"),
                        "‹img> % {danger_start} 5% {");
}

static void percent_leaves_what_is_plain(void **state)
{
    (void)state;
    assert_string_equal(escape_percent(mem, "a/B_9.x-y"), "a/B_9.x-y");
    assert_string_equal(escape_percent(mem, "-->"), "-%2D%3E");
    assert_string_equal(escape_percent(mem, "a----b"), "a-%2D%2D%2Db");
    assert_string_equal(escape_percent(mem, "\xC3\xA4 %"), "%C3%A4%20%25");
}

static void addresses(void **state)
{
    (void)state;
    assert_true(escape_is_address("https://gitlab.example:8443/a/-/jobs/1"));
    assert_true(escape_is_address("http://127.0.0.1/~a/%20"));
    assert_false(escape_is_address(""));
    assert_false(escape_is_address("https://"));
    assert_false(escape_is_address("javascript:alert"));
    assert_false(escape_is_address("https://a/)[b](c"));
    assert_false(escape_is_address("https://a/ b"));
    assert_false(escape_is_address("https://a/<b>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_are_longer_than_any_run_inside),
        cmocka_unit_test(spans_have_no_endless_delimiter),
        cmocka_unit_test(spans_are_one_line),
        cmocka_unit_test(cells_hold_their_pipes),
        cmocka_unit_test(rules_are_never_cut_and_endless_texts_are),
        cmocka_unit_test(xml_has_only_its_own_characters),
        cmocka_unit_test(labels_end_where_they_end),
        cmocka_unit_test(widgets_get_no_markup),
        cmocka_unit_test(percent_leaves_what_is_plain),
        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests_name("escape", tests, open_pool, close_pool);
}
