"""Blueprints."""

from __future__ import annotations

from handbill.schema.models.blueprint import BlueprintDocument


def test_only_parameters_are_open_unless_it_says_more() -> None:
    assert BlueprintDocument.model_validate({}).open == ["with"]


def test_declarations_nest() -> None:
    item = {"type": "object", "properties": {"price": {"type": "string"}}}
    declared = BlueprintDocument.model_validate({"params": {"x": {"type": "array", "items": item}}})
    items = declared.params["x"].items
    assert items and items.properties and items.properties["price"].type == "string"


def test_a_blueprint_has_no_status_and_uses_none() -> None:
    assert not {"status", "uses"} & BlueprintDocument.model_fields.keys()
