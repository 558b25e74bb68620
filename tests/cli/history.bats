# What changed: every state a repository, its index and its work tree can be in.
load ../support/common
load ../support/history

# One file with ten lines, committed.
ten_lines() {
    git init -q -b main .
    lines f.c 1 10
    commit
}

@test "all that is compared with git" {
    run timeout 300 python3 "$here/tests/history/against_git.py" "${QGATE%/*}/tests/history/driver"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "what the history of a GitOps repository says, compared with git and counted by hand" {
    run timeout 300 python3 "$here/tests/history/gitops.py" "${QGATE%/*}/tests/history/driver" "$here/fixtures/histories/gitops"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "staged and unstaged changes of the work tree are one change" {
    ten_lines
    sed -i '2s/$/ staged/' f.c
    git add f.c
    sed -i '5s/$/ unstaged/; 9d' f.c
    ask changes "$(at HEAD)" work
    says '"added":[[2,2],[5,5]],"removed":[[2,2],[5,5],[9,9]]'
}

@test "what was committed and undone in the work tree is no change" {
    ten_lines
    sed -i '2s/$/ x/' f.c
    commit
    lines f.c 1 10
    ask changes "$(at HEAD~1)" work
    says '"files":[]'
    git add f.c
    ask changes "$(at HEAD~1)" work
    says '"files":[]'
    ask changes "$(at HEAD~1)" "$(at HEAD)"
    says '"added":[[2,2]]'
}

@test "a file that was only touched is no change" {
    ten_lines
    touch -d 2001-01-01 f.c
    ask changes "$(at HEAD)" work
    says '"files":[]'
}

@test "files that git does not track count with untracked, ignored ones never" {
    ten_lines
    echo '*.o' > .gitignore
    commit
    mkdir new
    lines new/a.c 1 3
    touch new/a.o
    ask changes "$(at HEAD)" work
    says '"files":[]'
    ask changes "$(at HEAD)" untracked
    says '"path":"new/a.c","old_path":"new/a.c","how":"added"'
    says '"added":[[1,3]]'
    says_not "a.o"
    git add -N new/a.c
    ask changes "$(at HEAD)" work
    says '"path":"new/a.c"'
}

@test "a deleted file, and one that was deleted in the index only" {
    ten_lines
    rm f.c
    ask changes "$(at HEAD)" work
    says '"how":"deleted","no_code":false,"binary":false,"added":[],"removed":[[1,10]]'
    git checkout -q f.c
    git rm -q --cached f.c
    ask changes "$(at HEAD)" work
    says '"how":"deleted"'
    ask changes "$(at HEAD)" untracked
    says '"files":[]'
}

@test "a file renamed and edited in the work tree is followed" {
    ten_lines
    git mv f.c g.c
    sed -i '3s/$/ x/' g.c
    ask changes "$(at HEAD)" work
    says '"path":"g.c","old_path":"f.c","how":"renamed","no_code":false,"binary":false,"added":[[3,3]],"removed":[[3,3]]'
    git reset -q
    ask changes "$(at HEAD)" untracked
    says '"path":"g.c","old_path":"f.c","how":"renamed"'
}

@test "a change of mode has no lines" {
    ten_lines
    chmod +x f.c
    ask changes "$(at HEAD)" work
    says '"how":"modified","no_code":false,"binary":false,"added":[],"removed":[]'
}

@test "a file that becomes a link, and a link that changes, have no lines of their own" {
    ten_lines
    rm f.c
    ln -s elsewhere f.c
    ask changes "$(at HEAD)" work
    says '"how":"modified","no_code":false,"binary":false,"added":[],"removed":[[1,10]]'
    commit
    ln -sf nowhere f.c
    ask changes "$(at HEAD)" work
    says '"how":"modified","no_code":false,"binary":false,"added":[],"removed":[]'
}

@test "a submodule that moves has no lines" {
    ten_lines
    git init -q -b main sub
    git -C sub commit -q --allow-empty -m one
    git -c advice.addEmbeddedRepo=false add sub
    git commit -qm sub
    git -C sub commit -q --allow-empty -m two
    ask changes "$(at HEAD)" work
    says '"path":"sub","old_path":"sub","how":"modified"'
    says '"added":[],"removed":[]'
    git add sub
    git commit -qm moved
    ask changes "$(at HEAD~1)" "$(at HEAD)"
    says '"path":"sub"'
    ask changes "$(at HEAD)" untracked
    says '"files":[]'
}

@test "a binary file has no lines, and says so" {
    ten_lines
    printf 'x\0y\n' > f.c
    ask changes "$(at HEAD)" work
    says '"no_code":false,"binary":true,"added":[],"removed":[]'
}

@test "a file that is too large to be compared counts as binary" {
    git init -q -b main .
    seq 1000001 > lines.c
    head -c 67108865 /dev/zero | tr '\0' x > bytes.c
    seq 1000000 > fits.c
    commit
    for name in lines.c bytes.c fits.c; do echo more >> $name; done
    ask changes "$(at HEAD)" work
    says '"path":"bytes.c","old_path":"bytes.c","how":"modified","no_code":false,"binary":true,"added":[],"removed":[]'
    says '"path":"lines.c","old_path":"lines.c","how":"modified","no_code":false,"binary":true,"added":[],"removed":[]'
    says '"path":"fits.c","old_path":"fits.c","how":"modified","no_code":false,"binary":true'
    truncate -s -5 fits.c
    sed -i '7s/$/x/' fits.c
    commit
    ask changes "$(at HEAD~1)" "$(at HEAD)"
    says '"path":"bytes.c","old_path":"bytes.c","how":"modified","no_code":false,"binary":true'
    says '"path":"fits.c","old_path":"fits.c","how":"modified","no_code":false,"binary":false,"added":[[7,7]],"removed":[[7,7]]'
    git mv bytes.c same.c
    ask changes "$(at HEAD)" work
    says '"path":"same.c","old_path":"bytes.c","how":"renamed"'
}

@test "what .gitattributes says of a file cannot hide its lines" {
    ten_lines
    printf '*.c binary\n*.c -diff\n' > .gitattributes
    sed -i '4s/$/ x/' f.c
    commit
    ask changes "$(at HEAD~1)" "$(at HEAD)"
    says '"path":"f.c","old_path":"f.c","how":"modified","no_code":false,"binary":false,"added":[[4,4]]'
    sed -i '6s/$/ x/' f.c
    ask changes "$(at HEAD)" work
    says '"added":[[6,6]]'
}

@test "nothing of the repository's configuration is run" {
    ten_lines
    printf '*.c filter=evil diff=evil\n' > .gitattributes
    git config filter.evil.clean "touch '$PWD/ran'; cat"
    git config diff.evil.textconv "touch '$PWD/ran'; cat"
    git config diff.external "touch '$PWD/ran'"
    git config core.fsmonitor "touch '$PWD/ran'"
    sed -i '4s/$/ x/' f.c
    ask changes "$(at HEAD)" untracked
    says '"added":[[4,4]]'
    [ ! -e ran ]
}

@test "line ends that git converts are no change" {
    git init -q -b main .
    printf '*.c text eol=crlf\n' > .gitattributes
    lines f.c 1 10
    commit
    rm f.c
    git checkout -q f.c
    grep -q $'\r' f.c
    touch -d 2001-01-01 f.c
    ask changes "$(at HEAD)" work
    says '"files":[]'
    sed -i '4s/line/LINE/' f.c
    ask changes "$(at HEAD)" work
    says '"added":[[4,4]],"removed":[[4,4]]'
}

@test "a file changed to other line ends is changed in every line" {
    ten_lines
    sed -i 's/$/\r/' f.c
    commit
    ask changes "$(at HEAD~1)" "$(at HEAD)"
    says '"added":[[1,10]],"removed":[[1,10]]'
}

@test "a newline at the end that comes or goes changes the last line" {
    ten_lines
    printf %s "$(cat f.c)" > g && mv g f.c
    ask changes "$(at HEAD)" work
    says '"added":[[10,10]],"removed":[[10,10]]'
}

@test "file names with newlines, bytes that are no UTF-8, quotes and blanks" {
    git init -q -b main .
    local names=($'new\nline.c' $'b\xffd.c' $'\x1b[31mred.c' '"quoted".c' ' blank .c' 'ünïcode.c' '-dash.c')
    for name in "${names[@]}"; do lines "./$name" 1 3; done
    commit
    for name in "${names[@]}"; do echo more >> "./$name"; done
    ask changes "$(at HEAD)" work
    says '"path":"new line.c"'
    says '"path":"b?d.c"'
    says '"path":"?[31mred.c"'
    says '"path":"\"quoted\".c"'
    says '"path":" blank .c"'
    says '"path":"ünïcode.c"'
    says '"path":"-dash.c"'
    [ "$(grep -o '"added":\[\[4,4\]\]' <<< "$output" | wc -l)" -eq 7 ]
}

@test "files without a line of code are told by their names" {
    git init -q -b main .
    commit
    printf '// a\n/* b\n c */\n\n' > a.c
    printf '/* b */ int x;\n' > b.c
    printf '# a\n  # b\n' > c.py
    printf '"""text"""\n' > d.py
    printf '#define X 1\n' > e.c
    printf '#x;\n' > f.js
    printf -- '-- a\n--\n' > g.sql
    printf -- '--[[ a ]] print(1)\n' > h.lua
    printf '// \\u000a code();\n' > i.java
    printf '// a\rcode()\n' > j.js
    printf '// a\xe2\x80\xa8code()\n' > k.js
    printf '\n \n' > l.unknown
    printf '# a\n' > m.unknown
    printf '/* never closed\n' > n.c
    : > o.py
    printf '; a\n' > p.clj
    printf '# a\n' > .py
    ask changes "$(at HEAD)" untracked
    for name in a.c c.py g.sql l.unknown o.py p.clj; do
        says "\"path\":\"$name\",\"old_path\":\"$name\",\"how\":\"added\",\"no_code\":true"
    done
    for name in b.c d.py e.c f.js h.lua i.java j.js k.js m.unknown n.c; do
        says "\"path\":\"$name\",\"old_path\":\"$name\",\"how\":\"added\",\"no_code\":false"
    done
}

@test "a first commit, and a repository without one" {
    git init -q -b main .
    lines f.c 1 3
    git add f.c
    ask changes - work
    says '"added":[[1,3]]'
    commit
    ask changes - "$(at HEAD)"
    says '"added":[[1,3]]'
}

@test "a detached HEAD, and files with conflicts" {
    ten_lines
    git checkout -q -b one
    sed -i '3s/$/ one/' f.c
    commit
    git checkout -q --detach main
    sed -i '3s/$/ two/' f.c
    commit
    ! git merge -q one
    ask changes "$(at main)" work
    says '"path":"f.c"'
    says '"added":[[3,7]],"removed":[[3,3]]'
}

@test "a linked work tree, with a configuration of its own" {
    ten_lines
    git config extensions.worktreeConfig true
    git worktree add -q -b side linked
    cd linked
    sed -i '2s/$/ x/' f.c
    commit
    ask changes "$(at main)" "$(at HEAD)"
    says '"added":[[2,2]]'
    sed -i '5s/$/ x/' f.c
    ask changes "$(at main)" work
    says '"added":[[2,2],[5,5]]'
}

@test "files that a sparse checkout leaves out were not deleted" {
    git init -q -b main .
    mkdir in out
    lines in/f.c 1 10
    lines out/g.c 1 10
    commit
    git sparse-checkout set in
    [ ! -e out ]
    sed -i '5s/$/ x/' in/f.c
    ask changes "$(at HEAD)" work
    says '"added":[[5,5]]'
    says_not out/g.c
}

@test "a split and a sparse index are named with what undoes them" {
    git init -q -b main .
    mkdir in out
    lines in/f.c 1 10
    lines out/g.c 1 10
    commit
    git update-index --split-index
    ask changes "$(at HEAD)" work
    says '"why_not":"'
    says 'git update-index --no-split-index'
    git update-index --no-split-index
    git sparse-checkout set --cone --sparse-index in
    ask changes "$(at HEAD)" work
    says '"why_not":"'
    says 'git sparse-checkout reapply --no-sparse-index'
    ask changes - "$(at HEAD)"
    says '"path":"out/g.c"'
}

@test "a partial clone names the command that brings what is missing" {
    git init -q -b main server
    cd server
    git config uploadpack.allowFilter true
    lines f.c 1 10
    commit
    sed -i '3s/$/ x/' f.c
    commit
    cd ..
    git clone -q --filter=blob:none "file://$PWD/server" clone
    cd clone
    git config extensions.partialClone origin # as older versions of git write it
    git config extensions.preciousObjects true
    ask changes "$(at HEAD~1)" "$(at HEAD)"
    says '"why_not":"the files to compare cannot be read: '
    says "\"remedy\":\"git diff --stat $(at HEAD~1) $(at HEAD)\""
    git diff --stat "$(at HEAD~1)" "$(at HEAD)"
    ask changes "$(at HEAD~1)" "$(at HEAD)"
    says '"added":[[3,3]]'
}

@test "a commit that is not in the clone is named with the command that brings it" {
    ten_lines
    commit
    git clone -q --depth=1 "file://$PWD" clone
    base=$(at HEAD~1)
    cd clone
    ask changes "$base" "$(at HEAD)"
    says "\"remedy\":\"git fetch --depth=1 origin $base\""
    git fetch -q --depth=1 origin "$base"
    ask changes "$base" "$(at HEAD)"
    says '"why_not":null'
}

@test "a SHA-256 repository is refused in words" {
    git init -q -b main --object-format=sha256 . || skip "this git has no SHA-256"
    lines f.c 1 10
    commit
    ask changes - work
    says '"why_not":"git'"'"'s history cannot be opened: '
    says 'SHA-256'
}

@test "a repository of root is read by nobody" {
    [ "$(id -u)" -eq 0 ] || skip "needs root"
    ten_lines
    sed -i '3s/$/ x/' f.c
    commit
    question="changes $(at HEAD~1) $(at HEAD)"
    chmod -R a+rX "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
    run setpriv --reuid=65534 --regid=65534 --clear-groups "${QGATE%/*}/tests/history/driver" <<< "$question"
    says '"added":[[3,3]]'
}

@test "outside of a repository" {
    ask changes - work
    says '"why_not":"there is no git repository'
}

@test "a file of a commit" {
    ten_lines
    mkdir d
    echo inner > d/f
    ln -s f d/link
    ln -s d e
    commit
    ask text "$(at HEAD)" d/f
    says '{"error":null,"text":"inner\n"}'
    ask text "$(at HEAD)" d/none
    says '{"error":null,"text":null}'
    ask text "$(at HEAD)" none/f
    says '{"error":null,"text":null}'
    ask text "$(at HEAD)" f.c/g
    says '{"error":null,"text":null}'
    for path in d/link e/f d; do
        ask text "$(at HEAD)" "$path"
        says_not '"error":null'
    done
    head -c 2000 /dev/zero > large
    commit
    ask text "$(at HEAD)" large
    says 'it has more than 1000 bytes'
    ask text 0123456789012345678901234567890123456789 f.c
    says 'commit 012345678901 is not in this clone'
}

@test "a folder or file that is missing in the clone is no file that is not there" {
    ten_lines
    mkdir d
    echo inner > d/f
    commit
    tree=$(at HEAD:d)
    blob=$(at HEAD:d/f)
    commit=$(at HEAD)
    rm -f ".git/objects/${blob:0:2}/${blob:2}"
    ask text "$commit" d/f
    says '"error":"its content is not in this clone'
    rm -f ".git/objects/${tree:0:2}/${tree:2}"
    ask text "$commit" d/f
    says '"error":"a folder is missing in this clone'
}

@test "the branch that changes land on" {
    git init -q -b main .
    commit
    ask trunk - -
    says "$(at HEAD)"
    ask trunk main -
    says "$(at HEAD)"
    git tag next
    ask trunk next -
    says '"tip":null'
    git checkout -q -b feature
    commit
    ask trunk - -
    says "$(at main)"
    git branch -q -m main trunk
    ask trunk - -
    says "$(at feature)"
    git checkout -q --detach
    ask trunk - -
    says '"tip":null'
    ask trunk trunk -
    says "$(at trunk)"
    git update-ref refs/remotes/origin/trunk "$(at feature)"
    ask trunk trunk -
    says "$(at feature)"
    git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/trunk
    ask trunk - -
    says "$(at feature)"
}
