/* tests/bench/store.c DIR: one million gate measurements in DIR/.qgate/history.db (kept, as the
 * other inputs), and how long the question about 28 days of them takes: all of one project, over a
 * year.
 */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "runner/store/keys.h"
#include "runner/store/store.h"

enum {
    RUNS = 25000,
    TOGETHER = 250,
    METRICS = 40,
    DAYS = 365,
    WINDOW = 28,
    TIMES = 7,
    LIMIT_MS = 200
};

static const int64_t first_ms = INT64_C(1767225600000), day_ms = 86400000; /* 2026-01-01 */

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int failed(const struct error *err)
{
    fprintf(stderr, "%s: %s\n", err->where, err->what);
    return 1;
}

/* One run's measurements, as `qgate check` would put them. */
static void put_run(struct store_batch *batch, int run)
{
    for (int metric = 0; metric < METRICS; metric++) {
        int covered = (run * 7 + metric * 13) % 1000;
        const struct store_gate_measurement_row row = {
            .project_id = store_integer(7),
            .day = store_integer(store_day(first_ms + (int64_t)run * DAYS / RUNS * day_ms)),
            .run_id = store_text(arena_printf(batch->mem, "pipeline-%08d", run)),
            .metric = store_text(
                arena_printf(batch->mem, "coverage.lines{component=\"part%d\"}", metric)),
            .subject = store_text(""),
            .value = store_real(covered / 10.0),
            .num = store_integer(covered),
            .den = store_integer(1000),
            .threshold = store_integer(80),
            .op = store_text(">="),
            .verdict = store_text(covered >= 800 ? "passed" : "failed"),
        };
        store_put_gate_measurement(batch, &row);
    }
}

struct answer {
    size_t metrics;
    int64_t rows;
};

static void count_row(void *state, const struct store_value *columns)
{
    struct answer *answer = state;
    answer->metrics++;
    answer->rows += columns[1].integer;
}

static bool ask(struct store *store, int last_day, struct answer *answer, struct error *err)
{
    const struct store_value values[] = {
        store_integer(7), store_integer(store_day(first_ms + (last_day - WINDOW + 1) * day_ms)),
        store_integer(store_day(first_ms + last_day * day_ms))};
    const struct store_question question = {
        .query = QUERY_MEASURED, .values = values, .count = 3, .row = count_row, .state = answer};
    *answer = (struct answer){0};
    return store_ask(store, &question, err);
}

static bool fill(struct store *store, struct error *err)
{
    struct answer answer;
    if (!ask(store, DAYS - 1, &answer, err))
        return false;
    if (answer.rows > 0)
        return true;
    fprintf(stderr, "writing a million measurements\n");
    bool good = true;
    for (int run = 0; good && run < RUNS; run += TOGETHER) {
        AUTO(close_arena) struct arena *mem = arena_new();
        struct store_batch batch = {.mem = mem};
        for (int i = 0; i < TOGETHER; i++)
            put_run(&batch, run + i);
        good = store_write(store, &batch, err);
    }
    return good;
}

/* The smallest of seven: the file is in the page cache then. */
static bool measure(struct store *store, struct error *err)
{
    double smallest = 1e9;
    struct answer answer;
    for (int i = 0; i < TIMES; i++) {
        double begun = now_ms();
        if (!ask(store, DAYS - 1 - i, &answer, err))
            return false;
        double took = now_ms() - begun;
        smallest = took < smallest ? took : smallest;
    }
    printf(
        "| 28 days of a million measurements in SQLite: %lld rows, %zu metrics | wall | %.0f ms |"
        " %d ms | %s |\n",
        (long long)answer.rows, answer.metrics, smallest, LIMIT_MS,
        smallest < LIMIT_MS ? "met" : "not met");
    return true;
}

int main(int argc, char **argv)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct error err = {0};
    struct workplace place = {.root = argc > 1 ? argv[1] : ".", .fd = -1};
    place.fd = open(place.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    AUTO(close_store) struct store store = {0};
    bool good = store_open(&store, NULL, STORE_WRITE, &place, mem, &err) && fill(&store, &err) &&
                measure(&store, &err);
    close(place.fd);
    return good ? 0 : failed(&err);
}
