/* `qgate completion`: what a shell needs to complete command lines of qgate. */
#include "runner/command/completion.h"

#include <ctype.h>
#include <string.h>

#include "gates/base/text.h"
#include "gates/measure/catalogue.h"
#include "gates/read/reader.h"
#include "runner/log.h"
#include "runner/render/render.h"

static const struct cli_option options[] = {{0}};

static void add_measures(struct words *words, struct arena *mem)
{
    for (const struct measure *row = catalogue; row->id != NULL; row++)
        if (strchr(row->id, '*') == NULL)
            array_push(mem, words, row->id);
}

/* One word of an argument. */
static void add_word(struct candidates *to, const char *word, size_t len, struct arena *mem)
{
    if (len == 0)
        return;
    if (text_is(word, len, "MEASURE"))
        add_measures(&to->words, mem);
    else if (text_is(word, len, "FORMAT"))
        for (size_t i = 0; readers[i] != NULL; i++)
            array_push(mem, &to->words, readers[i]->name);
    else if (text_is(word, len, "FORMAT=PATH"))
        for (size_t i = 0; renderers[i] != NULL; i++)
            array_push(mem, &to->words, arena_printf(mem, "%s=", renderers[i]->name));
    else if (text_lists("FILE REPORT PATH VERDICT.json", word, len))
        to->files = true;
    else if (islower((unsigned char)word[0]))
        array_push(mem, &to->words, arena_copy(mem, word, len));
    to->unfinished |= text_is(word, len, "FORMAT=PATH");
}

struct candidates candidates_of(const char *argument, struct arena *mem)
{
    struct candidates found = {0};
    while (argument != NULL && *argument != '\0') {
        size_t len = strcspn(argument, "[]| ");
        const char *dots = memmem(argument, len, "…", strlen("…"));
        add_word(&found, argument, dots == NULL ? len : (size_t)(dots - argument), mem);
        argument += len + (argument[len] != '\0');
    }
    return found;
}

const char *candidates_joined(const struct candidates *candidates, struct arena *mem)
{
    const char *line = "";
    for (size_t i = 0; i < candidates->words.count; i++)
        line = arena_printf(mem, "%s%s%s", line, i == 0 ? "" : " ", candidates->words.items[i]);
    return line;
}

void print_quoted(const char *text, const char *special, FILE *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs("'\\'", out); /* ends the quotes, and begins them again behind it */
        else if (strchr(special, *text) != NULL)
            fputc('\\', out);
        fputc(*text, out);
    }
}

static enum status run(const struct context *context, const struct cli *cli)
{
    static const struct {
        const char *shell;
        void (*print)(struct arena *mem, FILE *out);
    } shells[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};
    struct error err = {0};
    const char *shell = cli->arguments.count == 1 ? cli->arguments.items[0] : "";
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++)
        if (strcmp(shell, shells[i].shell) == 0) {
            shells[i].print(context->run, stdout);
            return finish_stdout(STATUS_PASSED);
        }
    error_set(&err, FAULT_USAGE, "for which shell?");
    error_hint(&err, "there are: bash, zsh, fish");
    return give_up(&err);
}

const struct command completion_command = {
    .name = "completion",
    .arguments = "bash|zsh|fish",
    .title = "prints what a shell needs to complete command lines of qgate",
    .options = options,
    .run = run,
};
