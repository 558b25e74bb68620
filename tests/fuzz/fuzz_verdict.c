/* A verdict's file on any bytes: memory safety, false if and only if the error says why, and what
 * is taken shows as what it says: written and taken again it gives the same bytes. Every output
 * takes it, and no text in it becomes more than text there.
 */
#include <jansson.h>
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
    must(strlen(text) == *len);
    return text;
}

static size_t count_of(const char *text, char wanted)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == wanted;
    return count;
}

/* What each format makes of a line, where a text could have begun one. */
static void check_line(const struct renderer *renderer, const char *line, size_t len)
{
    const char *name = renderer->name;
    for (size_t i = 0; i < len; i++)
        must((unsigned char)line[i] >= ' ' && line[i] != 0x7f);
    if (strcmp(name, "markdown") == 0) /* quick actions, code, fences, headings, front matter */
        must(len == 0 || (strchr("/ \t`~#-:+$", *line) == NULL) || strncmp(line, "- ", 2) == 0);
    if (strcmp(name, "dotenv") == 0)
        must(strncmp(line, "QGATE_", 6) == 0 &&
             strspn(line + 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_=abcdefghijklmnopqrstuvwxyz0123456789") ==
                 len - 6);
    if (strcmp(name, "metrics") == 0)
        must(strncmp(line, "# ", 2) == 0 || strncmp(line, "qgate_", 6) == 0);
}

static void check_output(const struct renderer *renderer, const struct view *view)
{
    size_t len;
    char *text = rendered(renderer, view, &len);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        must(strchr(line, '\n') != NULL);
        check_line(renderer, line, strcspn(line, "\n"));
    }
    if (strncmp(text, "<?xml", 5) == 0)
        must(count_of(text, '<') == count_of(text, '>'));
    if (strchr("{[", *text) != NULL) {
        json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
        must(json != NULL);
        json_decref(json);
    }
    free(text);
}

static void check_way_back(const struct view *view, struct arena *mem)
{
    struct verdict_file again;
    struct error err = {0};
    size_t len, len_again;
    char *text = rendered(&json_renderer, view, &len);
    must(verdict_file_take(text, len, mem, &again, &err));
    char *text_again = rendered(&json_renderer, &again.view, &len_again);
    must(len == len_again && memcmp(text, text_again, len) == 0);
    free(text);
    free(text_again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct verdict_file file;
    struct error err = {0};

    if (!verdict_file_take((const char *)data, size, mem, &file, &err)) {
        must(err.fault != FAULT_NONE && err.what[0] != '\0' && printable(err.what));
        return 0;
    }
    must(err.fault == FAULT_NONE);
    check_way_back(&file.view, mem);
    for (size_t i = 0; renderers[i] != NULL; i++)
        check_output(renderers[i], &file.view);
    return 0;
}
