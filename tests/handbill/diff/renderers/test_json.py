from __future__ import annotations

import json
from pathlib import Path

import msgspec
from jsonschema import Draft202012Validator

from handbill.diff.model import REPORT_VERSION, Entry, ReleaseDiff, Side, Subject
from handbill.diff.renderers.json import diff_schema, render_json

FILE = Path(__file__).parents[4] / "schemas" / "diff.schema.json"
DIFF = ReleaseDiff(
    base=Side(label="main", digest=None),
    head=Side(label="topic", digest="sha256:" + "2" * 64),
    at="2026-11-24T12:00:00Z",
    entries=(Entry(kind="started", subjects=(Subject(tenant="ff", campaign="hello"),)),),
    plans=1,
    changed=1,
    identical=0,
)


def test_a_report_is_read_back_as_what_it_was() -> None:
    assert msgspec.json.decode(render_json(DIFF), type=ReleaseDiff) == DIFF


def test_the_schema_holds_for_it_and_not_for_anything() -> None:
    validator = Draft202012Validator(json.loads(diff_schema()))
    validator.validate(json.loads(render_json(DIFF)))
    assert json.loads(render_json(DIFF))["version"] == REPORT_VERSION
    assert not validator.is_valid({"version": REPORT_VERSION})
    assert not validator.is_valid({**json.loads(render_json(DIFF)), "version": 2})
    assert not validator.is_valid({**json.loads(render_json(DIFF)), "plans": "many"})


def test_the_schema_that_is_checked_in_is_current() -> None:
    assert FILE.read_text("utf-8") == diff_schema(), "run: handbill schema export"
