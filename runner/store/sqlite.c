/* SQLite, its one door.
 *
 * Writers: write-ahead log, synchronous=FULL (an acknowledged write survives the machine), BEGIN
 * IMMEDIATE (a deferred transaction that reads first loses more than half of its writes when twenty
 * run at once). The log and its index stay when the last writer leaves, so that a reader who may
 * write nothing finds the locks it has to take; where they are missing, the file was copied here
 * alone (a job's cache) and is read as it stands.
 */
#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "runner/store/driver.h"

enum {
    APPLICATION_ID = 0x71676174, /* "qgat" */
    BUSY_MS = 60000,
    MOST_BYTES = 256 << 20,
    LOG_HEADER = 32, /* bytes of a log before its first entry */
};

struct store_link {
    sqlite3 *db;
    sqlite3_stmt *statements[TABLE_COUNT + QUERY_COUNT]; /* prepared when first used */
    const char *path;
    struct arena *mem;
    bool alone;         /* read without locks: nobody may write meanwhile */
    struct stat before; /* of the file, when `alone` */
};

static bool say_read_only(struct error *err)
{
    error_set(err, FAULT_SYSTEM, "may not be written to by this user");
    return error_hint(err, "give the user the right to, or name another store in QGATE_STORE");
}

/* Whoever wrote it was killed, and who only reads may not go on with it. */
static bool say_unfinished(struct error *err)
{
    error_set(err, FAULT_SYSTEM, "its log was never played back");
    return error_hint(err,
                      "let a job that may write open it once: qgate check on the target branch");
}

static bool is_unfinished(const struct store_link *link)
{
    int code = sqlite3_extended_errcode(link->db);
    return code == SQLITE_READONLY_ROLLBACK || code == SQLITE_READONLY_RECOVERY ||
           code == SQLITE_READONLY_CANTINIT;
}

/* SQLite's own message may quote what is in the file, and is for programmers: the code is told. */
static bool fail(const struct store_link *link, struct error *err)
{
    int code = sqlite3_errcode(link->db) & 0xff;
    switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        error_set(err, FAULT_REMOTE, "another process kept it locked for %d s", BUSY_MS / 1000);
        return error_hint(err, "try again");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        error_set(err, FAULT_SYSTEM, "%s",
                  code == SQLITE_NOTADB ? "is not an SQLite database" : "the database is damaged");
        return error_hint(err, "move it away: qgate makes a new one");
    case SQLITE_ERROR: /* the statements are sound */
        return error_set(err, FAULT_SYSTEM, "has no such table or column as this qgate asks for");
    case SQLITE_READONLY:
        return is_unfinished(link) ? say_unfinished(err) : say_read_only(err);
    case SQLITE_FULL:
        return error_set(err, FAULT_REMOTE, "the disk is full");
    case SQLITE_CANTOPEN: /* errno is that of its last attempt, which says little */
        return error_set(err, FAULT_REMOTE,
                         "cannot be opened: is its folder there, and may this user write to it?");
    case SQLITE_IOERR:
        return error_set(err, FAULT_REMOTE, "the disk cannot be read or written");
    default:
        return error_set(err, FAULT_SYSTEM, "SQLite does not work: %s", sqlite3_errstr(code));
    }
}

/* `WITHOUT ROWID` is a comment to other databases. */
static bool sqlite_script(struct store_link *link, const char *statements, struct error *err)
{
    static const char comment[] = "/* WITHOUT ROWID */";
    char *own = arena_copy(link->mem, statements, strlen(statements));
    for (char *at = own; (at = strstr(at, comment)) != NULL;) {
        memset(at, ' ', 2);
        memset(at + strlen(comment) - 2, ' ', 2);
    }
    return sqlite3_exec(link->db, own, NULL, NULL, NULL) == SQLITE_OK || fail(link, err);
}

/* Of what lies beside the database; -1: it is not there. */
static off_t size_beside(const struct store_link *link, const char *suffix, struct arena *mem)
{
    struct stat now;
    return stat(arena_printf(mem, "%s%s", link->path, suffix), &now) == 0 ? now.st_size : -1;
}

/* As SQLite wants a path in a URI. */
static const char *escaped(const char *path, struct arena *mem)
{
    char *out = arena_alloc(mem, 3 * strlen(path) + 1), *end = out;
    for (; *path != '\0'; path++) {
        if (strchr("%?#", *path) == NULL)
            *end++ = *path;
        else
            end += snprintf(end, 4, "%%%02X", (unsigned)*path);
    }
    return out;
}

/* How to read without writing. A log without its index would have to be played back, and one that
 * is played back by nobody holds evidence that would be missed. Of a log that is a header and
 * nothing else, whose writer was killed, SQLite would wait for an index that nobody makes. */
static const char *reading(struct store_link *link, struct arena *mem, struct error *err)
{
    off_t log = size_beside(link, "-wal", mem), index = size_beside(link, "-shm", mem);
    if (log > LOG_HEADER && index < 0) {
        say_unfinished(err);
        return NULL;
    }
    link->alone = (log < 0 || log == LOG_HEADER || index < 0) &&
                  size_beside(link, "-journal", mem) <= 0 && stat(link->path, &link->before) == 0;
    return arena_printf(mem, "file:%s?%s", escaped(link->path, mem),
                        link->alone ? "immutable=1" : "readonly_shm=1");
}

static bool changed_meanwhile(const struct store_link *link)
{
    struct stat now;
    return link->alone && (stat(link->path, &now) != 0 || now.st_ino != link->before.st_ino ||
                           now.st_size != link->before.st_size ||
                           now.st_mtim.tv_sec != link->before.st_mtim.tv_sec ||
                           now.st_mtim.tv_nsec != link->before.st_mtim.tv_nsec);
}

/* What is in the file may be hostile: nothing of its schema is run. */
static void configure(struct store_link *link)
{
    sqlite3_extended_result_codes(link->db, 1);
    sqlite3_busy_timeout(link->db, BUSY_MS);
    sqlite3_db_config(link->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(link->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(link->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(link->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_limit(link->db, SQLITE_LIMIT_LENGTH, MOST_BYTES);
}

/* Number, application and is there anything at all, by one statement: at one moment. */
static bool sqlite_version(struct store_link *link, int *version, struct error *err)
{
    static const char text[] = "SELECT (SELECT user_version FROM pragma_user_version),"
                               " (SELECT application_id FROM pragma_application_id),"
                               " (SELECT count(*) FROM sqlite_master)";
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(link->db, text, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;
    int application = 0, tables = 0;
    *version = 0;
    if (good) {
        *version = sqlite3_column_int(statement, 0);
        application = sqlite3_column_int(statement, 1);
        tables = sqlite3_column_int(statement, 2);
    } else {
        fail(link, err);
    }
    sqlite3_finalize(statement);
    bool empty = application == 0 && *version == 0 && tables == 0;
    if (!good || empty || (application == APPLICATION_ID && *version > 0))
        return good;
    error_set(err, FAULT_SYSTEM, "is the database of another program");
    return error_hint(err, "move it away, or name another file in QGATE_STORE");
}

/* A failure to switch is none: without its log SQLite is as safe, and the next one tries again. */
static bool use_log(struct store_link *link, struct error *err)
{
    int version, stays = 1;
    if (!sqlite_version(link, &version, err))
        return false;
    sqlite3_exec(link->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    sqlite3_file_control(link->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &stays);
    return sqlite_script(link, "PRAGMA journal_size_limit = 0; PRAGMA synchronous = FULL", err);
}

static bool sqlite_open(struct store_link **out, const struct store_address *address,
                        struct arena *mem, struct error *err)
{
    struct store_link *link = *out = arena_new_item(mem, struct store_link);
    int flags = address->follow ? 0 : SQLITE_OPEN_NOFOLLOW;
    const char *name = link->path = address->where;
    link->mem = mem;
    if (address->mode == STORE_WRITE) {
        flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    } else {
        name = reading(link, mem, err);
        flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    }
    if (name == NULL)
        return false;
    if (sqlite3_open_v2(name, &link->db, flags, NULL) != SQLITE_OK)
        return fail(link, err);
    configure(link);
    if (address->mode == STORE_READ)
        return true;
    /* SQLite makes do with reading what may not be written */
    return sqlite3_db_readonly(link->db, "main") == 1 ? say_read_only(err) : use_log(link, err);
}

static bool sqlite_set_version(struct store_link *link, int version, struct error *err)
{
    char text[96];
    snprintf(text, sizeof text, "PRAGMA user_version = %d; PRAGMA application_id = %d", version,
             APPLICATION_ID);
    return sqlite_script(link, text, err);
}

static bool bind(sqlite3_stmt *statement, int at, const struct store_value *value)
{
    int code = SQLITE_OK;
    switch (value->kind) {
    case STORE_NULL:
        code = sqlite3_bind_null(statement, at);
        break;
    case STORE_INTEGER:
        code = sqlite3_bind_int64(statement, at, value->integer);
        break;
    case STORE_REAL:
        code = sqlite3_bind_double(statement, at, value->real);
        break;
    case STORE_TEXT:
        code = sqlite3_bind_text(statement, at, value->text, -1, SQLITE_STATIC);
        break;
    }
    return code == SQLITE_OK;
}

static struct store_value column(sqlite3_stmt *statement, int at)
{
    struct store_value value = {.kind = STORE_NULL, .text = ""};
    int type = sqlite3_column_type(statement, at);
    if (type == SQLITE_NULL)
        return value;
    value.kind = type == SQLITE_INTEGER ? STORE_INTEGER
                 : type == SQLITE_FLOAT ? STORE_REAL
                                        : STORE_TEXT;
    value.integer = sqlite3_column_int64(statement, at);
    value.real = sqlite3_column_double(statement, at);
    const unsigned char *text = sqlite3_column_text(statement, at);
    value.text = text == NULL ? "" : (const char *)text;
    return value;
}

static int step(sqlite3_stmt *statement, const struct store_call *call)
{
    struct store_value columns[STORE_COLUMNS];
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++)
            columns[i] = column(statement, i);
        call->row(call->state, columns);
    }
    return code;
}

/* `$1` is a name to SQLite: it is looked up, so a text may use them in any order. */
static bool bind_all(sqlite3_stmt *statement, const struct store_call *call)
{
    for (size_t i = 0; i < call->count; i++) {
        char name[24];
        snprintf(name, sizeof name, "$%zu", i + 1);
        int at = sqlite3_bind_parameter_index(statement, name);
        assert(at > 0);
        if (!bind(statement, at, &call->values[i]))
            return false;
    }
    return true;
}

static bool sqlite_run(struct store_link *link, const struct store_call *call, struct error *err)
{
    sqlite3_stmt **statement = &link->statements[call->number];
    bool good = *statement != NULL ||
                sqlite3_prepare_v3(link->db, call->text, -1, SQLITE_PREPARE_PERSISTENT, statement,
                                   NULL) == SQLITE_OK;
    good = good && bind_all(*statement, call) && step(*statement, call) == SQLITE_DONE;
    if (!good)
        fail(link, err);
    sqlite3_reset(*statement);
    if (!good || !changed_meanwhile(link))
        return good;
    error_set(err, FAULT_REMOTE, "was written to while it was read");
    return error_hint(err, "try again");
}

/* BEGIN IMMEDIATE: who writes is alone from the start. */
static bool sqlite_collided(const struct store_link *link)
{
    (void)link;
    return false;
}

static void sqlite_close(struct store_link *link)
{
    if (link == NULL)
        return;
    for (size_t i = 0; i < TABLE_COUNT + QUERY_COUNT; i++)
        sqlite3_finalize(link->statements[i]);
    sqlite3_close(link->db);
}

const struct store_driver store_sqlite = {
    .begin = "BEGIN IMMEDIATE",
    .open = sqlite_open,
    .version = sqlite_version,
    .set_version = sqlite_set_version,
    .script = sqlite_script,
    .run = sqlite_run,
    .collided = sqlite_collided,
    .close = sqlite_close,
};
