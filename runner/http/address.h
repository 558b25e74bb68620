/* What every request obeys, whoever sends it: where it may go, and what libcurl must not do.
 *
 * Included by the files of this folder that use libcurl, and by nobody else.
 */
#ifndef RUNNER_HTTP_ADDRESS_H
#define RUNNER_HTTP_ADDRESS_H

#include <curl/curl.h>

#include "runner/http/curl.h"

/* May a request go to this address? https; http to loopback, or wherever it may go in the open:
 * `why_not_open` NULL. False with err, which does not hold the address. */
NODISCARD bool address_check(const char *url, const char *why_not_open, struct error *err);

/* A handle as if it were new, with TLS, redirects, proxies and time limits set. `sheltered`: what
 * it sends without TLS goes to loopback only, so not to a proxy either. */
void address_prepare(CURL *curl, const struct network *network, const char *url, bool sheltered);

/* Why there was no answer. */
void address_say(CURLcode code, const struct network *network, struct error *err);

#endif
