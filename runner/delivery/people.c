#include "runner/delivery/people.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/base/hash.h"
#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/fd.h"
#include "runner/http/token.h"
#include "runner/store/folder.h"

enum { LABEL_DIGITS = 16, SECRET_BYTES = 32, FEWEST_CHARACTERS = 16 };

/* --- the key of this work tree ---------------------------------------------------------------- */

static bool fail(struct error *err, int number)
{
    error_set(err, FAULT_SYSTEM, "%s", strerror(number));
    return error_at(err, PEOPLE_PATH, 0, 0);
}

static bool write_secret(int fd)
{
    unsigned char bytes[SECRET_BYTES];
    char text[2 * SECRET_BYTES + 2];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        return false;
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    text[sizeof text - 2] = '\n';
    bool written = write(fd, text, 2 * SECRET_BYTES + 1) == 2 * SECRET_BYTES + 1 && fsync(fd) == 0;
    explicit_bzero(bytes, sizeof bytes);
    explicit_bzero(text, sizeof text);
    return written;
}

/* Written beside its place, and put there only when nobody was faster: two runs at once use the
 * same key. */
static bool make_key(int folder, struct error *err)
{
    char name[64];
    snprintf(name, sizeof name, PEOPLE_FILE ".%ld", (long)getpid());
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(err, errno);
    errno = 0;
    bool made =
        write_secret(fd) && (linkat(folder, name, folder, PEOPLE_FILE, 0) == 0 || errno == EEXIST);
    int number = errno == 0 ? EIO : errno;
    close(fd);
    unlinkat(folder, name, 0);
    return made || fail(err, number);
}

static bool read_key(int folder, struct token *key, bool *there, struct error *err)
{
    char text[TOKEN_MOST + 1] = "";
    struct stat now;
    AUTO(close_fd)
    int fd = openat(folder, PEOPLE_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    *there = fd >= 0;
    if (fd < 0)
        return errno == ENOENT || fail(err, errno);
    bool taken = fstat(fd, &now) == 0 && S_ISREG(now.st_mode) &&
                 read(fd, text, sizeof text - 1) >= 0 && token_set(key, text, err) &&
                 token_is_there(key);
    explicit_bzero(text, sizeof text);
    if (!taken)
        error_set(err, FAULT_SYSTEM, "is no file that holds a key");
    return taken || error_at(err, PEOPLE_PATH, 0, 0);
}

static bool own_key(const struct people_wanted *wanted, struct token *key, struct error *err)
{
    bool there;
    AUTO(close_fd) int folder = folder_open(wanted->place, !wanted->read_only, err);
    if (folder < 0)
        return err->fault == FAULT_NONE;
    key->origin = PEOPLE_PATH;
    return read_key(folder, key, &there, err) &&
           (there || wanted->read_only ||
            (make_key(folder, err) && read_key(folder, key, &there, err)));
}

/* --- labels ----------------------------------------------------------------------------------- */

static bool find_key(const struct people_wanted *wanted, struct token *key, struct error *err)
{
    const struct context *context = wanted->context;
    if (context->people_key == NULL && context->people_key_file == NULL) {
        if (!own_key(wanted, key, err) || !token_is_there(key))
            return err->fault == FAULT_NONE;
    } else {
        key->origin = context->people_key != NULL ? "QGATE_PEOPLE_KEY" : "QGATE_PEOPLE_KEY_FILE";
        if (!(context->people_key != NULL ? token_set(key, context->people_key, err)
                                          : token_read(key, context->people_key_file, err)))
            return false;
    }
    if (strlen(key->secret) >= FEWEST_CHARACTERS)
        return true;
    error_set(err, FAULT_USAGE, "%s is too short to be a key", key->origin);
    return error_hint(err, "at least 16 characters: openssl rand -hex 32");
}

bool people_labels(const struct people_wanted *wanted, const struct words *addresses,
                   struct arena *mem, struct words *labels, struct error *err)
{
    AUTO(wipe_token) struct token key = {0};
    bool hashed = wanted->how == PEOPLE_HASHED;
    *labels = (struct words){0};
    if (hashed && !find_key(wanted, &key, err))
        return false;
    if (wanted->how == PEOPLE_NONE || (hashed && !token_is_there(&key)))
        return true;
    for (size_t i = 0; i < addresses->count; i++) {
        const char *address = addresses->items[i];
        size_t len = strlen(address);
        char hash[DIGEST_HEX];
        hash_keyed(key.secret, strlen(key.secret), address, len, hash);
        array_push(mem, labels,
                   hashed ? arena_copy(mem, hash, LABEL_DIGITS)
                          : text_keep(mem, address, len, LIMIT_NAME_BYTES));
    }
    return true;
}
