#!/bin/sh
# tests/support/postgres.sh start DIR OWNER | stop DIR: a throw-away PostgreSQL cluster in DIR, reached
# by a socket there only; anybody who reaches the socket is let in as `qgate`.
#
# It ends when the process OWNER does, whatever becomes of that. Where there is no PostgreSQL, start
# says so and ends with 77: the tests are skipped.
set -eu
self=$(realpath "$0")

bin=$(find /usr/lib/postgresql/*/bin /usr/libexec/postgresql* -name initdb 2> /dev/null | sort -V | tail -n 1)
bin=$(dirname "${bin:-$(command -v initdb || true)}")

# PostgreSQL refuses to run as root.
plain() {
    if [ "$(id -u)" != 0 ]; then
        "$@"
        return
    fi
    user=postgres
    id "$user" > /dev/null 2>&1 || user=nobody
    setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups -- "$@"
}

stop() {
    pid=$(head -n 1 "$1/data/postmaster.pid" 2> /dev/null) || return 0
    plain kill -INT "$pid" 2> /dev/null || return 0
    while [ -e "$1/data/postmaster.pid" ]; do
        sleep 0.05
    done
}

watch() {
    while kill -0 "$2" 2> /dev/null; do
        sleep 1
    done
    stop "$1"
    rm -rf "$1"
}

start() {
    [ -x "$bin/initdb" ] || {
        echo "no PostgreSQL is installed"
        exit 77
    }
    [ "$(id -u)" != 0 ] || chown "$(id -u postgres 2> /dev/null || id -u nobody)" "$1"
    cd "$1"
    if ! plain "$bin/initdb" --pgdata="$1/data" --username=qgate --auth=trust --encoding=UTF8 \
        --locale=C > "$1/log" 2>&1 ||
        ! plain "$bin/pg_ctl" --pgdata="$1/data" --log="$1/data/log" --wait start \
            -o "-k $1 -c listen_addresses='' -c max_connections=60" >> "$1/log" 2>&1; then
        cat "$1/log" "$1/data/log"
        exit 1
    fi
    setsid "$self" watch "$1" "$2" > /dev/null 2>&1 < /dev/null &
}

"$@"
