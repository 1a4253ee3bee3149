"""The kinds of value that fields hold, each with its JSON Schema and an `x-kind`.

`x-kind` names what the value means. The checker looks it up in schema/kinds.py for the parser and
for what to tell the author; editors see the pattern.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

NAME_PATTERN = r"^[a-z][a-z0-9_-]{0,63}$"
LOCALE_PATTERN = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"


class Document(BaseModel):
    """Unknown fields are refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


def _kind(kind: str, **more: Any) -> Any:
    return Field(json_schema_extra={"x-kind": kind, **more})


Name: TypeAlias = Annotated[str, Field(pattern=NAME_PATTERN), _kind("name")]
FieldName: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$"), _kind("field")]
Prose: TypeAlias = Annotated[str, Field(min_length=1, max_length=2_000), _kind("prose")]
"""Words for people that hold no holes: a description, a postal address."""
Label: TypeAlias = Annotated[str, Field(min_length=1, max_length=200), _kind("label")]
"""A tag, a store's or an item's id."""
Expr: TypeAlias = Annotated[str, Field(min_length=1), _kind("expr")]
Locale: TypeAlias = Annotated[str, Field(pattern=LOCALE_PATTERN), _kind("locale")]
Template: TypeAlias = Annotated[str, _kind("template")]
Text: TypeAlias = Annotated[
    Template | Annotated[dict[Locale, Template], Field(min_length=1)], _kind("text")
]
"""A string with holes, or one per locale. A locale map is one atom."""
FilePath: TypeAlias = Annotated[str, Field(min_length=1, max_length=200), _kind("path")]
Duration: TypeAlias = Annotated[
    str,
    Field(pattern=r"^[1-9][0-9]{0,5} (second|minute|hour|day|week)s?$"),
    _kind("duration", examples=["3 days"]),
]
Rate: TypeAlias = Annotated[
    str,
    Field(pattern=r"^[0-9]{1,9} per ([1-9][0-9]{0,5} )?(second|minute|hour|day|week)s?$"),
    _kind("rate", examples=["3 per 7 days"]),
]
Share: TypeAlias = Annotated[
    str,
    Field(pattern=r"^([0-9]{1,2}(\.[0-9]{1,4})?|100(\.0{1,4})?)%$"),
    _kind("share", examples=["10%"]),
]
Window: TypeAlias = Annotated[
    str,
    Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"),
    _kind("window", examples=["09:00-20:00"]),
]
LocalDatetime: TypeAlias = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"),
    _kind("datetime", examples=["2026-12-05T10:00"]),
]
LocalDate: TypeAlias = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    _kind("date", examples=["2026-12-05"]),
]
Cron: TypeAlias = Annotated[str, Field(min_length=9), _kind("cron", examples=["0 8 * * WED"])]
Timezone: TypeAlias = Annotated[str, _kind("timezone", examples=["America/New_York"])]
Currency: TypeAlias = Annotated[
    str, Field(pattern=r"^[A-Z]{3}$"), _kind("currency", examples=["USD"])
]
Url: TypeAlias = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9+.-]*://\S*$|^[a-z][a-z0-9+.-]*:/\S*$"), _kind("url")
]
WebUrl: TypeAlias = Annotated[str, Field(pattern=r"^https?://\S+$"), _kind("web-url")]
Secret: TypeAlias = Annotated[
    str, Field(pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$"), _kind("secret")
]
Domain: TypeAlias = Annotated[
    str,
    Field(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}$"),
    _kind("domain"),
]
FieldPath: TypeAlias = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_-]*(\.([A-Za-z][A-Za-z0-9_-]*|\*))*$"), _kind("field-path")
]
"""`audience.include`, `categories.*.class`."""


Handle: TypeAlias = Annotated[
    str,
    Field(pattern=r"^@[A-Za-z0-9][A-Za-z0-9_-]{0,38}(/[A-Za-z0-9][A-Za-z0-9_.-]{0,99})?$"),
    _kind("handle", examples=["@fresh-fields/marketing"]),
]
"""A person (`@ann`) or a team (`@fresh-fields/marketing`), named as where changes are reviewed."""


def _amount(**bounds: int) -> Any:
    """The bounds as JSON Schema words, which pydantic does not make of a union's."""
    return WithJsonSchema({"type": "number", **bounds, "x-kind": "amount"})


Amount: TypeAlias = Annotated[int | Decimal, Field(ge=0), _amount(minimum=0)]
PositiveAmount: TypeAlias = Annotated[int | Decimal, Field(gt=0), _amount(exclusiveMinimum=0)]
Percent: TypeAlias = Annotated[
    int | Decimal, Field(gt=0, le=100), _amount(exclusiveMinimum=0, maximum=100)
]
Constant: TypeAlias = Annotated[Any, _kind("constant")]
"""Any value at all: a parameter's value is checked against what its blueprint declares."""
