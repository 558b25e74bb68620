#!/bin/sh
# tests/bench/run.sh QGATE: the figures of docs/performance.md.
#
# Writes the inputs to build/bench (about 1 GB, kept until `make clean`), then runs qgate and what it
# is compared with side by side. A benchmark is no test: it ends with 0 whatever it measured.
set -eu

qgate=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$here/../../build/bench
mkdir -p "$work"
work=$(cd "$work" && pwd)

# $1: the input, $2: its generator, then arguments: written anew when the generator or this file is newer
generate() {
    input=$work/$1 generator=$here/$2
    shift 2
    [ -z "$(find "$input" -newer "$generator" -newer "$here/run.sh" 2> /dev/null)" ] || return 0
    echo "writing $(basename "$input")" >&2
    python3 "$generator" "$@" > "$input.part"
    mv "$input.part" "$input"
}

generate cobertura.xml make_cobertura.py 120 10000
generate junit.xml make_junit.py 500000
generate trivy.json make_trivy.py 40000
generate results.jtl make_jtl.py 3000000
generate labels.jtl make_jtl.py 200000 10000

demo=$(mktemp -d)
trap 'rm -rf "$demo"' EXIT
trap 'exit 130' INT TERM
mkdir "$demo/build"
cp "$here/../demo/policy.yml" "$demo/.qgate.yml"
cp "$here/../demo/passing"/* "$demo/build"

# The pipeline that measures is not what is judged.
for name in $(env | sed -n 's/^\(\(CI\|GITLAB\|QGATE\|GIT\)_[A-Z_]*\)=.*/\1/p'); do
    unset "$name"
done
unset CI GITLAB_CI
export LC_ALL=C.UTF-8 TZ=UTC GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

# 50,000 files, of which the branch that is checked out changes 100; the report lists 500, all of these among them.
generate repository.import make_repository.py 50000 100
repository=$work/repository
if [ -z "$(find "$repository/coverage.xml" -newer "$work/repository.import" 2> /dev/null)" ]; then
    rm -rf "$repository"
    git init -q -b main "$repository"
    git -C "$repository" fast-import --quiet < "$work/repository.import"
    git -C "$repository" checkout -q side
    echo /coverage.xml > "$repository/.git/info/exclude"
    python3 "$here/make_repository.py" --report 50000 500 > "$repository/coverage.xml"
fi

# 80,000 commits in changes of four, 999 tags, as a clone has them.
generate releases.import make_releases.py 80000 999
releases=$work/releases
if [ -z "$(find "$releases/.git/packed-refs" -newer "$work/releases.import" 2> /dev/null)" ]; then
    rm -rf "$releases"
    git init -q -b main "$releases"
    git -C "$releases" fast-import --quiet < "$work/releases.import"
    git -C "$releases" pack-refs --all
fi

# 20,000 commits that deploy 100 services.
generate gitops.import make_gitops.py 20000
gitops=$work/gitops
if [ -z "$(find "$gitops/.git/packed-refs" -newer "$work/gitops.import" 2> /dev/null)" ]; then
    rm -rf "$gitops"
    git init -q -b main "$gitops"
    git -C "$gitops" fast-import --quiet < "$work/gitops.import"
    git -C "$gitops" pack-refs --all
fi

python3 "$here/compare.py" "$qgate" "$work" "$demo" "$repository" "$releases" "$gitops"

echo
mkdir -p "$work/store"
"$(dirname "$qgate")/tests/bench/store" "$work/store" || echo "the store was not measured" >&2
