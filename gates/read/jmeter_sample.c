/* One sample of a JMeter result: texts to numbers, and into the histograms of its label. */
#include <string.h>

#include "gates/base/text.h"
#include "gates/read/jmeter.h"

/* 30,000 years: no sum of them comes near 63 bits by accident. */
#define MOST_MS UINT64_C(1000000000000000)

bool jmeter_missing(enum jmeter_field field, const char *what, struct error *err)
{
    const char *setting = field == JMETER_ELAPSED ? "time" : "successful";
    error_set(err, FAULT_REPORT, "%s", what);
    return error_hint(err, "save it: jmeter.save.saveservice.%s=true", setting);
}

static bool not_a(const char *what, struct jmeter_text value, struct error *err)
{
    int shown = value.len > 40 ? 40 : (int)value.len;
    return error_set(err, FAULT_REPORT, "%s: \"%.*s\"", what, shown, value.text);
}

static bool read_elapsed(struct jmeter_text value, struct jmeter_sample *sample, struct error *err)
{
    sample->negative = value.len > 1 && value.text[0] == '-';
    if (!number_parse_count(value.text + sample->negative, value.len - sample->negative,
                            &sample->elapsed_ms) ||
        sample->elapsed_ms > MOST_MS)
        return not_a("elapsed is not a number of milliseconds", value, err);
    if (sample->negative)
        sample->elapsed_ms = 0;
    return true;
}

/* How many samples the row stands for and how many of them failed. */
static bool read_counts(const struct jmeter_row *row, bool success, struct jmeter_sample *sample,
                        struct error *err)
{
    struct jmeter_text samples = row->values[JMETER_SAMPLES], errors = row->values[JMETER_ERRORS];
    sample->count = 1;
    if (samples.text != NULL && !number_parse_count(samples.text, samples.len, &sample->count))
        return not_a("the sample count is not a number", samples, err);
    if (errors.text != NULL && !number_parse_count(errors.text, errors.len, &sample->failed))
        return not_a("the error count is not a number", errors, err);
    /* without a count of errors nothing says how many failed: all, to be on the safe side */
    if (sample->failed == 0 && !success)
        sample->failed = sample->count > 0 ? sample->count : 1;
    if (sample->failed > sample->count)
        return error_set(err, FAULT_REPORT, "%llu errors in %llu samples",
                         (unsigned long long)sample->failed, (unsigned long long)sample->count);
    return true;
}

/* Transaction controllers are known by their message alone: "Number of samples in transaction : 2,
 * number of failing samples : 1". *empty: nothing ran in it. */
static bool is_transaction(struct jmeter_text message, bool *empty)
{
    static const char prefix[] = "Number of samples in transaction", none[] = " : 0";
    size_t len = sizeof prefix - 1, more = sizeof none - 1;
    if (message.len < len || memcmp(message.text, prefix, len) != 0)
        return false;
    const char *rest = message.text + len;
    *empty = message.len >= len + more && memcmp(rest, none, more) == 0 &&
             (message.len == len + more || rest[more] == ',');
    return true;
}

/* As Java's Boolean.valueOf; nearly always in lower case. */
static bool is_true(struct jmeter_text said)
{
    return said.len == 4 &&
           (memcmp(said.text, "true", 4) == 0 || text_is_nocase(said.text, 4, "true"));
}

bool jmeter_sample(const struct jmeter_row *row, struct jmeter_sample *sample, struct error *err)
{
    struct jmeter_text elapsed = row->values[JMETER_ELAPSED], said = row->values[JMETER_SUCCESS];
    struct jmeter_text stamp = row->values[JMETER_TIME_STAMP];
    if (elapsed.text == NULL)
        return jmeter_missing(JMETER_ELAPSED, "a sample without its time", err);
    if (said.text == NULL)
        return jmeter_missing(JMETER_SUCCESS, "a sample that does not say whether it succeeded",
                              err);
    *sample = (struct jmeter_sample){.label = row->values[JMETER_LABEL],
                                     .thread = row->values[JMETER_THREAD]};
    bool success = is_true(said), empty = false;
    if (!read_elapsed(elapsed, sample, err) || !read_counts(row, success, sample, err))
        return false;
    sample->timed =
        stamp.text != NULL && jmeter_time(stamp.text, stamp.len, &sample->start_ms, &sample->to_ms);
    sample->transaction = is_transaction(row->values[JMETER_MESSAGE], &empty);
    if (empty && sample->failed == 0)
        sample->count = 0;
    return true;
}

/* Are the samples of a transaction listed beside it? JMeter writes them before it and with the same
 * thread, so the thread's last plain sample began no earlier. With "generate parent sample" they
 * are not: leaving such a transaction out would hide whatever failed in it. */
static bool stands_alone(struct jmeter *j, const struct jmeter_sample *sample)
{
    if (!sample->to_ms || sample->thread.text == NULL)
        return sample->transaction; /* nothing is known of the order: never left out */
    uint64_t hash = hash_text(0, sample->thread.text, sample->thread.len);
    struct jmeter_thread *thread = &j->threads[hash % JMETER_THREADS];
    if (sample->transaction)
        return thread->hash != hash || thread->start_ms < sample->start_ms;
    *thread = (struct jmeter_thread){hash, sample->start_ms};
    return false;
}

static void widen_window(struct load_label *label, const struct jmeter_sample *sample)
{
    bool first = label->passed.count + label->failed.count == 0;
    int64_t end_ms = sample->start_ms + (int64_t)sample->elapsed_ms;
    if (first || sample->start_ms < label->first_ms)
        label->first_ms = sample->start_ms;
    if (first || end_ms > label->last_ms)
        label->last_ms = end_ms;
}

bool jmeter_add(struct jmeter *j, const struct jmeter_sample *sample, struct error *err)
{
    struct load *load = &j->into->load;
    struct arena *mem = j->in->run;
    size_t index = 0;
    if (sample->count == 0)
        return true;
    const char *name = sample->label.text == NULL ? "" : sample->label.text;
    if (!source_label(j->into, mem, name, sample->label.len, sample->transaction, &index, err))
        return false;
    struct load_label *label = &load->labels.items[index];
    label->alone |= stands_alone(j, sample);
    widen_window(label, sample);
    j->untimed |= !sample->timed;
    j->negative += sample->negative;
    j->aggregated += sample->count > 1;

    uint64_t each_ms = sample->elapsed_ms / sample->count;
    j->coarse |= each_ms >= HISTOGRAM_EXACT_MS;
    bool all = sample->failed == sample->count;
    uint64_t failed_ms = all ? sample->elapsed_ms : each_ms * sample->failed;
    return histogram_add(&label->failed, mem, &load->pages, each_ms, sample->failed, failed_ms,
                         err) &&
           histogram_add(&label->passed, mem, &load->pages, each_ms, sample->count - sample->failed,
                         sample->elapsed_ms - failed_ms, err);
}
