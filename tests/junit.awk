# cmocka's JUnit file as TAP, for tests/tap.awk: cmocka 1.1 writes the one or the other.

match($0, /<testsuite .* tests="[0-9]+"/) { print "1.." tests_of($0) }
/<testcase / { name = $0; sub(/.*<testcase name="/, "", name); sub(/".*/, "", name); verdict = "ok" }
/<(failure|error)/ { verdict = "not ok" }
/<skipped/ { skip = " # SKIP" }
verdict == "not ok" { said = said "# " $0 "\n" }
/<\/testcase>/ { print verdict, ++count, "-", name skip; printf "%s", said; verdict = skip = said = "" }

function tests_of(line) {
    sub(/.* tests="/, "", line)
    sub(/".*/, "", line)
    return line
}
