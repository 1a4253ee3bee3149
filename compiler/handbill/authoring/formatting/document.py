"""Formats one file: what `handbill fmt` makes of it, which always says the same.

The result is read again before it is given away. Whatever would say something else, or lose a comment,
is left as it is and told (HB761).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handbill.authoring.formatting.comments import comments_of
from handbill.authoring.formatting.key_order import ordered
from handbill.authoring.formatting.quotes import plain_sms, written
from handbill.authoring.formatting.sms import is_sms
from handbill.authoring.formatting.writing import Writer
from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange
from handbill.schema.contracts import ChannelContract
from handbill.schema.walk import Schema, scalar_kinds
from handbill.source.layout import DocumentPlace
from handbill.source.located import LocatedDocument, Path, Value
from handbill.source.yaml import load_document


@dataclass(frozen=True, slots=True)
class Formatted:
    """`text` is the file as it should be; None where it is left alone, and `found` says why."""

    text: str | None
    found: tuple[Diagnostic, ...] = ()


def format_file(
    path: str,
    data: bytes,
    place: DocumentPlace,
    schema: Schema,
    contracts: Mapping[str, ChannelContract],
) -> Formatted:
    """`schema` is that of the document's kind in this configuration."""
    data = data.replace(b"\r\n", b"\n")  # YAML takes the two for the same
    document, found = load_document(path, data)
    if document is None:
        return Formatted(None, found)
    if not isinstance(document.value, dict | list):
        return Formatted(None)
    lines = data.decode("utf-8").removesuffix("\n").split("\n")
    kinds = dict(scalar_kinds(schema, document.value))

    def scalar(at: Path) -> str:
        position = document.scalars[at]
        return written(position, value_at(document.value, at), kinds.get(at), is_sms(at, contracts))

    def order(at: Path, value: Mapping[str, Value]) -> list[str]:
        return list(value) if at else ordered(place.kind, schema, value)

    text = Writer(document, lines, order, scalar).text()
    if not says_the_same(document, lines, text, contracts):
        return Formatted(None, (_left_alone(path, place),))
    return Formatted(text)


def says_the_same(
    document: LocatedDocument,
    lines: list[str],
    text: str,
    contracts: Mapping[str, ChannelContract],
) -> bool:
    """Whether `text` holds the same values, but for apostrophes in SMS, and the same comments."""
    again, _ = load_document(document.file, text.encode("utf-8"))
    if again is None or comments_of(again, text.split("\n")) != comments_of(document, lines):
        return False
    return again.value == expected(document.value, contracts)


def expected(value: Value, contracts: Mapping[str, ChannelContract], path: Path = ()) -> Value:
    """`value` with the apostrophes that SMS get."""
    if isinstance(value, dict):
        return {key: expected(inner, contracts, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [expected(inner, contracts, (*path, at)) for at, inner in enumerate(value)]
    if isinstance(value, str) and is_sms(path, contracts):
        return plain_sms(value)
    return value


def value_at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _left_alone(path: str, place: DocumentPlace) -> Diagnostic:
    return Diagnostic(
        "HB761",
        "this file is written in a way that cannot be formatted without losing something",
        SourceRange(path, 1, 1, 1, 1),
        Severity.WARNING,
        hint="put comments on lines of their own, and each value behind its field",
        tenant=place.tenant,
    )
