/* What the reports say today, as `qgate init` asks for it. */
#ifndef RUNNER_COMMAND_TODAY_H
#define RUNNER_COMMAND_TODAY_H

#include "gates/measure/measure.h"
#include "gates/read/reader.h"

/* The value of a measure, of one severity unless that is NULL. False: there is none. */
bool today_value(const struct evidence *evidence, const char *id, const char *severity,
                 struct arena *mem, struct value *value);

/* The same for a count; 0 when there is none. */
uint64_t today_count(const struct evidence *evidence, const char *id, const char *severity,
                     struct arena *mem);

/* Was anything examined for findings of this family? */
bool today_speaks(const struct evidence *evidence, enum family family);

/* What the reports of a format say in a few words: "412 tests, none failed". */
const char *today_summary(const struct evidence *evidence, const struct reader *reader,
                          struct arena *mem);

#endif
