#!/bin/sh
# ci/manual.sh QGATE PAGE…: rewrites what the program prints in a page of the manual, between the lines
# `; begin qgate ARGUMENTS` and `; end`.
set -eu

qgate=$1
shift

rewrite() {
    printed=
    while IFS= read -r line; do
        [ "$line" != '; end' ] || printed=
        [ -n "$printed" ] || printf '%s\n' "$line"
        case $line in
        '; begin qgate '*)
            printed=yes
            echo
            # shellcheck disable=SC2086 # words are arguments
            "$qgate" ${line#; begin qgate }
            ;;
        esac
    done < "$1"
}

for page; do
    rewrite "$page" > "$page.new"
    mv "$page.new" "$page"
done
