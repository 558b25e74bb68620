/* Entries for the manual, in scdoc's markup: what the listings write with --scd. ci/manual.sh puts
 * them into docs/man, so a page never says other things than the program.
 */
#ifndef RUNNER_SCD_H
#define RUNNER_SCD_H

#include <stdio.h>

#include "gates/base/error.h"

/* `text` as it stands: what is markup in it is escaped. */
void scd_text(const char *text, FILE *out);

/* A term in bold, with an argument ("" for none), and what it means: a line each. */
void scd_entry(FILE *out, const char *term, const char *argument, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

#endif
