#!/usr/bin/env python3
"""Write a Cobertura report of about MIB mebibytes to stdout: make_cobertura.py MIB [FILES]

The same arguments give the same bytes. Every file has a class with methods and lines, every fifth line
branches; three lines in four are hit.
"""
import sys

LINES_OF_METHOD = 20
BYTES_OF_LINE = 60  # on average, method lines included


def write_class(out, number, methods):
    name = f"Module{number:05}"
    path = f"src/package{number // 100:03}/{name}.py"
    out.write(f'        <class name="{name}" filename="{path}" line-rate="0.75" branch-rate="0.5">\n')
    out.write("          <methods>\n")
    for m in range(methods):
        first = m * LINES_OF_METHOD + 1
        out.write(f'            <method name="method_{m}" signature="()V" line-rate="1" branch-rate="1">\n'
                  f'              <lines><line number="{first}" hits="{m}"/></lines>\n'
                  "            </method>\n")
    out.write("          </methods>\n          <lines>\n")
    for line in range(1, methods * LINES_OF_METHOD + 1):
        hits = (number + line) % 4
        branch = ' branch="true" condition-coverage="50% (1/2)"' if line % 5 == 0 else ""
        out.write(f'            <line number="{line}" hits="{hits}"{branch}/>\n')
    out.write("          </lines>\n        </class>\n")


def main():
    size = int(sys.argv[1]) << 20
    files = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    methods = max(1, size // files // BYTES_OF_LINE // LINES_OF_METHOD)
    out = sys.stdout
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n'
              '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">\n'
              '<coverage line-rate="0.75" branch-rate="0.5" version="1.9" timestamp="1700000000">\n'
              "  <sources>\n    <source>/builds/shop/cart</source>\n  </sources>\n  <packages>\n"
              '    <package name="shop" line-rate="0.75" branch-rate="0.5">\n      <classes>\n')
    for number in range(files):
        write_class(out, number, methods)
    out.write("      </classes>\n    </package>\n  </packages>\n</coverage>\n")


if __name__ == "__main__":
    main()
