/* A writer that is killed at any moment loses nothing that was acknowledged, and leaves nothing
 * broken.
 *
 * A process writes 200 batches and counts each one in shared memory as soon as it was acknowledged.
 * It is killed (SIGKILL) after a random time; what it had acknowledged has to be there, whole, and
 * at most one batch more, which it had no time to count. The next process goes on in the same
 * store.
 *
 * `test_store_crash ROUNDS` tries that many times; without a number it is a few.
 */
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "tests/support/store.h"

enum { WRITES = 200, ROWS = 3 };

static int rounds = 12;
static unsigned seed = 1;

static unsigned next_random(unsigned below)
{
    seed = seed * 1103515245U + 12345U;
    return (seed >> 8) % below;
}

static void write_batch(struct tree *tree, int round, int number)
{
    struct store_batch batch = {.mem = tree->mem};
    const char *run = arena_printf(tree->mem, "%03d-%03d", round, number);
    for (int i = 0; i < ROWS; i++) {
        const struct store_gate_measurement_row row = {
            .project_id = store_integer(7),
            .day = store_integer(20260301),
            .run_id = store_text(run),
            .metric = store_text(arena_printf(tree->mem, "m%d", i)),
            .subject = store_text(""),
            .verdict = store_text("passed"),
        };
        store_put_gate_measurement(&batch, &row);
    }
    if (!store_write(&tree->store, &batch, &tree->err))
        fail_msg("%s: %s", tree->err.where, tree->err.what);
}

static void write_until_killed(struct tree *tree, int round, volatile int *acknowledged)
{
    must_open(tree, STORE_WRITE);
    for (int i = 0; i < WRITES; i++) {
        write_batch(tree, round, i);
        *acknowledged = i + 1;
    }
    _exit(0);
}

/* The times lie between nothing and a little more than the whole work takes. */
static void kill_one(struct tree *tree, int round, volatile int *acknowledged, unsigned most_us)
{
    *acknowledged = 0;
    pid_t pid = fork();
    if (pid == 0)
        write_until_killed(tree, round, acknowledged);
    const struct timespec pause = {0, (long)next_random(most_us) * 1000};
    nanosleep(&pause, NULL);
    kill(pid, SIGKILL);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
}

/* How many batches of the round are there; none of them in part. */
static int found(struct tree *tree, int round)
{
    const char *answer =
        asked(tree, arena_printf(tree->mem,
                                 "SELECT COUNT(*), COUNT(DISTINCT run_id) FROM gate_measurement"
                                 " WHERE run_id LIKE '%03d-%%'",
                                 round));
    char *bar;
    long rows = strtol(answer, &bar, 10), batches = strtol(bar + 1, NULL, 10);
    assert_int_equal(rows, batches * ROWS);
    return (int)batches;
}

static void killed_at_any_moment(void **state)
{
    struct tree *tree = ready(state);
    int *acknowledged =
        mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(acknowledged != MAP_FAILED);
    must_open(tree, STORE_WRITE); /* so that the schema is there to be asked */
    close_store(&tree->store);
    long acknowledged_in_all = 0, uncounted = 0, cut = 0;
    for (int round = 0; round < rounds; round++) {
        kill_one(tree, round, acknowledged, 400000);
        int there = found(tree, round);
        if (there != *acknowledged && there != *acknowledged + 1)
            fail_msg("round %d: %d acknowledged, %d found", round, *acknowledged, there);
        acknowledged_in_all += *acknowledged;
        uncounted += there - *acknowledged;
        cut += *acknowledged < WRITES;
        if (!tree->far)
            assert_string_equal(asked(tree, "PRAGMA integrity_check"), "ok");
    }
    print_message(
        "%d kills, %ld of them amid the work: %ld batches acknowledged, all found, and %ld"
        " that were on their way\n",
        rounds, cut, acknowledged_in_all, uncounted);
    munmap(acknowledged, sizeof(int));
}

int main(int argc, char **argv)
{
    if (argc > 1)
        rounds = (int)strtol(argv[1], NULL, 10);
    const struct CMUnitTest tests[] = {ON_BOTH(killed_at_any_moment)};
    return cmocka_run_group_tests_name("store_crash", tests, NULL, NULL);
}
