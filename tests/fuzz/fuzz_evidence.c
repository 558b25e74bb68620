/* The reader of saved evidence on any text: memory safety, an error that is filled and printable,
 * and what was read can be written and gives the same when it is read again.
 */
#include <stdio.h>
#include <string.h>

#include "runner/store/evidence.h"
#include "tests/fuzz/fuzz.h"

static char *written(const struct evidence *evidence)
{
    char *text = NULL;
    size_t size = 0;
    struct error err = {0};
    FILE *out = open_memstream(&text, &size);
    must(out != NULL && evidence_write(evidence, out, &err));
    fclose(out);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct evidence evidence, again;
    struct error err = {0};

    if (!evidence_read((const char *)data, size, mem, &evidence, &err)) {
        must(err.fault == FAULT_REPORT && err.what[0] != '\0' && printable(err.what));
        return 0;
    }
    must(err.fault == FAULT_NONE);
    char *once = written(&evidence);
    must(evidence_read(once, strlen(once), mem, &again, &err));
    char *twice = written(&again);
    must(strcmp(once, twice) == 0);
    free(once);
    free(twice);
    return 0;
}
