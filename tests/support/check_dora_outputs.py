#!/usr/bin/env python3
"""check_dora_outputs.py SCHEMA FOLDER: is what `qgate dora` wrote what its readers can read, whatever the texts?

FOLDER holds json, csv, openmetrics and terminal: files named by their format, of one run. No control character may stand in
any of them, no cell may begin as a formula does, no text may end a line or a label.
"""
import csv
import io
import json
import pathlib
import sys

import jsonschema

from check_outputs import clean_lines, has_controls, metrics_families, need


def check_json(text, schema):
    def walk(value, where):
        if isinstance(value, str):
            need(not has_controls(value), "json:", where, ascii(value))
        for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
            walk(one, f"{where}.{key}")

    clean_lines(text, "json")
    numbers = json.loads(text)
    jsonschema.validate(numbers, schema)
    walk(numbers, "")
    return numbers


def check_csv(raw, numbers):
    need(raw.endswith(b"\r\n") and raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n"), "csv: ends of lines")
    text = raw.decode("utf-8")
    need(not has_controls(text.replace("\r\n", "")), "csv: a control character")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    for row in rows:
        need(None not in row and None not in row.values(), "csv: a row of", len(row), "cells:", row)
        for name in ("team", "project", "service", "environment"):
            need(not row[name].startswith(("=", "+", "-", "@")), "csv: a formula:", row[name])
        float(row["value"] or 0)
    known = [answer for answer in numbers["answers"] if answer["why_not"] is None]
    need(len([row for row in rows if row["by"] == "qgate"]) == sum(len(one["measures"]) for one in known), "csv: rows")


def check_openmetrics(text, numbers):
    values = metrics_families(text)
    known = [answer for answer in numbers["answers"] if answer["why_not"] is None]
    need(len(values["qgate_dora_sample_size"]) == 4 * len(known), "openmetrics: answers")
    try:
        from prometheus_client.openmetrics.parser import text_string_to_metric_families
    except ImportError:
        return
    parsed = {family.name: len(family.samples) for family in text_string_to_metric_families(text)}
    need({name: count for name, count in parsed.items() if count} == {name: len(all_) for name, all_ in values.items()},
         "openmetrics: prometheus_client reads", parsed)


def main():
    schema, folder = json.load(open(sys.argv[1], encoding="utf-8")), pathlib.Path(sys.argv[2])
    numbers = check_json((folder / "json").read_text(encoding="utf-8"), schema)
    check_csv((folder / "csv").read_bytes(), numbers)
    check_openmetrics((folder / "openmetrics").read_text(encoding="utf-8"), numbers)
    clean_lines((folder / "terminal").read_text(encoding="utf-8"), "terminal")


main()
