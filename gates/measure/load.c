/* Load: samples of all picked labels, put together in one histogram where order matters. */
#include <string.h>

#include "gates/base/limits.h"
#include "gates/measure/index.h"
#include "gates/measure/take.h"

__extension__ typedef unsigned __int128 wide;

struct sums {
    struct histogram all; /* passed and failed together; filled for percentiles only */
    uint64_t samples, errors, sum_ms, min_ms, max_ms;
    uint64_t satisfied, tolerated; /* for apdex */
    int64_t first_ms, last_ms;
    bool timed, too_large;
    enum load_percentiles percentiles;
};

bool take_has_samples(const struct load *load)
{
    for (size_t i = 0; i < load->labels.count; i++)
        if (!load->labels.items[i].transaction)
            return true;
    return false;
}

bool take_counts(const struct load *load, const struct load_label *label, bool has_samples)
{
    if (load->transactions == TRANSACTIONS_INCLUDE)
        return true;
    if (load->transactions == TRANSACTIONS_ONLY)
        return label->transaction;
    return !label->transaction || label->alone || !has_samples;
}

static void add_histogram(struct sums *sums, const struct histogram *h)
{
    if (h->count == 0)
        return;
    sums->min_ms = sums->samples == 0 || h->min_ms < sums->min_ms ? h->min_ms : sums->min_ms;
    sums->max_ms = h->max_ms > sums->max_ms ? h->max_ms : sums->max_ms;
    /* more than 2^63 ms is 290 million years: it cannot be right, and must not turn small */
    if (__builtin_add_overflow(sums->samples, h->count, &sums->samples) ||
        __builtin_add_overflow(sums->sum_ms, h->sum_ms, &sums->sum_ms) ||
        sums->samples > INT64_MAX || sums->sum_ms > INT64_MAX)
        sums->too_large = true;
}

static void add_label(struct sums *sums, const struct load *load, const struct load_label *label)
{
    bool first = sums->samples == 0;
    add_histogram(sums, &label->passed);
    add_histogram(sums, &label->failed);
    sums->errors += label->failed.count;
    uint64_t satisfied = histogram_at_most(&label->passed, load->apdex_ms[0]);
    sums->satisfied += satisfied;
    sums->tolerated += histogram_at_most(&label->passed, load->apdex_ms[1]) - satisfied;
    sums->first_ms = first || label->first_ms < sums->first_ms ? label->first_ms : sums->first_ms;
    sums->last_ms = first || label->last_ms > sums->last_ms ? label->last_ms : sums->last_ms;
    sums->timed = (first || sums->timed) && label->timed;
}

static void put_together(struct sums *sums, const struct load_label *label, struct arena *mem,
                         struct value *out)
{
    uint64_t pages = 0; /* what is put together was within the ceiling before */
    struct error err = {0};
    if (!histogram_merge(&sums->all, mem, &pages, &label->passed, &err) ||
        !histogram_merge(&sums->all, mem, &pages, &label->failed, &err))
        take_error(out, arena_copy(mem, err.what, strlen(err.what)));
}

static void add_source(const struct selector *selector, const struct source *source, int what,
                       struct arena *mem, struct sums *sums, struct value *out)
{
    const struct load *load = &source->load;
    bool has_samples = take_has_samples(load);
    if (sums->samples > 0 && sums->percentiles != load->percentiles && what == LOAD_PERCENTILE)
        take_error(out, "the reports ask for different percentiles: name one with {report=\"…\"}");
    sums->percentiles = load->percentiles;
    const struct candidates some = candidates_of_labels(selector, &load->labels);
    for (size_t i = 0; i < some.count; i++) {
        const struct load_label *label = &load->labels.items[candidate_at(&some, i)];
        if (!take_counts(load, label, has_samples) ||
            !take_label(selector, "label", label->label, mem, out) ||
            !take_path(selector, "", label->origin, mem, out))
            continue;
        add_label(sums, load, label);
        if (what == LOAD_PERCENTILE)
            put_together(sums, label, mem, out);
    }
}

/* 95000 of load.p95, 99900 of load.p99.9, 50000 of load.median: thousandths of a percent. The
 * policy loader let no other id through. */
static uint64_t thousandths(const char *id)
{
    struct number percent = number_of(50);
    const char *p = strrchr(id, 'p');
    if (strcmp(id, "load.median") != 0 && p != NULL &&
        !number_parse(p + 1, strlen(p + 1), &percent))
        percent = number_of(50);
    return (uint64_t)percent.above * 1000 / percent.below;
}

/* Between the samples of rank `low` and the next, `part` of `of` of the way. */
static struct number between(const struct histogram *h, uint64_t low, uint64_t part, uint64_t of)
{
    uint64_t a = histogram_rank(h, low);
    uint64_t b = low + 1 < h->count ? histogram_rank(h, low + 1) : a;
    wide above = (wide)a * of + (wide)(b - a) * part;
    return above <= INT64_MAX ? number_ratio((int64_t)above, of) : number_of((int64_t)a);
}

static struct number percentile(const struct histogram *h, uint64_t p, enum load_percentiles method)
{
    enum { WHOLE = 100000 };
    uint64_t n = h->count;
    if (method == PERCENTILES_LINEAR) {
        wide position = (wide)p * (n - 1);
        return between(h, (uint64_t)(position / WHOLE), (uint64_t)(position % WHOLE), WHOLE);
    }
    if (method == PERCENTILES_JMETER) { /* Commons Math's LEGACY estimate, as JMeter's dashboard */
        wide position = (wide)p * (n + 1);
        if (position < WHOLE)
            return number_of((int64_t)h->min_ms);
        if (position >= (wide)WHOLE * n)
            return number_of((int64_t)h->max_ms);
        return between(h, (uint64_t)(position / WHOLE) - 1, (uint64_t)(position % WHOLE), WHOLE);
    }
    wide rank = ((wide)p * n + WHOLE - 1) / WHOLE;
    return number_of((int64_t)histogram_rank(h, (uint64_t)rank - 1));
}

static void take_percentile(const struct selector *selector, const struct sums *sums,
                            struct value *out)
{
    static const char *const methods[] = {
        [PERCENTILES_NEAREST] = "nearest rank",
        [PERCENTILES_LINEAR] = "linear interpolation",
        [PERCENTILES_JMETER] = "as JMeter's dashboard",
    };
    out->method = methods[sums->percentiles];
    take_number(out, percentile(&sums->all, thousandths(selector->id), sums->percentiles));
}

/* Samples over the time from the first start to the last end. */
static void take_time(int what, const struct sums *sums, struct value *out)
{
    int64_t span_ms = sums->last_ms - sums->first_ms;
    if (!sums->timed)
        take_nothing(out, "the report has no time stamps that can be read");
    else if (what == LOAD_DURATION)
        take_number(out, number_ratio(span_ms, 1000));
    else if (span_ms <= 0)
        take_nothing(out, "all samples stand at one moment");
    else
        take_number(out,
                    number_scale(number_ratio((int64_t)sums->samples, (uint64_t)span_ms), 1000, 1));
}

static void answer(const struct selector *selector, int what, const struct sums *sums,
                   struct value *out)
{
    if (what == LOAD_SAMPLES)
        take_number(out, number_of((int64_t)sums->samples));
    else if (sums->samples == 0)
        take_nothing(out, "no sample is listed");
    else if (what == LOAD_ERRORS)
        take_number(out, number_of((int64_t)sums->errors));
    else if (what == LOAD_ERROR_RATE)
        take_ratio(out, sums->errors, sums->samples, 100);
    else if (what == LOAD_MEAN)
        take_number(out, number_ratio((int64_t)sums->sum_ms, sums->samples));
    else if (what == LOAD_MIN || what == LOAD_MAX)
        take_number(out, number_of((int64_t)(what == LOAD_MIN ? sums->min_ms : sums->max_ms)));
    else if (what == LOAD_PERCENTILE)
        take_percentile(selector, sums, out);
    else if (what == LOAD_APDEX)
        take_number(
            out, number_ratio((int64_t)(2 * sums->satisfied + sums->tolerated), 2 * sums->samples));
    else
        take_time(what, sums, out);
}

TAKE(take_load)
{
    struct sums sums = {0};
    for (size_t i = 0; i < count; i++)
        add_source(selector, sources[i], what, mem, &sums, out);
    if (sums.too_large)
        take_error(out, "the samples or their times add up to more than can be counted");
    else
        answer(selector, what, &sums, out);
}
