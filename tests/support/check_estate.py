#!/usr/bin/env python3
"""check_estate.py CONFIGURATION NUMBERS: are the numbers of `qgate dora --explain --output json` those of the repositories?

Counts anew with the command line of git and PyYAML, which share no code with qgate: what each GitOps commit says, when all
regions of an environment agreed on a version, which commit the version is, what kind of deployment it was, which changes
of the service it brought first, and from that every number. Understands what tests/support/estate.sh writes: the three
ways to say a version in a file, tags, the commit in the version, builds in $BUILDS ("version commit" lines).
"""
import datetime
import fnmatch
import functools
import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from zoneinfo import ZoneInfo

import yaml

WRONG = []


@functools.cache  # nothing changes here, and the same is asked of hundreds of commits
def git(where, *arguments):
    return subprocess.run(("git", "-C", where) + arguments, check=True, capture_output=True, text=True).stdout


def same(what, said, counted):
    if said != counted:
        WRONG.append(f"{what}: qgate says {said!r}, it is {counted!r}")


def seconds(instant):
    return int(datetime.datetime.fromisoformat(instant.replace("Z", "+00:00")).timestamp())


# --- GitOps files -----------------------------------------------------------------------------------


def pattern_of(template):
    """A regular expression; regions and environments do not hold a dash in the tests."""
    parts = re.split(r"(\{\w+\})", template)
    return "".join(f"(?P<{part[1:-1]}>[\\w.-]+)" if part.startswith("{") else re.escape(part) for part in parts)


def versions_in(select, document, found):
    """[service, version] of each that the file says."""
    if select == "images[name=*/{service}].newTag":
        return [[image["name"].split("/")[-1], str(image["newTag"])] for image in document["images"]]
    if select == "{service}.image.tag":
        return [[service, str(part["image"]["tag"])] for service, part in document.items()]
    if select == "dependencies[name={service}].version":
        return [[part["name"], str(part["version"])] for part in document["dependencies"]]
    raise ValueError(select, found)


@functools.cache
def document_of(where, blob):
    return yaml.load(git(where, "cat-file", "blob", blob), yaml.BaseLoader)


@functools.cache
def said_at(where, commit, layouts):
    """{(service, environment, region): version} of a commit."""
    said = {}
    for line in git(where, "ls-tree", "-r", commit).splitlines():
        entry, path = line.split("\t")
        for file, select in layouts:
            match = re.fullmatch(pattern_of(file), path)
            if not match:
                continue
            for service, version in versions_in(select, document_of(where, entry.split()[2]), path):
                if match.groupdict().get("service", service) == service:
                    said[service, match["environment"], match["region"]] = version
    return said


def rollouts(where, layouts):
    """{(service, environment): [[first, done, version]]}, and what the last commit said."""
    found, before, running, first = {}, {}, {}, {}
    for line in git(where, "log", "--first-parent", "--reverse", "--format=%H %ct", "main").splitlines():
        commit, time = line.split()
        now = said_at(where, commit, layouts)
        for key, version in now.items():
            if before.get(key) != version:
                first.setdefault((key[0], key[1], version), int(time))
        for service, environment in sorted({key[:2] for key in now}):
            versions = {version for key, version in now.items() if key[:2] == (service, environment)}
            if len(versions) != 1 or versions == {running.get((service, environment))}:
                continue
            version = versions.pop()
            running[service, environment] = version
            begun = first[service, environment, version]
            for key in [key for key in first if key[:2] == (service, environment)]:
                del first[key]
            found.setdefault((service, environment), []).append([begun, int(time), version])
        before = now
    return found


# --- applications -----------------------------------------------------------------------------------


def commit_of(where, rules, version, builds):
    for rule in rules:
        if rule.get("recorded") and version in builds:
            return builds[version]
        if "tag" in rule:
            tag = rule["tag"].replace("{version}", version)
            if tag in git(where, "tag").split():
                return git(where, "rev-parse", f"refs/tags/{tag}^0").strip()
        if rule.get("hex"):
            for part in re.findall(r"(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])", version):
                names = [name for name in git(where, "rev-list", "--all").split() if name.startswith(part)]
                if len(names) == 1:
                    return names[0]
    return None


@functools.cache
def is_ancestor(where, one, other):
    return subprocess.run(("git", "-C", where, "merge-base", "--is-ancestor", one, other), check=False).returncode == 0


def kind_of(where, commit, previous, ran):
    if not ran:
        return "first"
    if commit is None or previous is None:
        return "forward"
    if commit == previous:
        return "redeploy" if ran[-1] is not None else "rollback"  # from something unknown
    if is_ancestor(where, previous, commit):
        return "forward"
    return "rollback" if is_ancestor(where, commit, previous) or commit in ran else "diverged"


def touches(where, landed, paths):
    if not paths:
        return True
    files = git(where, "diff", "--name-only", f"{landed}^1", landed).split()
    return any(fnmatch.fnmatchcase(file, glob.replace("**", "*")) for file in files for glob in paths)


def is_bot(where, commit):
    return "[bot]" in git(where, "log", "-1", "--format=%an", commit)


def changes_of(where, commit, before, paths):
    """[landed, started] of the changes of the service, the oldest first; those of bots have no beginning."""
    found = []
    for landed in git(where, "rev-list", "--first-parent", "--reverse", commit, "--not", *before).split():
        parent = git(where, "rev-list", "-1", "--parents", landed).split()[1]
        own = git(where, "rev-list", "--no-merges", landed, "--not", parent, *before).split()
        if own and touches(where, landed, paths):
            started = min(int(git(where, "log", "-1", "--format=%at", one)) for one in own)
            found.append([landed, None if all(is_bot(where, one) for one in own) else started])
    return found


def recount(where, deployed, rules, paths, builds):
    """Deployments and changes of one service in one environment."""
    previous, before, ran, deployments, changes = None, [], [], [], []
    for begun, done, version in deployed:
        commit = commit_of(where, rules, version, builds)
        kind = kind_of(where, commit, previous, ran)
        deployments.append({"version": version, "commit": commit, "kind": kind, "finished": done, "first_region": begun})
        if commit is None or kind == "redeploy":
            ran.append(commit)
            continue
        if before and kind != "rollback":
            changes += [[version, done, *change] for change in changes_of(where, commit, before, paths)]
        previous = commit
        before.append(commit)
        ran.append(commit)
    return deployments, changes


# --- numbers ----------------------------------------------------------------------------------------


def between(values, percent):
    """By linear interpolation; None of none."""
    values = sorted(values)
    if not values:
        return None
    at = Fraction(percent * (len(values) - 1), 100)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return float(values[low] + (values[high] - values[low]) * (at - low))


def limits(days):
    """The first instant of the window, and the first behind it."""
    zone = ZoneInfo(days["timezone"])
    first, last = [datetime.datetime.fromisoformat(days[day]) for day in ("from", "to")]
    return first.replace(tzinfo=zone).timestamp(), (last + datetime.timedelta(days=1)).replace(tzinfo=zone).timestamp()


def owned(given, service, team):
    """[from, until) in which the team owns the service: it changes hands when the last day ends where that team is."""
    entries, begin = given["services"][service].get("team"), float("-inf")
    if entries is None:
        project = given["services"][service]["project"]
        owns = any(fnmatch.fnmatchcase(project, glob.replace("**", "*")) for glob in given["teams"][team]["owns"])
        return [(begin, float("inf"))] if owns else []
    found = []
    for entry in entries:
        end = float("inf")
        if "until" in entry:
            day = datetime.datetime.combine(entry["until"] + datetime.timedelta(days=1), datetime.time())
            zone = given["teams"][entry["name"]].get("timezone", given["timezone"])
            end = day.replace(tzinfo=ZoneInfo(zone)).timestamp()
        if entry["name"] == team:
            found.append((begin, end))
        begin = end
    return found


def check_answer(answer, deployments, changes):
    """The lists and numbers of a service or a team; those of its window are given."""
    name = f"{answer['service'] or answer['team']} in {answer['environment']}"
    zone = ZoneInfo(answer["days"]["timezone"])
    said = [one for one in answer["explain"]["deployments"] if one["kind"] != "config"]
    for member in ("service", "version", "commit", "kind"):
        same(f"{name}: {member}", [one[member] for one in said], [one[member] for one in deployments])
    for member in ("finished", "first_region"):
        same(f"{name}: {member}", [seconds(one[member]) for one in said], [one[member] for one in deployments])
    same(f"{name}: changes",
         sorted((one["deployment"], one["landed"], one["lead_time"] or 0) for one in answer["explain"]["changes"]),
         sorted((version, landed, done - started if started else 0) for version, done, landed, started in changes))
    leads = [done - started for _, done, _, started in changes if started]
    for percent in (50, 75, 90):
        same(f"{name}: p{percent}", answer["measures"][f"dora.lead_time.p{percent}"]["value"], between(leads, percent))
    counted = [one for one in deployments if one["kind"] in ("first", "forward", "diverged")]
    days = {datetime.datetime.fromtimestamp(one["finished"], zone).date() for one in counted}
    same(f"{name}: counted", [answer["deployments"]["total"], answer["deployments"]["days"]], [len(counted), len(days)])


def within(history, begin, end):
    deployments, changes = history
    return ([one for one in deployments if begin <= one["finished"] < end], [one for one in changes if begin <= one[1] < end])


def check_all(given, answers, histories):
    for answer in answers:
        begin, end = limits(answer["days"])
        environment, deployments, changes = answer["environment"], [], []
        for service in sorted(given["services"]):
            if answer["service"] not in (None, service):
                continue
            times = [(begin, end)] if answer["service"] else owned(given, service, answer["team"])
            for first, last in times:
                some, brought = within(histories[service, environment], max(begin, first), min(end, last))
                deployments, changes = deployments + some, changes + brought
        check_answer(answer, sorted(deployments, key=lambda one: one["finished"]), changes)


def main():
    path, numbers = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8"))
    given = yaml.safe_load(open(path, encoding="utf-8"))
    folder = os.path.dirname(os.path.abspath(path))
    builds = dict(line.split() for line in os.environ.get("BUILDS", "").splitlines())
    layouts = tuple((layout["file"], layout["select"]) for layout in given["deployments"])
    deployed = rollouts(os.path.join(folder, given["repositories"]["clusters"]["url"]), layouts)
    usual = [{"recorded": True}, {"tag": "v{version}"}, {"hex": True}]
    histories, count = {}, 0
    for service, own in given["services"].items():
        where = os.path.join(folder, given["repositories"][own["project"]]["url"])
        for environment in given["environments"]:
            history = recount(where, deployed.get((service, environment), []), own.get("version", usual), own.get("paths"),
                              builds)
            for one in history[0]:
                one["service"] = service
            histories[service, environment] = history
            count += len(history[0])
    check_all(given, numbers["answers"], histories)
    print("\n".join(WRONG) or f"{count} deployments counted anew, {len(numbers['answers'])} answers")
    sys.exit(bool(WRONG) or count == 0)


main()
