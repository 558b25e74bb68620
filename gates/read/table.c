/* Which formats there are, and the one way to call a reader. */
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "gates/read/reader.h"
#include "gates/read/xml.h"

#define READER_ENTRY(name) &name##_reader,
const struct reader *const readers[] = {READERS(READER_ENTRY) NULL};

const struct reader *reader_named(const char *name)
{
    for (size_t i = 0; readers[i] != NULL; i++)
        if (strcmp(readers[i]->name, name) == 0)
            return readers[i];
    return NULL;
}

/* The head as readers look at it. Of UTF-16 its ASCII characters are enough to tell what it is. */
static size_t utf8_head(const struct input *in, char out[HEAD_BYTES])
{
    bool little = in->head_len >= 2 && memcmp(in->head, "\xFF\xFE", 2) == 0;
    bool big = in->head_len >= 2 && memcmp(in->head, "\xFE\xFF", 2) == 0;
    if (!little && !big) {
        memcpy(out, in->head, in->head_len);
        return in->head_len;
    }
    size_t len = 0;
    for (size_t i = 2; i + 1 < in->head_len; i += 2) {
        char low = in->head[i + (size_t)big], high = in->head[i + (size_t)little];
        out[len++] = high == 0 && (unsigned char)low < 0x80 ? low : '?';
    }
    return len;
}

const struct reader *reader_claiming(const struct input *in, struct error *err)
{
    const struct reader *mine = NULL;
    char head[HEAD_BYTES];
    size_t len = utf8_head(in, head);
    for (size_t i = 0; readers[i] != NULL; i++) {
        if (!readers[i]->claims(head, len))
            continue;
        if (mine != NULL) {
            error_set(err, FAULT_REPORT, "could be %s or %s", mine->name, readers[i]->name);
            error_hint(err, "say which with --format");
            error_at(err, in->path, 0, 0);
            return NULL;
        }
        mine = readers[i];
    }
    if (mine == NULL) {
        error_set(err, FAULT_REPORT, "not a report of a format that qgate knows");
        error_hint(err, "`qgate formats` lists them; say --format when you know which it is");
        error_at(err, in->path, 0, 0);
    }
    return mine;
}

bool input_is_foreign(const struct input *in)
{
    char head[HEAD_BYTES];
    size_t len = utf8_head(in, head), root = 0, from = 0;
    for (size_t i = 0; readers[i] != NULL; i++)
        if (readers[i]->claims(head, len))
            return false;
    if (xml_root(head, len, &root) != NULL)
        return true;
    while (from < len && strchr(" \t\r\n", head[from]) != NULL)
        from++;
    while (len > from && strchr(" \t\r\n", head[len - 1]) != NULL)
        len--;
    bool cut = in->head_len == HEAD_BYTES; /* the end is not in the head */
    return from < len && ((head[from] == '{' && (cut || head[len - 1] == '}')) ||
                          (head[from] == '[' && (cut || head[len - 1] == ']')));
}

bool input_begin(struct input *in, struct error *err)
{
    for (size_t got = 1; got > 0 && in->head_len < HEAD_BYTES; in->head_len += got)
        if (!in->pull(in->handle, in->head + in->head_len, HEAD_BYTES - in->head_len, &got, err))
            return error_at(err, in->path, 0, 0);
    if (in->head_len > 0)
        return true;
    error_set(err, FAULT_REPORT, "the file is empty");
    error_hint(err, "look at the job that writes it: it left nothing");
    return error_at(err, in->path, 1, 1);
}

bool input_read(struct input *in, char *buffer, size_t room, size_t *got, struct error *err)
{
    if (in->head_used < in->head_len) {
        size_t left = in->head_len - in->head_used;
        *got = left < room ? left : room;
        memcpy(buffer, in->head + in->head_used, *got);
        in->head_used += *got;
    } else if (!in->pull(in->handle, buffer, room, got, err)) {
        return false;
    }
    in->bytes += *got;
    if (in->digest != NULL)
        digest_add(in->digest, buffer, *got);
    if (in->bytes >> 20 < LIMIT_REPORT_MIB)
        return true;
    error_set(err, FAULT_REPORT, "the report has more than %d MiB", LIMIT_REPORT_MIB);
    return error_hint(err, "split it: several files can share one entry");
}

const struct setting *input_setting(const struct input *in, const char *key)
{
    for (size_t i = 0; in->settings != NULL && i < in->settings->count; i++)
        if (strcmp(in->settings->items[i].option->key, key) == 0)
            return &in->settings->items[i];
    return NULL;
}

const char *input_word(const struct input *in, const char *key, const char *fallback)
{
    const struct setting *setting = input_setting(in, key);
    return setting == NULL ? fallback : setting->values.items[0];
}

bool input_flag(const struct input *in, const char *key)
{
    return strcmp(input_word(in, key, "false"), "true") == 0;
}

bool report_read(const struct reader *reader, struct input *in, struct source *into,
                 struct error *err)
{
    if (!reader->read(in, into, err))
        return error_at(err, in->path, 0, 0);
    if (in->repaired == 1)
        source_warn(into, in->run, "1 character that is not allowed was replaced by `?`");
    else if (in->repaired > 0)
        source_warn(into, in->run, "%llu characters that are not allowed were replaced by `?`",
                    (unsigned long long)in->repaired);
    return true;
}
