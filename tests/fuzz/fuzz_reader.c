/* One reader on any bytes: memory safety, and the invariant "false if and only if the error says
 * why". Built once per format, with -DFUZZ_READER=<format>_reader (ci/fuzz.sh).
 */
#include <string.h>

#include "gates/read/reader.h"
#include "tests/fuzz/fuzz.h"

struct bytes {
    const uint8_t *at;
    size_t left;
};

static bool pull(void *handle, char *buffer, size_t room, size_t *got, struct error *err)
{
    (void)err;
    struct bytes *bytes = handle;
    *got = bytes->left < room ? bytes->left : room;
    if (*got > 0)
        memcpy(buffer, bytes->at, *got);
    bytes->at += *got;
    bytes->left -= *got;
    return true;
}

static bool read_report(struct bytes bytes, struct source *report, struct arena *run)
{
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct input in = {
        .path = "report", .pull = pull, .handle = &bytes, .run = run, .scratch = scratch};
    struct error err = {0};

    source_init(report, run, FUZZ_READER.name, FUZZ_READER.name);
    bool whole = input_begin(&in, &err) && report_read(&FUZZ_READER, &in, report, &err);
    if (whole) {
        must(err.fault == FAULT_NONE);
    } else {
        must(err.fault != FAULT_NONE && err.what[0] != '\0');
        must(printable(err.what) && printable(err.hint));
    }
    return whole;
}

/* As in a run whose entry matches the report twice under different names. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(close_arena) struct arena *run = arena_new();
    struct bytes bytes = {data, size};
    struct source first = {0}, second = {0}, entry = {0};
    struct error err = {0};

    if (!read_report(bytes, &first, run))
        return 0;
    must(read_report(bytes, &second, run));
    source_init(&entry, run, "fuzz", FUZZ_READER.name);
    if (source_merge(&entry, run, &first, &err) && source_merge(&entry, run, &second, &err)) {
        source_settle(&entry, run);
        source_fingerprint(&entry, run);
    }
    return 0;
}
