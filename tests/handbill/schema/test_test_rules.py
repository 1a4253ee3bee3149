"""Tests that expect nothing, of nobody, or what cannot be at once."""

from __future__ import annotations

import pytest

from handbill.schema.check import check_document
from handbill.source.layout import classify
from handbill.source.yaml import load_document

PATH = "tenants/ff/tests/x.yaml"
HEAD = "campaign: x\nnow: 2026-12-05T10:00\ncustomers: {ann: {}, bob: {}}\n"


def codes(text: str) -> list[tuple[str, int]]:
    document, found = load_document(PATH, (HEAD + text).encode())
    assert document is not None and found == ()
    place = classify(PATH)
    assert place is not None
    return [
        (each.code, each.range.line)
        for each in check_document(document, place, {})
        if each.range is not None
    ]


@pytest.mark.parametrize(
    "expected",
    [
        "selected: true",
        "selected: false, because: cap",
        "because: cap",
        "contains: x",
        "selected: false, snapshot: false",
    ],
)
def test_what_can_be(expected: str) -> None:
    assert codes(f"expect:\n  ann: {{{expected}}}\n") == []


@pytest.mark.parametrize("expected", ["", "snapshot: false"])
def test_what_could_not_fail(expected: str) -> None:
    assert codes(f"expect:\n  ann: {{{expected}}}\n") == [("HB470", 5)]


@pytest.mark.parametrize(
    "expected",
    [
        "selected: true, because: cap",
        "selected: false, channel: email",
        "selected: false, contains: x",
        "selected: false, snapshot: true",
    ],
)
def test_what_cannot_be_at_once(expected: str) -> None:
    assert codes(f"expect:\n  ann: {{{expected}}}\n") == [("HB472", 5)]


def test_customers_that_are_not_there() -> None:
    sent = "sent: {bod: [{campaign: x, channel: email, at: 2026-12-01T10:00}]}\n"
    found = codes(f"{sent}stopped: {{cid: [sms]}}\nexpect:\n  an: {{selected: true}}\n")
    assert sorted(found) == [("HB471", 4), ("HB471", 5), ("HB471", 7)]


def test_expecting_nobody_breaks_the_schema() -> None:
    assert [code for code, _ in codes("expect: {}\n")] == ["HB307"]
