#include "runner/command/hook.h"

#include <string.h>

static const char head[] =
    "#!/bin/sh\n"
    "# written by `qgate hook install`, which overwrites it; `qgate hook uninstall` removes it\n";

/* Both get all of what git says on standard input. Only `failed` stops the push: not a qgate that
 * is not there any more. */
static const char body[] = "refs=$(cat && echo .)\n"
                           "if [ -x \"$0.before-qgate\" ]; then\n"
                           "    printf %s \"${refs%.}\" | \"$0.before-qgate\" \"$@\" || exit\n"
                           "fi\n"
                           "[ \"${QGATE_SKIP_HOOK-}\" != 1 ] || exit 0\n"
                           "printf %s \"${refs%.}\" | ";

static const char tail[] = " hook run \"$@\" || [ $? -ne 1 ]\n";

/* In single quotes, for a shell. */
static const char *quoted(const char *text, struct arena *mem)
{
    char *out = arena_alloc(mem, 4 * strlen(text) + 3), *at = out;
    *at++ = '\'';
    for (; *text != '\0'; text++) {
        if (*text == '\'') /* the quotes end, and begin again behind it */
            for (const char *escape = "'\\'"; *escape != '\0'; escape++)
                *at++ = *escape;
        *at++ = *text;
    }
    *at = '\'';
    return out;
}

const char *hook_script(const char *program, struct arena *mem)
{
    return arena_printf(mem, "%s%s%s%s", head, body, quoted(program, mem), tail);
}

bool hook_is_ours(const char *text)
{
    return strncmp(text, head, strlen(head)) == 0;
}
