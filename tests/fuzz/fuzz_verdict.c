/* A verdict's file on any bytes: memory safety, false if and only if the error says why, and what is
 * taken shows as what it says: written and taken again it gives the same bytes.
 */
#include <string.h>

#include "runner/render/verdict_file.h"
#include "tests/fuzz/fuzz.h"

/* The caller frees it. */
static char *rendered(const struct renderer *renderer, const struct view *view, size_t *len)
{
    struct error err = {0};
    char *text = NULL;
    FILE *out = open_memstream(&text, len);
    must(out != NULL && renderer->render(view, out, &err) && fclose(out) == 0);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct verdict_file file, again;
    struct error err = {0};
    size_t len, len_again, len_note;

    if (!verdict_file_take((const char *)data, size, mem, &file, &err)) {
        must(err.fault != FAULT_NONE && err.what[0] != '\0' && printable(err.what));
        return 0;
    }
    must(err.fault == FAULT_NONE);
    char *text = rendered(&json_renderer, &file.view, &len);
    must(verdict_file_take(text, len, mem, &again, &err));
    char *text_again = rendered(&json_renderer, &again.view, &len_again);
    char *note = rendered(&markdown_renderer, &file.view, &len_note);
    must(len == len_again && memcmp(text, text_again, len) == 0);
    free(text);
    free(text_again);
    free(note);
    return 0;
}
