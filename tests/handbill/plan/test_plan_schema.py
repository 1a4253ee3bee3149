import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import msgspec

from handbill.plan.canonical import canonical_bytes
from handbill.plan.model import Release, Table
from handbill.plan.plan_schema import plan_schema

FILE = Path(__file__).parents[3] / "schemas" / "plan.schema.json"


def test_the_file_has_not_drifted():
    hint = "run: python -m handbill.plan.plan_schema schemas/plan.schema.json"
    assert FILE.read_text(encoding="utf-8") == plan_schema(), hint


def test_canonical_objects_are_valid():
    validator = jsonschema.Draft202012Validator(json.loads(plan_schema()))
    validator.check_schema(validator.schema)
    for thing in (
        Release(format=1, tenants={"a": "sha256:0"}, channels={}),
        Table(columns=("a",), rows=((None,), ("x",))),
    ):
        validator.validate(msgspec.json.decode(canonical_bytes(thing)))
    assert not validator.is_valid({"object": "release", "format": "1"})


def test_the_command_writes_the_file(tmp_path):
    target = tmp_path / "plan.json"
    subprocess.run([sys.executable, "-m", "handbill.plan.plan_schema", target], check=True)
    assert target.read_text(encoding="utf-8") == plan_schema()
