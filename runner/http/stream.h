/* A request whose answer is read piece by piece, however long it is: what git fetches.
 *
 * Obeys what all requests obey (transport.h), and goes without TLS to loopback only, token or not:
 * what comes back decides numbers.
 */
#ifndef RUNNER_HTTP_STREAM_H
#define RUNNER_HTTP_STREAM_H

#include <stdint.h>

#include "runner/http/curl.h"

struct stream_request {
    const char *url;           /* whole, without user and password */
    const char *user;          /* whose password the token is */
    const struct token *token; /* NULL: none is sent */
    const char *accept;        /* type of the answer */
    const char *type;          /* of `body`; NULL: nothing is sent, a GET */
    const char *body;
    size_t len;
    int64_t silence_s; /* so long it may take until something comes */
    int64_t most_s;    /* and so long in all */
};

struct stream;

/* For one request after the other; a connection is kept between them. */
struct stream *stream_open(const struct network *network, struct arena *mem);
void close_stream(struct stream **stream); /* for AUTO */

/* Sends it and waits until the answer begins; what is left of an earlier one is dropped. False:
 * there is none, or it must not be sent. */
NODISCARD bool stream_send(struct stream *stream, const struct stream_request *request, int *status,
                           struct error *err);

bool stream_has_type(const struct stream *stream, const char *type);

/* The next bytes of the answer, 0 at its end. False: it breaks off. */
NODISCARD bool stream_read(struct stream *stream, char *to, size_t size, size_t *got,
                           struct error *err);

#endif
