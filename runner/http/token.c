#include "runner/http/token.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "gates/base/arena.h"
#include "runner/fd.h"

void wipe_token(struct token *token)
{
    explicit_bzero(token->secret, sizeof token->secret);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Everything printable in ASCII; a line break would be a header of its own. */
static bool is_plain(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    return true;
}

static bool keep(struct token *token, const char *text, size_t len, struct error *err)
{
    while (len > 0 && is_space(text[len - 1]))
        len--;
    while (len > 0 && is_space(*text)) {
        text++;
        len--;
    }
    if (len > TOKEN_MOST || !is_plain(text, len)) {
        error_set(err, FAULT_USAGE, "%s holds no token: %s", token->origin,
                  len > TOKEN_MOST ? "it is too long" : "it has characters that no token has");
        return error_hint(err, "copy the token again, as one line without quotes");
    }
    memmove(token->secret, text, len);
    token->secret[len] = '\0';
    return true;
}

bool token_set(struct token *token, const char *text, struct error *err)
{
    return keep(token, text, strlen(text), err);
}

bool token_read(struct token *token, const char *path, struct error *err)
{
    AUTO(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    char text[TOKEN_MOST + 64]; /* with some white space around it */
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text);
    if (got < 0) {
        error_set(err, FAULT_USAGE, "the file of %s cannot be read: %s", token->origin,
                  strerror(errno));
        return error_at(err, path, 0, 0);
    }
    bool kept = keep(token, text, (size_t)got, err);
    explicit_bzero(text, sizeof text);
    return kept && (token_is_there(token) ||
                    error_set(err, FAULT_USAGE, "the file of %s is empty", token->origin) ||
                    error_at(err, path, 0, 0));
}
