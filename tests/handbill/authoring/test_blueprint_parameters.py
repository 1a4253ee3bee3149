from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from handbill.authoring.blueprint_parameters import example_of, parameters_of
from handbill.source.yaml import load_document

BLUEPRINT = """\
params:
  discount: {type: integer, minimum: 5, default: 10, description: Percent}
  rate: {type: number, default: 1.50}
  department: {type: string, maxLength: 40}
  tags: {type: array, items: {type: string}, default: [a, b]}
"""


def test_defaults_as_they_were_written_and_values_to_be_replaced() -> None:
    document, _ = load_document("b.yaml", BLUEPRINT.encode())
    assert document is not None and isinstance(document.value, dict)
    found = [(each.name, each.value) for each in parameters_of(document.value)]
    assert found == [
        ("discount", "10"),
        ("rate", "1.50"),
        ("department", '"to be written"'),
        ("tags", '["a", "b"]'),
    ]


def test_a_blueprint_without_parameters() -> None:
    assert parameters_of({}) == parameters_of({"params": "no"}) == []


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": ["gold", "basic"]},
        {"type": "integer", "minimum": 7, "multipleOf": 5},
        {"type": "integer", "maximum": -3},
        {"type": "number", "minimum": Decimal("0.5")},
        {"type": "boolean"},
        {"type": "string", "minLength": 30, "maxLength": 40},
        {"type": "string", "maxLength": 3},
        {"type": "array", "minItems": 2, "items": {"type": "integer"}},
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "boolean"}}},
    ],
)
def test_an_example_is_what_the_schema_takes(schema: dict[str, Any]) -> None:
    assert Draft202012Validator(schema).is_valid(example_of(schema))
