#!/usr/bin/env bats
# Days of time zones, beside those of Python.
load ../support/common

# asks ZONE: what the driver says of one day of it
asks() {
    local driver="${QGATE%/*}/tests/zone/driver"
    [ -x "$driver" ] || skip "make builds $driver with the tests"
    run timeout 10 "$driver" <<< "$1 2027-03-28 2027-03-28"
    echo "$output"
}

@test "days begin where Python says that they do, also when clocks change" {
    python3 -c 'import zoneinfo; zoneinfo.ZoneInfo("Europe/London")' || skip "no tz database here"
    run timeout 120 python3 "$here/tests/zone/against_python.py" "${QGATE%/*}/tests/zone/driver"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "a zone that is not there is an error, never UTC" {
    asks Europe/Lodnon
    [[ $output == 'error: there is no time zone "Europe/Lodnon" on this machine hint: '*tzdata* ]]
    asks Europe
    [[ $output == 'error: there is no time zone "Europe" on this machine'* ]]
    asks zone.tab
    [[ $output == 'error: there is no time zone "zone.tab"'* ]]
    asks ../../../etc/localtime
    [[ $output == 'error: there is no time zone "../../../etc/localtime"'* ]]
    asks /etc/localtime
    [[ $output == 'error: there is no time zone "/etc/localtime"'* ]]
    asks 'Europe/London,M3.5.0'
    [[ $output == 'error: there is no time zone '* ]]
}

@test "without a database there is UTC and nothing else" {
    export TZDIR=$BATS_TEST_TMPDIR
    asks UTC
    [[ $output == "20905 1806192000 20904 20905 20905 2027-03-28 12:00:00" ]]
    asks Europe/London
    [[ $output == 'error: there is no time zone "Europe/London" on this machine hint: '"it would be $TZDIR/Europe/London"* ]]
    echo "not a zone" > "$TZDIR/Nowhere"
    asks Nowhere
    [[ $output == 'error: '* ]]
}

@test "the zone that the process has does not matter, and stays" {
    TZ=America/New_York asks Europe/London
    [ "$output" = "20905 1806192000 20904 20905 20905 2027-03-28 13:00:00 +01" ]
}
