/* What is drawn from any files of a GitOps repository is a valid configuration: paths and texts
 * follow each other, parted by the byte 0xFF, which no text of YAML holds.
 */
#include <string.h>

#include "gates/delivery/layout.h"
#include "gates/delivery/outline.h"
#include "tests/fuzz/fuzz.h"

static const char *next(const uint8_t **data, size_t *size, size_t *len, struct arena *mem)
{
    const uint8_t *end = memchr(*data, 0xFF, *size);
    *len = end == NULL ? *size : (size_t)(end - *data);
    const char *text = arena_copy(mem, (const char *)*data, *len);
    size_t taken = *len + (end != NULL);
    *data += taken;
    *size -= taken;
    return text;
}

static void check(const struct outline *outline, struct arena *mem)
{
    const struct outline_origin origin = {.repository = "gitops", .url = "..", .commit = "0"};
    struct delivery delivery;
    struct layouts layouts;
    struct problems found;
    struct error err = {0};
    size_t marks = 0;
    const char *text = outline_text(outline, &origin, mem, &marks);
    problems_init(&found, mem);
    must(delivery_load("d", text, strlen(text), NULL, mem, &delivery, &found, &err));
    must(found.count == 0);
    must(layouts_of(&delivery, "gitops", mem, &layouts, &err));
    must(layouts.items.count == outline->layouts.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct finds finds = {0};
    struct outline outline;
    while (size > 0) {
        size_t len = 0;
        const char *path = next(&data, &size, &len, mem);
        const char *text = next(&data, &size, &len, mem);
        if (finds_wanted(path))
            finds_read(path, text, len, mem, &finds);
    }
    outline_draw(&finds, mem, &outline);
    if (outline.layouts.count > 0)
        check(&outline, mem);
    return 0;
}
