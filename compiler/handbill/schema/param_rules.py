"""A blueprint's declared parameters: each declaration makes sense, and its default obeys it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from jsonschema import Draft202012Validator

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.schema.walk import json_type
from handbill.source.located import LocatedDocument, Path

_BELONGS = {
    "minimum": ("integer", "number"),
    "maximum": ("integer", "number"),
    "multipleOf": ("integer", "number"),
    "minLength": ("string",),
    "maxLength": ("string",),
    "items": ("array",),
    "minItems": ("array",),
    "maxItems": ("array",),
    "properties": ("object",),
    "required": ("object",),
}


def check_params(document: LocatedDocument, params: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Findings about `params` of a blueprint."""
    for name, declared in params.items():
        yield from _check(document, declared, ("params", name))


def _check(document: LocatedDocument, declared: dict[str, Any], path: Path) -> Iterator[Diagnostic]:
    kind = declared.get("type")
    if kind is None and "enum" not in declared:
        message = f"parameter `{path[-1]}` needs a `type` or an `enum`"
        yield _at(document, path, message, "type: string")
        return
    for keyword, kinds in _BELONGS.items():
        if keyword in declared and kind not in kinds:
            message = f"`{keyword}` is for {' and '.join(kinds)}, not for {kind or 'an enum'}"
            yield _at(document, (*path, keyword), message, "delete it, or change the type")
    for first, last in (
        ("minimum", "maximum"),
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
    ):
        if first in declared and last in declared and declared[first] > declared[last]:
            message = f"`{first}` is more than `{last}`"
            yield _at(document, (*path, first), message, "swap the two")
    if "default" in declared:
        yield from _check_default(document, declared, path)
    for name, inner in (declared.get("properties") or {}).items():
        yield from _check(document, inner, (*path, "properties", name))
    if "items" in declared:
        yield from _check(document, declared["items"], (*path, "items"))


def _check_default(
    document: LocatedDocument, declared: dict[str, Any], path: Path
) -> Iterator[Diagnostic]:
    for reason in parameter_errors(declared, declared["default"]):
        message = f"the default of `{path[-1]}` does not obey its own declaration: {reason}"
        yield _at(document, (*path, "default"), message, "mend the default or the declaration")
        return


def parameter_errors(declared: Mapping[str, Any], value: object) -> Iterator[str]:
    """Why `value` is not what a parameter's declaration says; nothing when it is."""
    schema = _plain({key: inner for key, inner in declared.items() if key != "default"})
    for error in Draft202012Validator(schema).iter_errors(_plain(value)):
        place = "".join(f".{step}" for step in error.absolute_path).lstrip(".")
        yield (f"{place}: " if place else "") + _reason(error.validator, error)


def _reason(keyword: object, error: Any) -> str:
    limit, value = error.validator_value, error.instance
    match keyword:
        case "type":
            return f"it is {json_type(value)}, not {limit}"
        case "enum":
            return f"`{value}` is not one of {', '.join(str(one) for one in limit)}"
        case "minimum":
            return f"{value} is less than {limit}"
        case "maximum":
            return f"{value} is more than {limit}"
        case "maxLength" | "minLength" | "minItems" | "maxItems":
            word = "characters" if "Length" in str(keyword) else "entries"
            most = "at most" if str(keyword).startswith("max") else "at least"
            return f"it has {len(value)} {word}, and {most} {limit} are allowed"
        case "required":
            return f"{error.message.replace(' is a required property', ' is missing')}"
        case _:
            return str(error.message)


def _plain(value: Any) -> Any:
    """Decimals as integers or floats, which is what jsonschema computes with."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case _:
            return value


def _at(document: LocatedDocument, path: Path, message: str, hint: str) -> Diagnostic:
    return Diagnostic("HB311", message, document.key_range_of(path), hint=hint)
