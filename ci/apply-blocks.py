#!/usr/bin/env python3
"""ci/apply-blocks.py PAGE TREE: does in a tree what a page of the documentation tells its reader to do.

A line that holds nothing but `path`: names the file of the code block behind it. A block marked diff changes
the file: its lines with `-` or without a sign must stand there exactly once. Any other block is the file.
Prints the paths.
"""
import pathlib
import re
import sys

BLOCK = re.compile(r"^`([^`\n]+)`:\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def changed(text, block, path):
    lines = [line or " " for line in block.splitlines()]
    old = "".join(line[1:] + "\n" for line in lines if line[0] != "+")
    new = "".join(line[1:] + "\n" for line in lines if line[0] != "-")
    if ("\n" + text).count("\n" + old) != 1:
        sys.exit(f"{path}: not exactly once there:\n{old}")
    return ("\n" + text).replace("\n" + old, "\n" + new)[1:]


page, tree = sys.argv[1], pathlib.Path(sys.argv[2])
for path, kind, block in BLOCK.findall(pathlib.Path(page).read_text(encoding="utf-8")):
    file = tree / path
    if kind == "diff":
        block = changed(file.read_text(encoding="utf-8"), block, path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(block, encoding="utf-8")
    print(path)
