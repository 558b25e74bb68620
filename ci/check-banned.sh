#!/bin/sh
# ci/check-banned.sh: functions nobody calls, and `//` comments, which are leftovers here.
set -eu
cd "$(dirname "$0")/.."

everywhere='strcpy|strcat|sprintf|vsprintf|strtok|strtok_r|atoi|atol|atoll|atof|gets|localtime|system|popen|alloca'
in_gates='v?f?printf|f?puts|putchar|perror|getenv|secure_getenv|time|gettimeofday|clock_gettime|setlocale|fopen'

# The code without its comments and texts, as file:line:code.
# shellcheck disable=SC2016 # awk's own $0
bare() {
    find "$@" -name '*.[ch]' | sort | xargs awk '
    FNR == 1 { comment = 0 }
    {
        code = $0
        gsub(/\\./, "", code)                       # \" inside a text
        gsub(/'\''"'\''/, "", code)
        out = ""
        while (code != "") {
            if (comment) {
                if (!(end = index(code, "*/")))
                    break
                code = substr(code, end + 2)
                comment = 0
            } else if (match(code, /"[^"]*"|\/\*/)) {
                comment = substr(code, RSTART, 2) == "/*"
                out = out substr(code, 1, RSTART - 1) (comment ? " " : "\"\"")
                code = substr(code, RSTART + RLENGTH)
            } else {
                out = out code
                code = ""
            }
        }
        print FILENAME ":" FNR ":" out
    }'
}

! {
    bare gates runner tests | grep -E "[^[:alnum:]_]($everywhere)[[:space:]]*\(" | sed 's/$/   is banned/'
    # The last words when memory ran out are the one exception.
    bare gates | grep -E "[^[:alnum:]_]($in_gates)[[:space:]]*\(" |
        grep -v '^gates/base/arena.c:.*fputs' | sed 's/$/   not inside gates\//'
    bare gates runner tests | grep '//[[:space:]]*[^[:space:]]' | sed 's/$/   comments are written like \/* this *\//'
    grep -rnwE 'TODO|FIXME|XXX' gates runner tests --include='*.[ch]' | grep -vE 'TODO #[0-9]+'
} | grep .
