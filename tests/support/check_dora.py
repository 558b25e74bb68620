#!/usr/bin/env python3
"""check_dora.py SCHEMA EXPECTED NUMBERS: is what `qgate dora --explain` says of the repository in the current
directory what a person counted, and what git says?

NUMBERS is its JSON. EXPECTED has the hand count: lines of a path and a value (`window` and `how` are words, `#` begins a
comment). Git is asked with its command line alone and shares no code with qgate: which deployments there are and of
which kind, which changes each brought, when each began; from that every number is counted anew.
"""
import datetime
import fractions
import json
import re
import subprocess
import sys

import jsonschema

WRONG = []


def git(*arguments, given=None):
    return subprocess.run(("git",) + arguments, input=given, check=True, capture_output=True, text=True).stdout


def same(what, said, counted):
    if said != counted:
        WRONG.append(f"{what}: qgate says {said!r}, it is {counted!r}")


def seconds(instant):
    return int(datetime.datetime.fromisoformat(instant.replace("Z", "+00:00")).timestamp())


# --- the hand count ---------------------------------------------------------------------------------


def said_of(service, path):
    for group in ("deployments", "changes"):
        if path.startswith(group + "."):
            return service[group][path.removeprefix(group + ".")]
    for member in ("n", "numerator", "denominator"):
        if path.endswith("." + member):
            return service["measures"][path.removesuffix("." + member)][member]
    return service["measures"][path]["value"]


def check_by_hand(expected, numbers, service):
    for line in open(expected, encoding="utf-8"):
        path, _, value = line.strip().partition(" ")
        if path == "window":
            same(path, numbers["window"], value)
        elif path == "how":
            same(path, " ".join(change["how"] for change in service["explain"]["changes"]), value)
        elif path and path != "#":
            same(f"by hand: {path}", said_of(service, path), json.loads(value))


# --- what git says ----------------------------------------------------------------------------------


def is_ancestor(one, other):
    return subprocess.run(("git", "merge-base", "--is-ancestor", one, other), check=False).returncode == 0


def dates(commit):
    return [int(n) for n in git("log", "-1", "--format=%at %ct", commit).split()]


def settled(commit, known):
    """The latest committer date among what it holds, wrong clocks left out."""
    return max((n for n in map(int, git("log", "--format=%ct", commit).split()) if n <= known), default=0)


def releases(known):
    """[finished, position, version, commit, stated], in the order deployed."""
    found = []
    order = git("rev-list", "--topo-order", "--reverse", "--all").split()
    for line in git("for-each-ref", "--format=%(refname:strip=2) %(creatordate:unix)", "refs/tags/v*").splitlines():
        version, stated = line.split()
        commit = git("rev-parse", f"refs/tags/{version}^0").strip()
        stated = int(stated)
        if stated <= known:
            found.append([max(stated, settled(commit, known)), order.index(commit), version, commit, stated])
    return sorted(found)


def kind_of(commit, previous, ran):
    if previous is None:
        return "first"
    if commit == previous:
        return "redeploy"
    if is_ancestor(previous, commit):
        return "forward"
    return "rollback" if is_ancestor(commit, previous) or commit in ran else "diverged"


def patch(commit):
    said = git("patch-id", "--stable", given=git("show", "--format=", commit)).split()
    return said[0] if said else commit


def started(commits, landed):
    """The earliest author date; of a squash by git the earliest that it lists."""
    dated = [dates(commit)[0] for commit in commits]
    message = git("log", "-1", "--format=%B", landed)
    if "Squashed commit of the following" in message:
        dated += [int(datetime.datetime.strptime(text, "%a %b %d %H:%M:%S %Y %z").timestamp())
                  for text in re.findall(r"^Date: +(.*)$", message, re.M)]
    return min(dated)


def is_bot(commit):
    return "[bot]" in git("log", "-1", "--format=%an", commit)


def changes_of(release, before, patches):
    """[landed, lead time or None, why not] of each, oldest first."""
    finished, _, _, commit, stated = release
    found = []
    for landed in git("rev-list", "--first-parent", "--reverse", commit, "--not", *before).split():
        parents = git("rev-list", "-1", "--parents", landed).split()[1:]
        own = git("rev-list", "--no-merges", landed, "--not", *before, *parents[:1]).split()
        if not own:
            continue
        fresh = [one for one in own if patch(one) not in patches]
        patches.update(map(patch, own))
        if all(map(is_bot, own)):
            found.append([landed, None, "bot"])
        elif not fresh:
            found.append([landed, None, "copy"])
        elif started(fresh, landed) > stated or dates(landed)[1] > stated:
            found.append([landed, None, "skewed"])
        else:
            found.append([landed, finished - started(fresh, landed), None])
    return found


def recount(known):
    """Deployments and changes, each with what matters of it."""
    previous, before, ran, patches, deployments, changes = None, [], set(), set(), [], []
    for release in releases(known):
        kind = kind_of(release[3], previous, ran)
        deployments.append({"version": release[2], "finished": release[0], "kind": kind})
        if kind == "redeploy":
            continue
        if kind == "first":
            patches.update(map(patch, git("rev-list", "--no-merges", release[3]).split()))
        elif kind != "rollback":
            changes += [[release[2], release[0], *change] for change in changes_of(release, before, patches)]
        previous = release[3]
        before.append(previous)
        ran.add(previous)
    return deployments, changes


def size_of(landed):
    """Files, lines added and removed."""
    rows = [row.split()[:2] for row in git("diff", "--no-renames", "--numstat", f"{landed}^1", landed).splitlines()]
    rows = [[0 if n == "-" else int(n) for n in row] for row in rows]
    return [len(rows), sum(row[0] for row in rows), sum(row[1] for row in rows)]


def interpolated(values, percent):
    """As PERCENTILE_CONT of SQL, exact; None of none."""
    if not values:
        return None
    values = sorted(values)
    place = fractions.Fraction((len(values) - 1) * percent, 100)
    low = values[int(place)]
    high = values[min(int(place) + 1, len(values) - 1)]
    return float(low + (high - low) * (place - int(place)))


def check_with_git(numbers, service):
    known = seconds(numbers["as_of"])
    first = seconds(service["days"]["from"] + "T00:00:00Z")
    end = seconds(service["days"]["to"] + "T00:00:00Z") + 86400
    deployments, changes = recount(known)
    deployments = [one for one in deployments if first <= one["finished"] < end]
    changes = [one for one in changes if first <= one[1] < end]
    said = service["explain"]
    same("deployments", [(one["version"], seconds(one["finished"]), one["kind"]) for one in said["deployments"]],
         [(one["version"], one["finished"], one["kind"]) for one in deployments])
    same("changes", [(one["deployment"], one["landed"], one["lead_time"], one["why_not"]) for one in said["changes"]],
         [(version, landed, lead, why) for version, _, landed, lead, why in changes])
    for one in said["changes"]:
        same(f"size of {one['subject']}", [one["files"], one["added"], one["removed"]], size_of(one["landed"]))
    leads = [lead for _, _, _, lead, _ in changes if lead is not None]
    for percent in (50, 75, 90):
        same(f"p{percent}", service["measures"][f"dora.lead_time.p{percent}"]["value"], interpolated(leads, percent))
    counted = [one for one in deployments if one["kind"] in ("first", "forward", "diverged")]
    same("counted", service["deployments"]["total"], len(counted))
    same("days", service["deployments"]["days"], len({one["finished"] // 86400 for one in counted}))


def check_lists(service):
    """Every share can be counted from the lists beside it."""
    listed = {one["version"]: one for one in service["explain"]["deployments"]}
    counted = [one for one in listed.values() if one["kind"] in ("first", "forward", "diverged")]
    failed = [one for one in counted if one["failed"]]
    rate, rework = service["measures"]["dora.change_fail_rate"], service["measures"]["dora.rework_rate"]
    rollbacks = [one for one in listed.values() if one["kind"] == "rollback"]
    same("failed", [rate["numerator"], rate["denominator"]], [len(failed), len(counted)])
    same("rework", [rework["numerator"], rework["denominator"]],
         [sum(one["unplanned"] for one in listed.values()), len(counted) + len(rollbacks)])
    times = [seconds(listed[one["remedy"]]["finished"]) - seconds(one["finished"]) for one in failed]
    for percent in (50, 75, 90):
        same(f"recovery p{percent}", service["measures"][f"dora.recovery_time.p{percent}"]["value"],
             interpolated(times, percent))


def main():
    schema, expected, path = sys.argv[1:]
    numbers = json.load(open(path, encoding="utf-8"))
    jsonschema.validate(numbers, json.load(open(schema, encoding="utf-8")))
    service = numbers["answers"][0]
    check_by_hand(expected, numbers, service)
    check_with_git(numbers, service)
    check_lists(service)
    print("\n".join(WRONG))
    sys.exit(bool(WRONG))


main()
