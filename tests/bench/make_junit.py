#!/usr/bin/env python3
"""Write a JUnit report of CASES test cases to stdout: make_junit.py CASES

The same argument gives the same bytes. A hundred cases a suite; of every thousand one fails, one is
skipped and one passed at the second try.
"""
import sys

CASES_OF_SUITE = 100
INNER = {
    7: '<failure message="expected 2 but was 3" type="AssertionError">at shop.cart.Total(Total.java:17)</failure>',
    8: "<skipped/>",
    9: '<flakyFailure message="timed out" type="TimeoutError"/>',
}


def main():
    cases = int(sys.argv[1])
    out = sys.stdout
    out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites tests="{cases}">\n')
    for first in range(0, cases, CASES_OF_SUITE):
        last = min(first + CASES_OF_SUITE, cases)
        name = f"shop.cart.Suite{first // CASES_OF_SUITE:05}Test"
        out.write(f'  <testsuite name="{name}" tests="{last - first}">\n')
        for case in range(first, last):
            inner = INNER.get(case % 1000)
            end = f">{inner}</testcase>" if inner else "/>"
            out.write(f'    <testcase classname="{name}" name="test_{case}" time="0.{case % 1000:03}"{end}\n')
        out.write("  </testsuite>\n")
    out.write("</testsuites>\n")


if __name__ == "__main__":
    main()
