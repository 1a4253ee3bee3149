"""Source columns that become objects: STRUCTs, and JSON in a column of text.

An object without a valid value for a required member is no object; an optional member that is not
valid is missing. Members that the type does not have are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from handbill.plan.import_source import Normalisation, SourceColumn
from handbill.plan.sql_text import column_type, identifier, quoted
from handbill.plan.types import MemberType, ObjectType, Type

Normalise: TypeAlias = Callable[[str, SourceColumn, Type], Normalisation | None]

JSON = "JSON"


def object_import(
    x: str, source: str, type: ObjectType, normalise: Normalise
) -> Normalisation | None:
    """An object of a STRUCT or of JSON; `normalise` is for the members."""
    if source == "VARCHAR":
        x, source = f"TRY_CAST({x} AS JSON)", JSON
    if source == JSON:
        present = f"(json_type({x}) = 'OBJECT')"
        return _object(type, present, lambda member: _json_member(x, member, normalise))
    fields = struct_fields(source)
    if fields is None:
        return None
    return _object(
        type, f"({x} IS NOT NULL)", lambda member: _struct_member(x, fields, member, normalise)
    )


def json_items(x: str) -> str:
    """The items of a JSON array as JSON[]; NULL for any other JSON."""
    return f"TRY_CAST(TRY_CAST({x} AS JSON) AS JSON[])"


def scalar_of_json(x: str) -> str:
    """The text of a JSON value: of a string without its quotes; NULL for null."""
    return f"json_extract_string({x}, '$')"


def _object(
    type: ObjectType, present: str, read: Callable[[MemberType], tuple[str, str]]
) -> Normalisation:
    checks, values = [present], []
    for member in type.members:
        value, valid = read(member)
        values.append(f"{identifier(member.name)}: {value}")
        if member.required:
            checks.append(valid)
    packed = "{" + (", ".join(values) or "_: TRUE") + "}"
    return Normalisation(packed, f"coalesce({' AND '.join(checks)}, FALSE)")


def _json_member(x: str, member: MemberType, normalise: Normalise) -> tuple[str, str]:
    path = '$."' + member.name + '"'
    inner = f"json_extract({x}, {quoted(path)})"
    return _member(inner, SourceColumn(JSON), member, normalise, f"json_type({inner}) <> 'NULL'")


def _struct_member(
    x: str, fields: Mapping[str, str], member: MemberType, normalise: Normalise
) -> tuple[str, str]:
    inner = f"struct_extract({x}, {quoted(member.name)})"
    if member.name not in fields:
        return f"CAST(NULL AS {column_type(member.type)})", "FALSE"
    source = SourceColumn(fields[member.name])
    return _member(inner, source, member, normalise, f"{inner} IS NOT NULL")


def _member(
    x: str, source: SourceColumn, member: MemberType, normalise: Normalise, present: str
) -> tuple[str, str]:
    """The member's value, missing where it is not valid, and the condition that it is."""
    found = normalise(x, source, member.type)
    if found is None:
        return f"CAST(NULL AS {column_type(member.type)})", "FALSE"
    valid = present if found.valid is None else f"{present} AND {found.valid}"
    return found.optional(), f"coalesce({valid}, FALSE)"


def struct_fields(source: str) -> dict[str, str] | None:
    """Name → type of `STRUCT(a INTEGER, "b c" VARCHAR[])`; None for another type."""
    if not source.startswith("STRUCT(") or not source.endswith(")"):
        return None
    fields: dict[str, str] = {}
    for part in _parts(source[len("STRUCT(") : -1]):
        name, type = _split(part)
        fields[name] = type
    return fields


def _parts(inside: str) -> list[str]:
    """Split at the commas that are in no bracket and no quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for place, character in enumerate(inside):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(inside[start:place].strip())
            start = place + 1
    return [*parts, inside[start:].strip()]


def _split(part: str) -> tuple[str, str]:
    if not part.startswith('"'):
        name, _, type = part.partition(" ")
        return name, type
    end = 1
    while part[end] != '"' or part[end + 1 : end + 2] == '"':
        end += 2 if part[end] == '"' else 1
    return part[1:end].replace('""', '"'), part[end + 1 :].strip()
