"""Rewriting a schema reaches every schema inside it."""

from __future__ import annotations

from handbill.schema.rewriting import rewrite, tidy


def test_every_schema_is_reached_innermost_first() -> None:
    seen: list[object] = []

    def note(node: dict[str, object]) -> dict[str, object]:
        seen.append(node.get("n"))
        return node

    schema = {
        "n": 0,
        "properties": {"n": {"n": 1, "items": {"n": 2}}},
        "anyOf": [{"n": 3, "additionalProperties": {"n": 4}}],
        "$defs": {"x": {"n": 5, "propertyNames": {"n": 6}}},
        "additionalProperties": False,
    }
    assert rewrite(schema, note) == schema
    assert sorted(seen) == [0, 1, 2, 3, 4, 5, 6]  # type: ignore[type-var]
    assert seen.index(2) < seen.index(1) < seen.index(0)


def test_tidy() -> None:
    schema = {
        "title": "X",
        "description": "Two\n    lines.",
        "properties": {"title": {"title": "Title", "default": None}, "n": {"default": 0}},
        "patternProperties": {"^a$": {"type": "null"}},
    }
    assert tidy(schema) == {
        "description": "Two lines.",
        "properties": {"title": {}, "n": {"default": 0}},
        "propertyNames": {"pattern": "^a$"},
        "additionalProperties": {"type": "null"},
    }
