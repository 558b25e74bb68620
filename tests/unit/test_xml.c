/* The door to libxml2: what arrives, what is repaired, what is refused, and where. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates/read/xml.h"
#include "tests/support/bytes.h"

/* What a document said: `<b x=1>text</b>`, the value of attribute x only. */
struct seen {
    size_t used;
    char text[4096];
    unsigned lines[16], line_count; /* of the elements opened */
    uint64_t repaired;
};

static void see(struct seen *seen, const char *text, size_t len)
{
    size_t room = sizeof seen->text - 1 - seen->used, take = len < room ? len : room;
    memcpy(seen->text + seen->used, text, take);
    seen->used += take;
    seen->text[seen->used] = '\0';
}

static bool on_open(void *state, const struct xml_tag *tag, struct error *err)
{
    struct seen *seen = state;
    size_t len = 0;
    const char *x = xml_attr(tag, "x", &len);
    if (xml_is(tag, "bad"))
        return xml_wrong(tag, err, "bad at depth %u", xml_depth(tag));
    see(seen, xml_is(tag, "a") ? "<a" : xml_is(tag, "b") ? "<b" : "<?", 2);
    if (x != NULL) {
        see(seen, " ", 1);
        see(seen, x, len);
    }
    see(seen, ">", 1);
    if (seen->line_count < 16)
        seen->lines[seen->line_count++] = xml_line(tag);
    return true;
}

static bool on_close(void *state, const struct xml_tag *tag, struct error *err)
{
    (void)err;
    see(state, xml_is(tag, "a") ? "</a>" : xml_is(tag, "b") ? "</b>" : "</?>", 4);
    return true;
}

static bool on_text(void *state, const char *text, size_t len, struct error *err)
{
    (void)err;
    see(state, text, len);
    return true;
}

static bool read_bytes(const char *bytes, size_t len, size_t most, struct seen *seen,
                       struct error *err)
{
    AUTO(close_arena) struct arena *run = arena_new();
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct bytes left = {bytes, len, most};
    struct input in = {
        .path = "r", .pull = bytes_pull, .handle = &left, .run = run, .scratch = scratch};
    const struct xml_fold fold = {on_open, on_close, on_text};
    *seen = (struct seen){0};
    *err = (struct error){0};
    bool good = xml_fold(&in, &fold, seen, err);
    assert_int_equal(good, err->fault == FAULT_NONE);
    seen->repaired = in.repaired;
    return good;
}

static void expect_bytes(const char *bytes, size_t len, const char *events, uint64_t repaired)
{
    static struct seen seen;
    struct error err;
    for (size_t most = 1; most <= len; most = most < 8 ? most + 1 : most * 4) {
        if (!read_bytes(bytes, len, most, &seen, &err))
            fail_msg("%s:%u:%u", err.what, err.line, err.column);
        assert_string_equal(seen.text, events);
        assert_int_equal(seen.repaired, repaired);
    }
}

static void expect(const char *text, const char *events)
{
    expect_bytes(text, strlen(text), events, 0);
}

static void refuse(const char *text, unsigned line, const char *what)
{
    static struct seen seen;
    struct error err;
    for (size_t most = 1; most < 100000; most *= 17) {
        assert_false(read_bytes(text, strlen(text), most, &seen, &err));
        assert_string_equal(err.what, what);
        assert_int_equal(err.line, line);
    }
}

static void hands_over_events(void **state)
{
    (void)state;
    expect("<a><b x='1'>t</b></a>", "<a><b 1>t</b></a>");
    expect("<a><c/></a>", "<a><?></?></a>");
    expect("<a x='1 &amp;&lt;&#65;&#x42;\"'/>", "<a 1 &<AB\"></a>");
    expect("<a x='1&#10;2\n3'/>", "<a 1\n2 3></a>");
    expect("<a>1&amp;<![CDATA[<b>&amp;]]>2</a>", "<a>1&<b>&amp;2</a>");
    expect("<n:a xmlns:n='u' n:x='2' x='1'/>", "<a 1></a>");
    expect("<n:a n:x='2'/>", "<a></a>");
    expect("<!DOCTYPE a SYSTEM 'http://x/y.dtd'><a/>", "<a></a>");
    expect("<!DOCTYPE a []><a/>", "<a></a>");
}

static void reads_encodings(void **state)
{
    (void)state;
    static const char utf16[] = "\xFF\xFE<\0a\0 \0x\0=\0'\0\xE9\0'\0/\0>\0";
    static const char big[] = "\xFE\xFF\0<\0a\0 \0x\0=\0'\0\xE9\0'\0/\0>";
    expect_bytes(utf16, sizeof utf16 - 1, "<a \xC3\xA9></a>", 0);
    expect_bytes(big, sizeof big - 1, "<a \xC3\xA9></a>", 0);
    expect("<?xml version='1.0' encoding='ISO-8859-1'?><a x='\xE9'/>", "<a \xC3\xA9></a>");
    expect("\xEF\xBB\xBF<a/>", "<a></a>");
    expect("<?xml version='1.0' encoding='utf-16'?><a x='\xC3\xA9'/>", "<a \xC3\xA9></a>");
    refuse("<?xml version='1.0' encoding='UTF-7'?><a/>", 1,
           "the encoding is not one that qgate reads: \"UTF-7\"");
    refuse("<?xml version='1.0' encoding='windows-1252'?>\n<a x='\x81'/>", 2,
           "bytes that do not fit the encoding");
}

static void drops_white_space_before(void **state)
{
    (void)state;
    static struct seen seen;
    struct error err;
    static const char text[] = "\n \r\n<?xml version='1.0'?>\n<a>\n<b/></a>";
    assert_true(read_bytes(text, sizeof text - 1, 3, &seen, &err));
    assert_int_equal(seen.lines[0], 4);
    assert_int_equal(seen.lines[1], 5);
    refuse("\n\n", 3, "the document is empty");
    refuse("", 1, "the document is empty");
}

#define DOCUMENT_BYTES 80000

/* A document with `middle` behind `padding` bytes, and long enough not to be called binary. */
static size_t document(char out[DOCUMENT_BYTES], size_t padding, const char *middle, size_t len)
{
    char *at = out;
    at = mempcpy(at, "<a><b>", 6);
    memset(at, 'p', padding);
    at += padding;
    *at++ = '>';
    at = mempcpy(at, middle, len);
    at = mempcpy(at, "</b><b>", 7);
    memset(at, 'q', 2000);
    at = mempcpy(at + 2000, "</b></a>", 8);
    return (size_t)(at - out);
}

static void repairs(const char *middle, size_t len, const char *becomes, uint64_t count)
{
    static char bytes[DOCUMENT_BYTES], expected[64];
    static struct seen seen;
    struct error err;
    snprintf(expected, sizeof expected, ">%s</b>", becomes);
    for (size_t padding = 0; padding < 70; padding++) {
        size_t used = document(bytes, padding, middle, len);
        assert_true(read_bytes(bytes, used, SIZE_MAX, &seen, &err));
        const char *found = strchr(seen.text + 6, '>');
        assert_memory_equal(found, expected, strlen(expected));
        assert_int_equal(seen.repaired, count);
    }
    /* across the end of a block */
    for (size_t padding = 65536 - 40; padding < 65536 + 10; padding++) {
        size_t used = document(bytes, padding, middle, len);
        assert_true(read_bytes(bytes, used, SIZE_MAX, &seen, &err));
        assert_int_equal(seen.repaired, count);
    }
}

#define REPAIRS(middle, becomes, count) repairs(middle, sizeof(middle) - 1, becomes, count)

static void repairs_what_xml_forbids(void **state)
{
    (void)state;
    REPAIRS("\x1B[31mred", "?[31mred", 1);
    REPAIRS("a\0b", "a?b", 1);
    REPAIRS("\t\r\n \x7F", "\t\n \x7F", 0);
    REPAIRS("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 0);
    REPAIRS("\xC3(\xFF\x80", "?(??", 3);
    REPAIRS("\xE2\x82", "??", 2);
    REPAIRS("\xED\xA0\x80", "???", 3);
    REPAIRS("\xEF\xBF\xBE\xEF\xBF\xBD", "?\xEF\xBF\xBD", 1);
    REPAIRS("&#0;&#x1b;&#27;&#xD800;&#xFFFF;&#x110000;", "??????", 6);
    REPAIRS("&#9;&#x41;&#xE9;&#x10FFFF;&amp;", "\tA\xC3\xA9\xF4\x8F\xBF\xBF&", 0);
    REPAIRS("<![CDATA[\x1B]]>", "?", 1);
}

/* The test of eight bytes at a time against the slow way, for every byte at every place. */
static void repairs_every_byte_at_every_place(void **state)
{
    (void)state;
    static struct seen seen;
    struct error err;
    for (unsigned c = 0; c < 256; c++) {
        if (c == '<' || c == '&')
            continue;
        char middle[] = "0123456701234567";
        middle[c % 16] = (char)c;
        bool legal = c >= 0x80 ? false : c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
        static char bytes[DOCUMENT_BYTES];
        for (size_t padding = 0; padding < 8; padding++) {
            size_t used = document(bytes, padding, middle, 16);
            assert_true(read_bytes(bytes, used, SIZE_MAX, &seen, &err));
            assert_int_equal(seen.repaired, !legal);
        }
    }
}

static void refuses_binary_files(void **state)
{
    (void)state;
    static struct seen seen;
    struct error err;
    static const char binary[] = "<a>\1\2\3\4</a>";
    assert_false(read_bytes(binary, sizeof binary - 1, SIZE_MAX, &seen, &err));
    assert_string_equal(err.what, "not a text: more than 1 % of its bytes are not allowed in XML");
    expect_bytes("<a>&#0;</a>", 11, "<a>?</a>", 1); /* written on purpose: no sign of a binary */
}

static void says_what_is_wrong_and_where(void **state)
{
    (void)state;
    refuse("<a>\n<b>\n</a>", 3, "mismatched end tag: <b> of line 2 is not closed");
    refuse("<a>\n<b x='1", 2, "the document ends in the middle: <a> of line 1 is not closed");
    refuse("<a/>\n<a/>", 2, "something follows the root element");
    refuse("{}", 1, "not XML: it does not begin with an element");
    refuse("<a>\n<b x='<'/></a>", 2, "`<` in the value of an attribute");
    refuse("<a x='1' x='2'/>", 1, "an attribute is given twice");
    refuse("<a>\n&unknown;</a>", 2, "the entity &unknown; is not known");
    refuse("<!DOCTYPE a SYSTEM 'x'><a x='&e;'/>", 1, "the entity &e; is not known");
    refuse("<a>\n<bad/></a>", 2, "bad at depth 2");
}

static void refuses_declarations(void **state)
{
    (void)state;
    static const char *const declarations[] = {
        "<!ENTITY e 'x'>",          "<!ENTITY e SYSTEM 'file:///etc/passwd'>",
        "<!ENTITY % p 'x'>",        "<!ENTITY e SYSTEM 'x' NDATA n>",
        "<!ELEMENT a (b|c)*>",      "<!ATTLIST a x (y|z) 'y'>",
        "<!NOTATION n SYSTEM 'x'>", "%p;",
    };
    for (size_t i = 0; i < sizeof declarations / sizeof declarations[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "<!DOCTYPE a [\n%s]><a x='1'/>", declarations[i]);
        refuse(text, 2, "the DOCTYPE declares something");
    }
}

/* Every beginning of a document is refused, with a line. */
static void no_beginning_of_a_document_is_one(void **state)
{
    (void)state;
    static const char whole[] =
        "<?xml version='1.0'?>\n<!-- more than a hundred bytes, so that half a character at the "
        "end is "
        "less than one per cent of them: otherwise the file would be called binary -->\n<a x='1'>\n"
        "<b>t\xC3\xA9&amp;<![CDATA[x]]></b><?p i?></a>";
    static struct seen seen;
    struct error err;
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        assert_false(read_bytes(whole, len, SIZE_MAX, &seen, &err));
        assert_true(err.what[0] != '\0' && err.line >= 1 && err.line <= 4);
    }
    assert_true(read_bytes(whole, sizeof whole - 1, SIZE_MAX, &seen, &err));
}

/* `before`, then `part` with its number for `#` `count` times, then `after`. */
static char *repeated(const char *before, const char *part, size_t count, const char *after)
{
    char *text = NULL;
    size_t len = 0, head = strcspn(part, "#");
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    fputs(before, out);
    for (size_t i = 0; i < count; i++) {
        if (part[head] == '#')
            fprintf(out, "%.*s%zu%s", (int)head, part, i, part + head + 1);
        else
            fputs(part, out);
    }
    fputs(after, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void limit(const char *before, const char *part, const char *after, size_t most,
                  const char *what)
{
    static struct seen seen;
    struct error err;
    char *within = repeated(before, part, most, after);
    char *beyond = repeated(before, part, most * 2, after);
    bool accepted = read_bytes(within, strlen(within), SIZE_MAX, &seen, &err);
    bool refused = !read_bytes(beyond, strlen(beyond), SIZE_MAX, &seen, &err);
    free(within);
    free(beyond);
    assert_true(accepted);
    assert_true(refused);
    assert_string_equal(err.what, what);
}

static void bounds_what_grows(void **state)
{
    (void)state;
    limit("<a ", "n#='1' ", "/>", LIMIT_XML_ATTRIBUTES, "an element has more than 4096 attributes");
    limit("<a>", "<n#/>", "</a>", LIMIT_XML_NAMES - 100,
          "more than 20000 different names of elements and attributes");
    limit("<a x='", "1234567 1234567 ", "'/>", LIMIT_TOKEN_BYTES / 16 - 1000,
          "more than 16 MiB without a complete element");

    static struct seen seen;
    struct error err;
    char *deep = repeated("", "<a>", LIMIT_DEPTH + 1, "");
    assert_false(read_bytes(deep, strlen(deep), SIZE_MAX, &seen, &err));
    free(deep);
    assert_string_equal(err.what, "elements are nested more than 512 deep");
}

static void expect_root(const char *head, const char *name)
{
    size_t len = 0;
    const char *root = xml_root(head, strlen(head), &len);
    if (name == NULL) {
        assert_null(root);
        return;
    }
    assert_non_null(root);
    assert_int_equal(len, strlen(name));
    assert_memory_equal(root, name, len);
}

static void finds_the_root_in_a_head(void **state)
{
    (void)state;
    expect_root("<coverage/>", "coverage");
    expect_root("\xEF\xBB\xBF \n<?xml version='1.0'?><!-- <x> --><n:coverage y='1'>", "coverage");
    expect_root("<!DOCTYPE a PUBLIC '>' \"]>\" [ <!ELEMENT b ANY> ] ><a>", "a");
    expect_root("<a", NULL);
    expect_root("<!-- <a>", NULL);
    expect_root("text <a>", NULL);
    expect_root("{}", NULL);
    expect_root("", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_over_events),
        cmocka_unit_test(reads_encodings),
        cmocka_unit_test(drops_white_space_before),
        cmocka_unit_test(repairs_what_xml_forbids),
        cmocka_unit_test(repairs_every_byte_at_every_place),
        cmocka_unit_test(refuses_binary_files),
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test(refuses_declarations),
        cmocka_unit_test(no_beginning_of_a_document_is_one),
        cmocka_unit_test(bounds_what_grows),
        cmocka_unit_test(finds_the_root_in_a_head),
    };
    return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
