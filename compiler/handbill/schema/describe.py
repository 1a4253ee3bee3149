"""What a schema expects and what a value is, in the words of somebody who writes campaigns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from handbill.schema.kinds import KINDS
from handbill.schema.walk import json_type

Schema = dict[str, Any]
_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a block of fields",
    "null": "null",
}
_EXAMPLES = {"string": '"…"', "integer": "10", "number": "10", "boolean": "true", "array": "[…]"}


def in_words(names: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def shown(value: object) -> str:
    """A value for a message: its type, and itself where it is short."""
    kind = json_type(value)
    if kind in ("array", "object"):
        return _TYPES[kind]
    written = str(value).lower() if isinstance(value, bool) else str(value)
    return f"{_TYPES[kind]} (`{written[:40]}`)" if kind != "null" else "null"


def follow(root: Schema, node: Any) -> Schema:
    """`node` with its reference replaced by what it refers to."""
    if isinstance(node, dict) and "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return {**root.get("$defs", {}).get(name, {}), **node}
    return node if isinstance(node, dict) else {}


def branches_of(root: Schema, node: Any) -> list[Schema]:
    """The alternatives of a schema but null and parameters; itself when it has none."""
    node = follow(root, node)
    if "anyOf" not in node or "x-kind" in node:
        return [node]
    inner = [one for branch in node["anyOf"] for one in branches_of(root, branch)]
    return [
        one for one in inner if one.get("type") != "null" and one.get("x-kind") != "param"
    ] or inner


def describe(root: Schema, node: Any) -> str:
    """`a duration`, `never, always or fields (after)`."""
    branches = branches_of(root, node)
    described = [word for branch in branches for word in _describe_one(root, branch)]
    return in_words(list(dict.fromkeys(described)), "or")


def _describe_one(root: Schema, node: Schema) -> list[str]:
    if node.get("x-kind") in KINDS:
        return [KINDS[node["x-kind"]].what]
    if "enum" in node:
        return [str(value) for value in node["enum"]]
    if "const" in node:
        return [str(node["const"])]
    if node.get("properties"):
        return [f"a block with {in_words(list(node['properties']))}"]
    if node.get("type") == "array":
        return [f"a list ({describe(root, node.get('items', {}))} each)"]
    return [_TYPES.get(str(node.get("type")), "something else") + _bounds(node)]


def _bounds(node: Schema) -> str:
    """` from 0 to 1000`, for a number that has both."""
    low, high = node.get("minimum"), node.get("maximum")
    return f" from {low} to {high}" if low is not None and high is not None else ""


def example_of(root: Schema, node: Any) -> str:
    """A short value that the schema accepts, as YAML."""
    branch = branches_of(root, node)[0]
    if branch.get("x-kind") in KINDS:
        return KINDS[branch["x-kind"]].example
    if "enum" in branch:
        return str(branch["enum"][0])
    if "const" in branch:
        return str(branch["const"])
    if branch.get("properties"):
        names = branch.get("required") or list(branch["properties"])[:1]
        parts = [f"{name}: {example_of(root, branch['properties'][name])}" for name in names]
        return "{" + ", ".join(parts) + "}"
    if branch.get("type") == "array":
        return f"[{example_of(root, branch.get('items', {}))}]"
    if isinstance(branch.get("additionalProperties"), dict):
        inner = example_of(root, branch["additionalProperties"])
        names = _example_names(branch.get("propertyNames", {}))[: branch.get("minProperties", 1)]
        return "{" + ", ".join(f"{name}: {inner}" for name in names) + "}"
    return _EXAMPLES.get(str(branch.get("type")), "…")


def _example_names(names: Mapping[str, Any]) -> list[str]:
    kind = str(names.get("x-kind"))
    if kind in KINDS and kind != "name":
        return [KINDS[kind].example]
    return list(names.get("enum", ["first", "second"]))


def has_kind(root: Schema, node: Any, kinds: Collection[str]) -> bool:
    return any(branch.get("x-kind") in kinds for branch in branches_of(root, node))


def homes_of(root: Schema, name: str) -> list[str]:
    """Where in a document the field `name` may stand, as dotted paths, the shallowest first."""
    found: dict[str, None] = {}
    _homes(root, root, name, (), found)
    return sorted(found, key=lambda home: (home.count("."), home))


def _homes(
    root: Schema, node: Any, name: str, path: tuple[str, ...], found: dict[str, None]
) -> None:
    if len(path) > 5:
        return
    for branch in branches_of(root, node):
        for key, inner in branch.get("properties", {}).items():
            if key == name and path:
                found[".".join(path)] = None
            _homes(root, inner, name, (*path, key), found)
        if isinstance(branch.get("additionalProperties"), dict):
            _homes(root, branch["additionalProperties"], name, (*path, "NAME"), found)
        if branch.get("type") == "array":
            _homes(root, branch.get("items", {}), name, path, found)
