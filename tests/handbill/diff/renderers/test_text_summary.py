from __future__ import annotations

import pytest

from handbill.diff.model import Entry, FieldChange, ReleaseDiff, SharedChange, Side, Subject
from handbill.diff.renderers.text_summary import summary

SIDE = Side(label="main", digest="sha256:" + "1" * 64)


def entry(kind, *campaigns: str, tenant: str = "fresh-fields") -> Entry:
    subjects = tuple(Subject(tenant=tenant, campaign=name) for name in campaigns)
    return Entry(kind=kind, subjects=subjects)


def said(*entries: Entry, identical: int = 7, **more) -> str:
    changed = sum(len(each.subjects) for each in entries)
    counts = {"plans": changed + identical, "changed": changed, "identical": identical}
    sides = {"base": SIDE, "head": SIDE, "at": "2026-11-24T12:00:00Z"}
    return summary(ReleaseDiff(entries=entries, **{**counts, **sides, **more}))


@pytest.mark.parametrize(
    ("kind", "one", "two"),
    [
        ("started", "starts", "start"),
        ("stopped", "stops", "stop"),
        ("added", "is added", "are added"),
        ("removed", "is removed", "are removed"),
        ("changed", "changes", "change"),
    ],
)
def test_one_and_several(kind, one: str, two: str) -> None:
    assert said(entry(kind, "a")).startswith(f"1 campaign of fresh-fields {one};")
    assert said(entry(kind, "a", "b")).startswith(f"2 campaigns of fresh-fields {two};")


def test_several_kinds_the_weightiest_first() -> None:
    entries = entry("changed", "a", "b"), entry("started", "c"), entry("changed", "d")
    assert said(*entries) == ("1 campaign of fresh-fields starts, 3 change; 7 plans are identical")


def test_many_retailers_are_counted() -> None:
    entries = entry("changed", "a"), entry("changed", "a", tenant="corner-shop")
    assert said(*entries).startswith("2 campaigns of 2 retailers change;")


@pytest.mark.parametrize(
    ("identical", "others"),
    [
        (0, "there are no other plans"),
        (1, "1 plan is identical"),
        (1234, "1,234 plans are identical"),
    ],
)
def test_what_does_not_change(identical: int, others: str) -> None:
    assert said(entry("changed", "a"), identical=identical).endswith(f"; {others}")


def test_nothing() -> None:
    assert said() == "nothing changes for customers; 7 plans are identical"
    assert said(identical=0) == "nothing changes for customers; there are no plans"


def test_what_could_not_be_compared_is_not_called_unchanged() -> None:
    assert said(not_compared=("a",)) == (
        "nothing changes in what could be compared; 7 plans are identical"
    )
    assert said(not_compared=("a",), identical=0) == "nothing changes in what could be compared"


def test_what_campaigns_share() -> None:
    fields = (FieldChange(field="seeds", before="a", after="b"),)
    shared = (SharedChange(what="tenant", names=("fresh-fields",), fields=fields),)
    assert said(shared=shared) == (
        "no campaign changes, but what they share does; 7 plans are identical"
    )
