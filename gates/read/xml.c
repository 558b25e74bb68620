#include "gates/read/xml.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "gates/read/repair.h"

/* Fields of the context that later versions want read through functions that 2.9 has not. */
#if LIBXML_VERSION >= 21200
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
typedef const xmlError *xml_problem;
#else
typedef xmlErrorPtr xml_problem;
#endif

/* What libxml2 hands over for each attribute: local name, prefix, URI, value, its end. */
enum { ATTR_NAME, ATTR_PREFIX, ATTR_VALUE = 3, ATTR_END, ATTR_FIELDS };

struct open_element {
    const char *name; /* in the parser's dictionary */
    unsigned line;
};

/* A document under way. */
struct document {
    struct input *in;
    struct repair *bytes;
    unsigned lines_dropped; /* before the document */
    const struct xml_fold *fold;
    void *state;
    struct error *err;
    bool failed; /* err is filled: nothing more is read, no callback is called */
    xmlParserCtxtPtr parser;
    uint64_t given, given_at_event; /* bytes handed to the parser; when it last said something */
    unsigned depth;
    struct open_element open[LIMIT_DEPTH];
};

static unsigned line_of(const struct document *doc)
{
    const xmlParserInput *input = doc->parser->input;
    int line = input == NULL ? 0 : input->line;
    return (line > 0 ? (unsigned)line : 1) + doc->lines_dropped;
}

/* err is filled but for the place. */
static void fail(struct document *doc)
{
    error_at(doc->err, NULL, line_of(doc), 0);
    doc->failed = true;
    xmlStopParser(doc->parser);
}

/* The guard */

static bool refuse(struct document *doc, const char *what)
{
    error_set(doc->err, FAULT_REPORT, "%s", what);
    error_hint(doc->err, "`qgate formats` lists the limits; look at what wrote the report");
    return error_at(doc->err, NULL, line_of(doc), 0);
}

/* Beyond these libxml2 needs quadratic time, or memory without bound. Asked before each block. */
static bool within_limits(struct document *doc)
{
    uint64_t silent = doc->given - doc->given_at_event;
    bool in_cdata = doc->parser->instate == XML_PARSER_CDATA_SECTION;
    if (silent > (in_cdata ? LIMIT_CDATA_BYTES : LIMIT_TOKEN_BYTES))
        return refuse(doc, in_cdata ? "a CDATA section of more than 64 MiB"
                                    : "more than 16 MiB without a complete element");
    /* the array of attributes doubles: a full one of this size holds more than are allowed */
    if (doc->parser->maxatts > 2 * ATTR_FIELDS * LIMIT_XML_ATTRIBUTES)
        return refuse(doc, "an element has more than 4096 attributes");
    if (xmlDictSize(doc->parser->dict) > LIMIT_XML_NAMES)
        return refuse(doc, "more than 20000 different names of elements and attributes");
    return true;
}

/* libxml2 frees what it is reading into when it is stopped here: a refusal is only returned. */
static int read_block(void *context, char *buffer, int room)
{
    struct document *doc = context;
    size_t got = 0;
    if (doc->failed || room <= 0)
        return -1;
    if (!within_limits(doc) || !repair_read(doc->bytes, buffer, (size_t)room, &got, doc->err)) {
        doc->failed = true;
        return -1;
    }
    doc->given += got;
    return (int)got;
}

static void on_declaration(struct document *doc)
{
    if (doc->failed)
        return;
    error_set(doc->err, FAULT_REPORT, "the DOCTYPE declares something");
    error_hint(doc->err,
               "a report needs no declarations; they are refused because they can blow it up");
    fail(doc);
}

static void on_entity(void *context, const xmlChar *name, int type, const xmlChar *public_id,
                      const xmlChar *system_id, xmlChar *content)
{
    (void)name, (void)type, (void)public_id, (void)system_id, (void)content;
    on_declaration(context);
}

static void on_attlist(void *context, const xmlChar *element, const xmlChar *name, int type,
                       int fallback, const xmlChar *value, xmlEnumerationPtr words)
{
    (void)element, (void)name, (void)type, (void)fallback, (void)value;
    xmlFreeEnumeration(words); /* ours to free, says the interface */
    on_declaration(context);
}

static void on_element(void *context, const xmlChar *name, int type, xmlElementContentPtr content)
{
    (void)name, (void)type, (void)content;
    on_declaration(context);
}

static void on_notation(void *context, const xmlChar *name, const xmlChar *public_id,
                        const xmlChar *system_id)
{
    (void)name, (void)public_id, (void)system_id;
    on_declaration(context);
}

static void on_unparsed(void *context, const xmlChar *name, const xmlChar *public_id,
                        const xmlChar *system_id, const xmlChar *notation)
{
    (void)name, (void)public_id, (void)system_id, (void)notation;
    on_declaration(context);
}

static xmlEntityPtr on_parameter(void *context, const xmlChar *name)
{
    (void)name;
    on_declaration(context);
    return NULL;
}

/* Only asked for entities that are not predefined: none can be known. */
static xmlEntityPtr on_reference(void *context, const xmlChar *name)
{
    struct document *doc = context;
    if (doc->failed)
        return NULL;
    error_set(doc->err, FAULT_REPORT, "the entity &%.60s; is not known", (const char *)name);
    error_hint(doc->err, "write `&amp;` where `&` is meant");
    fail(doc);
    return NULL;
}

/* Events */

static void on_open(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                    int namespaces, const xmlChar **namespace, int attr_count, int defaulted,
                    const xmlChar **attrs)
{
    (void)prefix, (void)uri, (void)namespaces, (void)namespace, (void)defaulted;
    struct document *doc = context;
    if (doc->failed)
        return;
    doc->given_at_event = doc->given;
    struct xml_tag tag = {(const char *)name, attrs, (size_t)attr_count, doc->depth + 1,
                          line_of(doc)};
    bool refused = false;
    if (attr_count > LIMIT_XML_ATTRIBUTES)
        refused = !refuse(doc, "an element has more than 4096 attributes");
    else if (doc->depth == LIMIT_DEPTH)
        refused = !refuse(doc, "elements are nested more than 512 deep");
    else
        doc->open[doc->depth++] = (struct open_element){tag.name, tag.line};
    if (refused || (doc->fold->open != NULL && !doc->fold->open(doc->state, &tag, doc->err)))
        fail(doc);
}

static void on_close(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)prefix, (void)uri;
    struct document *doc = context;
    if (doc->failed)
        return;
    doc->given_at_event = doc->given;
    struct xml_tag tag = {.name = (const char *)name, .depth = doc->depth--, .line = line_of(doc)};
    if (doc->fold->close != NULL && !doc->fold->close(doc->state, &tag, doc->err))
        fail(doc);
}

static void on_text(void *context, const xmlChar *text, int len)
{
    struct document *doc = context;
    if (doc->failed)
        return;
    doc->given_at_event = doc->given;
    if (doc->fold->text != NULL &&
        !doc->fold->text(doc->state, (const char *)text, (size_t)len, doc->err))
        fail(doc);
}

/* What is wrong, in our words: libxml2's quote the document. */
static const char *words_of(int code)
{
    static const struct {
        int code;
        const char *words;
    } known[] = {
        {XML_ERR_DOCUMENT_EMPTY, "not XML: it does not begin with an element"},
        {XML_ERR_DOCUMENT_END, "something follows the root element"},
        {XML_ERR_LT_IN_ATTRIBUTE, "`<` in the value of an attribute"},
        {XML_ERR_LT_REQUIRED, "`<` is missing"},
        {XML_ERR_GT_REQUIRED, "`>` is missing"},
        {XML_ERR_LTSLASH_REQUIRED, "`</` is missing"},
        {XML_ERR_EQUAL_REQUIRED, "`=` is missing"},
        {XML_ERR_SPACE_REQUIRED, "a space is missing"},
        {XML_ERR_NAME_REQUIRED,
         "a name is missing: `<` and `&` must be written `&lt;` and `&amp;`"},
        {XML_ERR_NAME_TOO_LONG, "a name is too long"},
        {XML_ERR_ENTITYREF_SEMICOL_MISSING, "`&` begins no entity: it must be written `&amp;`"},
        {XML_ERR_ATTRIBUTE_NOT_STARTED, "the value of an attribute is not quoted"},
        {XML_ERR_ATTRIBUTE_NOT_FINISHED, "the value of an attribute is not finished"},
        {XML_ERR_ATTRIBUTE_WITHOUT_VALUE, "an attribute has no value"},
        {XML_ERR_ATTRIBUTE_REDEFINED, "an attribute is given twice"},
        {XML_ERR_COMMENT_NOT_FINISHED, "a comment is not finished"},
        {XML_ERR_HYPHEN_IN_COMMENT, "`--` inside a comment"},
        {XML_ERR_CDATA_NOT_FINISHED, "a CDATA section is not finished"},
        {XML_ERR_MISPLACED_CDATA_END, "`]]>` outside of a CDATA section"},
        {XML_ERR_PI_NOT_FINISHED, "a processing instruction is not finished"},
        {XML_ERR_RESERVED_XML_NAME, "an XML declaration in the middle of the document"},
        {XML_ERR_XMLDECL_NOT_FINISHED, "the XML declaration is broken"},
        {XML_ERR_UNKNOWN_VERSION, "the version of XML is not known"},
        {XML_ERR_DOCTYPE_NOT_FINISHED, "the DOCTYPE is broken"},
        {XML_ERR_INVALID_CHAR, "a character that XML forbids"},
        {XML_ERR_INVALID_CHARREF, "a reference to a character that XML forbids"},
        {XML_ERR_INVALID_ENCODING, "bytes that do not fit the encoding"},
        {XML_ERR_UNSUPPORTED_ENCODING, "the encoding is not known"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].code == code)
            return known[i].words;
    return NULL;
}

static void explain_end(struct document *doc)
{
    const struct open_element *open = doc->depth > 0 ? &doc->open[doc->depth - 1] : NULL;
    if (doc->given == 0)
        error_set(doc->err, FAULT_REPORT, "the document is empty");
    else if (open == NULL)
        error_set(doc->err, FAULT_REPORT, "the document ends in the middle");
    else
        error_set(doc->err, FAULT_REPORT,
                  "the document ends in the middle: <%.60s> of line %u is not closed", open->name,
                  open->line);
    error_hint(doc->err, "look at the job that writes it: it was probably stopped");
}

static void explain(struct document *doc, int code)
{
    const xmlParserInput *input = doc->parser->input;
    const char *words = words_of(code);
    if (code == XML_ERR_NO_MEMORY)
        error_set(doc->err, FAULT_SYSTEM, "out of memory");
    else if (input != NULL && input->buf != NULL && input->buf->error != 0)
        error_set(doc->err, FAULT_REPORT, "bytes that do not fit the encoding");
    else if (code == XML_ERR_TAG_NAME_MISMATCH && doc->depth > 0)
        error_set(doc->err, FAULT_REPORT, "mismatched end tag: <%.60s> of line %u is not closed",
                  doc->open[doc->depth - 1].name, doc->open[doc->depth - 1].line);
    else if (repair_at_end(doc->bytes) && (input == NULL || input->cur >= input->end))
        explain_end(doc);
    else if (words != NULL)
        error_set(doc->err, FAULT_REPORT, "%s", words);
    else
        error_set(doc->err, FAULT_REPORT, "not well-formed XML (libxml2 calls it %d)", code);
}

static unsigned column_of(const struct document *doc)
{
    const xmlParserInput *input = doc->parser->input;
    bool known = input != NULL && input->col > 0 && repair_keeps_columns(doc->bytes);
    return known ? (unsigned)input->col : 0;
}

/* Warnings and what is wrong with name spaces do not make a document unreadable. */
static void on_problem(void *context, xml_problem problem)
{
    struct document *doc = context;
    if (doc->failed || problem->level != XML_ERR_FATAL)
        return;
    explain(doc, problem->code);
    error_at(doc->err, NULL, line_of(doc), column_of(doc));
    doc->failed = true; /* the next block is refused; stopping here would free what is being read */
}

static void ignore_problem(void *context, xml_problem problem)
{
    (void)context, (void)problem;
}

/* Reading */

static bool parse(struct document *doc)
{
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_open,
        .endElementNs = on_close,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .getEntity = on_reference,
        .getParameterEntity = on_parameter,
        .entityDecl = on_entity,
        .attributeDecl = on_attlist,
        .elementDecl = on_element,
        .notationDecl = on_notation,
        .unparsedEntityDecl = on_unparsed,
        .serror = on_problem,
    };
    doc->parser = xmlCreateIOParserCtxt(&sax, doc, read_block, NULL, doc, XML_CHAR_ENCODING_NONE);
    if (doc->parser == NULL)
        return error_set(doc->err, FAULT_SYSTEM, "out of memory");
    /* NOENT: without it `&amp;` arrives as `&#38;` in attributes. No other entity gets this far. */
    xmlCtxtUseOptions(doc->parser, XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOENT |
                                       (repair_is_utf8(doc->bytes) ? XML_PARSE_IGNORE_ENC : 0));
    bool good = xmlParseDocument(doc->parser) == 0 && doc->parser->wellFormed == 1;
    if (!good && !doc->failed) {
        explain(doc, doc->parser->errNo);
        error_at(doc->err, NULL, line_of(doc), 0);
    }
    xmlFreeDoc(doc->parser->myDoc); /* made for a declaration */
    xmlFreeParserCtxt(doc->parser);
    return good && !doc->failed;
}

bool xml_fold(struct input *in, const struct xml_fold *fold, void *state, struct error *err)
{
    struct error found = {0}; /* what is wrong with the XML of a binary file is of no interest */
    struct document *doc = arena_new_item(in->scratch, struct document);
    *doc = (struct document){.in = in, .fold = fold, .state = state, .err = &found};
    doc->bytes = repair_new(in, err);
    if (doc->bytes == NULL)
        return false;
    doc->lines_dropped = repair_lines_dropped(doc->bytes);
    /* Some problems of encodings are raised without a context, and would be printed. */
    xmlStructuredErrorFunc had = xmlStructuredError;
    void *had_context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(NULL, ignore_problem);
    bool good = parse(doc);
    xmlSetStructuredErrorFunc(had_context, had);
    if (repair_is_binary(doc->bytes)) {
        error_set(err, FAULT_REPORT,
                  "not a text: more than 1 %% of its bytes are not allowed in XML");
        return error_hint(err, "unpack it first when it is compressed");
    }
    if (!good)
        *err = found;
    return good;
}

/* Tags */

unsigned xml_line(const struct xml_tag *tag)
{
    return tag->line;
}

const char *xml_attr(const struct xml_tag *tag, const char *name, size_t *len)
{
    for (size_t i = 0; i < tag->attr_count; i++) {
        const xmlChar **attr = tag->attrs + i * ATTR_FIELDS;
        if (!xml_is_name((const char *)attr[ATTR_NAME], name) || attr[ATTR_PREFIX] != NULL)
            continue;
        *len = (size_t)(attr[ATTR_END] - attr[ATTR_VALUE]);
        return (const char *)attr[ATTR_VALUE];
    }
    return NULL;
}

void xml_attrs(const struct xml_tag *tag, const char *const names[], struct xml_value values[],
               size_t count)
{
    memset(values, 0, count * sizeof *values);
    for (size_t i = 0; i < tag->attr_count; i++) {
        const xmlChar **attr = tag->attrs + i * ATTR_FIELDS;
        const char *name = (const char *)attr[ATTR_NAME];
        size_t n = 0;
        while (n < count && !xml_is_name(name, names[n]))
            n++;
        if (n < count && attr[ATTR_PREFIX] == NULL)
            values[n] = (struct xml_value){(const char *)attr[ATTR_VALUE],
                                           (size_t)(attr[ATTR_END] - attr[ATTR_VALUE])};
    }
}

bool xml_count(const struct xml_tag *tag, const char *name, uint64_t *count)
{
    size_t len = 0;
    const char *text = xml_attr(tag, name, &len);
    return text != NULL && number_parse_count(text, len, count);
}

bool xml_wrong(const struct xml_tag *tag, struct error *err, const char *fmt, ...)
{
    char what[sizeof err->what];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    error_set(err, FAULT_REPORT, "%s", what);
    return error_at(err, NULL, tag->line, 0);
}

bool xml_wrong_root(const struct xml_tag *tag, const char *format, struct error *err)
{
    xml_wrong(tag, err, "not a %s report: the root element is <%.60s>", format, tag->name);
    return error_hint(err, "say which format it is with --format or in the policy");
}
