#!/bin/sh
# ci/embed.sh FILE…: C source that holds the files, as gates/policies/embedded.h declares it.
#
# gates/policies/default.yml is named "default", schemas/policy.schema.json "schema/policy",
# runner/store/migrations/0001.sql "migration/0001", gates/measure/bands.yml "data/bands".
set -eu

name_of() {
    case $1 in
    *.schema.json) echo "schema/$(basename "$1" .schema.json)" ;;
    *.sql) echo "migration/$(basename "$1" .sql)" ;;
    gates/measure/*.yml) echo "data/$(basename "$1" .yml)" ;;
    *) basename "$1" .yml ;;
    esac
}

echo '#include "gates/policies/embedded.h"'
echo
count=0
for file; do
    echo "static const char file_${count}[] = {"
    # Octal characters are right whether char is signed or not.
    od -An -v -to1 < "$file" | sed "s/ *\([0-7]\{3\}\)/'\\\\\1',/g"
    echo '0};'
    count=$((count + 1))
done
echo
echo 'const struct embedded embedded_files[] = {'
count=0
for file; do
    echo "    {\"$(name_of "$file")\", file_$count, sizeof file_${count} - 1},"
    count=$((count + 1))
done
echo '    {0},'
echo '};'
