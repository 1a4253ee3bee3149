from __future__ import annotations

from handbill.diff.renderers.text_ink import Ink


def test_colours_of_a_terminal() -> None:
    ink = Ink(color=True)
    assert ink("old", "31") == "\x1b[31mold\x1b[0m"
    assert ink.bold("a") == "\x1b[1ma\x1b[0m"
    assert ink.dim("a") == "\x1b[2ma\x1b[0m"
    assert ink.warn("a") == "\x1b[33ma\x1b[0m"
    assert (ink.removed("a"), ink.added("b")) == ("\x1b[31;9ma\x1b[0m", "\x1b[32mb\x1b[0m")
    assert ink("", "31") == ""


def test_without_colours_differences_stand_in_brackets() -> None:
    ink = Ink(color=False)
    assert (ink.bold("a"), ink.dim("a"), ink.warn("a"), ink("a", "31")) == ("a", "a", "a", "a")
    assert (ink.removed("a"), ink.added("b")) == ("[-a-]", "{+b+}")
