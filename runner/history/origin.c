#include "runner/history/origin.h"

#include <string.h>

#include "gates/base/hash.h"
#include "gates/base/limits.h"
#include "gates/base/path.h"
#include "gates/base/text.h"
#include "runner/history/inside.h"

/* Of "user:password@Host:443". */
static const char *host_of(const char *authority, size_t len, struct arena *mem)
{
    for (size_t i = len; i > 0; i--)
        if (authority[i - 1] == '@') {
            authority += i;
            len -= i;
            break;
        }
    const char *port = memchr(authority, ':', len);
    if (port != NULL && *authority != '[') /* [::1] is an address of its own */
        len = (size_t)(port - authority);
    char *host = arena_copy(mem, authority, len);
    for (char *at = host; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + ('a' - 'A'));
    return text_keep(mem, host, strlen(host), LIMIT_NAME_BYTES);
}

static const char *path_of(const char *text, struct arena *mem)
{
    text += strspn(text, "/");
    const char *path = path_clean(mem, text, strlen(text));
    size_t len = strlen(path);
    if (len > 4 && strcmp(path + len - 4, ".git") == 0 && path[len - 5] != '/')
        len -= 4;
    path = text_keep(mem, path, len, LIMIT_NAME_BYTES);
    return *path == '\0' ? "repository" : path;
}

void origin_parse(const char *address, struct arena *mem, struct origin *origin)
{
    const char *behind = strstr(address, "://");
    size_t slash = strcspn(address, "/"), colon = strcspn(address, ":");
    if (behind != NULL) {
        behind += strlen("://");
        slash = strcspn(behind, "/");
        *origin = (struct origin){host_of(behind, slash, mem), path_of(behind + slash, mem)};
    } else if (colon < slash && address[colon] == ':')
        *origin = (struct origin){host_of(address, colon, mem), path_of(address + colon + 1, mem)};
    else
        *origin = (struct origin){"", path_of(address, mem)};
}

const char *origin_host(const char *url, struct arena *mem)
{
    const char *behind = strstr(url, "://");
    url = behind == NULL ? url : behind + strlen("://");
    return host_of(url, strcspn(url, "/"), mem);
}

static void close_remote(git_remote **remote)
{
    git_remote_free(*remote);
}

void history_origin(const struct history *history, struct arena *mem, struct origin *origin)
{
    AUTO(close_remote) git_remote *remote = NULL;
    const char *address = NULL;
    if (history->repository != NULL &&
        git_remote_lookup(&remote, history->repository, "origin") == 0)
        address = git_remote_url(remote);
    origin_parse(address == NULL ? history->root : address, mem, origin);
    if (address != NULL && *origin->host == '\0' && strstr(address, "://") == NULL)
        origin->path = path_of(path_join(mem, history->root, address), mem);
}

const char *history_name(const struct history *history, struct arena *mem)
{
    struct origin origin;
    history_origin(history, mem, &origin);
    const char *name = path_name(origin.path);
    return text_keep(mem, name, strlen(name), LIMIT_TEXT_BYTES);
}

const char *origin_file(const struct history *history, const char *kind, const char *more,
                        struct arena *mem)
{
    char digest[DIGEST_HEX];
    struct origin origin;
    struct digest *sum = digest_new(mem);
    history_origin(history, mem, &origin);
    digest_add(sum, origin.host, strlen(origin.host) + 1);
    digest_add(sum, origin.path, strlen(origin.path) + 1);
    digest_add(sum, more, strlen(more));
    digest_hex(sum, digest);
    return arena_printf(mem, "%s-%.16s", kind, digest);
}
