"""Places of parts, and the words that findings share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.language.bounds.worst import Found
from handbill.lower.judging import in_segments, reached, shown

if TYPE_CHECKING:
    from conftest import Configuration

CONTRACT = """
address: email
parts:
  subject: {kind: text, max: 5, required: true}
  html: {kind: html, required: true}
  text: {kind: text, max: 5}
"""


@pytest.mark.parametrize(
    ("message", "under"),
    [
        ('{email: {subject: "too long", template: hello.html}}', ['"too long"', "hello.html"]),
        ('{email: {subject: {en-US: "too long"}, body: "<p>x</p>"}}', ['"too long"']),
        ('{email: {subject: "Hi", body: {en-US: "<p>longer</p>"}}}', ['"<p>longer</p>"']),
    ],
)
def test_findings_point_at_what_was_written(
    configuration: Configuration, message: str, under: list[str]
) -> None:
    configuration.lay({"channels/email/channel.yaml": CONTRACT})
    found = configuration.campaign(message=message).compile().findings
    assert {each.code for each in found} == {"HB610"}
    line = f"message: {message}"
    places = [each.range for each in found if each.range is not None]
    shown = sorted(line[place.column - 1 : place.end_column - 1] for place in places)
    assert shown == sorted(under)


def test_words() -> None:
    assert in_segments(1) == "1 segment" and in_segments(2) == "2 segments"
    found = Found({}, 7, (), {})
    assert reached(found, 7, "bytes") == ()
    assert reached(found, 9, "bytes") == ("at most 9 bytes: the longest found is 7",)
    assert reached(None, 9, "bytes") == ("at most 9 bytes: no customer was found who shows it",)


def test_who_does_not_exceed_the_limit_is_no_counterexample() -> None:
    found = Found({"name": "M"}, 7, (), {})
    assert shown(found, 6) == {"name": "M"}
    assert shown(found, 7) is None and shown(None, 0) is None
