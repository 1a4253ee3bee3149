"""Lines before and after, with what stays the same shortened."""

from __future__ import annotations

from handbill.diff.model import Stretch
from handbill.diff.renderers.markdown_words import AROUND, LONGEST_CHANGE, MAX_LINES, changed_lines


def stretches(*written: tuple[str, str]) -> tuple[Stretch, ...]:
    kinds = {" ": "same", "-": "removed", "+": "added"}
    return tuple(Stretch(kind=kinds[sign], text=text) for sign, text in written)  # type: ignore[arg-type]


def test_a_word_in_a_line() -> None:
    found = stretches((" ", "Only today: "), ("-", "10%"), ("+", "15%"), (" ", " off"))
    assert changed_lines(found) == [("-", "Only today: 10% off"), ("+", "Only today: 15% off")]


def test_lines_that_stay_are_left_out() -> None:
    found = stretches((" ", "Hello,\nonly "), ("-", "10%"), ("+", "15%"), (" ", "\nBye\nBye"))
    assert changed_lines(found) == [("-", "only 10%"), ("+", "only 15%")]


def test_a_line_more_and_a_line_less() -> None:
    assert changed_lines(stretches((" ", "a\n"), ("+", "b\nc\n"), (" ", "d"))) == [
        ("-", "d"),
        ("+", "b"),
        ("+", "c"),
        ("+", "d"),
    ]
    assert changed_lines(stretches((" ", "a"), ("-", "\nb"))) == [
        ("-", "a"),
        ("-", "b"),
        ("+", "a"),
    ]


def test_far_words_are_left_out() -> None:
    far = "x" * 500
    lines = changed_lines(
        stretches((" ", far), ("-", "1"), ("+", "2"), (" ", far), ("+", "3"), (" ", far))
    )
    near = "x" * AROUND
    assert lines == [
        ("-", f"…{near}1{near}…{near}{near}…"),
        ("+", f"…{near}2{near}…{near}3{near}…"),
    ]


def test_a_long_change_is_cut_and_says_so() -> None:
    (only,) = changed_lines(stretches(("+", "y" * (LONGEST_CHANGE + 1_500))))
    assert only == ("+", "y" * LONGEST_CHANGE + "… (1,500 more characters)")


def test_many_lines_are_counted() -> None:
    lines = changed_lines(stretches(("+", "\n".join("abc" for _ in range(80)))))
    assert len(lines) == MAX_LINES and lines[-1] == (" ", f"… {80 - MAX_LINES + 1} more lines")


def test_blanks_alone_are_no_lines() -> None:
    assert changed_lines(stretches((" ", "a"), ("+", "\n \n"))) == [("-", "a"), ("+", "a")]
    assert changed_lines(stretches(("+", " \n "))) == []
    assert changed_lines(()) == []
