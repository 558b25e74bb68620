# What a test program said in TAP: one line that sums it up, then, when it failed, all it said but the
# tests that passed. `passed failed skipped` go to the file `counts`.
#
# A program that plans nothing, stops early, says more than it planned, or exits with a status that no
# failed test explains has failed.

/^1\.\.[0-9]+/ { planned += substr($1, 4); next }
tolower($0) ~ /^(not )?ok [0-9]+ .*# skip/ { skipped++; next } # cmocka skips with "not ok"
/^ok / { passed++; next }
/^# (not )?ok/ { next }
/^not ok / { failed++ }
{ said = said "    " $0 "\n" }

END {
    seen = passed + failed + skipped
    if (planned == 0)
        wrong("planned no tests")
    else if (seen < planned)
        wrong("ended after " seen " of " planned " tests", planned - seen)
    else if (seen > planned)
        wrong("planned " planned " tests and reported " seen)
    if (status != 0 && failed == 0)
        wrong("exit status " status)
    if (status == 124 || status == 137)
        why = why " (time is up)"

    printf "%s %s: %d passed, %d failed%s%s\n", failed ? "not ok" : "ok", name, passed, failed,
        skipped ? ", " skipped " skipped" : "", why
    if (failed)
        printf "%s", said
    print passed + 0, failed + 0, skipped + 0 > counts
}

function wrong(what, count) {
    failed += count ? count : 1
    why = why "; " what
}
