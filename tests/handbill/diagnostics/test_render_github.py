"""Workflow commands: what GitHub's runner reads back out of them is what was meant."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange
from handbill.diagnostics.render_github import (
    annotation,
    command,
    escaped_message,
    escaped_property,
    render_github,
)

PLACE = SourceRange("tenants/ff/campaigns/a.yaml", 8, 12, 8, 36)
ONE = Diagnostic("HB501", "`customer.x` may be missing", PLACE)


def understood(line: str) -> tuple[str, dict[str, str], str]:
    """Name, properties and message as the runner takes a command apart."""
    match = re.fullmatch(r"::([a-z]+)(?: ([^\r\n]*?))?::([^\r\n]*)", line)
    assert match, line
    properties = dict(each.split("=", 1) for each in match[2].split(",")) if match[2] else {}
    return match[1], {key: undone(each) for key, each in properties.items()}, undone(match[3])


def undone(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_an_error_at_its_place() -> None:
    assert render_github([ONE]) == (
        "::error file=tenants/ff/campaigns/a.yaml,line=8,col=12,endLine=8,endColumn=35,"
        "title=HB501::`customer.x` may be missing\n"
    )


def test_levels_and_their_order() -> None:
    other = SourceRange("a.yaml", 1, 1, 1, 2)
    found = [
        replace(ONE, severity=Severity.NOTE, range=other, code="HB502"),
        replace(ONE, severity=Severity.WARNING, range=other),
        ONE,
    ]
    names = [understood(line)[0] for line in render_github(found).splitlines()]
    assert names == ["error", "warning", "notice"]


def test_notes_and_the_hint_are_lines_of_the_message() -> None:
    one = replace(ONE, notes=("declared optional",), hint="`customer.x | default(0)`")
    _, _, message = understood(annotation(one))
    assert message.split("\n") == [
        "`customer.x` may be missing",
        "declared optional",
        "help: `customer.x | default(0)`",
    ]


def test_a_range_of_several_lines_is_marked_at_its_beginning() -> None:
    """GitHub drops the columns of a range that ends on another line."""
    _, properties, _ = understood(annotation(replace(ONE, range=SourceRange("a", 2, 5, 4, 1))))
    assert properties == {"file": "a", "line": "2", "col": "5", "title": "HB501"}


def test_an_empty_range_ends_where_it_begins() -> None:
    _, properties, _ = understood(annotation(replace(ONE, range=SourceRange("a", 1, 1, 1, 1))))
    assert (properties["col"], properties["endColumn"]) == ("1", "1")


def test_a_finding_without_a_place() -> None:
    assert annotation(replace(ONE, range=None)).startswith("::error title=HB501::")


def test_a_configuration_in_a_folder_of_its_repository() -> None:
    _, properties, _ = understood(annotation(ONE, "shops/config/"))
    assert properties["file"] == "shops/config/tenants/ff/campaigns/a.yaml"


def test_ten_are_shown_and_of_eleven_nine() -> None:
    found = [replace(ONE, range=SourceRange("a.yaml", n, 1, n, 2)) for n in range(1, 12)]
    assert len(render_github(found[:10]).splitlines()) == 10
    assert "more" not in render_github(found[:10])
    lines = render_github(found, rest="the file results.sarif has them all").splitlines()
    assert len(lines) == 10
    assert understood(lines[8])[1]["line"] == "9"
    assert understood(lines[9]) == (
        "error",
        {"title": "2 more errors"},
        "2 more errors: the file results.sarif has them all",
    )


def test_each_level_has_its_own_ten() -> None:
    found = [
        replace(ONE, severity=severity, message=severity, range=SourceRange("a.yaml", n, 1, n, 2))
        for n in range(1, 31)
        for severity in Severity
    ]
    lines = render_github(found).splitlines()
    assert [understood(line)[0] for line in lines] == [
        *["error"] * 10,
        *["warning"] * 10,
        *["notice"] * 10,
    ]


def test_what_would_end_a_part_is_escaped() -> None:
    one = replace(
        ONE, message="100%: a,b\n::add-mask::x", range=replace(PLACE, file="a:b,c=%.yaml")
    )
    line = annotation(one)
    assert "\n" not in line
    _, properties, message = understood(line)
    assert properties["file"] == "a:b,c=%.yaml"
    assert message == "100%: a,b ::add-mask::x"


@example("100%0A::error::%25", "a%2Cb%3A%0D")
@given(st.text(), st.text())
def test_anything_comes_back_out(message: str, value: str) -> None:
    line = command("error", message, {"title": value, "file": value})
    assert not re.search(r"[\r\n]", line)
    assert undone(escaped_message(message)) == message
    assert undone(escaped_property(value)) == value


def test_a_lone_surrogate_does_not_break_the_output() -> None:
    assert escaped_message("\udce9").encode() == b"\\udce9"


def test_nothing() -> None:
    assert render_github([]) == ""
