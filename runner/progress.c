#include "runner/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "gates/base/text.h"

enum {
    QUIET_MS = 1000,
    BETWEEN_MS = 100,
    LINE_BYTES = 128,  /* a longer one would wrap, and could not be written over */
    DIGITS_BYTES = 32, /* of 20 digits in threes */
};

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_begin(struct progress *progress, const struct context *context, bool quiet)
{
    *progress = (struct progress){.wanted = context->err_terminal && !context->in_ci && !quiet};
    if (progress->wanted)
        progress->started_ms = monotonic_ms();
}

/* "12,400" */
static const char *in_threes(size_t number, char text[DIGITS_BYTES])
{
    char *at = &text[DIGITS_BYTES - 1];
    *at = '\0';
    for (unsigned digits = 0; number > 0 || digits == 0; number /= 10, digits++) {
        if (digits > 0 && digits % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + number % 10);
    }
    return at;
}

static bool is_time(struct progress *progress)
{
    int64_t now = monotonic_ms();
    if (now - progress->started_ms < QUIET_MS || now - progress->shown_ms < BETWEEN_MS)
        return false;
    progress->shown_ms = now;
    return true;
}

void progress_show(struct progress *progress, const char *doing, size_t done, size_t total,
                   const char *what)
{
    char line[LINE_BYTES], of_done[DIGITS_BYTES], of_total[DIGITS_BYTES];
    if (progress == NULL || !progress->wanted || !is_time(progress))
        return;
    snprintf(line, sizeof line, "%.72s: %s%s%s %s%s", doing, in_threes(done, of_done),
             total == 0 ? "" : " of ", total == 0 ? "" : in_threes(total, of_total), what,
             total == 0 ? " so far" : "");
    text_clean(line, strlen(line));
    fprintf(stderr, "\r%s\033[K", line);
    fflush(stderr);
    progress->shown = true;
}

void progress_end(struct progress *progress)
{
    if (progress == NULL || !progress->shown)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->shown = false;
    progress->shown_ms = 0;
}
