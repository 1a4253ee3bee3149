"""What may stand in a style and in an attribute that takes constants, and where it is told."""

from __future__ import annotations

import pytest

from handbill.language.mail.check_values import not_constant, refused_brace
from handbill.language.mail.styles import WrongBrace
from handbill.language.mail.values import ValueKind
from handbill.language.templates.draft import DraftPut, DraftText, Place
from handbill.language.templates.marked import mark_template
from handbill.plan.ir import Call, Const, Expression, Field, Operation
from handbill.plan.types import BoolType, StringType
from handbill.source.text import SourceText

TEXT = StringType(20)
SOURCE = SourceText.of_file("a.mjml", "{{ x }} } b")
GOLD = Field(("customer", "gold"), BoolType())
NAME = Field(("customer", "name"), TEXT)
CHOICE = Call(Operation.IF, (GOLD, Const(TEXT, "red"), Const(TEXT, "blue")), TEXT)


@pytest.mark.parametrize(
    ("expression", "kind", "attribute", "code"),
    [
        (Const(TEXT, "#1a7f37"), ValueKind.COLOR, "", None),
        (Const(TEXT, "red; } p {"), ValueKind.COLOR, "", "HB574"),
        (Const(TEXT, "red; } p {"), ValueKind.COLOR, "color", None),
        (CHOICE, ValueKind.COLOR, "color", None),
        (CHOICE, ValueKind.TEXT, "width", "HB582"),
        (NAME, ValueKind.COLOR, "color", "HB582"),
        (NAME, ValueKind.COLOR, "", "HB582"),
    ],
)
def test_holes(expression: Expression, kind: ValueKind, attribute: str, code: str | None) -> None:
    found = not_constant(DraftPut(expression, Place(SOURCE, 0, 7)), kind, attribute)
    assert (found.code if found else None) == code
    if found is not None:
        assert found.range is not None and (found.range.column, found.range.end_column) == (1, 8)


def test_a_brace_is_told_at_its_place() -> None:
    marked = mark_template((DraftText("} b", Place(SOURCE, 8, 11)),))
    found = refused_brace(WrongBrace(0, "this brace closes nothing"), 0, marked)
    assert found.code == "HB597"
    assert found.range is not None and (found.range.column, found.range.end_column) == (9, 10)
