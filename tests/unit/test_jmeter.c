/* JMeter results: what is a sample, which transactions stand alone, what is refused. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "gates/read/jmeter.h"
#include "tests/support/bytes.h"

#define HEADER "timeStamp,elapsed,label,responseMessage,threadName,success\n"
#define TRANSACTION "\"Number of samples in transaction : %s, number of failing samples : 0\""

struct bench {
    struct arena *mem;
    struct settings settings;
    struct source source;
    struct error err;
};

static int begin(void **state)
{
    struct arena *mem = arena_new();
    struct bench *b = arena_new_item(mem, struct bench);
    b->mem = mem;
    *state = b;
    return 0;
}

static int end(void **state)
{
    struct bench *b = *state;
    arena_free(b->mem);
    return 0;
}

static void set(struct bench *b, const char *key, const char *const *values, size_t count)
{
    struct setting *setting = array_add(b->mem, &b->settings);
    for (setting->option = jmeter_reader.options; strcmp(setting->option->key, key) != 0;)
        setting->option++;
    for (size_t i = 0; i < count; i++)
        array_push(b->mem, &setting->values, values[i]);
}

static bool read_report(struct bench *b, const char *text)
{
    struct bytes bytes = {text, strlen(text), 1000};
    struct input in = bytes_input(&bytes, b->mem);
    in.settings = &b->settings;
    b->err = (struct error){0};
    source_init(&b->source, b->mem, "load", "jmeter");
    if (!input_begin(&in, &b->err) || !report_read(&jmeter_reader, &in, &b->source, &b->err))
        return false;
    source_settle(&b->source, b->mem);
    return true;
}

/* Labels as "name passed+failed sum ms", with `T` for a transaction and `A` for one that stands
 * alone. */
static void expect(struct bench *b, const char *text, const char *wanted)
{
    char out[512] = "";
    if (!read_report(b, text))
        fail_msg("line %u: %s", b->err.line, b->err.what);
    for (size_t i = 0; i < b->source.load.labels.count; i++) {
        const struct load_label *label = &b->source.load.labels.items[i];
        size_t used = strlen(out);
        snprintf(out + used, sizeof out - used, "%s%s%s%s %llu+%llu %llums", i > 0 ? "; " : "",
                 label->label, label->transaction ? " T" : "", label->alone ? "A" : "",
                 (unsigned long long)label->passed.count, (unsigned long long)label->failed.count,
                 (unsigned long long)(label->passed.sum_ms + label->failed.sum_ms));
    }
    assert_string_equal(out, wanted);
}

static void refuses(struct bench *b, const char *text, unsigned line, const char *what)
{
    assert_false(read_report(b, text));
    assert_string_equal(b->err.what, what);
    assert_int_equal(b->err.line, line);
}

static void warns(struct bench *b, const char *text)
{
    for (size_t i = 0; i < b->source.warnings.count; i++)
        if (strcmp(b->source.warnings.items[i], text) == 0)
            return;
    fail_msg("no warning: %s", text);
}

static void finds_columns_by_name(void **state)
{
    struct bench *b = *state;
    expect(b, "success;LABEL;Elapsed\ntrue;a;5\nfalse;a;7\n", "a 1+1 12ms");
    expect(b, "elapsed|success\n5|true\n", " 1+0 5ms");
    expect(b, "elapsed,success,\"label\",\"elapsed\"\n5,true,x,y\n", " 1+0 5ms");
    expect(b, "\"elapsed\",\"success\",\"label\"\n\"5\",\"true\",\"x\"\n", "x 1+0 5ms");
    expect(b, "elapsed,success\n", "");
    refuses(b, "elapsed,success,elapsed\n", 1, "the header names the column elapsed twice");
    refuses(b, "label,success\n", 1, "the header names no column `elapsed`");
    refuses(b, "label,elapsed\n", 1, "the header names no column `success`");
    assert_string_equal(b->err.hint, "save it: jmeter.save.saveservice.successful=true");
    refuses(b, "1,5,a,true\n", 1, "the first line does not name the columns");
}

static void takes_columns_from_the_policy(void **state)
{
    struct bench *b = *state;
    static const char *const columns[] = {"timeStamp", "elapsed", "label", "success"};
    set(b, "columns", columns, 4);
    expect(b, "1,5,a,true\n2,6,a,false\n", "a 1+1 11ms");
    expect(b, "2026/11/21 02:52:05;5;\"a;|,b\";true\n", "a;|,b 1+0 5ms");
    expect(b, "elapsed,success\n5,true\n", " 1+0 5ms"); /* a header says it better */
    refuses(b, "1,5,a\n2,5,a,true\n", 1, "row has 3 fields, options.columns names 4");
}

static void only_true_is_success(void **state)
{
    struct bench *b = *state;
    expect(b, "elapsed,success\n1,true\n1,TRUE\n1,True\n1,yes\n1,1\n1,\n1,false\n1, true\n",
           " 3+5 8ms");
}

static void reads_no_number_that_is_none(void **state)
{
    struct bench *b = *state;
    static const char *const bad[] = {
        "", "-", "1e3", "NaN", "5.0", " 5", "+5", "1000000000000001", "18446744073709551615"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[128], what[128];
        snprintf(text, sizeof text, "elapsed,success\n5,true\n%s,true\n5,true\n", bad[i]);
        snprintf(what, sizeof what, "elapsed is not a number of milliseconds: \"%s\"", bad[i]);
        refuses(b, text, 3, what);
    }
    expect(b, "elapsed,success\n-5,true\n4000000000,true\n", " 2+0 4000000000ms");
    warns(b, "samples with a time below 0, counted as 0 ms: 1");
    warns(b, "percentiles above 1048576 ms are exact to a thousandth");
}

static void leaves_out_one_incomplete_last_row(void **state)
{
    struct bench *b = *state;
    const char *warning = "the last row (line 3) is incomplete and left out: the run was killed";
    expect(b, "elapsed,success,label\n5,true,a\n6,true", "a 1+0 5ms");
    warns(b, warning);
    expect(b, "elapsed,success,label\n5,true,a\n6,\"tr", "a 1+0 5ms");
    warns(b, warning);
    expect(b, "elapsed,success,label\n5,true,a\n6,true,b", "a 1+0 5ms; b 1+0 6ms");
    assert_int_equal(b->source.warnings.count, 1); /* of the time stamps */
    refuses(b, "elapsed,success,label\n5,true,a\n6,true\n", 3,
            "row has 2 fields, the header names 3");
    refuses(b, "elapsed,success,label\n6,true\n5,true,a", 2,
            "row has 2 fields, the header names 3");
    refuses(b, "elapsed,success,label\n5,true,a,b", 2, "row has 4 fields, the header names 3");
}

static void counts_aggregated_rows(void **state)
{
    struct bench *b = *state;
    const char *header = "elapsed,success,SampleCount,ErrorCount\n";
    char text[256];
    snprintf(text, sizeof text, "%s35,true,4,1\n10,false,3,0\n7,true,0,0\n9,true,1,0\n", header);
    expect(b, text, " 4+4 54ms");
    warns(b, "rows that stand for several samples, each counted with their mean time: 2");
    expect(b, "elapsed,success,SampleCount\n10,false,5\n", " 0+5 10ms");
    snprintf(text, sizeof text, "%s10,true,2,3\n", header);
    refuses(b, text, 2, "3 errors in 2 samples");
    snprintf(text, sizeof text, "%s10,false,0,0\n", header);
    refuses(b, text, 2, "1 errors in 0 samples");
    snprintf(text, sizeof text, "%s10,true,9223372036854775807,0\n10,true,1,0\n", header);
    refuses(b, text, 3, "the response times add up to more than can be counted");
}

/* Transactions behind their samples, as JMeter lists them. */
static void knows_transactions_beside_their_samples(void **state)
{
    struct bench *b = *state;
    char text[1024];
    snprintf(text, sizeof text,
             HEADER "1000,10,a,OK,t 1,true\n"
                    "1005,10,a,OK,t 2,true\n"
                    "1010,20,a,OK,t 1,true\n"
                    "1000,30,pay," TRANSACTION ",t 1,true\n"
                    "1005,10,pay," TRANSACTION ",t 2,true\n"
                    "1040,0,none," TRANSACTION ",t 1,true\n",
             "2", "1", "0");
    expect(b, text, "a 3+0 40ms; pay T 2+0 40ms");
}

/* "Generate parent sample": only the transaction is listed, and leaving it out would hide what
 * failed. */
static void knows_transactions_that_stand_alone(void **state)
{
    struct bench *b = *state;
    char text[1024];
    snprintf(text, sizeof text,
             HEADER "1000,10,a,OK,t 1,true\n"
                    "1010,20,pay," TRANSACTION ",t 1,false\n"
                    "1030,10,a,OK,t 1,true\n",
             "2");
    expect(b, text, "a 2+0 20ms; pay TA 0+1 20ms");
    warns(b, "transaction controllers that count, because what ran in them is not listed: 1");

    /* without the thread, or with whole seconds, nothing is known of the order */
    snprintf(text, sizeof text,
             "timeStamp,elapsed,label,responseMessage,success\n1000,10,a,OK,true\n1000,10,"
             "pay," TRANSACTION ",true\n",
             "1");
    expect(b, text, "a 1+0 10ms; pay TA 1+0 10ms");
    snprintf(text, sizeof text,
             HEADER "2026/11/21 02:52:05,10,a,OK,t 1,true\n"
                    "2026/11/21 02:52:05,10,pay," TRANSACTION ",t 1,true\n",
             "1");
    expect(b, text, "a 1+0 10ms; pay TA 1+0 10ms");

    snprintf(text, sizeof text, HEADER "1000,10,none," TRANSACTION ",t 1,false\n", "0");
    expect(b, text, "none TA 0+1 10ms"); /* empty, but failed */
    warns(b, "every sample is a transaction controller's: they count");
}

static void reads_the_time_stamps_of_the_manual(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
        bool to_ms;
    } good[] = {
        {"1795229522584", 1795229522584, true},
        {"0", 0, true},
        {"2026/11/21 02:52:05", 1795229525000, false},
        {"2026-11-21 02:52:05.250", 1795229525250, true},
        {"2024/02/29 00:00:00", 1709164800000, false},
        {"2024/03/01 00:00:00", 1709251200000, false},
        {"11/21/26 02:52:05", 1795229525000, false},
        {"01/01/70 00:00:00", 0, false},
    };
    static const char *const bad[] = {"",
                                      "yesterday",
                                      "-1",
                                      "253402300800000",
                                      "2026/11/21",
                                      "2026-11-21T02:52:05",
                                      "2026-13-21 02:52:05",
                                      "2026-02-29 02:52:05",
                                      "1969-12-31 23:59:59.999",
                                      "2026-11-21 24:52:05",
                                      "2026-11-21 02:52:05.25",
                                      "2026-11-21 02:52:05 ",
                                      "2026/11-21 02:52:05"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t ms = 1;
        bool to_ms = false;
        if (!jmeter_time(good[i].text, strlen(good[i].text), &ms, &to_ms) || ms != good[i].ms ||
            to_ms != good[i].to_ms)
            fail_msg("%s is %lld, not %lld", good[i].text, (long long)ms, (long long)good[i].ms);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t ms = 1;
        bool to_ms = false;
        if (jmeter_time(bad[i], strlen(bad[i]), &ms, &to_ms))
            fail_msg("%s is no time", bad[i]);
    }
}

static void one_bad_time_stamp_takes_all_times(void **state)
{
    struct bench *b = *state;
    expect(b, HEADER "1000,10,a,OK,t 1,true\nsoon,10,b,OK,t 1,true\n", "a 1+0 10ms; b 1+0 10ms");
    assert_false(b->source.load.labels.items[0].timed);
    expect(b, HEADER "1000,10,a,OK,t 1,true\n1005,90,a,OK,t 1,true\n", "a 2+0 100ms");
    assert_true(b->source.load.labels.items[0].timed);
    assert_int_equal(b->source.load.labels.items[0].first_ms, 1000);
    assert_int_equal(b->source.load.labels.items[0].last_ms, 1095);
}

static void reads_xml(void **state)
{
    struct bench *b = *state;
    expect(b,
           "<testResults><httpSample t=\"5\" s=\"true\" lb=\"a\"><sample t=\"3\" s=\"false\"/>"
           "</httpSample><sampleResult time=\"7\" success=\"false\" label=\"b\"/></testResults>",
           "a 1+0 5ms; b 0+1 7ms");
    expect(b,
           "<testResults><x.Sample><saveConfig><success>true</success></saveConfig><label>a</label>"
           "<success>false</success><startTime>1000</startTime><timeStamp>0</timeStamp>"
           "<elapsedTime>9</elapsedTime></x.Sample></testResults>",
           "a 0+1 9ms");
    assert_int_equal(b->source.load.labels.items[0].first_ms, 1000);
    expect(b,
           "<testResults><x><timeStamp>5</timeStamp><startTime>1000</startTime><success>true"
           "</success><elapsedTime>9</elapsedTime></x><x><timeStamp>5</timeStamp><success>true"
           "</success><elapsedTime>9</elapsedTime></x></testResults>",
           " 2+0 18ms");
    assert_int_equal(b->source.load.labels.items[0].first_ms, 5);
    assert_int_equal(b->source.load.labels.items[0].last_ms, 1009);
    refuses(b, "<testResults><x>\n<label>a<i>x</i></label></x></testResults>", 2,
            "<i> inside of a value");
    refuses(b,
            "<testResults><x><startTime>1</startTime>\n<startTime>2</startTime></x></testResults>",
            2, "two <startTime> in one sample");
    refuses(b, "<testResults>\n<sample s=\"true\"/></testResults>", 2, "a sample without its time");
    refuses(b, "<testResults>\n<sample t=\"1\"/></testResults>", 2,
            "a sample that does not say whether it succeeded");
    refuses(b, "<testResults>\n<x><label>a</label></x></testResults>", 2,
            "a sample without its time");
}

static void applies_options(void **state)
{
    struct bench *b = *state;
    expect(b, "elapsed,success\n1,true\n", " 1+0 1ms");
    assert_int_equal(b->source.load.transactions, TRANSACTIONS_EXCLUDE);
    assert_int_equal(b->source.load.percentiles, PERCENTILES_NEAREST);
    assert_int_equal(b->source.load.apdex_ms[1], 1500);
    set(b, "transactions", (const char *const[]){"only"}, 1);
    set(b, "percentiles", (const char *const[]){"jmeter"}, 1);
    set(b, "apdex", (const char *const[]){"300", "1200"}, 2);
    expect(b, "elapsed,success\n1,true\n", " 1+0 1ms");
    assert_int_equal(b->source.load.transactions, TRANSACTIONS_ONLY);
    assert_int_equal(b->source.load.percentiles, PERCENTILES_JMETER);
    assert_int_equal(b->source.load.apdex_ms[0], 300);
    assert_int_equal(b->source.load.apdex_ms[1], 1200);
}

static void claims_what_names_its_columns(void **state)
{
    (void)state;
    static const char *const mine[] = {"timeStamp,elapsed,label\n1",
                                       "\xEF\xBB\xBFlabel;success;bytes",
                                       "<?xml version=\"1.0\"?><testResults version=\"1.2\">"};
    static const char *const others[] = {"", "1,2,true\n", "name,elapsed,size\n",
                                         "<testsuite name=\"\">", "{\"timeStamp\": 1}"};
    for (size_t i = 0; i < sizeof mine / sizeof *mine; i++)
        assert_true(jmeter_reader.claims(mine[i], strlen(mine[i])));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(jmeter_reader.claims(others[i], strlen(others[i])));
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BENCH(finds_columns_by_name),
        WITH_BENCH(takes_columns_from_the_policy),
        WITH_BENCH(only_true_is_success),
        WITH_BENCH(reads_no_number_that_is_none),
        WITH_BENCH(leaves_out_one_incomplete_last_row),
        WITH_BENCH(counts_aggregated_rows),
        WITH_BENCH(knows_transactions_beside_their_samples),
        WITH_BENCH(knows_transactions_that_stand_alone),
        cmocka_unit_test(reads_the_time_stamps_of_the_manual),
        WITH_BENCH(one_bad_time_stamp_takes_all_times),
        WITH_BENCH(reads_xml),
        WITH_BENCH(applies_options),
        cmocka_unit_test(claims_what_names_its_columns),
    };
    return cmocka_run_group_tests_name("jmeter", tests, NULL, NULL);
}
