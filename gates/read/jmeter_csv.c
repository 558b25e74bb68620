/* JMeter results as CSV: columns in any order, named by the first row or by `options.columns`. */
#include <stdio.h>
#include <string.h>

#include "gates/base/text.h"
#include "gates/read/csv.h"
#include "gates/read/jmeter.h"

#define MOST_COLUMNS 4096U
#define NO_COLUMN SIZE_MAX

static const char *const names[JMETER_FIELDS] = {
    [JMETER_TIME_STAMP] = "timeStamp", [JMETER_ELAPSED] = "elapsed",
    [JMETER_LABEL] = "label",          [JMETER_MESSAGE] = "responseMessage",
    [JMETER_THREAD] = "threadName",    [JMETER_SUCCESS] = "success",
    [JMETER_SAMPLES] = "SampleCount",  [JMETER_ERRORS] = "ErrorCount",
};

static const char *const other_names[] = {
    "responseCode", "dataType", "failureMessage", "bytes",   "sentBytes", "grpThreads",
    "allThreads",   "URL",      "Filename",       "Latency", "IdleTime",  "Connect",
    "Encoding",     "Hostname",
};

static bool is_known(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
        if (text_is_nocase(name, len, other_names[i]))
            return true;
    for (size_t i = 0; i < JMETER_FIELDS; i++)
        if (text_is_nocase(name, len, names[i]))
            return true;
    return false;
}

/* The first line of the head, without a byte order mark. */
static struct jmeter_text first_line(const char *head, size_t len)
{
    size_t mark = len >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    struct jmeter_text line = {head + mark, 0};
    while (mark + line.len < len && line.text[line.len] != '\n' && line.text[line.len] != '\r')
        line.len++;
    return line;
}

/* How many fields the line has when `separator` parts them; *known: how many are known names. */
static size_t count_fields(struct jmeter_text line, char separator, size_t *known)
{
    size_t fields = 0, begin = 0;
    bool in_quotes = false;
    *known = 0;
    for (size_t i = 0; i <= line.len; i++) {
        in_quotes ^= i < line.len && line.text[i] == '"';
        if (i < line.len && (line.text[i] != separator || in_quotes))
            continue;
        size_t quoted = i - begin >= 2 && line.text[begin] == '"';
        *known += is_known(line.text + begin + quoted, i - begin - 2 * quoted);
        fields++;
        begin = i + 1;
    }
    return fields;
}

static const char separators[] = ",;\t|";

/* The separator that finds most known names in the line; *known: how many. */
static char header_separator(struct jmeter_text line, size_t *known)
{
    char best = ',';
    *known = 0;
    for (const char *s = separators; *s != '\0'; s++) {
        size_t found = 0;
        count_fields(line, *s, &found);
        if (found > *known) {
            *known = found;
            best = *s;
        }
    }
    return best;
}

bool jmeter_csv_head(const char *head, size_t len)
{
    size_t known = 0;
    header_separator(first_line(head, len), &known);
    return known >= 3;
}

/* Which column holds what. */
struct layout {
    char separator;
    size_t column[JMETER_FIELDS]; /* NO_COLUMN: not there */
    size_t count;                 /* columns altogether */
    const char *named_by;         /* for messages */
};

static bool name_column(struct layout *layout, size_t column, const char *name, size_t len,
                        struct error *err)
{
    for (size_t i = 0; i < JMETER_FIELDS; i++) {
        if (!text_is_nocase(name, len, names[i]))
            continue;
        if (layout->column[i] != NO_COLUMN)
            return error_set(err, FAULT_REPORT, "%s names the column %s twice", layout->named_by,
                             names[i]);
        layout->column[i] = column;
    }
    return true;
}

static bool check_columns(const struct layout *layout, struct error *err)
{
    static const enum jmeter_field needed[] = {JMETER_ELAPSED, JMETER_SUCCESS};
    for (size_t i = 0; i < 2; i++) {
        char what[64];
        if (layout->column[needed[i]] != NO_COLUMN)
            continue;
        snprintf(what, sizeof what, "%s names no column `%s`", layout->named_by, names[needed[i]]);
        return jmeter_missing(needed[i], what, err);
    }
    return true;
}

/* JMeter puts the names of sample variables in quotes, behind its own; a header that begins with a
 * quote was written by another tool, which puts all of them in quotes. */
static bool columns_of_header(struct csv *csv, struct layout *layout, struct error *err)
{
    const struct csv_field *fields = NULL;
    layout->named_by = "the header";
    if (!csv_next(csv, &fields, &layout->count, err))
        return false;
    for (size_t i = 0; i < layout->count && i < MOST_COLUMNS; i++)
        if ((!fields[i].quoted || fields[0].quoted) &&
            !name_column(layout, i, fields[i].text, fields[i].len, err))
            return error_at(err, NULL, 1, 0);
    return check_columns(layout, err) || error_at(err, NULL, 1, 0);
}

static bool columns_of_option(const struct setting *columns, struct layout *layout,
                              struct error *err)
{
    layout->named_by = "options.columns";
    layout->count = columns->values.count;
    for (size_t i = 0; i < layout->count; i++) {
        const char *name = columns->values.items[i];
        if (!name_column(layout, i, name, strlen(name), err))
            return false;
    }
    return check_columns(layout, err);
}

/* Of a file without a header: the separator that parts the first line into `count` fields. */
static char plain_separator(struct jmeter_text line, size_t count)
{
    for (const char *s = separators; *s != '\0'; s++) {
        size_t known = 0;
        if (count_fields(line, *s, &known) == count)
            return *s;
    }
    return ',';
}

static bool no_header(struct csv *csv, struct error *err)
{
    const struct csv_field *fields = NULL;
    size_t count = 0;
    if (!csv_next(csv, &fields, &count, err) && err->fault != FAULT_NONE)
        return false;
    error_set(err, FAULT_REPORT, "the first line does not name the columns");
    error_hint(err,
               "save them (jmeter.save.saveservice.print_field_names=true), or name them in the "
               "policy with options.columns");
    return error_at(err, NULL, 1, 0);
}

/* Find out how the file is laid out; NULL with err set when that cannot be known. */
static struct csv *open_csv(struct jmeter *j, struct layout *layout, struct error *err)
{
    const struct setting *columns = input_setting(j->in, "columns");
    struct jmeter_text line = first_line(j->in->head, j->in->head_len);
    size_t known = 0;
    char separator = header_separator(line, &known);
    bool has_header = known >= 2;
    if (!has_header && columns != NULL)
        separator = plain_separator(line, columns->values.count);
    struct csv *csv = csv_new(j->in, separator, MOST_COLUMNS);
    bool good = has_header        ? columns_of_header(csv, layout, err)
                : columns != NULL ? columns_of_option(columns, layout, err)
                                  : no_header(csv, err);
    return good ? csv : NULL;
}

static void pick(const struct layout *layout, const struct csv_field *fields,
                 struct jmeter_row *row)
{
    for (size_t i = 0; i < JMETER_FIELDS; i++) {
        size_t column = layout->column[i];
        row->values[i] = column == NO_COLUMN
                             ? (struct jmeter_text){NULL, 0}
                             : (struct jmeter_text){fields[column].text, fields[column].len};
    }
}

static bool read_row(const struct layout *layout, const struct csv_field *fields, size_t count,
                     struct jmeter_sample *sample, struct error *err)
{
    struct jmeter_row row;
    if (count != layout->count)
        return error_set(err, FAULT_REPORT, "row has %zu fields, %s names %zu", count,
                         layout->named_by, layout->count);
    pick(layout, fields, &row);
    return jmeter_sample(&row, sample, err);
}

static bool take_row(struct jmeter *j, const struct csv *csv, const struct layout *layout,
                     const struct csv_field *fields, size_t count, struct error *err)
{
    struct jmeter_sample sample;
    if (read_row(layout, fields, count, &sample, err))
        return jmeter_add(j, &sample, err) || error_at(err, NULL, csv_line(csv), 0);
    if (!csv_cut(csv) || count > layout->count)
        return error_at(err, NULL, csv_line(csv), 0);
    source_warn(j->into, j->in->run,
                "the last row (line %u) is incomplete and left out: the run was killed",
                csv_line(csv));
    *err = (struct error){0};
    return true;
}

bool jmeter_read_csv(struct jmeter *j, struct error *err)
{
    struct layout layout = {.count = 0};
    for (size_t i = 0; i < JMETER_FIELDS; i++)
        layout.column[i] = NO_COLUMN;
    struct csv *csv = open_csv(j, &layout, err);
    if (csv == NULL)
        return false;
    size_t wanted = 0;
    for (size_t i = 0; i < JMETER_FIELDS; i++)
        if (layout.column[i] != NO_COLUMN && layout.column[i] >= wanted)
            wanted = layout.column[i] + 1;
    csv_keep(csv, wanted);

    const struct csv_field *fields = NULL;
    size_t count = 0;
    while (csv_next(csv, &fields, &count, err))
        if (!take_row(j, csv, &layout, fields, count, err))
            return false;
    return err->fault == FAULT_NONE;
}
