#!/usr/bin/env bats
# JMeter results against a recount that shares no code with qgate, and under bad input.

load ../support/common

@test "50,000 samples: every measure of every label agrees with a recount" {
    python3 "$here/tests/bench/make_jtl.py" 50000 > results.jtl
    python3 "$here/tests/support/recount_jtl.py" "$QGATE" results.jtl
}

@test "the recount would notice a row that is missing" {
    python3 "$here/tests/bench/make_jtl.py" 2000 > whole.jtl
    sed '$d' whole.jtl > short.jtl
    printf '#!/bin/sh\nexec "%s" read --json --format jmeter short.jtl\n' "$QGATE" > other-qgate
    chmod +x other-qgate
    run python3 "$here/tests/support/recount_jtl.py" ./other-qgate whole.jtl
    [ "$status" -eq 1 ]
    says "load.samples: recounted 2000.0, qgate says 1999"
}

@test "bad results are refused soon and in little memory" {
    within() {
        python3 "$here/tests/support/within.py" "$QGATE" read --format jmeter "$1"
    }
    header=timeStamp,elapsed,label,success
    { echo $header; head -c 50000000 /dev/zero | tr '\0' x; } > row.jtl
    { echo $header; echo '1700000000000,5,"GET /,true'; yes '1700000000000,5,GET /,true' | head -n 1000000; } > quote.jtl
    { echo $header; seq 1 200000 | sed 's/.*/1700000000000,5,label &,true/'; } > labels.jtl
    run within row.jtl
    [ "$status" -eq 3 ]
    says "line 2: a row has more than 16777216 bytes"
    run within quote.jtl
    [ "$status" -eq 3 ]
    says "line 2: a row has more than 16777216 bytes"
    run within labels.jtl
    [ "$status" -eq 3 ]
    says "line 10002: more than 10000 labels"
}
