"""Every value and every key has a place."""

from __future__ import annotations

from handbill.source.yaml import load_document

TEXT = """\
name: Ann
message:
  email: {subject: "Hi", tags: [a, bb]}
list:
  - one
  - two: 2
"""


def test_ranges() -> None:
    document, _ = load_document("a.yaml", TEXT.encode())
    assert document
    places = {
        path: (place.line, place.column, place.end_line, place.end_column)
        for path, place in document.ranges.items()
    }
    assert places[()] == (1, 1, 6, 11)
    assert places[("message",)] == (3, 3, 3, 40)
    assert places[("message", "email")] == (3, 10, 3, 40)
    assert places[("message", "email", "tags")] == (3, 32, 3, 39)
    assert places[("message", "email", "tags", 1)] == (3, 36, 3, 38)
    assert places[("list",)] == (5, 3, 6, 11)
    assert places[("list", 1, "two")] == (6, 10, 6, 11)


def test_keys_and_nearest_ancestors() -> None:
    document, _ = load_document("a.yaml", TEXT.encode())
    assert document
    assert document.key_range_of(("message", "email")).column == 3
    assert document.range_of(("message", "sms", "body")) == document.ranges[("message",)]
    assert document.key_range_of(("list", 0)) == document.ranges[("list", 0)]
    assert document.key_range_of(("name", "x")) == document.ranges[("name",)]
    scalar = document.scalar_of(("message", "email", "subject"))
    assert scalar and scalar.source == '"Hi"'
    assert document.scalar_of(("message",)) is None
