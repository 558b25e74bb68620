#!/usr/bin/env bats
# `qgate read`: what is printed, and what is refused.

load ../support/common

@test "the format is found out by the content" {
    junit anything.txt 3 1
    expect 0 read anything.txt
    says "format junit"
    says "tests.total 4"
    says "test failed shop.Fee fails1: no"
}

@test "several reports in the order given, - is standard input" {
    junit a.xml 1
    cobertura b.xml
    run bash -c "'$QGATE' read b.xml - < a.xml"
    [ "$status" -eq 0 ]
    [[ "$output" == "report b.xml"*"report -"*"tests.total 1"* ]]
}

@test "json: one object a line, in argument order, errors among them" {
    junit a.xml 2
    cobertura c.xml
    run bash -c "'$QGATE' read --json c.xml nothing.xml a.xml"
    [ "$status" -eq 3 ]
    python3 - "$output" << 'END'
import json, sys
lines = [json.loads(line) for line in sys.argv[1].splitlines()]
assert [line["path"] for line in lines] == ["c.xml", "nothing.xml", "a.xml"], lines
assert list(lines[0]) == ["path", "format", "measures", "labels", "warnings"], lines[0]
assert lines[0]["measures"]["coverage.lines"] == 50
assert lines[0]["measures"]["coverage.branches"] is None
assert "tests.total" not in lines[0]["measures"]
assert list(lines[1]) == ["path", "error"] and list(lines[1]["error"]) == ["line", "column", "what", "hint"]
assert lines[2]["measures"]["tests.total"] == 2 and lines[2]["labels"] == {}
END
}

@test "json: labels of load reports" {
    {
        echo 'timeStamp,elapsed,label,success'
        echo '1700000000000,10,GET /,true'
        echo '1700000000100,30,GET /,false'
        echo '1700000000200,50,POST /pay,true'
    } > load.jtl
    run qgate read --json load.jtl
    [ "$status" -eq 0 ]
    python3 - "$output" << 'END'
import json, sys
answer = json.loads(sys.argv[1])
assert answer["measures"]["load.samples"] == 3 and answer["measures"]["load.median"] == 30, answer
assert answer["labels"]["label"]["GET /"]["load.errors"] == 1, answer
assert answer["labels"]["label"]["POST /pay"]["load.p95"] == 50, answer
END
}

@test "at most 1,000 labels are listed, with a warning" {
    {
        echo 'timeStamp,elapsed,label,success'
        for i in {1..1500}; do echo "1700000000000,$i,label $i,true"; done
    } > load.jtl
    qgate read --json load.jtl > answer.json
    python3 - << 'END'
import json
answer = json.load(open("answer.json"))
assert len(answer["labels"]["label"]) == 1000 and answer["measures"]["load.samples"] == 1500
assert any("1500 labels" in warning for warning in answer["warnings"]), answer["warnings"]
END
}

@test "control characters of a report and of a path are never printed" {
    printf '<testsuite name="a"><testcase name="x&#x9b;31m\xe2\x80\xaee"><failure message="&#x7f;"/></testcase></testsuite>' > "$(printf 'a\033[1m.xml')"
    expect 3 read ./*.xml missing
    [[ "$output" != *$'\033'* && "$output" != *$'\xe2\x80\xae'* && "$output" != *$'\xc2\x9b'* ]]
}

@test "what is no regular file is refused, and nothing blocks" {
    mkfifo fifo
    mkdir folder
    junit good.xml
    expect 3 read fifo folder /dev/null good.xml
    says "is a FIFO"
    says "is a directory"
    says "is a device"
    says "tests.total 2"
}

@test "empty, truncated, binary and mislabelled reports" {
    : > empty.xml
    junit good.xml
    head -c 60 good.xml > cut.xml
    head -c 3000 /dev/urandom > noise.xml
    expect 3 read empty.xml
    says "error line 1: the file is empty"
    expect 3 read cut.xml
    says "error line"
    expect 3 read noise.xml
    expect 3 read --format cobertura good.xml
    says "error"
}

@test "a report that grows while it is read is refused" {
    junit big.xml 200000
    grow() { while [ -e growing ]; do echo ' ' >> big.xml; done; }
    touch growing
    grow 3>&- &
    expect 3 read big.xml
    rm growing
    wait
    says "changed while it was read"
}

@test "the output does not depend on the locale" {
    cobertura c.xml
    LC_ALL=C expect 0 read c.xml
    first=$output
    LC_ALL=de_DE.UTF-8 LC_NUMERIC=de_DE.UTF-8 expect 0 read c.xml
    [ "$output" = "$first" ]
}
