"""What a blueprint's parameters take: a default, or for those without one a value to be replaced."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from handbill.authoring.campaign_files import Parameter
from handbill.source.located import Value


def parameters_of(blueprint: Mapping[str, Value]) -> list[Parameter]:
    """In the blueprint's order."""
    params = blueprint.get("params")
    return [
        Parameter(
            str(name),
            _yaml(schema["default"] if "default" in schema else example_of(schema)),
            "default" not in schema,
            str(schema["description"]) if "description" in schema else None,
        )
        for name, schema in (params.items() if isinstance(params, dict) else ())
        if isinstance(schema, dict)
    ]


def example_of(schema: Mapping[str, Any]) -> Any:
    """A small value that the parameter's schema takes."""
    if schema.get("enum"):
        return schema["enum"][0]
    match schema.get("type"):
        case "integer" | "number":
            return _number(schema)
        case "boolean":
            return False
        case "array":
            return [example_of(schema.get("items", {}))] * int(schema.get("minItems", 0))
        case "object":
            fields = schema.get("properties", {})
            return {name: example_of(fields.get(name, {})) for name in schema.get("required", ())}
        case _:
            return _text(schema)


def _number(schema: Mapping[str, Any]) -> Any:
    low = schema.get("minimum", min(1, schema.get("maximum", 1)))
    step = schema.get("multipleOf")
    return -(-low // step) * step if step else low


def _text(schema: Mapping[str, Any]) -> str:
    shortest, longest = int(schema.get("minLength", 0)), int(schema.get("maxLength", 60))
    return "to be written"[:longest].ljust(shortest, ".")


def _yaml(value: Any) -> str:
    """In one line: JSON is YAML, but for its exact numbers."""
    match value:
        case list():
            return f"[{', '.join(map(_yaml, value))}]"
        case dict():
            return "{" + ", ".join(f"{key}: {_yaml(inner)}" for key, inner in value.items()) + "}"
        case Decimal():
            return f"{value:f}"
        case _:
            return json.dumps(value, ensure_ascii=False)
