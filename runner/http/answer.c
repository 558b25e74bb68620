#include <string.h>

#include "gates/base/number.h"
#include "gates/base/text.h"
#include "runner/http/transport.h"

const char *http_method_name(enum http_method method)
{
    static const char *const names[] = {"GET", "POST", "PUT", "DELETE"};
    return names[method];
}

void http_answer_begin(struct http_answer *answer)
{
    *answer = (struct http_answer){.body = "", .retry_after_s = -1, .remaining = -1, .reset_s = -1};
}

/* A whole number of seconds or things; anything else says nothing. */
static int64_t count_of(const char *text, size_t len)
{
    uint64_t count;
    return number_parse_count(text, len, &count) && count <= UINT32_MAX ? (int64_t)count : -1;
}

void http_answer_header(struct http_answer *answer, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len);
    if (len > 5 && strncmp(line, "HTTP/", 5) == 0) /* of a second head, behind a "100 Continue" */
        http_answer_begin(answer);
    if (colon == NULL)
        return;
    size_t name = (size_t)(colon - line), rest = len - name - 1;
    const char *value = colon + 1;
    for (; rest > 0 && strchr(" \t", *value) != NULL; rest--)
        value++;
    while (rest > 0 && strchr(" \t\r\n", value[rest - 1]) != NULL)
        rest--;
    int64_t count = count_of(value, rest);
    if (text_is_nocase(line, name, "Retry-After"))
        answer->retry_after_s = count;
    else if (text_is_nocase(line, name, "RateLimit-Remaining"))
        answer->remaining = count;
    else if (text_is_nocase(line, name, "RateLimit-Reset"))
        answer->reset_s = count;
    else if (text_is_nocase(line, name, "X-Next-Page"))
        answer->next_page = count > 0 ? (uint64_t)count : 0;
}
