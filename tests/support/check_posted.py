#!/usr/bin/env python3
"""Read what stands in the merge request of fake_gitlab.py as GitLab would, and say where a text has an effect.

usage: check_posted.py STATE… [--shown=TEXTS]

A STATE is what GET /_state answered. Every text of the JSON list TEXTS has to stand in a thread of some state.
"""
import json
import pathlib
import re
import sys

from check_outputs import MARKER, check_lines, check_node, clean_lines, has_controls, in_the_note, need, parsed

REPLY = re.compile(r"(?:Settled|Back) since `[0-9a-f]{12}`\.")


def check_note(body, kind):
    """The code spans in it."""
    clean_lines(body.rstrip("\n") + "\n", kind)
    check_lines(body.rstrip("\n") + "\n")
    need(MARKER.fullmatch(body.rstrip("\n").split("\n")[-1])[0].startswith(f"<!-- qgate:{kind} "), "marker of a", kind)
    root = parsed(body)
    for node in root.iter():
        check_node(node, None)
    return [node.text or "" for node in root.iter("code")]


def check_status(status):
    for key in ("name", "description"):
        text = status[key]
        need(not has_controls(text) and len(text) <= 255 and text == text.strip(), "status:", ascii(text))
    need(re.match(r"qgate( [^ ].*)?/", status["name"]), "status:", status["name"])


def check_state(state):
    """The code spans of its threads."""
    need(state["quick_actions"] == [], "carried out:", state["quick_actions"])
    need(state["discussions"] != [], "nothing was posted")
    spans = []
    for discussion in state["discussions"]:
        first, *replies = (note["body"] for note in discussion["notes"])
        found = check_note(first, "note" if discussion["individual_note"] else "thread")
        spans += [] if discussion["individual_note"] else found
        for reply in replies:
            need(REPLY.fullmatch(reply), "a reply:", reply)
    for status in state["statuses"]:
        check_status(status)
    return spans


def main():
    shown = next((word.split("=", 1)[1] for word in sys.argv[1:] if word.startswith("--shown=")), None)
    spans = []
    for path in (pathlib.Path(word) for word in sys.argv[1:] if not word.startswith("--")):
        try:
            spans += check_state(json.loads(path.read_text(encoding="utf-8")))
        except AssertionError as wrong:
            sys.exit(f"{path}: {wrong}")
    for text in json.loads(pathlib.Path(shown).read_text(encoding="utf-8")) if shown else []:
        need(in_the_note(text, spans), "no thread shows", ascii(text))


if __name__ == "__main__":
    main()
