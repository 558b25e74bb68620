#!/usr/bin/env python3
"""check_gitops.py SCHEMA EXPECTED NUMBERS: is what `qgate dora --explain` says of the services of one environment what a
person counted?

NUMBERS is its JSON. EXPECTED has lines `TIME SERVICE ENVIRONMENT VERSION KIND [since TIME]`, one for each deployment, and
`number SERVICE PATH VALUE`; `#` begins a comment.
"""
import json
import sys

import jsonschema


def instant(text):
    return text.removesuffix("Z").removesuffix(":00")


def said_of(answer, path):
    for group in ("deployments", "changes"):
        key = path.removeprefix(group + ".")
        if path.startswith(group + ".") and key in answer[group]:
            return answer[group][key]
    for member in ("n", "numerator", "denominator"):
        if path.endswith("." + member):
            return answer["measures"][path.removesuffix("." + member)][member]
    return answer["measures"][path]["value"]


def main():
    schema, expected, numbers = sys.argv[1:]
    said = json.load(open(numbers, encoding="utf-8"))
    jsonschema.validate(said, json.load(open(schema, encoding="utf-8")))
    answers = {answer["service"]: answer for answer in said["answers"]}
    environment = said["answers"][0]["environment"]
    deployments, counted, wrong = [], [], []
    for name, answer in answers.items():
        for one in answer["explain"]["deployments"]:
            first = one["first_region"] or one["finished"]
            deployments.append((instant(one["finished"]), name, one["version"], one["kind"], instant(first)))
            if one["source"] != "gitops":
                wrong.append(f"source {one['source']}")
    for line in open(expected, encoding="utf-8"):
        words = line.split("#")[0].split()
        if len(words) >= 5 and "T" in words[0] and words[2] == environment and words[4] != "unknown":
            counted.append((words[0], words[1], words[3], words[4], words[6] if len(words) == 7 else words[0]))
        elif words and words[0] == "number" and environment == "production":
            value = said_of(answers[words[1]], words[2])
            if value != json.loads(words[3]):
                wrong.append(f"{words[1]} {words[2]}: qgate says {value}, by hand it is {words[3]}")
    for one in sorted(set(deployments) ^ set(counted)):
        wrong.append(f"{'qgate' if one in deployments else 'a person'} alone says {one}")
    if len(deployments) != len(counted):
        wrong.append(f"{len(deployments)} deployments, by hand {len(counted)}")
    print("\n".join(wrong))
    sys.exit(bool(wrong))


main()
