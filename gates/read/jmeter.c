/* Apache JMeter results (JTL), CSV and XML.
 *
 * https://jmeter.apache.org/usermanual/listeners.html#csvlogformat and #xmlformat2.1; what it
 * leaves open is decided as in CSVSaveService, Sample and StatCalculator of JMeter's source. Tried
 * with files of JMeter 2.1 to 5.1, of its WebDriver plug-in and of Taurus.
 */
#include <string.h>

#include "gates/base/text.h"
#include "gates/read/jmeter.h"
#include "gates/read/xml.h"

static const struct option options[] = {
    {"transactions", OPTION_WORD, "exclude include only", "exclude",
     "whether transaction controllers count beside the samples that ran in them"},
    {"percentiles", OPTION_WORD, "nearest linear jmeter", "nearest", "how percentiles are taken"},
    {"apdex", OPTION_TIMES, NULL, "500ms, 1500ms", "satisfied and tolerated response times"},
    {"columns", OPTION_WORDS, NULL, "the first line", "the columns of a CSV file without a header"},
    {0},
};

static bool is_xml(const char *head, size_t len)
{
    static const char before[] = "\xEF\xBB\xBF\xFF\xFE \t\r\n"; /* marks, space, zeros of UTF-16 */
    size_t at = 0;
    while (at < len && memchr(before, head[at], sizeof before) != NULL)
        at++;
    return at < len && head[at] == '<';
}

static bool jmeter_claims(const char *head, size_t len)
{
    size_t name_len = 0;
    const char *root = xml_root(head, len, &name_len);
    return root != NULL ? text_is(root, name_len, "testResults") : jmeter_csv_head(head, len);
}

static bool apply_settings(const struct input *in, struct load *load, struct error *err)
{
    const char *transactions = input_word(in, "transactions", "exclude");
    load->transactions = strcmp(transactions, "include") == 0 ? TRANSACTIONS_INCLUDE
                         : strcmp(transactions, "only") == 0  ? TRANSACTIONS_ONLY
                                                              : TRANSACTIONS_EXCLUDE;
    const char *percentiles = input_word(in, "percentiles", "nearest");
    load->percentiles = strcmp(percentiles, "linear") == 0   ? PERCENTILES_LINEAR
                        : strcmp(percentiles, "jmeter") == 0 ? PERCENTILES_JMETER
                                                             : PERCENTILES_NEAREST;
    const struct setting *apdex = input_setting(in, "apdex");
    if (apdex == NULL)
        return true;
    const struct words *times = &apdex->values;
    for (size_t i = 0; i < 2 && i < times->count; i++)
        if (!number_parse_count(times->items[i], strlen(times->items[i]), &load->apdex_ms[i]))
            return error_set(err, FAULT_POLICY, "options.apdex: a time is too large");
    if (times->count != 2 || load->apdex_ms[0] > load->apdex_ms[1])
        return error_set(err, FAULT_POLICY, "options.apdex takes two times, the shorter one first");
    return true;
}

static void warn_of_transactions(struct jmeter *j)
{
    uint64_t alone = 0, transactions = 0, plain = 0;
    const struct load_labels *labels = &j->into->load.labels;
    for (size_t i = 0; i < labels->count; i++) {
        const struct load_label *label = &labels->items[i];
        uint64_t count = label->passed.count + label->failed.count;
        plain += label->transaction ? 0 : count;
        transactions += label->transaction ? count : 0;
        alone += label->alone ? count : 0;
    }
    if (transactions > 0 && plain == 0)
        source_warn(j->into, j->in->run, "every sample is a transaction controller's: they count");
    else if (alone > 0)
        source_warn(
            j->into, j->in->run,
            "transaction controllers that count, because what ran in them is not listed: %llu",
            (unsigned long long)alone);
}

/* What can be said only when everything is read. */
static void finish(struct jmeter *j)
{
    struct arena *mem = j->in->run;
    int64_t end_ms = 0;
    for (size_t i = 0; i < j->into->load.labels.count; i++) {
        struct load_label *label = &j->into->load.labels.items[i];
        label->timed = !j->untimed;
        end_ms = label->last_ms > end_ms ? label->last_ms : end_ms;
    }
    if (!j->untimed)
        source_written(j->into, end_ms / 1000);
    if (j->untimed)
        source_warn(j->into, mem,
                    "time stamps are missing or cannot be read: no throughput, no duration");
    if (j->negative > 0)
        source_warn(j->into, mem, "samples with a time below 0, counted as 0 ms: %llu",
                    (unsigned long long)j->negative);
    if (j->aggregated > 0)
        source_warn(j->into, mem,
                    "rows that stand for several samples, each counted with their mean time: %llu",
                    (unsigned long long)j->aggregated);
    if (j->coarse)
        source_warn(j->into, mem, "percentiles above %llu ms are exact to a thousandth",
                    (unsigned long long)HISTOGRAM_EXACT_MS);
    warn_of_transactions(j);
}

static bool jmeter_read(struct input *in, struct source *into, struct error *err)
{
    struct jmeter j = {.in = in, .into = into};
    j.threads = arena_alloc(in->scratch, JMETER_THREADS * sizeof *j.threads);
    if (!apply_settings(in, &into->load, err))
        return false;
    bool good =
        is_xml(in->head, in->head_len) ? jmeter_read_xml(&j, err) : jmeter_read_csv(&j, err);
    if (!good)
        return false;
    finish(&j);
    into->speaks |= FAMILY_BIT(FAMILY_LOAD);
    return true;
}

const struct reader jmeter_reader = {
    .name = "jmeter",
    .title = "JMeter JTL (CSV, XML)",
    .globs = {"**/*.jtl", "**/*jmeter*.csv"},
    .claims = jmeter_claims,
    .options = options,
    .read = jmeter_read,
};
