#!/usr/bin/env python3
"""check_model.py QGATE FIRST LAST: are the numbers of qgate those of a second reckoning, for histories of these seeds?

Compares the lists of --explain and every measure of a service and of two teams between which it changed hands, over
windows of several lengths and time zones.
"""
import datetime
import json
import os
import sys
import tempfile
from fractions import Fraction
from zoneinfo import ZoneInfo

from delivery_model import COUNTED, Model
from random_delivery import NEVER, NOW, History, iso, run

CONFIGURATION = """version: 1
timezone: Europe/Berlin
teams: {old: {timezone: Asia/Tokyo}, new: {timezone: America/New_York}}
services: {shop: {project: ., team: [{name: old, until: 2027-03-31}, {name: new}]}}
"""


def between(values, percent):
    values = sorted(values)
    place = Fraction(percent * (len(values) - 1), 100)
    low = int(place)
    return float(values[low] + (values[min(low + 1, len(values) - 1)] - values[low]) * (place - low))


def percentiles(numbers, measure, values):
    for percent in (50, 75, 90):
        numbers[f"{measure}.p{percent}"] = between(values, percent) if values else None


def share(above, below):
    return float(Fraction(100 * above, below)) if below else None


def expected(model, first, last, zone, begin, end):
    """Every measure of the days `first` to `last`, of what happened in [begin, end)."""
    def inside(seconds):
        return begin <= seconds < end and first <= datetime.datetime.fromtimestamp(seconds, zone).date() <= last

    def at(day):
        return datetime.datetime.combine(day, datetime.time(), zone).timestamp()

    if end <= at(first) or begin >= at(last + datetime.timedelta(days=1)):
        return {measure: None for measure in ("dora.deployment_frequency", "deployments.total", "incidents.total", "changes.merged")}
    final = min(end, at(last + datetime.timedelta(days=1)))
    links = [d for d in model.links if inside(d["finished"])]
    counted = [d for d in links if d["kind"] in COUNTED]
    failed = [d for d in counted if d["failed"]]
    changes = [c for c in model.changes if c["by"] is not None and inside(c["by"]["finished"]) and c["why"] not in ("bot", "copy")]
    landed = [c for c in model.changes if inside(c["committed"]) and c["why"] not in ("bot", "copy")]
    incidents = [i for i in model.incidents if inside(i["opened"])]
    still = [i for i in model.incidents if begin <= i["opened"] < final and i["resolved"] == NEVER]
    begun = any(d["finished"] < final and d["finished"] < end for d in model.links)
    days, known = (last - first).days + 1, begun and model.base is not None
    before = [d["finished"] for d in model.links if d["kind"] in COUNTED and d["finished"] < final]
    backs = [d for d in links if d["kind"] == "rollback"]
    others = [d for d in model.deployments if inside(d["finished"])]
    numbers = {
        "dora.deployment_frequency": float(Fraction(len(counted), days)) if begun else None,
        "dora.change_fail_rate": share(len(failed), len(counted)),
        "dora.rework_rate": share(sum(d["unplanned"] for d in links), len(links)),
        "deployments.total": len(counted) if begun else None,
        "deployments.rollbacks": len(backs) if begun else None,
        "deployments.redeploys": sum(d["kind"] == "redeploy" for d in others) if begun else None,
        "deployments.failed_attempts": sum(d["kind"] == "failed_attempt" for d in others) or (0 if begun else None),
        "deployments.rollback_rate": share(len(backs), len(links)),
        "deployments.days_since": (last - datetime.datetime.fromtimestamp(max(before), zone).date()).days if before else None,
        "changes.merged": len(landed) if known else None,
        "changes.contributors": len({c["author"] for c in landed}) if known else None,
        "changes.unplanned_rate": share(sum(c["unplanned"] for c in changes), len(changes)),
        "incidents.total": len(incidents) if model.incidents else None, "incidents.open": len(still) if model.incidents else None,
        "incidents.oldest_open": max((NOW - i["opened"] for i in still), default=None),
    }
    percentiles(numbers, "dora.lead_time", [c["lead"] for c in changes if c["lead"] is not None])
    percentiles(numbers, "changes.merge_to_deploy", [c["merged"] for c in changes if c["lead"] is not None])
    percentiles(numbers, "changes.size", [c["size"] for c in changes])
    percentiles(numbers, "dora.recovery_time", [d["recovered"] - d["finished"] for d in failed if d["recovered"] < NEVER])
    open_s = [i["resolved"] - i["opened"] for i in incidents if i["resolved"] < NEVER]
    numbers["incidents.recovery_time.p50"] = between(open_s, 50) if open_s else None
    found = [i["opened"] - i["by"]["finished"] for i in incidents if i["by"] is not None and i["opened"] >= i["by"]["finished"]]
    numbers["incidents.detection_time.p50"] = between(found, 50) if found else None
    return numbers


def lists(model, answer):
    """The chain as --explain has it, and as the model."""
    explain = answer["explain"]
    said = [(d["version"], d["finished"], d["kind"], d["failed"], d["remedy"], d["recovered"], d["unplanned"])
            for d in explain["deployments"]]
    drawn = [(d["version"], iso(d["finished"]), d["kind"], d["failed"], d["remedy"] and d["remedy"]["version"],
              iso(d["recovered"]) if d.get("recovered") not in (None, NEVER) else None, d["unplanned"]) for d in model.deployments]
    yield "deployments", said, drawn
    yield ("changes", sorted((c["landed"], c["deployment"], c["lead_time"], c["why_not"], c["unplanned"]) for c in explain["changes"]),
           sorted((c["landed"], c["by"]["version"], c["lead"], c["why"], c["unplanned"]) for c in model.changes if c["by"]))
    yield ("incidents", sorted(((i["id"], i["deployment"], i["linked"], i["fix"]) for i in explain["incidents"]), key=str),
           sorted(((i["id"], i["by"] and i["by"]["version"], i["method"], i["fix"] and i["fix"]["version"]) for i in model.incidents), key=str))


def close(one, other):
    return one == other or None not in (one, other) and abs(one - other) <= 1e-9 * max(abs(one), abs(other))


def compare(qgate, model, window, wrong):
    numbers = json.loads(run(qgate, "dora", "--window", window, "--explain", "--output", "json=-"))
    handed = datetime.date(2027, 4, 1)
    for answer in numbers["answers"]:
        zone = ZoneInfo(answer["days"]["timezone"])
        first, last = (datetime.date.fromisoformat(answer["days"][day]) for day in ("from", "to"))
        name, begin, end = answer["service"] or answer["team"], float("-inf"), NEVER
        if name == "old":
            end = datetime.datetime.combine(handed, datetime.time(), zone).timestamp()
        if name == "new":
            begin = datetime.datetime.combine(handed, datetime.time(), ZoneInfo("Asia/Tokyo")).timestamp()
        for measure, value in expected(model, first, last, zone, begin, end).items():
            said = answer["measures"].get(measure, {"value": "nothing"})["value"]
            if said == "nothing" or not close(said, value):
                wrong.append(f"{name} {window} {measure}: qgate says {said}, the model {value}")
        if name == "shop" and window == "182d":
            wrong += [f"{what}: qgate says {one}, the model {other}" for what, said, drawn in lists(model, answer)
                      for one, other in zip(said + [None] * len(drawn), drawn + [None] * len(said)) if one != other]


def main():
    qgate, bad, unclear = os.path.abspath(sys.argv[1]), 0, 0
    for seed in range(int(sys.argv[2]), int(sys.argv[3]) + 1):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            with open("delivery.yml", "w", encoding="utf-8") as file:
                file.write(CONFIGURATION)
            history, wrong = History(seed), []
            history.record(qgate)
            model = Model(history)
            if not model.clear:
                unclear += 1
                continue
            for window in ("7d", "182d", "2027-03-20..2027-04-04"):
                compare(qgate, model, window, wrong)
            if wrong:
                bad += 1
                print(f"seed {seed}:", *wrong[:6], sep="\n  ")
    print(f"{bad} wrong, {unclear} whose order nobody can know")
    sys.exit(bool(bad))


main()
