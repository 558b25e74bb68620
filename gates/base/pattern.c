#include "gates/base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "gates/base/arena.h"
#include "gates/base/limits.h"

struct pattern {
    const char *text;
    pcre2_code *code;
    pcre2_match_context *context;
};

static void *take(size_t size, void *mem)
{
    return arena_alloc(mem, size);
}

static void leave_to_arena(void *memory, void *mem)
{
    (void)memory;
    (void)mem;
}

static void close_match_data(pcre2_match_data **data)
{
    pcre2_match_data_free(*data);
}

struct pattern *pattern_new(struct arena *mem, const char *text, struct error *err)
{
    size_t len = strlen(text);
    if (len > LIMIT_PATTERN_BYTES) {
        error_set(err, FAULT_POLICY, "the pattern has %zu bytes, at most %llu are allowed", len,
                  (unsigned long long)LIMIT_PATTERN_BYTES);
        return NULL;
    }
    int code = 0;
    PCRE2_SIZE offset = 0;
    pcre2_general_context *general = pcre2_general_context_create(take, leave_to_arena, mem);
    pcre2_compile_context *compile = pcre2_compile_context_create(general);
    const uint32_t flags = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)text, len, flags, &code, &offset, compile);
    if (compiled == NULL) {
        PCRE2_UCHAR why[128] = "";
        pcre2_get_error_message(code, why, sizeof why);
        error_set(err, FAULT_POLICY,
                  "the pattern \"%s\" is not a regular expression: %s at character %zu", text,
                  (const char *)why, (size_t)offset + 1);
        return NULL;
    }
    struct pattern *pattern = arena_new_item(mem, struct pattern);
    pattern->text = arena_copy(mem, text, len);
    pattern->code = compiled;
    pattern->context = pcre2_match_context_create(general);
    pcre2_set_match_limit(pattern->context, LIMIT_PATTERN_STEPS);
    pcre2_set_depth_limit(pattern->context, LIMIT_PATTERN_DEPTH);
    pcre2_set_heap_limit(pattern->context, LIMIT_PATTERN_HEAP_KIB);
    return pattern;
}

bool pattern_matches(const struct pattern *pattern, const char *text, size_t len, bool *matches,
                     struct error *err)
{
    if (len > LIMIT_LABEL_BYTES)
        return error_set(err, FAULT_POLICY, "a label value of %zu bytes is too long for a pattern",
                         len);
    /* Not in the arena: some versions allocate and free in it for every match. */
    AUTO(close_match_data) pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int found = data == NULL ? PCRE2_ERROR_NOMEMORY
                             : pcre2_match(pattern->code, (PCRE2_SPTR)text, len, 0, 0, data,
                                           pattern->context);
    if (found < 0 && found != PCRE2_ERROR_NOMATCH) {
        error_set(err, FAULT_POLICY, "the pattern \"%s\" takes too many steps", pattern->text);
        return error_hint(err, "write a simpler pattern: no repetition inside a repetition");
    }
    *matches = found >= 0;
    return true;
}
