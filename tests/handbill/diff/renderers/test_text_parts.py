from __future__ import annotations

from typing import Literal

from handbill.diff.model import PartDiff, Stretch
from handbill.diff.renderers.text_ink import Ink
from handbill.diff.renderers.text_parts import LINES, LONGEST, part_lines
from handbill.diff.words import part_diff

PLAIN = Ink(color=False)


def lines(before: str, after: str, is_new: bool = False) -> list[str]:
    return list(part_lines(part_diff("subject", before, after), is_new, PLAIN))


def test_one_line_stands_beside_its_name() -> None:
    assert lines("Double points", "Triple points") == ["  subject: [-Double-]{+Triple+} points"]


def test_only_lines_in_which_something_differs() -> None:
    assert lines("one\ntwo\nthree\nfour", "one\n2\nthree\n4") == [
        "  subject:",
        "    [-two-]{+2+}",
        "    [-four-]{+4+}",
    ]


def test_what_is_new_is_shown_from_its_beginning() -> None:
    assert lines("", "Hello\n\nyou", is_new=True) == ["  subject:", "    Hello", "    you"]
    (line,) = lines("", "x" * (LONGEST + 1), is_new=True)
    assert line == f"  subject: {'x' * (LONGEST - 1)}…"


def test_lines_beyond_a_number_are_counted() -> None:
    shown = lines("", "\n".join(map(str, range(LINES + 3))), is_new=True)
    assert len(shown) == LINES + 2
    assert shown[-1] == "    and 3 more lines"


def test_white_space_stays_outside_of_a_mark() -> None:
    part = PartDiff(part="body", stretches=(stretch("same", "a"), stretch("added", " b ")))
    assert list(part_lines(part, False, PLAIN)) == ["  body: a {+b+}"]


def test_nothing_of_a_message_reaches_the_terminal_as_a_command() -> None:
    part = PartDiff(part="\x1b[2J", stretches=(stretch("added", "\x1b]0;owned\x07"),))
    assert not {"\x1b", "\x07"} & set("".join(part_lines(part, True, PLAIN)))


def stretch(kind: Literal["same", "added", "removed"], text: str) -> Stretch:
    return Stretch(kind=kind, text=text)
