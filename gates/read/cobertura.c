/* Cobertura XML coverage.
 *
 * Source: https://github.com/cobertura/web/blob/master/htdocs/xml/coverage-04.dtd. Tried with
 * reports of Cobertura 2.1, coverage.py 5 to 7, gcovr 5 to 8, istanbul, c8, vitest, coverlet,
 * dotnet-coverage, OpenCppCoverage, luacov and MATLAB. Rates and totals of the writer are never
 * used: some are 0, NaN or rounded, some count a line twice.
 */
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "gates/read/xml.h"

#define NO_FILE SIZE_MAX

/* A line as a report lists it. */
struct listed_line {
    uint32_t number;
    bool hit;
    uint64_t covered, total; /* branches; total 0: none known */
};

struct cobertura {
    struct input *in;
    struct source *into;
    size_t file;      /* of the class under way; NO_FILE outside of one */
    unsigned methods; /* depth of <methods> and <method> around us */
    bool class_lines; /* has the class lines of its own? */
    struct listed_lines ARRAY(struct listed_line) method_lines; /* of this class */
    bool in_source;
    struct xml_text root; /* text of a <source>, in as many pieces as the parser likes */
    uint64_t odd_numbers, negative_hits, unnamed;
};

static bool begin_class(struct cobertura *c, const struct xml_tag *tag, struct error *err)
{
    if (c->file != NO_FILE)
        return xml_wrong(tag, err, "<class> inside of a <class>");
    size_t len = 0;
    const char *path = xml_attr(tag, "filename", &len);
    if (path == NULL || len == 0) {
        /* Leaving its lines out could only make the report look better: they count, for a file that
         * the repository will not know. */
        c->unnamed++;
        path = xml_attr(tag, "name", &len);
    }
    if (path == NULL || len == 0) {
        path = "(no file name)";
        len = strlen(path);
    }
    c->class_lines = false;
    c->method_lines.count = 0;
    return source_file(c->into, c->in->run, path, len, &c->file, err);
}

static bool keep_line(struct cobertura *c, const struct listed_line *line, struct error *err)
{
    struct coverage *coverage = &c->into->coverage;
    struct lines *lines = &coverage->files.items[c->file].lines;
    if (!lines_add(lines, c->in->run, &coverage->budget, line->number, line->hit, err))
        return false;
    return line->total == 0 || lines_add_branches(lines, c->in->run, &coverage->budget,
                                                  line->number, line->covered, line->total, err);
}

/* Method lines mostly repeat those of the class; where there are none of the class, they are all.
 */
static bool end_class(struct cobertura *c, struct error *err)
{
    for (size_t i = 0; !c->class_lines && i < c->method_lines.count; i++)
        if (!keep_line(c, &c->method_lines.items[i], err))
            return false;
    c->file = NO_FILE;
    return true;
}

/* Counts of hits come as integers of any size, with a fraction or with an exponent. */
static bool is_hit(struct cobertura *c, const struct xml_tag *tag, bool *hit, struct error *err)
{
    size_t len = 0;
    uint64_t count = 0;
    struct number number;
    const char *text = xml_attr(tag, "hits", &len);
    if (text == NULL)
        return xml_wrong(tag, err, "<line> without hits");
    if (number_parse_count(text, len, &count)) {
        *hit = count > 0;
        return true;
    }
    if (number_parse(text, len, &number)) {
        *hit = number.above > 0;
        c->negative_hits += number.above < 0;
        return true;
    }
    *hit = true; /* more digits than a number of ours holds */
    for (size_t i = 0; i < len; i++)
        if (text[i] < '0' || text[i] > '9')
            return xml_wrong(tag, err, "hits is not a number: \"%.*s\"", len < 40 ? (int)len : 40,
                             text);
    return len > 0 || xml_wrong(tag, err, "hits is empty");
}

/* The counts in `condition-coverage="50% (1/2)"`. A line without them has no known branches: the
 * percentage and <condition> elements are often wrong or not all. */
static void read_branches(const struct xml_tag *tag, struct listed_line *line)
{
    size_t len = 0;
    const char *text = xml_attr(tag, "condition-coverage", &len);
    const char *open = text == NULL ? NULL : memchr(text, '(', len);
    if (open == NULL)
        return;
    size_t rest = (size_t)(text + len - open);
    const char *slash = memchr(open, '/', rest), *close = memchr(open, ')', rest);
    if (slash == NULL || close == NULL || slash > close)
        return;
    uint64_t covered = 0, total = 0;
    if (number_parse_count(open + 1, (size_t)(slash - open - 1), &covered) &&
        number_parse_count(slash + 1, (size_t)(close - slash - 1), &total)) {
        line->covered = covered;
        line->total = total;
    }
}

static bool remember_line(struct cobertura *c, const struct listed_line *line, struct error *err)
{
    if (c->method_lines.count >= (size_t)LIMIT_FILE_PAGES * PAGE_LINES)
        return error_set(err, FAULT_REPORT, "a class has too many lines under its methods");
    array_push(c->in->scratch, &c->method_lines, *line);
    return true;
}

static bool read_line(struct cobertura *c, const struct xml_tag *tag, struct error *err)
{
    if (c->file == NO_FILE)
        return xml_wrong(tag, err, "<line> outside of a <class>");
    c->class_lines |= c->methods == 0;
    struct listed_line line = {0};
    uint64_t number = 0;
    if (!is_hit(c, tag, &line.hit, err))
        return false;
    if (!xml_count(tag, "number", &number) || number < 1 || number > LIMIT_LINE) {
        c->odd_numbers++;
        return true;
    }
    line.number = (uint32_t)number;
    read_branches(tag, &line);
    return c->methods > 0 ? remember_line(c, &line, err) : keep_line(c, &line, err);
}

static bool check_writer(const struct xml_tag *root, struct error *err)
{
    size_t len = 0;
    const char *version = xml_attr(root, "version", &len);
    if (version == NULL || !text_is(version, len, OWN_COVERAGE))
        return true;
    xml_wrong(root, err, "qgate wrote this, out of other reports");
    return error_hint(err, "take it out of the path, or write it elsewhere");
}

/* Clover and SonarQube's generic coverage have a <coverage> as well, with other things in it. */
static bool check_place(const struct xml_tag *tag, struct error *err)
{
    if (xml_depth(tag) == 1 && !xml_is(tag, "coverage"))
        return xml_wrong_root(tag, "Cobertura", err);
    if (xml_depth(tag) == 1 && !check_writer(tag, err))
        return false;
    if (xml_depth(tag) == 2 && xml_is(tag, "project"))
        return xml_wrong(tag, err, "not a Cobertura report: <coverage> with a <project> is Clover");
    if (xml_depth(tag) == 2 && xml_is(tag, "file"))
        return xml_wrong(tag, err,
                         "not a Cobertura report: <coverage> with a <file> is SonarQube's "
                         "generic coverage");
    return true;
}

/* Seconds, or milliseconds; MATLAB writes a fraction. */
static void read_timestamp(struct cobertura *c, const struct xml_tag *tag)
{
    const int64_t least_ms = INT64_C(100000000000); /* as seconds that is the year 5138 */
    size_t len = 0;
    struct number stamp;
    const char *text = xml_attr(tag, "timestamp", &len);
    if (text == NULL || !number_parse(text, len, &stamp))
        return;
    int64_t seconds = stamp.above / (int64_t)stamp.below;
    source_written(c->into, seconds >= least_ms ? seconds / 1000 : seconds);
}

static bool on_open(void *state, const struct xml_tag *tag, struct error *err)
{
    struct cobertura *c = state;
    if (xml_depth(tag) <= 2 && !check_place(tag, err))
        return false;
    if (xml_depth(tag) == 1)
        read_timestamp(c, tag);
    if (xml_is(tag, "line"))
        return read_line(c, tag, err);
    if (xml_is(tag, "class"))
        return begin_class(c, tag, err);
    if (xml_is(tag, "methods") || xml_is(tag, "method"))
        c->methods++;
    if (xml_is(tag, "source")) {
        c->in_source = true;
        xml_text_clear(&c->root);
    }
    return true;
}

static bool end_source(struct cobertura *c, struct error *err)
{
    struct words *roots = &c->into->coverage.roots;
    const char *root = text_keep(c->in->run, c->root.text, c->root.len, LIMIT_NAME_BYTES);
    c->in_source = false;
    if (root[0] == '\0' || c->root.len > LIMIT_NAME_BYTES) /* a cut path leads nowhere */
        return true;
    if (roots->count >= LIMIT_ROOTS)
        return error_set(err, FAULT_REPORT, "more than %d <source> elements", LIMIT_ROOTS);
    array_push(c->in->run, roots, root);
    return true;
}

static bool on_close(void *state, const struct xml_tag *tag, struct error *err)
{
    struct cobertura *c = state;
    if (xml_is(tag, "class"))
        return end_class(c, err);
    if (xml_is(tag, "methods") || xml_is(tag, "method"))
        c->methods--;
    if (xml_is(tag, "source"))
        return end_source(c, err);
    return true;
}

static bool on_text(void *state, const char *text, size_t len, struct error *err)
{
    (void)err;
    struct cobertura *c = state;
    if (c->in_source)
        xml_gather(&c->root, text, len);
    return true;
}

static void warn(const struct cobertura *c, uint64_t count, const char *what)
{
    if (count > 0)
        source_warn(c->into, c->in->run, "%s: %llu", what, (unsigned long long)count);
}

static bool cobertura_read(struct input *in, struct source *into, struct error *err)
{
    static const struct xml_fold fold = {on_open, on_close, on_text};
    struct cobertura *c = arena_new_item(in->scratch, struct cobertura);
    *c = (struct cobertura){.in = in, .into = into, .file = NO_FILE};
    into->speaks |= FAMILY_BIT(FAMILY_COVERAGE);
    if (!xml_fold(in, &fold, c, err))
        return false;
    warn(c, c->odd_numbers, "lines without a usable number were left out");
    warn(c, c->negative_hits, "negative hits count as 0");
    warn(c, c->unnamed,
         "classes without a file name, whose lines count for a file of the class's name");
    return true;
}

static bool cobertura_claims(const char *head, size_t len)
{
    size_t name_len = 0;
    const char *name = xml_root(head, len, &name_len);
    return name != NULL && text_is(name, name_len, "coverage") &&
           memmem(head, len, OWN_COVERAGE, strlen(OWN_COVERAGE)) == NULL;
}

const struct reader cobertura_reader = {
    .name = "cobertura",
    .title = "Cobertura XML",
    .globs = {"**/*cobertura*.xml", "**/coverage*.xml"},
    .claims = cobertura_claims,
    .read = cobertura_read,
};
