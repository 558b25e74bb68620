#!/usr/bin/env python3
"""usage: second_opinion.py SCHEMA FIXTURES: agree.cjs once more, with python3-jsonschema."""
import json
import pathlib
import sys

import jsonschema

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from check_policies import cases, is_valid

validator = jsonschema.Draft202012Validator(json.loads(pathlib.Path(sys.argv[1]).read_text()))
for policy, _ in cases(sys.argv[2]):
    print(policy.parent.name, "valid" if is_valid(validator, policy) else "invalid")
