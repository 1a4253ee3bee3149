"""White space is written late and merged."""

from __future__ import annotations

from handbill.language.html.text_lines import BLANK_LINE, Before, Lines, as_text
from handbill.plan.ir import Escape, Local, Put, Text
from handbill.plan.types import StringType

NAME = Put(Local("x", StringType(9)), Escape.HTML_TEXT)


def written(lines: Lines) -> str:
    return "".join(op.text if isinstance(op, Text) else "{}" for op in lines.finished())


def test_white_space_is_one_space() -> None:
    lines = Lines()
    lines.text("  a \n\t b\u00a0c ")
    lines.text(" d")
    lines.text("e  ")
    assert written(lines) == "a b c de"


def test_invisible_characters_go() -> None:
    lines = Lines()
    lines.text("a\u200bb\u00ad\ufeffc \u200b d")
    assert written(lines) == "abc d"


def test_lines_and_blank_lines() -> None:
    lines = Lines()
    lines.line(BLANK_LINE)
    lines.text("a ")
    lines.line()
    lines.text(" b")
    lines.line()
    lines.line(BLANK_LINE)
    lines.line()
    lines.text("c")
    lines.line_break()
    lines.text("d")
    lines.line_break()
    lines.line_break()
    lines.line_break()
    lines.text("e")
    lines.line()
    assert written(lines) == "a\nb\n\nc\nd\n\ne"


def test_holes_keep_their_spaces() -> None:
    lines = Lines()
    lines.text("Hi ")
    lines.put(NAME)
    lines.text(", you ")
    lines.put(NAME)
    assert written(lines) == "Hi {}, you {}"
    assert lines.ops[2] == Put(NAME.expression, Escape.PLAIN)


def test_verbatim_text_may_end_with_the_space() -> None:
    lines = Lines()
    lines.line()
    lines.verbatim("- ")
    lines.text(" a")
    assert written(lines) == "- a"


def test_what_is_certain_before_a_point() -> None:
    assert Before(2, True).meet(Before(1, False)) == Before(1, False)
    lines = Lines(Before(0, False))
    lines.line()
    assert lines.settle() == Before(1, True)
    assert lines.ops == [Text("\n")]
    assert lines.settle() == Before(1, True)


def test_nothing_is_nothing() -> None:
    lines = Lines()
    lines.text(" \n ")
    lines.line()
    assert written(lines) == ""


def test_as_text() -> None:
    assert as_text([Text("a"), Text("b")]) == "ab"
    assert as_text([Text("a"), NAME]) is None
    assert as_text([]) == ""
