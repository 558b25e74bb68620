#!/bin/sh
# ci/deps.sh build|test|lint|all: installs what the stage needs and is not there.
#
# Silent when all is there. Installs with apt-get; elsewhere it prints the packages and stops.
set -eu

# stage, how to look for it, and its package: Debian, Fedora, Alpine, Homebrew (- is: comes along)
wanted() {
    cat << 'TABLE'
build tool:pkg-config pkg-config pkgconf-pkg-config pkgconf pkgconf
build lib:libxml-2.0 libxml2-dev libxml2-devel libxml2-dev libxml2
build lib:yajl libyajl-dev yajl-devel yajl-dev yajl
build lib:jansson libjansson-dev jansson-devel jansson-dev jansson
build lib:yaml-0.1 libyaml-dev libyaml-devel yaml-dev libyaml
build lib:libpcre2-8 libpcre2-dev pcre2-devel pcre2-dev pcre2
build lib:libgit2 libgit2-dev libgit2-devel libgit2-dev libgit2
build lib:nettle nettle-dev nettle-devel nettle-dev nettle
build lib:libcurl libcurl4-openssl-dev libcurl-devel curl-dev curl
build lib:sqlite3 libsqlite3-dev sqlite-devel sqlite-dev sqlite
build lib:libpq libpq-dev libpq-devel libpq-dev libpq
build tool:scdoc scdoc scdoc scdoc scdoc
test lib:cmocka libcmocka-dev libcmocka-devel cmocka-dev cmocka
test tool:bats bats bats bats bats-core
test tool:git git git git git
test tool:jq jq jq jq jq
test tool:curl curl curl curl curl
test tool:openssl openssl openssl openssl openssl
test tool:rsync rsync rsync rsync rsync
test tool:sqlite3 sqlite3 sqlite sqlite sqlite
test initdb postgresql postgresql-server postgresql postgresql@15
test tool:python3 python3 python3 python3 python@3
test python:jsonschema python3-jsonschema python3-jsonschema py3-jsonschema -
test python:yaml python3-yaml python3-pyyaml py3-yaml -
test system:gitlab python3-gitlab python3-gitlab py3-gitlab -
test file:/usr/share/zoneinfo/Europe/London tzdata tzdata tzdata -
test tool:xmllint libxml2-utils libxml2 libxml2-utils libxml2
test tool:cmark-gfm cmark-gfm - - cmark-gfm
test tool:zsh zsh zsh zsh zsh
test tool:fish fish fish fish fish
test tool:node nodejs nodejs nodejs node
test tool:npm npm nodejs-npm npm node
lint tool:clang clang clang clang llvm
lint fuzzer libclang-rt-dev compiler-rt compiler-rt -
lint tool:clang-format clang-format clang-tools-extra clang-extra-tools -
lint tool:clang-tidy clang-tidy clang-tools-extra clang-extra-tools -
lint tool:cppcheck cppcheck cppcheck cppcheck cppcheck
lint tool:shellcheck shellcheck ShellCheck shellcheck shellcheck
lint tool:codespell codespell codespell py3-codespell codespell
lint tool:gcovr gcovr gcovr gcovr gcovr
TABLE
}

# The stages a stage needs, itself included.
stages() {
    case $1 in
    build) echo build ;;
    test) echo build test ;;
    lint | all) echo build test lint ;;
    *)
        echo "usage: ci/deps.sh build|test|lint|all" >&2
        exit 4
        ;;
    esac
}

is_there() {
    case ${WITH_POSTGRES:-1}:$1 in 0:lib:libpq | 0:initdb) return ;; esac
    case $1 in
    tool:*) command -v "${1#tool:}" ;;
    lib:*) pkg-config --exists "${1#lib:}" ;;
    python:*) python3 -c "from importlib.util import find_spec as f; exit(not f('${1#*:}'))" ;;
    system:*) /usr/bin/python3 -c "from importlib.util import find_spec as f; exit(not f('${1#*:}'))" ;;
    file:*) ls "${1#file:}" ;;
    initdb) ls /usr/lib/postgresql/*/bin/initdb || command -v initdb ;;
    fuzzer) ls "$(clang -print-resource-dir)"/lib/*/libclang_rt.fuzzer* ;;
    esac > /dev/null 2>&1
}

# The rows of these stages that are not there.
missing() {
    wanted | while read -r stage what packages; do
        case " $* " in *" $stage "*) is_there "$what" || echo "$packages" ;; esac
    done
}

# Column $2 of the rows $1, on one line.
packages() {
    echo "$1" | awk -v column="$2" '$column != "-" { printf "%s%s", space, $column; space = " " }'
}

install_debian() {
    root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo > /dev/null || {
            echo "deps: needs root: apt-get install $1" >&2
            exit 1
        }
        root=sudo
    fi
    echo "deps: installing $1"
    log=$(mktemp)
    # shellcheck disable=SC2086 # words are packages
    apt="$root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300"
    # The lists may be missing or old: they are fetched only when it does not work without.
    # shellcheck disable=SC2086
    $apt install --no-install-recommends $1 > "$log" 2>&1 < /dev/null ||
        { $apt update && $apt install --no-install-recommends $1; } > "$log" 2>&1 < /dev/null || {
        cat "$log" >&2
        rm -f "$log"
        echo "deps: could not install $1" >&2
        exit 1
    }
    rm -f "$log"
}

# The modules of tests/editor, into build/editor. Without them all but tests/cli/editor.bats can run: that one finds
# the reason in build/editor/skip, or in build/editor/fail where a pipeline must not go without.
install_editor() {
    modules=build/editor
    cmp -s tests/editor/package-lock.json $modules/installed && return
    rm -rf $modules
    mkdir -p $modules
    cp tests/editor/package.json tests/editor/package-lock.json $modules/
    if timeout 120 npm ci --prefix $modules --ignore-scripts --no-audit --no-fund --fetch-retries=1 \
        > $modules/log 2>&1 < /dev/null; then
        cp tests/editor/package-lock.json $modules/installed
        return
    fi
    verdict=skip
    [ "${CI:-}" != true ] || verdict=fail
    echo "npm could not install tests/editor (see $modules/log); remove build/deps-test.stamp to try again" \
        > $modules/$verdict
    echo "deps: $(cat $modules/$verdict)" >&2
}

stages=$(stages "${1:-}")
# shellcheck disable=SC2086
rows=$(missing $stages)

if [ -z "$rows" ]; then
    :
elif command -v apt-get > /dev/null; then
    install_debian "$(packages "$rows" 1)"
else
    {
        echo "deps: install these and try again"
        echo "  Fedora:   dnf install $(packages "$rows" 2)"
        echo "  Alpine:   apk add $(packages "$rows" 3)"
        echo "  Homebrew: brew install $(packages "$rows" 4)"
    } >&2
    exit 1
fi

case $stages in *test*) install_editor ;; esac
