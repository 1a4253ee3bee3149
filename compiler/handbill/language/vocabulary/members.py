"""One property of a vocabulary, with what lies below it: an object, a list of objects, a relation.

Objects nest at most MAX_LEVELS deep. A reference stands in a record, where its row is one join away,
and not in an object; a relation stands in the customer alone, which `vocabulary.py` sees to.
"""

from __future__ import annotations

from typing import TypeAlias

from handbill.diagnostics.suggest import closest
from handbill.language.vocabulary.located_json import Json, LocatedJson, Path
from handbill.language.vocabulary.records import Member, Record, Relation, object_type
from handbill.language.vocabulary.schema_types import (
    Schema,
    SchemaError,
    most_items,
    refuse_keywords,
    type_of,
    whole,
)
from handbill.language.vocabulary.words import FIELD_NAME
from handbill.plan.types import ListType, ObjectType

Names: TypeAlias = frozenset[str]

MAX_LEVELS = 4
MAX_MEMBERS = 100
MAX_ROWS = 1_000_000
"""Rows of a relation that one customer may have, unless `maxItems` says fewer."""

_OBJECT = frozenset(["type", "properties", "required", "additionalProperties"])
_ARRAY = frozenset(["type", "items", "maxItems"])
_RELATION = frozenset(["type", "maxItems", "x-relation"])
_RELATION_KEYS = ("dataset", "key", "time")


def read_member(document: LocatedJson, path: Path, required: bool, level: int = 0) -> Member:
    """The property at `path`. Raises SchemaError."""
    schema = _at(document, path)
    try:
        return _member(document, path, schema, required, level)
    except SchemaError as error:
        if not error.path:
            error.path = path
        raise


def _member(document: LocatedJson, path: Path, schema: Json, required: bool, level: int) -> Member:
    where = document.range_of(path)
    if isinstance(schema, dict) and "x-relation" in schema:
        relation, maximum = _relation(schema, level)
        type_ = ListType(ObjectType(()), maximum)
        return Member(type_, True, range=where, inner=Record({}), relation=relation)
    if isinstance(schema, dict) and _is_object(schema):
        inner = _object(document, path, schema, level)
        return Member(
            object_type(inner), required and not _nullable(schema), range=where, inner=inner
        )
    items = schema.get("items") if isinstance(schema, dict) else None
    if isinstance(schema, dict) and isinstance(items, dict) and _is_object(items):
        refuse_keywords(schema, _ARRAY, "an array")
        maximum = most_items(schema)
        if _nullable(items):
            raise SchemaError("the items of a list are never missing", "items", "remove `null`")
        inner = _object(document, (*path, "items"), items, level)
        type_ = ListType(object_type(inner), maximum)
        return Member(type_, required and not _nullable(schema), range=where, inner=inner)
    type_of_scalar, nullable = type_of(schema)
    references = _references(schema, level)
    return Member(type_of_scalar, required and not nullable, references, where)


def _at(document: LocatedJson, path: Path) -> Json:
    value = document.value
    for step in path:
        value = value[step]  # type: ignore[index]
    return value


def _is_object(schema: Schema) -> bool:
    kind = schema.get("type", "object" if "properties" in schema else None)
    return kind == "object" or (isinstance(kind, list) and "object" in kind)


def _nullable(schema: Schema) -> bool:
    kind = schema.get("type")
    return isinstance(kind, list) and "null" in kind


def _references(schema: Json, level: int) -> str | None:
    references = schema.get("x-references") if isinstance(schema, dict) else None
    if references is None:
        return None
    if not isinstance(references, str):
        raise SchemaError("x-references names a dataset", "x-references")
    if level:
        raise SchemaError(
            "a reference stands in the customer or in a dataset, not inside an object",
            "x-references",
            "make the object a dataset, and refer to it with x-relation",
        )
    return references


# ── objects ──────────────────────────────────────────────────────────────────────────────────────


def _object(document: LocatedJson, path: Path, schema: Schema, level: int) -> Record:
    refuse_keywords(schema, _OBJECT, "an object")
    if "x-references" in schema:
        raise SchemaError("an object is no key of a row", "x-references", "remove it")
    if level >= MAX_LEVELS:
        raise SchemaError(f"objects stand at most {MAX_LEVELS} deep in one another")
    properties = schema.get("properties")
    if not isinstance(properties, dict) or not 1 <= len(properties) <= MAX_MEMBERS:
        message = f"an object names 1 to {MAX_MEMBERS} members"
        raise SchemaError(message, "properties", '"properties": {"city": {…}}', path)
    required = required_names(document, path, schema, properties)
    fields: dict[str, Member] = {}
    for name in properties:
        below: Path = (*path, "properties", name)
        if not FIELD_NAME.match(name):
            raise SchemaError(f"no expression can name `{name}`", path=below)
        fields[name] = read_member(document, below, name in required, level + 1)
    return Record(fields)


def required_names(document: LocatedJson, path: Path, schema: Schema, properties: Schema) -> Names:
    """The names under `required`, each of them declared. Raises SchemaError."""
    names = schema.get("required", [])
    if not isinstance(names, list):
        raise SchemaError("`required` is a list of names", "required", path=path)
    for place, name in enumerate(names):
        if not isinstance(name, str) or name not in properties:
            near = closest(str(name), properties)
            hint = f"did you mean `{near}`?" if near else f"declare `{name}` in `properties`"
            message = f"`{name}` is required, and not declared"
            raise SchemaError(message, hint=hint, path=(*path, "required", place))
    return frozenset(str(name) for name in names)


# ── relations ────────────────────────────────────────────────────────────────────────────────────


def _relation(schema: Schema, level: int) -> tuple[Relation, int]:
    if level:
        raise SchemaError("a relation is a field of the customer, not of an object", "x-relation")
    if "items" in schema:
        hint = "remove it: the columns are those of the dataset's own schema"
        raise SchemaError("the rows of a relation are described elsewhere", "items", hint)
    refuse_keywords(schema, _RELATION, "a relation")
    if schema.get("type", "array") != "array":
        raise SchemaError("a relation is a list of rows", "type", '"type": "array"')
    maximum = whole(schema, "maxItems", 1, MAX_ROWS) if "maxItems" in schema else MAX_ROWS
    written = schema["x-relation"]
    example = '{"dataset": "purchases", "key": "customer_id", "time": "bought_at"}'
    if not isinstance(written, dict):
        raise SchemaError("x-relation says which rows these are", "x-relation", example)
    for key, value in written.items():
        if key not in _RELATION_KEYS:
            near = closest(key, _RELATION_KEYS)
            hint = f"did you mean `{near}`?" if near else "remove it: nothing would check it"
            raise SchemaError(f"`{key}` is not read for a relation", "x-relation", hint)
        if not isinstance(value, str):
            raise SchemaError(f"`{key}` of a relation is a name", "x-relation", example)
    for key in ("dataset", "key"):
        if key not in written:
            raise SchemaError(f"a relation says its `{key}`", "x-relation", example)
    time = written.get("time")
    names = str(written["dataset"]), str(written["key"]), None if time is None else str(time)
    return Relation(*names), maximum
