/* Rows of separated values: where they end, what quotes mean, what is refused. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "gates/base/limits.h"
#include "gates/read/csv.h"
#include "tests/support/bytes.h"

/* Rows as "line:field|field", one a line; `~` behind a row that was cut, the error at the end. */
static const char *rows(const char *text, size_t len, size_t piece)
{
    static char out[4096];
    AUTO(close_arena) struct arena *mem = arena_new();
    struct bytes bytes = {text, len, piece};
    struct input in = bytes_input(&bytes, mem);
    struct csv *csv = csv_new(&in, ',', 4);
    const struct csv_field *fields = NULL;
    size_t count = 0, used = 0;
    struct error err = {0};
    while (csv_next(csv, &fields, &count, &err)) {
        used += (size_t)snprintf(out + used, sizeof out - used, "%u:", csv_line(csv));
        for (size_t i = 0; i < count && i < 4; i++)
            used += (size_t)snprintf(out + used, sizeof out - used, "%s%.*s", i > 0 ? "|" : "",
                                     (int)fields[i].len, fields[i].text);
        if (count > 4)
            used += (size_t)snprintf(out + used, sizeof out - used, "+%zu", count - 4);
        used += (size_t)snprintf(out + used, sizeof out - used, "%s\n", csv_cut(csv) ? "~" : "");
    }
    if (err.fault != FAULT_NONE)
        used += (size_t)snprintf(out + used, sizeof out - used, "%u! %s", err.line, err.what);
    out[used] = '\0';
    return out;
}

/* However the bytes come. */
static void expect(const char *text, const char *wanted)
{
    assert_string_equal(rows(text, strlen(text), SIZE_MAX), wanted);
    assert_string_equal(rows(text, strlen(text), 1), wanted);
}

static void ends_rows_at_lf_crlf_and_cr(void **state)
{
    (void)state;
    expect("a,b\nc,d\n", "1:a|b\n2:c|d\n");
    expect("a,b\r\nc,d\r\n", "1:a|b\n2:c|d\n");
    expect("a,b\rc,d\r", "1:a|b\n2:c|d\n");
    expect("a\r\r\nb\n\rc\n", "1:a\n3:b\n5:c\n");
    expect("\n\n\na,b", "4:a|b~\n");
    expect("", "");
}

static void counts_fields_it_does_not_keep(void **state)
{
    (void)state;
    expect(",\n,,,\n,,,,\n1,2,3,4,5,6,7\n", "1:|\n2:|||\n3:|||+1\n4:1|2|3|4+3\n");
    expect("1,\"2\",3,4,\"5\",6\n", "1:1|2|3|4+2\n");
}

static void takes_quotes_away(void **state)
{
    (void)state;
    expect("\"a,b\",c\n", "1:a,b|c\n");
    expect("\"say \"\"no\"\"\",\"\"\n\"\"\"\"\n", "1:say \"no\"|\n2:\"\n");
    expect("\"a\nb\r\nc\",d\ne\n", "1:a\nb\r\nc|d\n4:e\n");
    expect("a \"b\" c,d\"\n", "1:a \"b\" c|d\"\n");
}

static void says_when_the_last_row_is_cut(void **state)
{
    (void)state;
    expect("a,b\nc", "1:a|b\n2:c~\n");
    expect("a,b\nc,\"d", "1:a|b\n2:c|d~\n");
    expect("a,b\nc,\"d\"", "1:a|b\n2:c|d~\n");
    expect("a,b\nc,", "1:a|b\n2:c|~\n");
}

static void refuses_a_quote_that_swallows_rows(void **state)
{
    (void)state;
    expect("a,\"b\nc,d\ne,f\n", "1! the quoted field that begins here is never closed");
    expect("a\nb,\"c\nd,\"e\n", "1:a\n3! text behind a closing quote");
    expect("\"a\" ,b\n", "1! text behind a closing quote");
}

static void skips_a_mark_and_refuses_utf16(void **state)
{
    (void)state;
    expect("\xEF\xBB\xBF"
           "a,b\n",
           "1:a|b\n");
    assert_string_equal(rows("\xFF\xFE\x61\0\n\0", 6, 1), "1! the file is not UTF-8");
    assert_string_equal(rows("\0\x61\0\n", 4, 1), "1! the file is not UTF-8");
}

/* Rows that lie across the blocks of the buffer, with and without quotes. */
static void carries_rows_over(void **state)
{
    (void)state;
    enum { ROWS = 20000 };
    AUTO(close_arena) struct arena *mem = arena_new();
    char *text = arena_alloc(mem, ROWS * 64);
    size_t used = 0;
    for (int i = 0; i < ROWS; i++)
        used += (size_t)snprintf(text + used, 64,
                                 i % 3 == 0 ? "%d,\"a\"\"%d\",x\r\n" : "%d,a'%d,x\n", i, i);
    struct bytes bytes = {text, used, 4099};
    struct input in = bytes_input(&bytes, mem);
    struct csv *csv = csv_new(&in, ',', 2);
    const struct csv_field *fields = NULL;
    size_t count = 0;
    struct error err = {0};
    for (int i = 0; i < ROWS; i++) {
        char wanted[32];
        assert_true(csv_next(csv, &fields, &count, &err));
        assert_int_equal(csv_line(csv), i + 1);
        assert_int_equal(count, 3);
        snprintf(wanted, sizeof wanted, "a%c%d", i % 3 == 0 ? '"' : '\'', i);
        assert_int_equal(fields[1].len, strlen(wanted));
        assert_memory_equal(fields[1].text, wanted, fields[1].len);
        assert_int_equal(fields[1].quoted, i % 3 == 0);
    }
    assert_false(csv_next(csv, &fields, &count, &err));
    assert_int_equal(err.fault, FAULT_NONE);
}

static void bounds_a_row(void **state)
{
    (void)state;
    size_t len = (size_t)LIMIT_TOKEN_BYTES + 1;
    char *text = malloc(len);
    assert_non_null(text);
    memset(text, 'x', len);
    assert_string_equal(rows(text, len, SIZE_MAX), "1! a row has more than 16777216 bytes");
    text[0] = '"';
    assert_string_equal(rows(text, len, SIZE_MAX), "1! a row has more than 16777216 bytes");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_rows_at_lf_crlf_and_cr),
        cmocka_unit_test(counts_fields_it_does_not_keep),
        cmocka_unit_test(takes_quotes_away),
        cmocka_unit_test(says_when_the_last_row_is_cut),
        cmocka_unit_test(refuses_a_quote_that_swallows_rows),
        cmocka_unit_test(skips_a_mark_and_refuses_utf16),
        cmocka_unit_test(carries_rows_over),
        cmocka_unit_test(bounds_a_row),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
