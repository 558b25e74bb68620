#!/usr/bin/env python3
"""Recount JMeter CSV results with nothing of qgate's, and compare with what `qgate read --json` says.

usage: recount_jtl.py QGATE REPORT…

Needs the columns timeStamp (in milliseconds), elapsed, label and success. Says what differs; ends with 1 then.
"""
import csv
import json
import subprocess
import sys
from fractions import Fraction


def facts(rows):
    elapsed = sorted(int(r["elapsed"]) for r in rows)
    count, errors = len(rows), sum(r["success"].lower() != "true" for r in rows)
    start = min(int(r["timeStamp"]) for r in rows)
    end = max(int(r["timeStamp"]) + int(r["elapsed"]) for r in rows)
    passed = [int(r["elapsed"]) for r in rows if r["success"].lower() == "true"]
    satisfied, tolerated = sum(t <= 500 for t in passed), sum(500 < t <= 1500 for t in passed)

    def rank(percent):
        return elapsed[-(-percent * count // 100) - 1]

    return {"load.samples": count, "load.errors": errors, "load.error_rate": Fraction(100 * errors, count),
            "load.mean": Fraction(sum(elapsed), count), "load.min": elapsed[0], "load.max": elapsed[-1],
            "load.median": rank(50), "load.p90": rank(90), "load.p95": rank(95), "load.p99": rank(99),
            "load.duration": Fraction(end - start, 1000), "load.throughput": Fraction(1000 * count, end - start),
            "load.apdex": Fraction(2 * satisfied + tolerated, 2 * count)}


def differences(where, wanted, got):
    for name, value in wanted.items():
        if abs(float(value) - got.get(name, float("nan"))) <= 1e-12 * abs(float(value)):
            continue
        yield f"{where}: {name}: recounted {float(value)}, qgate says {got.get(name)}"


def compare(qgate, path):
    answer = json.loads(subprocess.run([qgate, "read", "--json", "--format", "jmeter", path],
                                       check=True, capture_output=True).stdout)
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    labels = sorted({r["label"] for r in rows})
    yield from differences(path, facts(rows), answer["measures"])
    if sorted(answer["labels"]["label"]) != labels:
        yield f"{path}: labels: recounted {labels}, qgate says {sorted(answer['labels']['label'])}"
    for label in labels:
        yield from differences(f"{path}: {label}", facts([r for r in rows if r["label"] == label]),
                               answer["labels"]["label"].get(label, {}))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__.split("\n\n")[1])
    found = [line for path in sys.argv[2:] for line in compare(sys.argv[1], path)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
