#!/bin/sh
# ci/check-docs.sh QGATE: what the documentation says, the program does.
#
# Every block marked ```yaml policy or ```yaml delivery loads, and every block of a manual page; every reader has its page and its
# row in the index, every page its reader; every output has its row; measures that are named exist; the README's
# exit statuses are the program's, and so is what manual pages repeat; links lead somewhere; runs of qgate print
# what is shown.
set -eu

qgate=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

wrong() {
    echo "$*"
    failed=1
}

# Each block of $1 into a file of its own, behind empty lines, so that line numbers are the page's.
policies() {
    awk -v to="$work/policy" '
        /^[ ]*```/ && inside { inside = 0; next }
        /^ *```yaml (policy|delivery)/ || (FILENAME ~ /\.scd$/ && /^```$/) {
            inside = 1
            indent = index($0, "`") - 1
            file = to "-" ++count ".yml"
            for (i = 1; i <= NR; i++)
                print "" > file
            next
        }
        inside { print substr($0, indent + 1) > file }
    ' "$1"
}

pages=$({ ls -- *.md && find docs -name '*.md'; } | sort)

for page in $pages docs/man/*.scd; do
    rm -f "$work"/policy-*
    policies "$page"
    for policy in "$work"/policy-*.yml; do
        [ -e "$policy" ] || continue
        blocks=$((${blocks:-0} + 1))
        "$qgate" validate "$policy" > "$work/said" 2>&1 || {
            wrong "$page: a policy does not load"
            sed "s|$policy|$page|g; s/^/    /" "$work/said"
        }
    done
done
[ -n "${blocks:-}" ] || wrong 'README.md: no block is marked ```yaml policy'

formats=$(sed -n 's/^ *X(\([a-z0-9_]*\)).*/\1/p' gates/read/reader.h)
"$qgate" formats > "$work/formats"
for format in $formats; do
    [ -e "docs/formats/$format.md" ] || wrong "docs/formats/$format.md: is missing"
    title=$(sed -n "s/^$format  *//p" "$work/formats")
    [ -n "$title" ] || wrong "qgate formats: does not name $format"
    grep -q "^| \[.$format.\]($format.md) | .* | $title |\$" docs/formats/README.md ||
        wrong "docs/formats/README.md: has no row of $format, $title"
done
for page in docs/formats/*.md; do
    format=$(basename "$page" .md)
    echo "$formats" README | grep -qw "$format" || wrong "$page: there is no such format"
done

# Each output has its row.
"$qgate" formats | sed -n '/^outputs:/,/^$/s/^  \([a-z]*\) .*/\1/p' > "$work/outputs"
[ -s "$work/outputs" ] || wrong "qgate formats: names no output"
while read -r output; do
    grep -q "^| .$output. | " docs/outputs.md || wrong "docs/outputs.md: has no row of $output"
done < "$work/outputs"

# `tests.failed` in a page; not `coverage.xml`, a file.
# shellcheck disable=SC2086,SC2016 # words; a backtick
grep -noE '`(tests|coverage|load|sonar|diff)\.[a-z0-9_.]+[`{ ]' $pages | tr -d '`{ ' |
    grep -vE '\.(xml|json|jtl|csv|ya?ml|c|h|o|md|py|sh|txt|html|exec|info|properties)$' |
    sort -t : -u -k 3 > "$work/named"
while IFS=: read -r page line measure; do
    "$qgate" measures "$measure" > "$work/said" 2>&1 || wrong "$page:$line: $(head -n 1 "$work/said")"
done < "$work/named"

"$qgate" --help | sed -n 's/^  \([0-9][0-9]*\)  *\(.*\)/| \1 | \2 |/p' > "$work/statuses"
awk '/^#/ { here = tolower($0) ~ /exit status/ } here' README.md | grep '^| [0-9]' > "$work/table"
diff "$work/statuses" "$work/table" > "$work/said" || {
    wrong 'README.md: the table of exit statuses is not that of qgate --help (< program, > README)'
    sed 's/^/    /' "$work/said"
}

for page in docs/man/*.scd; do
    cp "$page" "$work/page"
    ci/manual.sh "$qgate" "$work/page"
    diff "$page" "$work/page" > "$work/said" || {
        wrong "$page: the program says something else (make manual puts it there)"
        sed 's/^/    /' "$work/said"
    }
done

# Links, but for those in blocks of code.
# shellcheck disable=SC2086
awk '
    FNR == 1 { code = 0 }
    /^ *```/ { code = !code; next }
    !code {
        while (match($0, /\]\([^)# ]+/)) {
            print FILENAME ":" FNR ":" substr($0, RSTART + 2, RLENGTH - 2)
            $0 = substr($0, RSTART + RLENGTH)
        }
    }
' $pages | grep -v '://' > "$work/links"
while IFS=: read -r page line target; do
    [ -e "$(dirname "$page")/$target" ] || wrong "$page:$line: $target is not there"
done < "$work/links"

ci/check-cookbook.py "$qgate" README.md docs/cookbook.md docs/delivery.md docs/false-greens.md || failed=1

exit $failed
