#!/usr/bin/env python3
"""make_repository.py FILES CHANGED: a repository as `git fast-import` reads it.
make_repository.py --report FILES LISTED: a Cobertura report of LISTED of its files.

`main` holds FILES files of 40 lines, 100 to a folder, and a policy; `side` changes every fourth line of CHANGED of them,
all over the tree. Of the changed lines in the report every third is not covered.
"""
import sys

LINES = 40


def path(number):
    return f"src/{number // 10000}/{number // 100 % 100}/file{number}.c"


def text(number, changed=False):
    return "".join(f"    value_{number % 97}[{i}] = {'changed' if changed and i % 4 == 0 else 'original'}({i * 7 % 13});\n"
                   for i in range(LINES))


def blob(number, changed=False):
    body = text(number, changed)
    return f"M 100644 inline {path(number)}\ndata {len(body)}\n{body}\n"


POLICY = """version: 1
reports: [{format: cobertura, path: coverage.xml}]
gates: [{name: coverage, require: ['new(coverage.lines) >= 50%', diff.lines < 100000]}]
"""


def spread(files, count):
    """`count` numbers of `files`, far apart."""
    return range(0, files, files // count)


def report(files, listed):
    print('<coverage><packages><package name="src"><classes>')
    for number in spread(files, listed):
        lines = "".join(f'<line number="{i}" hits="{i % 3}"/>' for i in range(1, LINES + 1))
        print(f'<class name="f{number}" filename="{path(number)}"><lines>{lines}</lines></class>')
    print("</classes></package></packages></coverage>")


def commit(branch, seconds):
    return f"commit refs/heads/{branch}\ncommitter b <b@example.org> {seconds} +0000\ndata 1\n{branch[0]}\n"


def main():
    if sys.argv[1] == "--report":
        report(int(sys.argv[2]), int(sys.argv[3]))
        return
    files, changed = int(sys.argv[1]), int(sys.argv[2])
    out = sys.stdout
    out.write(commit("main", 1700000000))
    out.write(f"M 100644 inline .qgate.yml\ndata {len(POLICY)}\n{POLICY}\n")
    for number in range(files):
        out.write(blob(number))
    out.write("\n" + commit("side", 1700000060) + "from refs/heads/main\n")
    for number in spread(files, changed):
        out.write(blob(number, True))
    out.write("\n")


main()
