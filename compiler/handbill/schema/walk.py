"""Which `x-kind` each scalar of a document has, by walking the schema beside the value.

Alternatives are told apart by the value's type and, among maps, by its keys. Used for rules that
depend on how something was written (quotes, comments), which JSON Schema cannot say.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from handbill.source.located import Path, Value

Schema = dict[str, Any]


def scalar_kinds(schema: Schema, value: Value) -> Iterator[tuple[Path, str]]:
    """(path, x-kind) of every scalar whose schema says one; `constant` where anything may stand."""
    yield from _walk(schema, schema, value, ())


def _walk(root: Schema, node: Any, value: Value, path: Path) -> Iterator[tuple[Path, str]]:
    node = narrow(root, node, value)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(root, member(node, key), inner, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(root, _item(node), item, (*path, index))
    elif kind := node.get("x-kind"):
        yield path, kind


def member(node: Schema, key: str) -> Any:
    """The schema of a map's entry; that of `constant` is passed on to everything inside."""
    properties = node.get("properties", {})
    if key in properties:
        return properties[key]
    more = node.get("additionalProperties")
    if isinstance(more, dict):
        return more
    return node if node.get("x-kind") == "constant" else {}


def _item(node: Schema) -> Any:
    items = node.get("items")
    if isinstance(items, dict):
        return items
    return node if node.get("x-kind") == "constant" else {}


def narrow(root: Schema, node: Any, value: Value) -> Schema:
    """`node` with its reference followed and its alternative for `value` chosen."""
    for _ in range(20):
        if not isinstance(node, dict):
            break
        if "$ref" in node:
            target: Any = root
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target.get(step, {})
            node = {**target, **{key: inner for key, inner in node.items() if key != "$ref"}}
        elif "anyOf" in node:
            node = _choose(root, node, value)
        else:
            return node
    return node if isinstance(node, dict) else {}


def _choose(root: Schema, node: Schema, value: Value) -> Any:
    branches = [narrow(root, branch, value) for branch in node["anyOf"]]
    fitting = [branch for branch in branches if _fits(branch, value)] or [{}]
    if isinstance(value, dict):
        fitting.sort(key=lambda branch: -len(branch.get("properties", {}).keys() & value.keys()))
    kind = node.get("x-kind")
    return {**fitting[0], "x-kind": kind} if kind and "x-kind" not in fitting[0] else fitting[0]


def _fits(branch: Schema, value: Value) -> bool:
    wanted = branch.get("type")
    return (
        wanted is None
        or json_type(value) == wanted
        or (wanted == "number" and json_type(value) == "integer")
    )


def json_type(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case int():
            return "integer"
        case Decimal() | float():
            return "number"
        case list() | tuple():
            return "array"
        case _:
            return "object"
