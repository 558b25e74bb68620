#include "runner/http/address.h"

#include <string.h>
#include <strings.h>

enum { CONNECT_MS = 10000 };

/* Loopback by its very address: a name could lead anywhere; of "localhost" libcurl itself sees to
 * that. */
static bool is_loopback(const char *host)
{
    bool is_address = strspn(host, "0123456789.") == strlen(host);
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (is_address && strncmp(host, "127.", 4) == 0);
}

static void free_url(CURLU **url)
{
    curl_url_cleanup(*url);
}

static void free_part(char **part)
{
    curl_free(*part);
}

/* Before an @ may stand a password: such an address is named nowhere. */
static bool refuse(const char *text, const char *what, struct error *err)
{
    error_set(err, FAULT_USAGE, "%s", what);
    if (strchr(text, '@') == NULL)
        return false;
    error_hint(err, "tokens are taken from variables and files, never from addresses");
    return error_at(err, "the server's address", 0, 0);
}

bool address_check(const char *text, const char *why_not_open, struct error *err)
{
    AUTO(free_url) CURLU *url = curl_url();
    AUTO(free_part) char *scheme = NULL;
    AUTO(free_part) char *host = NULL;
    AUTO(free_part) char *user = NULL;
    if (url == NULL || curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK ||
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
        curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
        return refuse(text, "is not an address", err);
    if (curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK)
        return refuse(text, "has a user name in it", err);
    if (strcmp(scheme, "https") == 0 ||
        (strcmp(scheme, "http") == 0 && (why_not_open == NULL || is_loopback(host))))
        return true;
    error_set(err, FAULT_USAGE, "is not https, and %s", why_not_open);
    return error_hint(err, "use an https address: what goes in the open can be read and changed");
}

void address_prepare(CURL *curl, const struct network *network, const char *url, bool sheltered)
{
    curl_easy_reset(curl); /* connections stay */
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "qgate/" QGATE_VERSION);
    if (network->ca_file != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, network->ca_file);
    if (network->direct || (sheltered && strncasecmp(url, "https:", 6) != 0))
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
}

void address_say(CURLcode code, const struct network *network, struct error *err)
{
    error_set(err, FAULT_REMOTE, "no answer: %s", curl_easy_strerror(code));
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
        error_hint(err, network->direct
                            ? "put the authority's certificate among those that this system trusts"
                            : "name the authority's certificate in CI_SERVER_TLS_CA_FILE");
}
