#!/bin/sh
# ci/check-layers.sh: who may include what (docs/architecture.md). Prints every line that may not stand.
set -eu
cd "$(dirname "$0")/.."

# folder: the folders and headers of gates/ it may see, itself included
layers='
base        base
model       base model
policies    base policies
read        base model read
measure     base model measure
policy      base model policies policy read/reader.h measure/catalogue.h measure/measure.h
judge       base model policies policy read/reader.h measure judge
delivery    base model policies policy read/reader.h measure delivery
'

# header of a library: the one place that may include it (a file, or a folder with its slash)
doors='
libxml/     gates/read/xml.c
yajl/       gates/read/json.c
yaml.h      gates/policy/yaml.c
pcre2.h     gates/base/pattern.c
nettle/     gates/base/hash.c
jansson.h   runner/
git2.h      runner/history/
git2/       runner/history/
curl/       runner/http/
sqlite3.h   runner/store/sqlite.c
libpq-fe.h  runner/store/postgres.c
'

formats=$(sed -n 's/^ *X(\([a-z0-9_]*\)).*/\1/p' gates/read/reader.h)

find gates runner -name '*.[ch]' | sort | xargs grep -nH '^[[:space:]]*#[[:space:]]*include' |
    awk -v layers="$layers" -v doors="$doors" -v formats="$formats" '
    BEGIN {
        count = split(layers, line, "\n")
        for (i = 1; i <= count; i++) {
            n = split(line[i], word, " +")
            for (j = 2; j <= n; j++)
                may[word[1], word[j]] = 1
        }
        count = split(doors, line, "\n")
        for (i = 1; i <= count; i++)
            if (split(line[i], word, " +") == 2)
                door[word[1]] = word[2]
        count = split(formats, line, "\n")
        for (i = 1; i <= count; i++)
            format[line[i]] = 1
    }

    function refuse(why) {
        print $0 "   " why
        failed = 1
    }

    {
        split($0, at, ":")
        file = at[1]
        header = $0
        ours = sub(/^[^"]*"/, "", header)
        if (!ours)
            sub(/^[^<]*</, "", header)
        sub(/[">].*/, "", header)
    }

    ours && header !~ /^(gates|runner)\// { refuse("name it from the root") }

    ours && file ~ /^gates\// && header ~ /^runner\// { refuse("gates/ never sees runner/"); next }

    ours && file ~ /^gates\// {
        split(file, from, "/")
        seen = substr(header, 7)
        folder = seen
        sub(/\/.*/, "", folder)
        if (!((from[2], folder) in may) && !((from[2], seen) in may))
            refuse("gates/" from[2] "/ does not see it")

        # A header of a format belongs to the files of that format.
        name = seen
        if (folder == "read" && sub(/^read\//, "", name) && sub(/(_.*)?\.h$/, "", name) &&
            name in format && file !~ "^gates/read/" name "[_.]")
            refuse("readers do not see each other")
    }

    !ours {
        for (library in door)
            if (index(header, library) == 1 && index(file, door[library]) != 1)
                refuse("its one door is " door[library])
    }

    END { exit failed }'
