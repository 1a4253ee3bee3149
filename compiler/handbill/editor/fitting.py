"""The parts of a document's schema that lie at a path: what may be written there, and what it is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handbill.schema.describe import branches_of, follow
from handbill.schema.rewriting import Schema
from handbill.source.located import Path


def nodes_at(schema: Schema, path: Path) -> list[Any]:
    """Every schema that the value at `path` may be of; empty where nothing may stand."""
    nodes: list[Any] = [schema]
    for step in path:
        nodes = [inner for node in nodes for inner in _below(schema, node, step)]
    return nodes


def _below(schema: Schema, node: Any, step: str | int) -> Iterator[Any]:
    for branch in branches_of(schema, node):
        if isinstance(step, int):
            if "items" in branch:
                yield branch["items"]
        elif step in branch.get("properties", {}):
            yield branch["properties"][step]
        elif isinstance(branch.get("additionalProperties"), dict):
            yield branch["additionalProperties"]


def keys_at(schema: Schema, path: Path) -> Mapping[str, Any]:
    """Key → schema of its value, in the order of the schema."""
    found: dict[str, Any] = {}
    for branch in _branches(schema, path):
        found |= dict(branch.get("properties", {}).items())
    return found


def values_at(schema: Schema, path: Path) -> list[str]:
    """The values of a closed choice."""
    found: list[str] = []
    for branch in _branches(schema, path):
        if branch.get("type") == "boolean":
            found += ["true", "false"]
        found += [str(value) for value in branch.get("enum", [])]
        if "const" in branch:
            found.append(str(branch["const"]))
    return list(dict.fromkeys(found))


def kinds_at(schema: Schema, path: Path) -> frozenset[str]:
    """The `x-kind`s of a value at the path."""
    kinds = (branch.get("x-kind") for branch in _branches(schema, path))
    return frozenset(str(kind) for kind in kinds if kind)


def description_at(schema: Schema, path: Path) -> str:
    """What the field is for, as its schema says."""
    for node in nodes_at(schema, path):
        for each in (node, follow(schema, node), *branches_of(schema, node)):
            if isinstance(each, dict) and each.get("description"):
                return str(each["description"])
    return ""


def _branches(schema: Schema, path: Path) -> Iterator[Schema]:
    for node in nodes_at(schema, path):
        yield from branches_of(schema, node)
