"""Rewriting JSON Schemas as values: every schema inside a schema, innermost first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]
_MAPS = ("properties", "$defs", "patternProperties")
_LISTS = ("anyOf", "oneOf", "allOf")
_SINGLE = ("items", "additionalProperties", "propertyNames")


def rewrite(node: Any, change: Callable[[Schema], Schema]) -> Any:
    """`change` applied to every schema inside `node`, innermost first."""
    if not isinstance(node, dict):
        return node
    new = dict(node)
    for key in _MAPS:
        if isinstance(new.get(key), dict):
            new[key] = {name: rewrite(inner, change) for name, inner in new[key].items()}
    for key in _LISTS:
        if key in new:
            new[key] = [rewrite(inner, change) for inner in new[key]]
    for key in _SINGLE:
        if key in new:
            new[key] = rewrite(new[key], change)
    return change(new)


def tidy(schema: Schema) -> Schema:
    """pydantic's schema without what it repeats, and with the keys of maps really checked."""
    return rewrite(schema, _tidy)  # type: ignore[no-any-return]


def _tidy(node: Schema) -> Schema:
    new = {key: value for key, value in node.items() if key != "title"}
    if new.get("default", ...) is None:
        del new["default"]
    if "patternProperties" in new:
        ((pattern, inner),) = new.pop("patternProperties").items()
        new["propertyNames"] = {"pattern": pattern, **new.get("propertyNames", {})}
        new["additionalProperties"] = inner
    if isinstance(new.get("description"), str):
        new["description"] = " ".join(new["description"].split())
    return new
