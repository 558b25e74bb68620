/* Completions for shells, made from the tables of commands and options: what `qgate completion`
 * writes is a program in the shell's own language and needs no qgate when it runs.
 */
#ifndef RUNNER_COMMAND_COMPLETION_H
#define RUNNER_COMMAND_COMPLETION_H

#include <stdio.h>

#include "runner/command/command.h"

/* What may stand for an argument of the usage line or of an option. */
struct candidates {
    bool files;
    bool unfinished; /* more follows a word: json=PATH */
    struct words words;
};

/* `argument` as the usage line has it: words stand for themselves, those in capitals for what there
 * is (MEASURE, FORMAT) or for a file (FILE, REPORT, PATH …). */
struct candidates candidates_of(const char *argument, struct arena *mem);

/* The words on one line, parted by spaces. */
const char *candidates_joined(const struct candidates *candidates, struct arena *mem);

/* Print `text` with a backslash before each character of `special`, and a quote as a shell has it
 * within single quotes. */
void print_quoted(const char *text, const char *special, FILE *out);

void completion_bash(struct arena *mem, FILE *out);
void completion_zsh(struct arena *mem, FILE *out);
void completion_fish(struct arena *mem, FILE *out);

#endif
