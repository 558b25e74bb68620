/* A secret that lets qgate write: read once, sent in one header, never shown, wiped at the end. */
#ifndef RUNNER_HTTP_TOKEN_H
#define RUNNER_HTTP_TOKEN_H

#include "gates/base/error.h"

enum { TOKEN_MOST = 1024 }; /* bytes; a job token is a few hundred */

struct token {
    const char *header;          /* that it is sent in: "PRIVATE-TOKEN", "JOB-TOKEN" */
    const char *origin;          /* for messages: "QGATE_GITLAB_TOKEN" */
    char secret[TOKEN_MOST + 1]; /* "": there is none */
};

/* From a text, or from a file that holds nothing else. White space around it is dropped; what could
 * not stand in a header is refused. */
NODISCARD bool token_set(struct token *token, const char *text, struct error *err);
NODISCARD bool token_read(struct token *token, const char *path, struct error *err);

static inline bool token_is_there(const struct token *token)
{
    return token->secret[0] != '\0';
}

void wipe_token(struct token *token); /* for AUTO */

#endif
