#include "runner/store/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/store/folder.h"
#include "runner/store/transact.h"

static bool fail(struct error *err, const char *what)
{
    error_set(err, FAULT_SYSTEM, "%s", what);
    return error_at(err, SPOOL_PATH, 0, 0);
}

/* The line is the writer's own until the descriptor is closed. */
static int open_spool(const struct workplace *place, int flags, struct error *err)
{
    int folder = folder_open(place, (flags & O_CREAT) != 0, err);
    if (folder < 0)
        return -1;
    int fd = openat(folder, SPOOL_FILE, flags | O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
    int number = errno;
    if (fd >= 0 && (flags & O_CREAT) != 0)
        fsync(folder); /* its name too is on the disk */
    close(folder);
    if (fd < 0) {
        if ((flags & O_CREAT) != 0 || number != ENOENT)
            fail(err, strerror(number));
        return -1;
    }
    struct stat now;
    if (fstat(fd, &now) == 0 && S_ISREG(now.st_mode) && flock(fd, LOCK_EX) == 0)
        return fd;
    fail(err, "is not a file that can be locked");
    close(fd);
    return -1;
}

static json_t *value_json(const struct store_value *value)
{
    switch (value->kind) {
    case STORE_INTEGER:
        return json_integer(value->integer);
    case STORE_REAL:
        return json_real(value->real);
    case STORE_TEXT:
        return json_string(value->text);
    case STORE_NULL:
        break;
    }
    return json_null();
}

/* [["build", {"project_id": 7, …}], …] */
static char *line_of(const struct store_batch *batch)
{
    json_auto_t *line = json_array();
    for (size_t i = 0; i < batch->entries.count; i++) {
        const struct store_entry *entry = &batch->entries.items[i];
        const struct store_table_info *table = &store_tables[entry->table];
        json_t *row = json_object();
        for (size_t c = 0; c < table->count; c++)
            if (entry->values[c].kind != STORE_NULL)
                json_object_set_new(row, table->columns[c].name, value_json(&entry->values[c]));
        json_array_append_new(line, json_pack("[s, o]", table->name, row));
    }
    return json_dumps(line, JSON_COMPACT);
}

/* Where the last whole line ends. */
static off_t end_of_lines(int fd)
{
    off_t end = lseek(fd, 0, SEEK_END);
    char last;
    while (end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n')
        end--;
    return end;
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t size = write(fd, text, len);
        if (size < 0 && errno != EINTR)
            return false;
        text += size > 0 ? size : 0;
        len -= size > 0 ? (size_t)size : 0;
    }
    return true;
}

static bool append(int fd, const char *line, struct error *err)
{
    off_t end = end_of_lines(fd);
    if (end >= 0 && ftruncate(fd, end) == 0 && lseek(fd, end, SEEK_SET) == end &&
        write_all(fd, line, strlen(line)) && write_all(fd, "\n", 1) && fsync(fd) == 0)
        return true;
    fail(err, strerror(errno));
    (void)!ftruncate(fd, end);
    return false;
}

bool spool_add(const struct workplace *place, const struct store_batch *batch, struct error *err)
{
    int fd = open_spool(place, O_CREAT, err);
    if (fd < 0)
        return false;
    char *line = line_of(batch);
    bool added =
        line == NULL ? fail(err, "cannot hold what was to be written") : append(fd, line, err);
    free(line);
    close(fd);
    return added;
}

static struct store_value value_of(const json_t *json, struct arena *mem)
{
    if (json_is_integer(json))
        return store_integer(json_integer_value(json));
    if (json_is_real(json))
        return store_real(json_real_value(json));
    if (json_is_string(json))
        return store_text(arena_copy(mem, json_string_value(json), json_string_length(json)));
    return (struct store_value){0};
}

static bool put_row(struct store_batch *batch, const char *name, json_t *row)
{
    struct store_value values[STORE_COLUMNS] = {{0}};
    for (int table = 0; table < TABLE_COUNT; table++) {
        const struct store_table_info *info = &store_tables[table];
        size_t known = 0;
        if (strcmp(info->name, name) != 0)
            continue;
        for (size_t c = 0; c < info->count; c++) {
            const json_t *json = json_object_get(row, info->columns[c].name);
            values[c] = value_of(json, batch->mem);
            known += json != NULL;
        }
        store_put(batch, (enum store_table)table, values);
        return known == json_object_size(row);
    }
    return false;
}

static bool read_line(const char *text, size_t len, struct store_batch *batch)
{
    json_auto_t *line = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    bool good = json_is_array(line);
    for (size_t i = 0; good && i < json_array_size(line); i++) {
        const char *name;
        json_t *row;
        good = json_unpack(json_array_get(line, i), "[s, o!]", &name, &row) == 0 &&
               json_is_object(row) && put_row(batch, name, row);
    }
    return good;
}

static bool deliver_line(struct store *store, const char *text, size_t len, unsigned number,
                         struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct store_batch batch = {.mem = mem};
    bool good = read_line(text, len, &batch);
    if (!good)
        error_set(err, FAULT_SYSTEM, "is no batch that this qgate knows");
    if (good && store_deliver(store, &batch, err))
        return true;
    if (err->fault == FAULT_REMOTE)
        return false;
    error_hint(err, "nothing behind it is delivered: mend or remove the line");
    return error_at(err, SPOOL_PATH, number, 0);
}

static bool deliver_all(struct store *store, FILE *in, struct error *err)
{
    char *text = NULL;
    size_t room = 0;
    unsigned number = 0;
    bool good = true;
    for (ssize_t len; good && (len = getline(&text, &room, in)) > 0;)
        if (text[len - 1] == '\n')
            good = deliver_line(store, text, (size_t)len, ++number, err);
    free(text);
    return good && (ferror(in) == 0 || fail(err, "cannot be read"));
}

bool spool_deliver(struct store *store, struct error *err)
{
    int fd = open_spool(store->place, 0, err);
    if (fd < 0)
        return err->fault == FAULT_NONE;
    FILE *in = fdopen(fd, "r");
    if (in == NULL) {
        close(fd);
        return fail(err, strerror(errno));
    }
    bool good = deliver_all(store, in, err);
    if (good && lseek(fd, 0, SEEK_END) > 0)
        good = (ftruncate(fd, 0) == 0 && fsync(fd) == 0) || fail(err, strerror(errno));
    fclose(in);
    return good;
}
