"""Texts that say less than their author wrote, because of how YAML reads unquoted words.

A comment after an unquoted text cuts it (HB214); inside {} and [] a comma or a brace would (HB215);
`0142` is a number unless it is quoted (HB219). Only the schema knows which fields are texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange
from handbill.schema.walk import scalar_kinds
from handbill.source.layout import tenant_of
from handbill.source.located import LocatedDocument, Path, ScalarPosition, ScalarStyle
from handbill.source.yaml_syntax import in_curly_quotes, quote

CUT_BY_COMMENT = frozenset({"text", "template", "prose", "constant", "body"})
NEEDS_QUOTES_IN_FLOW = frozenset({"text", "template"})


def check_quoting(document: LocatedDocument, schema: dict[str, Any]) -> Iterator[Diagnostic]:
    """Findings about unquoted texts of a document."""
    for path, kind in scalar_kinds(schema, document.value):
        scalar = document.scalars.get(path)
        if scalar is None:
            continue
        is_text = isinstance(_value_at(document, path), str)
        if scalar.comment and is_text and kind in CUT_BY_COMMENT:
            yield _cut_by_comment(document, path, scalar)
        elif scalar.style is ScalarStyle.FLOW_PLAIN and kind in NEEDS_QUOTES_IN_FLOW and is_text:
            yield _unquoted_in_flow(document, path, scalar)
        elif scalar.style is ScalarStyle.PLAIN and kind in NEEDS_QUOTES_IN_FLOW and is_text:
            yield from _curly_quotes(document, path, scalar)
        elif kind == "constant" and _loses_zeros(scalar):
            yield number_for_text(document, path, scalar)


def _value_at(document: LocatedDocument, path: Path) -> Any:
    value: Any = document.value
    for step in path:
        value = value[step]
    return value


def _loses_zeros(scalar: ScalarPosition) -> bool:
    digits = scalar.source.lstrip("+-")
    plain = scalar.style in (ScalarStyle.PLAIN, ScalarStyle.FLOW_PLAIN)
    return plain and digits.isdigit() and len(digits) > 1 and digits.startswith("0")


def key_of(path: Path) -> str:
    """The field's own name, as it stands before the colon."""
    return next((str(step) for step in reversed(path) if isinstance(step, str)), "")


def _assign(path: Path, text: str) -> str:
    key = key_of(path)
    return f"{key}: {quote(text)}" if path and path[-1] == key else quote(text)


def read_as(value: object) -> str:
    """What an unquoted word has become: `the number 142`, `true`."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"the number {value:f}" if isinstance(value, Decimal) else f"the number {value}"


def _cut_by_comment(document: LocatedDocument, path: Path, scalar: ScalarPosition) -> Diagnostic:
    value, place = scalar.text.text, scalar.range
    last = value.split()[-1][:40] if value.split() else value
    return Diagnostic(
        "HB214",
        f'this {key_of(path)} ends at "{last}": ` #` starts a YAML comment',
        SourceRange(
            place.file,
            place.line,
            place.column,
            place.end_line,
            place.end_column + len(scalar.comment),
        ),
        hint=_assign(path, f"{value}{scalar.comment}"),
        notes=("a comment for colleagues goes on a line of its own",),
        tenant=tenant_of(document.file),
    )


def _curly_quotes(
    document: LocatedDocument, path: Path, scalar: ScalarPosition
) -> Iterator[Diagnostic]:
    inside = in_curly_quotes(scalar.text.text)
    if inside is not None:
        yield Diagnostic(
            "HB225",
            "typographic quotation marks are part of the text: customers would see them",
            scalar.range,
            Severity.WARNING,
            hint=_assign(path, inside),
            notes=(f"to send them, put straight ones around: {quote(scalar.text.text)}",),
            tenant=tenant_of(document.file),
        )


def _unquoted_in_flow(document: LocatedDocument, path: Path, scalar: ScalarPosition) -> Diagnostic:
    return Diagnostic(
        "HB215",
        f"inside {{}} a text needs quotes: unquoted, this {key_of(path)} would end at its first comma",
        scalar.range,
        hint=_assign(path, in_curly_quotes(scalar.text.text) or scalar.text.text),
        tenant=tenant_of(document.file),
    )


def number_for_text(document: LocatedDocument, path: Path, scalar: ScalarPosition) -> Diagnostic:
    """Digits (or true, or false) where text is expected: unquoted they are no text."""
    return Diagnostic(
        "HB219",
        f"unquoted, `{scalar.source}` is read as {read_as(_value_at(document, path))}, and not as text",
        scalar.range,
        hint=_assign(path, scalar.source),
        tenant=tenant_of(document.file),
    )
