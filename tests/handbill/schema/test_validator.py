"""jsonschema with one keyword of our own."""

from __future__ import annotations

from handbill.schema.scalars import ScalarError
from handbill.schema.validator import KindValidator


def test_a_parsers_verdict_is_an_error_with_its_cause() -> None:
    (error,) = KindValidator({"type": "string", "x-kind": "duration"}).iter_errors("3d")
    assert error.validator == "x-kind"
    assert isinstance(error.cause, ScalarError)
    assert error.cause.hint == "3 days"


def test_only_strings_are_judged() -> None:
    assert list(KindValidator({"x-kind": "duration"}).iter_errors(3)) == []
    assert list(KindValidator({"x-kind": "duration"}).iter_errors("3 days")) == []
