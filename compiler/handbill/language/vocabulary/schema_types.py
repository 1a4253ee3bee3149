"""One property of a vocabulary's JSON Schema, as a type of the language.

Only what Handbill executes is accepted: a keyword that nothing would check is refused, with what to
write instead. Numbers are decimals whose scale comes from `multipleOf`; there are no binary floats.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

from handbill.diagnostics.suggest import closest
from handbill.language.vocabulary.located_json import Json
from handbill.plan.types import (
    DECIMAL_MAX_SCALE,
    INT_DEFAULT_MAX,
    INT_DEFAULT_MIN,
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    ScalarType,
    StringType,
    Type,
)

Schema: TypeAlias = Mapping[str, Json]

MAX_LENGTH = 10_000
MAX_ITEMS = 1_000
MAX_MEMBERS = 500
DEFAULT_SCALE = 2

ANNOTATIONS = frozenset(["title", "description", "examples", "$comment", "x-references"])
KEYWORDS: Mapping[str, frozenset[str]] = {
    "string": frozenset(["type", "maxLength", "format"]),
    "integer": frozenset(["type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
    "number": frozenset(
        ["type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
    ),
    "boolean": frozenset(["type"]),
    "array": frozenset(["type", "items", "maxItems"]),
    "enum": frozenset(["type", "enum"]),
}
TEXT_FORMATS = frozenset(["email", "uri"])
"""Formats that tell a reader what a text is; it stays a text."""


class SchemaError(Exception):
    """What is wrong with a property; `key` is the keyword below it, empty for the property itself."""

    def __init__(self, message: str, key: str = "", hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.key, self.hint = message, key, hint


def type_of(schema: Json) -> tuple[Type, bool]:
    """A property's type and whether it allows null (and so is optional). Raises SchemaError."""
    if not isinstance(schema, dict):
        raise SchemaError("a field is described by an object", hint='{"type": "boolean"}')
    kind, nullable = _kind(schema)
    _refuse_keywords(schema, kind)
    if kind == "array":
        return _list(schema), nullable
    return _scalar(schema, kind), nullable


def _kind(schema: Schema) -> tuple[str, bool]:
    if "x-relation" in schema:
        raise SchemaError("relations are not available yet", "x-relation")
    if "enum" in schema:
        return "enum", False
    if "const" in schema:
        raise SchemaError("a field with one value is no field", "const", '{"enum": ["…"]}')
    for reference in ("$ref", "allOf", "anyOf", "oneOf"):
        if reference in schema:
            raise SchemaError(f"`{reference}` is not read: write the type out", reference)
    kind, nullable = schema.get("type"), False
    if isinstance(kind, list) and len(kind) == 2 and "null" in kind:
        kind, nullable = next(each for each in kind if each != "null"), True
    if kind == "object":
        raise SchemaError(
            "a field that is an object is not available yet",
            "type",
            "name its parts as fields of their own",
        )
    if not isinstance(kind, str) or kind not in KEYWORDS or kind == "enum":
        known = "string, integer, number, boolean, array"
        raise SchemaError("say which type this field has", "type", f'"type": one of {known}')
    return kind, nullable


def _refuse_keywords(schema: Schema, kind: str) -> None:
    allowed = KEYWORDS[kind] | ANNOTATIONS
    for key in schema:
        if key in allowed:
            continue
        near = closest(key, allowed)
        hint = f"did you mean `{near}`?" if near else "remove it: nothing would check it"
        raise SchemaError(f"`{key}` is not read for {_article(kind)}", key, hint)


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _scalar(schema: Schema, kind: str) -> ScalarType:
    match kind:
        case "boolean":
            return BoolType()
        case "enum":
            return _enum(schema)
        case "integer":
            return _integer(schema)
        case "number":
            return _number(schema)
        case _:
            return _string(schema)


def _enum(schema: Schema) -> EnumType:
    values = schema["enum"]
    if schema.get("type", "string") != "string":
        raise SchemaError("an enum is a choice of texts", "type", "remove `type`")
    if not isinstance(values, list) or not 1 <= len(values) <= MAX_MEMBERS:
        raise SchemaError(f"an enum lists 1 to {MAX_MEMBERS} texts", "enum")
    texts: list[str] = []
    for value in values:
        if value is None:
            raise SchemaError("what is missing is not listed", "enum", "remove `null`")
        if not isinstance(value, str) or not value:
            raise SchemaError(f"an enum lists texts, and `{value}` is none", "enum")
        texts.append(unicodedata.normalize("NFC", value))
    if len(set(texts)) < len(texts):
        raise SchemaError("an enum lists each text once", "enum")
    return EnumType(tuple(texts))


def _string(schema: Schema) -> ScalarType:
    match schema.get("format"):
        case "date":
            return DateType()
        case "date-time":
            return DatetimeType()
        case None:
            pass
        case str(name) if name in TEXT_FORMATS:
            pass
        case other:
            raise SchemaError(
                f"the format `{other}` is not read", "format", "date, date-time, email or uri"
            )
    if "maxLength" not in schema:
        raise SchemaError(
            "say how long this text can be", hint='"maxLength": 60 (messages have to fit)'
        )
    return StringType(_whole(schema, "maxLength", 1, MAX_LENGTH))


def _whole(schema: Schema, key: str, low: int, high: int) -> int:
    value = schema[key]
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise SchemaError(f"`{key}` is a whole number from {low} to {high:,}", key)
    return value


def _bounds(schema: Schema, scale: int) -> tuple[int, int]:
    """The scaled bounds; without any, ±(2^53 - 1)."""
    low, high = INT_DEFAULT_MIN, INT_DEFAULT_MAX
    for key, step in (("minimum", 0), ("exclusiveMinimum", 1)):
        if key in schema:
            low = max(low, _scaled(schema, key, scale) + step)
    for key, step in (("maximum", 0), ("exclusiveMaximum", 1)):
        if key in schema:
            high = min(high, _scaled(schema, key, scale) - step)
    if low > high:
        raise SchemaError("no number lies between these bounds", "maximum")
    return low, high


def _scaled(schema: Schema, key: str, scale: int) -> int:
    value = schema[key]
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise SchemaError(f"`{key}` is a number", key)
    exact = Decimal(value)
    if exact.adjusted() > 20:
        raise SchemaError(f"`{key}` is at most {INT_DEFAULT_MAX:,}", key)
    scaled = exact.scaleb(scale)
    if scaled != int(scaled):
        digits = f"{scale} digits" if scale else "no digits"
        raise SchemaError(f"`{key}` has more than {digits} after the point", key)
    if abs(int(scaled)) > INT_DEFAULT_MAX:
        raise SchemaError(f"`{key}` is at most {INT_DEFAULT_MAX // 10**scale:,}", key)
    return int(scaled)


def _integer(schema: Schema) -> IntType:
    return IntType(*_bounds(schema, 0))


def _number(schema: Schema) -> DecimalType:
    scale = DEFAULT_SCALE
    if "multipleOf" in schema:
        scale = _scale(schema["multipleOf"])
    return DecimalType(scale, *_bounds(schema, scale))


def _scale(step: Json) -> int:
    for scale in range(DECIMAL_MAX_SCALE + 1):
        if isinstance(step, int | Decimal) and Decimal(step) == Decimal(1).scaleb(-scale):
            return scale
    raise SchemaError(
        "`multipleOf` says how many digits there are after the point",
        "multipleOf",
        "1, 0.1, 0.01, … 0.000001",
    )


def _list(schema: Schema) -> ListType:
    if "maxItems" not in schema:
        raise SchemaError("say how many items this list can have", hint='"maxItems": 10')
    maximum = _whole(schema, "maxItems", 1, MAX_ITEMS)
    items = schema.get("items")
    if items is None:
        raise SchemaError("say what the items are", hint='"items": {"type": "string", …}')
    try:
        item, nullable = type_of(items)
    except SchemaError as error:
        raise SchemaError(f"items: {error.message}", "items", error.hint) from None
    if isinstance(item, ListType):
        raise SchemaError("a list of lists is not available", "items")
    if nullable:
        raise SchemaError("the items of a list are never missing", "items", "remove `null`")
    if isinstance(items, dict) and "x-references" in items:
        raise SchemaError("a list of references is not available yet", "items")
    return ListType(item, maximum)
