/* JMeter results as XML: the elements directly below <testResults>. What is nested in them
 * (redirects, embedded resources, the samples of a transaction) is part of them and does not count.
 */
#include <string.h>

#include "gates/base/text.h"
#include "gates/read/jmeter.h"
#include "gates/read/xml.h"

/* The spellings of formats 2.1 and 2.0, and of a sample that XStream wrote as it is in memory (some
 * plug-ins' samplers), where they are elements. Its `timeStamp` may be 0: `startTime` is preferred.
 */
static const struct {
    const char *attribute, *old_attribute, *element, *other_element;
} names[JMETER_FIELDS] = {
    [JMETER_TIME_STAMP] = {"ts", "timeStamp", "startTime", "timeStamp"},
    [JMETER_ELAPSED] = {"t", "time", "elapsedTime", NULL},
    [JMETER_LABEL] = {"lb", "label", "label", NULL},
    [JMETER_MESSAGE] = {"rm", "responseMessage", "responseMessage", NULL},
    [JMETER_THREAD] = {"tn", "threadName", "threadName", NULL},
    [JMETER_SUCCESS] = {"s", "success", "success", NULL},
    [JMETER_SAMPLES] = {"sc", NULL, "sampleCount", NULL},
    [JMETER_ERRORS] = {"ec", NULL, "errorCount", NULL},
};

struct state {
    struct jmeter *j;
    bool by_elements; /* inside a sample that XStream wrote */
    bool given[JMETER_FIELDS];
    bool preferred[JMETER_FIELDS]; /* given by the element that is preferred */
    struct xml_text texts[JMETER_FIELDS];
    struct xml_text *gathering; /* of the element under way, NULL: not wanted */
};

static struct jmeter_text attribute(const struct xml_tag *tag, const char *name)
{
    struct jmeter_text value = {NULL, 0};
    if (name != NULL)
        value.text = xml_attr(tag, name, &value.len);
    return value;
}

static bool add(struct state *x, const struct jmeter_row *row, const struct xml_tag *tag,
                struct error *err)
{
    struct jmeter_sample sample;
    return (jmeter_sample(row, &sample, err) && jmeter_add(x->j, &sample, err)) ||
           error_at(err, NULL, xml_line(tag), 0);
}

static bool open_sample(struct state *x, const struct xml_tag *tag, struct error *err)
{
    struct jmeter_row row;
    for (size_t i = 0; i < JMETER_FIELDS; i++) {
        row.values[i] = attribute(tag, names[i].attribute);
        if (row.values[i].text == NULL)
            row.values[i] = attribute(tag, names[i].old_attribute);
    }
    x->by_elements =
        row.values[JMETER_SUCCESS].text == NULL && row.values[JMETER_ELAPSED].text == NULL;
    if (!x->by_elements)
        return add(x, &row, tag, err);
    memset(x->given, 0, sizeof x->given);
    memset(x->preferred, 0, sizeof x->preferred);
    return true;
}

/* An element of a sample that XStream wrote: is its text wanted? */
static bool open_value(struct state *x, const struct xml_tag *tag, struct error *err)
{
    for (size_t i = 0; i < JMETER_FIELDS; i++) {
        const char *other = names[i].other_element;
        bool preferred = xml_is(tag, names[i].element);
        if (preferred && x->preferred[i])
            return xml_wrong(tag, err, "two <%s> in one sample", tag->name);
        if (!preferred && (other == NULL || x->given[i] || !xml_is(tag, other)))
            continue;
        x->preferred[i] = preferred;
        x->given[i] = true;
        x->gathering = &x->texts[i];
        x->gathering->len = 0;
    }
    return true;
}

static bool on_open(void *state, const struct xml_tag *tag, struct error *err)
{
    struct state *x = state;
    unsigned depth = xml_depth(tag);
    if (depth == 1 && !xml_is(tag, "testResults"))
        return xml_wrong_root(tag, "JMeter", err);
    if (depth == 2)
        return open_sample(x, tag, err);
    if (x->gathering != NULL) /* the text behind it would be lost: 12 of 12<x/>34 */
        return xml_wrong(tag, err, "<%.60s> inside of a value", tag->name);
    return depth != 3 || !x->by_elements || open_value(x, tag, err);
}

static bool on_close(void *state, const struct xml_tag *tag, struct error *err)
{
    struct state *x = state;
    x->gathering = NULL;
    if (xml_depth(tag) != 2 || !x->by_elements)
        return true;
    struct jmeter_row row = {0};
    for (size_t i = 0; i < JMETER_FIELDS; i++)
        if (x->given[i])
            row.values[i] = (struct jmeter_text){x->texts[i].text, x->texts[i].len};
    return add(x, &row, tag, err);
}

static bool on_text(void *state, const char *text, size_t len, struct error *err)
{
    struct state *x = state;
    (void)err;
    if (x->gathering != NULL)
        xml_gather(x->gathering, text, len);
    return true;
}

bool jmeter_read_xml(struct jmeter *j, struct error *err)
{
    static const struct xml_fold fold = {on_open, on_close, on_text};
    struct state *x = arena_new_item(j->in->scratch, struct state);
    x->j = j;
    return xml_fold(j->in, &fold, x, err);
}
