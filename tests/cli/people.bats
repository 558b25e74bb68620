#!/usr/bin/env bats
# People in delivery numbers: nobody, a keyed hash, or an address, as delivery.yml says.
load ../support/common
load ../support/history

# The company of tests/support/estate.sh, in core/ at the end of March 2027.
company() {
    sh "$here/tests/support/estate.sh"
    cd core || return
    export SOURCE_DATE_EPOCH=1806537600
}

# authors: who wrote the changes of ledger, each once.
authors() {
    expect 0 dora --explain --service ledger --output json=numbers.json
    jq -r '.. | .author? // empty' numbers.json | sort -u
}

hash_of() {
    python3 -c 'import hashlib, hmac, sys
print(hmac.new(sys.argv[1].encode(), sys.argv[2].encode(), hashlib.sha256).hexdigest()[:16])' "$1" "$2"
}

@test "a hash with the key that is given, and nothing else of the person" {
    company
    export QGATE_PEOPLE_KEY=0123456789abcdef
    authors > one
    hash_of 0123456789abcdef ada@example.org > ada
    grep -qxFf ada one
    expect 0 dora --explain --service ledger
    tr -s ' \n' ' ' <<< "$output" | grep -F ", by $(cat ada)"
    grep -qiE 'ada@|"Ada' numbers.json && return 1
    [ ! -e .qgate/people.key ]

    echo 0123456789abcdef > ../key
    unset QGATE_PEOPLE_KEY
    QGATE_PEOPLE_KEY_FILE=../key authors > two
    cmp one two
    QGATE_PEOPLE_KEY=other-key-of-others authors > three
    [ "$(comm -12 one three | wc -l)" -eq 0 ]
}

@test "without one the work tree makes its own, which nobody else reads" {
    company
    expect 0 dora --service ledger
    [ ! -e .qgate/people.key ] # nobody asked who wrote what
    authors > one
    [ "$(stat -c %a .qgate/people.key)" = 600 ]
    authors > two
    cmp one two
    grep -qE '^[0-9a-f]{16}$' one
    hash_of "$(cat .qgate/people.key)" ada@example.org > ada
    grep -qxFf ada one
    [ -z "$(git status --porcelain .qgate)" ]
    rm .qgate/people.key
    authors > three
    [ "$(comm -12 one three | wc -l)" -eq 0 ]
}

@test "nobody is named where delivery.yml says none, and everybody where it says named" {
    company
    sed -i '1a people: none' delivery.yml
    [ -z "$(authors)" ]
    sed -i 's/^people: none/people: named/' delivery.yml
    authors | grep -x ada@example.org
    [ ! -e .qgate/people.key ]
}

@test "in a merge request no key is made" {
    company
    export CI=true GITLAB_CI=true CI_MERGE_REQUEST_IID=3
    [ -z "$(authors)" ]
    [ ! -e .qgate ]
    export QGATE_PEOPLE_KEY=0123456789abcdef
    [ -n "$(authors)" ]
}

@test "where no key can be made nobody is named, and that is said" {
    company
    mkdir -p .qgate/people.key
    expect 0 dora --explain --service ledger
    says "nobody is named: .qgate/people.key: is no file that holds a key"
    says_not ", by "
}

@test "what is no key is refused" {
    company
    QGATE_PEOPLE_KEY=short expect 4 dora --explain
    says "QGATE_PEOPLE_KEY is too short to be a key"
    says "openssl rand -hex 32"
    QGATE_PEOPLE_KEY_FILE=missing expect 4 dora --explain
    says "the file of QGATE_PEOPLE_KEY_FILE cannot be read"
    mkdir -p .qgate
    echo 0123456789abcdef > .qgate/people.key
    git add -f .qgate/people.key
    git commit -qm key
    expect 3 dora --explain
    says "git tracks it"
}
