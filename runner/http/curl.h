/* Whole answers over libcurl; stream.h has those that are too long to hold. This folder is the only
 * door to that library. */
#ifndef RUNNER_HTTP_CURL_H
#define RUNNER_HTTP_CURL_H

#include "runner/http/transport.h"

/* What the environment says of the network; NULL: nothing. */
struct network {
    const char *ca_file; /* CI_SERVER_TLS_CA_FILE: trusted instead of the system's authorities */
    bool direct;         /* the environment says nothing: no proxy, the system's authorities */
    bool trace; /* QGATE_DEBUG: method, address, status and time of every request, on stderr */
};

struct wire;

/* One connection that is kept; the library is started with the first request. */
struct wire *wire_open(const struct network *network, struct arena *mem);
void close_wire(struct wire **wire); /* for AUTO */

struct transport wire_transport(struct wire *wire);

#endif
