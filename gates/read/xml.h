/* The only door to libxml2: an XML report as a stream of events, in constant memory.
 *
 * The parser is pulled through our own read callback, which is the guard: illegal characters are
 * repaired before (repair.h; over 1 % of the bytes is an error), tokens, depths, attribute and name
 * counts above the ceilings of limits.h are refused, and so is any declaration inside a DOCTYPE.
 * Nothing is ever fetched. A document is good only when it is well formed to its end. UTF-8, UTF-16
 * with a byte order mark and the single-byte encodings of an XML declaration are read.
 *
 * Texts handed to callbacks are valid UTF-8, and valid during the call only.
 */
#ifndef GATES_READ_XML_H
#define GATES_READ_XML_H

#include "gates/base/limits.h"
#include "gates/read/reader.h"

/* An element under way; to be looked at through the functions below. */
struct xml_tag {
    const char *name;            /* local, no prefix */
    const unsigned char **attrs; /* as the parser hands them over; may be NULL */
    size_t attr_count;
    unsigned depth, line;
};

/* Callbacks return false with err set to stop. `state` is the caller's. Any may be NULL. */
struct xml_fold {
    bool (*open)(void *state, const struct xml_tag *tag, struct error *err);
    bool (*close)(void *state, const struct xml_tag *tag, struct error *err); /* no attributes */
    /* Character data, in pieces of any size; CDATA as well. */
    bool (*text)(void *state, const char *text, size_t len, struct error *err);
};

NODISCARD bool xml_fold(struct input *in, const struct xml_fold *fold, void *state,
                        struct error *err);

/* Asked of every element for several names, which mostly differ in the first character: no call. */
static inline bool xml_is_name(const char *a, const char *b)
{
    for (; *a == *b && *a != '\0'; a++)
        b++;
    return *a == *b;
}

static inline bool xml_is(const struct xml_tag *tag, const char *name)
{
    return xml_is_name(tag->name, name);
}

static inline unsigned xml_depth(const struct xml_tag *tag) /* 1: the root element */
{
    return tag->depth;
}

unsigned xml_line(const struct xml_tag *tag); /* where its start tag ends; closing: its end tag */

/* The value of an attribute without prefix, not NUL-terminated, its length in *len; NULL when it is
 * not there. */
const char *xml_attr(const struct xml_tag *tag, const char *name, size_t *len);

/* Several at once, for elements that there are many of: values[i] is that of names[i], its text
 * NULL when it is not there. */
struct xml_value {
    const char *text; /* not NUL-terminated */
    size_t len;
};

void xml_attrs(const struct xml_tag *tag, const char *const names[], struct xml_value values[],
               size_t count);

/* An attribute as a whole number without sign; false when it is not there or is something else. */
bool xml_count(const struct xml_tag *tag, const char *name, uint64_t *count);

/* A text gathered from its pieces, NUL-terminated; what does not fit is cut. */
struct xml_text {
    size_t len;
    char text[LIMIT_NAME_BYTES + 8]; /* longer than what is kept, so that text_keep() sees a cut */
};

void xml_text_clear(struct xml_text *text);
void xml_gather(struct xml_text *into, const char *text, size_t len);

/* Replace it by a value, or by that of an attribute; empty when that is not there. */
void xml_take(struct xml_text *into, const struct xml_value *value);
void xml_copy(struct xml_text *into, const struct xml_tag *tag, const char *name);

/* The root element's name in the head of a document (for `claims`): behind byte order mark,
 * declaration, comments and DOCTYPE, without a prefix. NULL when there is none. */
const char *xml_root(const char *head, size_t len, size_t *name_len);

/* Fill err with what is wrong at the tag's line. Always false. */
bool xml_wrong(const struct xml_tag *tag, struct error *err, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* The same for a root element that is not of the format: "not a JUnit report: the root element is
 * <x>". */
bool xml_wrong_root(const struct xml_tag *tag, const char *format, struct error *err);

#endif
