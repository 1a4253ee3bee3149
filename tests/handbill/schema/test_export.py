"""The schemas for editors are those that Handbill checks."""

from __future__ import annotations

import json
import pathlib

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from handbill.schema.export import document_schema_files

ROOT = pathlib.Path(__file__).parents[3]
FILES = document_schema_files()


def test_the_files_are_up_to_date() -> None:
    folder = ROOT / "schemas"
    on_disk = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in (folder / "documents").rglob("*.json")
    }
    assert on_disk == FILES, "run `handbill schema export`"


@pytest.mark.parametrize("path", sorted(FILES))
def test_every_file_is_a_schema_of_its_dialect(path: str) -> None:
    schema = json.loads(FILES[path])
    dialect = Draft7Validator if "draft-07" in path else Draft202012Validator
    dialect.check_schema(schema)
    assert schema["$schema"] == dialect.META_SCHEMA["$schema"]


def test_draft_07_has_no_newer_words() -> None:
    for path, content in FILES.items():
        if "draft-07" in path:
            assert b"$defs" not in content
            for node in nodes(json.loads(content)):
                assert "$ref" not in node or len(node) == 1


def nodes(value: object) -> list[dict[str, object]]:
    if isinstance(value, dict):
        return [value, *(node for inner in value.values() for node in nodes(inner))]
    if isinstance(value, list):
        return [node for inner in value for node in nodes(inner)]
    return []
