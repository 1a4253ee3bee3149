"""One property of a vocabulary's JSON Schema, as a type of the language.

Only what Handbill executes is accepted: a keyword that nothing would check is refused, with what to
write instead. Numbers are decimals whose scale comes from `multipleOf`; there are no binary floats.
Scalars and lists of them are here, objects and relations in `members.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, TypeAlias

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
    "string": frozenset(["type", "maxLength", "format", "x-alphabet"]),
    "integer": frozenset(["type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
    "number": frozenset(
        ["type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
    ),
    "boolean": frozenset(["type"]),
    "array": frozenset(["type", "items", "maxItems"]),
    "enum": frozenset(["type", "enum"]),
    "const": frozenset(["type", "const"]),
}
TEXT_FORMATS = frozenset(["email", "uri"])
"""Formats that tell a reader what a text is; it stays a text."""


class SchemaError(Exception):
    """What is wrong with a property; `key` is the keyword below it, empty for the property itself.

    `path` is where the property stands, when that is deeper than the reader knows.
    """

    def __init__(
        self,
        message: str,
        key: str = "",
        hint: str | None = None,
        path: tuple[str | int, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message, self.key, self.hint, self.path = message, key, hint, path


def type_of(schema: Json) -> tuple[Type, bool]:
    """The type of a scalar or of a list of scalars, and whether it allows null (and so is optional).

    Raises SchemaError.
    """
    if not isinstance(schema, dict):
        raise SchemaError("a field is described by an object", hint='{"type": "boolean"}')
    kind, nullable = _kind(schema)
    _refuse_keywords(schema, kind)
    if kind == "array":
        return _list(schema), nullable
    return _scalar(schema, kind), nullable


def _kind(schema: Schema) -> tuple[str, bool]:
    if "enum" in schema:
        return "enum", False
    if "const" in schema:
        return "const", False
    for reference in ("$ref", "allOf", "anyOf", "oneOf"):
        if reference in schema:
            raise SchemaError(f"`{reference}` is not read: write the type out", reference)
    kind, nullable = schema.get("type"), False
    if isinstance(kind, list) and len(kind) == 2 and "null" in kind:
        kind, nullable = next(each for each in kind if each != "null"), True
    if not isinstance(kind, str) or kind not in KEYWORDS or kind in ("enum", "const"):
        known = "string, integer, number, boolean, array, object"
        raise SchemaError("say which type this field has", "type", f'"type": one of {known}')
    return kind, nullable


def _refuse_keywords(schema: Schema, kind: str) -> None:
    refuse_keywords(schema, KEYWORDS[kind], _article(kind))


def refuse_keywords(schema: Schema, keywords: frozenset[str], what: str) -> None:
    """Raises SchemaError at the first keyword that nothing would execute for `what` (`a string`)."""
    allowed = keywords | ANNOTATIONS
    for key in schema:
        if key in allowed:
            continue
        near = closest(key, allowed)
        hint = f"did you mean `{near}`?" if near else "remove it: nothing would check it"
        raise SchemaError(f"`{key}` is not read for {what}", key, hint)


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _scalar(schema: Schema, kind: str) -> ScalarType:
    match kind:
        case "boolean":
            return BoolType()
        case "enum":
            return _enum(schema)
        case "const":
            return _only(schema)
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


def _only(schema: Schema) -> ScalarType:
    """`const`: a text, or a number, that every customer has."""
    match schema["const"]:
        case bool():
            pass
        case str(text) if text:
            return EnumType((unicodedata.normalize("NFC", text),))
        case int(number) if abs(number) <= INT_DEFAULT_MAX:
            return IntType(number, number)
        case Decimal() as number if _exponent(number) >= -DECIMAL_MAX_SCALE:
            scale = max(DEFAULT_SCALE, -_exponent(number))
            scaled = int(number.scaleb(scale))
            if abs(scaled) <= INT_DEFAULT_MAX:
                return DecimalType(scale, scaled, scaled)
    raise SchemaError("a `const` is a text or a number", "const", '"const": "grocery"')


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else -99


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
    return StringType(whole(schema, "maxLength", 1, MAX_LENGTH), _alphabet(schema))


def _alphabet(schema: Schema) -> Literal["gsm"] | None:
    match schema.get("x-alphabet"):
        case None:
            return None
        case "gsm":
            return "gsm"
        case _:
            raise SchemaError(
                "the alphabet that a text can be held to is that of plain SMS",
                "x-alphabet",
                '"x-alphabet": "gsm"',
            )


def whole(schema: Schema, key: str, low: int, high: int) -> int:
    """The keyword as a whole number within bounds. Raises SchemaError."""
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


def most_items(schema: Schema) -> int:
    """`maxItems` of a list, which must say it. Raises SchemaError."""
    if "maxItems" not in schema:
        raise SchemaError("say how many items this list can have", hint='"maxItems": 10')
    return whole(schema, "maxItems", 1, MAX_ITEMS)


def _list(schema: Schema) -> ListType:
    maximum = most_items(schema)
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
