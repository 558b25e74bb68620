#!/usr/bin/env python3
"""make_releases.py COMMITS TAGS: a repository as `git fast-import` reads it.

Changes of four commits are merged into `main` one after the other, as a forge does; every so many merges an annotated
tag v1, v2 … deploys them.
"""
import sys

OWN = 4


def date(number):
    return 1700000000 + number * 600


def commit(branch, number, subject, parents):
    who = f"dev{number % 40} <dev{number % 40}@example.org>"
    lines = [f"commit refs/heads/{branch}", f"mark :{number}", f"author {who} {date(number)} +0000",
             f"committer {who} {date(number)} +0000", f"data {len(subject)}", subject]
    lines += [("from" if i == 0 else "merge") + f" :{parent}" for i, parent in enumerate(parents)]
    body = str(number)
    return "\n".join(lines + [f"M 100644 inline src/{number % 500}.txt", f"data {len(body)}", body, "", ""])


def main():
    commits, tags = int(sys.argv[1]), int(sys.argv[2])
    out = sys.stdout
    out.write(commit("main", 1, "first", []))
    tip, number, merges = 1, 1, 0
    every = max(1, commits // (OWN + 1) // tags)
    while number + OWN + 1 <= commits:
        side = tip
        for _ in range(OWN):
            number += 1
            out.write(commit("side", number, f"step {number}", [side]))
            side = number
        number += 1
        out.write(commit("main", number, f"Merge branch 'change-{number}' into 'main'", [tip, side]))
        tip, merges = number, merges + 1
        if merges % every == 0:
            out.write(f"tag v{merges // every}\nfrom :{tip}\ntagger r <r@example.org> {date(number) + 60} +0000\ndata 1\nr\n")


main()
