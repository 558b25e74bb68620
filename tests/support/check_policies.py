#!/usr/bin/env python3
"""Hold schemas/policy.schema.json against fixtures/policies, schemas/delivery.schema.json against fixtures/deliveries.

usage: check_policies.py SCHEMA FIXTURES

Every file that the loader takes must be valid; of those that it refuses, the schema refuses what it can see: the cases
in NOT_SEEN need the catalogue of measures, other parts of the file, other files, or the text itself. Prints
a line for each difference and exits 1 when there is one.
"""
import json
import pathlib
import re
import sys

import jsonschema
import yaml

# Beginnings of the names of cases whose mistake no schema can see.
NOT_SEEN = """
components-same extends- gate-each gate-empty-rules gate-same gate-without-rules label-component label-misspelt
label-order label-pattern label-severity label-unknown label-window locked- report-key-twice report-option report-other
report-path-leaves rule-always rule-count rule-day rule-delta rule-each rule-enforce-from-no-day rule-growth rule-later
rule-max rule-min-lines-without rule-never rule-new rule-number rule-on-no-baseline-without rule-percent rule-percentile-zero
rule-rate rule-rating-as-number rule-same rule-time rule-tolerance rule-word-with rule-wrong top-key-twice waiver-file
waiver-key-twice waiver-unknown yaml-
""".split()
NOT_SEEN_OF_DELIVERIES = """
include- included- layout-names layout-region-unknown layout-select layout-tags-without-production owner-ends owner-overlap owner-since owner-unknown query-source
service-project-nowhere since-no source-argocd-twice target-environment target-misspelt target-service target-twice
target-without-unit target-wrong team-owned-by-two top-key-twice
""".split()


class Loader(yaml.SafeLoader):
    """YAML 1.2 as editors read it: a day is a text, and only true and false are booleans."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def is_valid(validator, path):
    try:
        documents = list(yaml.load_all(path.read_bytes(), Loader))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        return False
    return len(documents) == 1 and validator.is_valid(documents[0])


def cases(fixtures):
    """The files of the cases, and those cases whose mistake no schema can see."""
    for name, unseen in (("policy.yml", NOT_SEEN), ("delivery.yml", NOT_SEEN_OF_DELIVERIES)):
        for path in sorted(pathlib.Path(fixtures).glob(f"*/{name}")):
            yield path, path.parent.name.startswith(tuple(unseen))


def main():
    schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    differences = refused = 0
    for policy, unseen in cases(sys.argv[2]):
        case = policy.parent.name
        taken = (policy.parent / "expected").read_text().startswith("ok")
        valid = is_valid(validator, policy)
        refused += not valid
        if taken != valid and not (valid and unseen):
            differences += 1
            print(f"{case}: the schema {'takes' if valid else 'refuses'} it")
    print(f"{refused} refused")
    return differences > 0


if __name__ == "__main__":
    sys.exit(main())
