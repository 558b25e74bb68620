/* PostgreSQL, its one door: what speaks its protocol and shards (Citus, YugabyteDB, CockroachDB)
 * too, so nothing here is of PostgreSQL alone: no advisory locks, no COPY, no prepared statements
 * (a pooler gives every transaction another session).
 */
#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates/base/number.h"
#include "runner/store/driver.h"

enum { NUMBER_SIZE = 32, SILENCE_MS = 40000 };

struct store_link {
    PGconn *connection;
    enum store_mode mode;
    bool collided;
    bool silent; /* it was waited for in vain, and is not asked again */
};

static bool is_state(const char *state, const char *begin)
{
    return strncmp(state, begin, strlen(begin)) == 0;
}

/* The first line; what follows it is advice for programmers. */
static bool say(struct error *err, const char *message)
{
    return error_set(err, FAULT_REMOTE, "the database does not answer: %.*s",
                     (int)strcspn(message, "\n"), message);
}

/* A table that another process makes at the same moment is there already, as a table, as the type
 * of its rows, or as a key of the catalogue: whichever is noticed first. */
static bool is_collision(const char *state, const PGresult *result)
{
    const char *schema = PQresultErrorField(result, PG_DIAG_SCHEMA_NAME);
    return is_state(state, "40") || is_state(state, "42P07") || is_state(state, "42710") ||
           (is_state(state, "23505") && schema != NULL && strcmp(schema, "pg_catalog") == 0);
}

/* 08 the connection, 53 no resources, 55 and 57 a lock, a time limit, a shutdown: it may answer
 * later. */
static bool is_away(const struct store_link *link, const char *state)
{
    static const char *const classes[] = {"08", "53", "55", "57"};
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (is_state(state, classes[i]))
            return true;
    return link->silent || PQstatus(link->connection) != CONNECTION_OK;
}

/* Of a server that answered. A table or a column may not be there: of an older qgate. */
static bool refuse(struct error *err, const char *state, const char *message)
{
    if (is_state(state, "42P01") || is_state(state, "42703"))
        return error_set(err, FAULT_SYSTEM, "has no such table or column as this qgate asks for");
    return error_set(err, FAULT_SYSTEM, "the database refuses: %s", message);
}

/* Takes the result. */
static bool check(struct store_link *link, PGresult *result, struct error *err)
{
    ExecStatusType status = PQresultStatus(result);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    link->collided = false;
    if (!good) {
        const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        state = state == NULL ? "" : state;
        link->collided = is_collision(state, result);
        /* a table that is still in the way at the last try is no collision */
        bool away = is_away(link, state) || (link->collided && !is_state(state, "42"));
        message = link->silent      ? "nothing came for 40 s"
                  : message != NULL ? message
                                    : PQerrorMessage(link->connection);
        (void)!(away ? say(err, message) : refuse(err, state, message));
    }
    PQclear(result);
    return good;
}

static bool await(struct store_link *link)
{
    while (PQisBusy(link->connection) != 0) {
        struct pollfd ready = {.fd = PQsocket(link->connection), .events = POLLIN};
        int count = poll(&ready, 1, SILENCE_MS);
        link->silent = count == 0 || (count < 0 && errno != EINTR);
        if (link->silent)
            return false;
        if (count > 0 && PQconsumeInput(link->connection) == 0)
            return true; /* what comes next is the error */
    }
    return true;
}

/* The last result of what was sent. PQexec would wait for a server that froze for ever. */
static PGresult *answer(struct store_link *link, int sent)
{
    PGresult *last = NULL, *next;
    while (sent == 1 && await(link) && (next = PQgetResult(link->connection)) != NULL) {
        PQclear(last);
        last = next;
    }
    if (!link->silent)
        return last;
    PQclear(last);
    return NULL;
}

static PGresult *ask(struct store_link *link, const char *statements)
{
    return answer(link, PQsendQuery(link->connection, statements));
}

static bool postgres_script(struct store_link *link, const char *statements, struct error *err)
{
    return check(link, ask(link, statements), err);
}

static void ignore_notice(void *state, const char *message)
{
    (void)state, (void)message;
}

/* The server gives up before it is given up. Who may not write is held to it by the database. */
static bool configure(struct store_link *link, struct error *err)
{
    PQsetNoticeProcessor(link->connection, ignore_notice, NULL);
    return postgres_script(link, "SET statement_timeout = 30000", err) &&
           (link->mode == STORE_WRITE ||
            postgres_script(link, "SET default_transaction_read_only = on", err));
}

/* libpq's messages quote what they cannot read. A password with a character in it that should have
 * been encoded leaves its rest, and an @, where the host or the database should stand. */
static bool is_readable(const PQconninfoOption *options)
{
    for (; options != NULL && options->keyword != NULL; options++)
        if ((strcmp(options->keyword, "host") == 0 || strcmp(options->keyword, "dbname") == 0) &&
            options->val != NULL && strchr(options->val, '@') != NULL)
            return false;
    return options != NULL;
}

static bool check_url(const char *url, struct error *err)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    bool readable = is_readable(options);
    PQconninfoFree(options);
    if (readable)
        return true;
    error_set(err, FAULT_USAGE, "is no address of a PostgreSQL");
    return error_hint(err, "postgresql://USER:PASSWORD@HOST/DATABASE, / and @ in the password as"
                           " %%2F and %%40");
}

static bool postgres_open(struct store_link **out, const struct store_address *address,
                          struct arena *mem, struct error *err)
{
    struct store_link *link = *out = arena_new_item(mem, struct store_link);
    /* What stands before the URL it may say otherwise, what stands behind it may not. */
    const char *const names[] = {"connect_timeout", "tcp_user_timeout",          "dbname",
                                 "client_encoding", "fallback_application_name", NULL};
    const char *const values[] = {"10", "30000", address->where, "UTF8", "qgate", NULL};
    link->mode = address->mode;
    if (!check_url(address->where, err))
        return false;
    link->connection = PQconnectdbParams(names, values, 1);
    if (PQstatus(link->connection) != CONNECTION_OK)
        return say(err, PQerrorMessage(link->connection));
    return configure(link, err);
}

/* One number. False: it failed, or there is none (err untouched). */
static bool ask_number(struct store_link *link, const char *text, int *number, struct error *err)
{
    PGresult *result = ask(link, text);
    bool there = PQntuples(result) == 1 && !PQgetisnull(result, 0, 0);
    uint64_t count = 0;
    if (there)
        there = number_parse_count(PQgetvalue(result, 0, 0), (size_t)PQgetlength(result, 0, 0),
                                   &count) &&
                count <= INT32_MAX;
    *number = (int)count;
    return check(link, result, err) && there;
}

/* FOR UPDATE: whoever brings the schema up to date holds the row until it is done. */
static bool postgres_version(struct store_link *link, int *version, struct error *err)
{
    int there;
    *version = 0;
    if (!ask_number(link, "SELECT COUNT(to_regclass('qgate_schema'))", &there, err))
        return false;
    if (there == 0)
        return true;
    return ask_number(link,
                      link->mode == STORE_WRITE
                          ? "SELECT version FROM qgate_schema WHERE one = 1 FOR UPDATE"
                          : "SELECT version FROM qgate_schema WHERE one = 1",
                      version, err) ||
           error_set(err, FAULT_SYSTEM, "its table qgate_schema is not ours");
}

static bool postgres_set_version(struct store_link *link, int version, struct error *err)
{
    char text[320];
    snprintf(text, sizeof text,
             "CREATE TABLE IF NOT EXISTS qgate_schema"
             " (one SMALLINT NOT NULL PRIMARY KEY, version INTEGER NOT NULL);"
             " INSERT INTO qgate_schema (one, version) VALUES (1, %d)"
             " ON CONFLICT (one) DO UPDATE SET version = excluded.version",
             version);
    return postgres_script(link, text, err);
}

static const char *as_text(const struct store_value *value, char buffer[NUMBER_SIZE])
{
    switch (value->kind) {
    case STORE_INTEGER:
        snprintf(buffer, NUMBER_SIZE, "%" PRId64, value->integer);
        return buffer;
    case STORE_REAL:
        snprintf(buffer, NUMBER_SIZE, "%.17g", value->real);
        return buffer;
    case STORE_TEXT:
        return value->text;
    case STORE_NULL:
        break;
    }
    return NULL;
}

static struct store_value column(const PGresult *result, int row, int at)
{
    enum { INT8 = 20, INT2 = 21, INT4 = 23, FLOAT4 = 700, FLOAT8 = 701, NUMERIC = 1700 };
    struct store_value value = {.kind = STORE_NULL, .text = PQgetvalue(result, row, at)};
    if (PQgetisnull(result, row, at))
        return value;
    Oid type = PQftype(result, at);
    bool whole = type == INT8 || type == INT4 || type == INT2;
    bool real = type == FLOAT4 || type == FLOAT8 || type == NUMERIC;
    value.kind = whole ? STORE_INTEGER : real ? STORE_REAL : STORE_TEXT;
    value.integer = strtoll(value.text, NULL, 10);
    value.real = strtod(value.text, NULL);
    return value;
}

static void hand_out(const PGresult *result, const struct store_call *call)
{
    struct store_value columns[STORE_COLUMNS];
    for (int row = 0; row < PQntuples(result); row++) {
        for (int at = 0; at < PQnfields(result); at++)
            columns[at] = column(result, row, at);
        call->row(call->state, columns);
    }
}

static bool postgres_run(struct store_link *link, const struct store_call *call, struct error *err)
{
    char numbers[STORE_COLUMNS][NUMBER_SIZE];
    const char *values[STORE_COLUMNS];
    for (size_t i = 0; i < call->count; i++)
        values[i] = as_text(&call->values[i], numbers[i]);
    PGresult *result =
        answer(link, PQsendQueryParams(link->connection, call->text, (int)call->count, NULL, values,
                                       NULL, NULL, 0));
    hand_out(result, call);
    return check(link, result, err);
}

static bool postgres_collided(const struct store_link *link)
{
    return link->collided;
}

static void postgres_close(struct store_link *link)
{
    if (link != NULL)
        PQfinish(link->connection);
}

const struct store_driver store_postgres = {
    .begin = "BEGIN",
    .open = postgres_open,
    .version = postgres_version,
    .set_version = postgres_set_version,
    .script = postgres_script,
    .run = postgres_run,
    .collided = postgres_collided,
    .close = postgres_close,
};
