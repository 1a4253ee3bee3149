"""Every field of the document models, as dotted paths, from pydantic's own JSON Schema.

`*` stands for a name that the author chooses, `[]` for the items of a list. A model that has a
table of its own in docs/configuration.md ends the walk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldOfModel:
    """`whole`: something can be written here itself, and not only in the fields below it."""

    path: str
    whole: bool
    required: bool
    default: object
    kinds: frozenset[str]


def fields_of(model: type[BaseModel], elsewhere: Collection[str]) -> dict[str, FieldOfModel]:
    """Path → field. `elsewhere` names the models whose fields are listed by themselves."""
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    root = definitions[model.__name__] if "$ref" in schema else schema  # one inside itself
    walk = _Walk(definitions, frozenset({*elsewhere, model.__name__}))
    if "properties" not in root and "propertyNames" in root:  # a map and nothing else
        example = root["propertyNames"]["examples"][0]
        path = f"{example.rpartition('.')[0]}.*"
        values = next(iter(root["patternProperties"].values()))
        return {each.path: each for each in walk.field(values, path, False)}
    return {field.path: field for field in walk.members(root, "")}


@dataclass(frozen=True, slots=True)
class _Walk:
    definitions: Mapping[str, Schema]
    elsewhere: frozenset[str]

    def members(self, schema: Schema, prefix: str) -> Iterator[FieldOfModel]:
        for name, inner in schema.get("properties", {}).items():
            required = name in schema.get("required", ())
            yield from self.field(inner, f"{prefix}{name}", required)

    def field(self, schema: Schema, path: str, required: bool) -> Iterator[FieldOfModel]:
        branches = [*self.branches(schema)]
        inside = [field for branch in branches for field in self.inside(branch, path)]
        kinds = frozenset(branch["x-kind"] for branch in (schema, *branches) if "x-kind" in branch)
        whole = any(not [*self.inside(branch, path)] for branch in branches)
        yield FieldOfModel(path, whole, required, schema.get("default"), kinds)
        yield from {field.path: field for field in inside}.values()

    def branches(self, schema: Schema) -> Iterator[Schema]:
        """The alternatives but null, references followed."""
        if "anyOf" in schema:
            for branch in schema["anyOf"]:
                yield from self.branches(branch)
        elif "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield {} if name in self.elsewhere else self.definitions[name]
        elif schema.get("type") != "null":
            yield schema

    def inside(self, branch: Schema, path: str) -> Iterator[FieldOfModel]:
        if branch.get("properties"):
            yield from self.members(branch, f"{path}.")
        elif branch.get("type") == "array":
            for each in self.branches(branch["items"]):
                yield from self.inside(each, f"{path}[]")
        elif branch.get("type") == "object":
            for each in self.values(branch):
                yield from self.field(each, f"{path}.*", False)

    def values(self, branch: Schema) -> Iterator[Schema]:
        """The schema of a map's values, where it says one."""
        more = [*branch.get("patternProperties", {}).values(), branch.get("additionalProperties")]
        yield from (each for each in more if isinstance(each, dict) and each)
