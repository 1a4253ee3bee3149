"""Diagnostics for people, exactly in their shape."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from handbill.diagnostics.diagnostic import Diagnostic, Related, Severity, SourceRange
from handbill.diagnostics.render_text import render_text, safe

FILE = "tenants/fresh-fields/campaigns/winback.yaml"
LINES = ["one"] * 7 + ["  include: customer.last_order_days > 30"]


def reader(*lines: str):  # type: ignore[no-untyped-def]
    def read(file: str) -> Sequence[str] | None:
        return lines if file == FILE else None

    return read


def test_the_whole_shape() -> None:
    one = Diagnostic(
        "HB501",
        "`customer.last_order_days` may be missing",
        SourceRange(FILE, 8, 12, 8, 36),
        notes=("declared optional at schemas/customer.schema.json:41",),
        hint="`customer.last_order_days | default(0) > 30`",
        witness={"orders_90d": 0},
    )
    assert render_text([one], reader(*LINES)) == (
        "error[HB501]: `customer.last_order_days` may be missing\n"
        "  --> tenants/fresh-fields/campaigns/winback.yaml:8:12\n"
        "   |\n"
        " 8 |   include: customer.last_order_days > 30\n"
        "   |            ^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "   = declared optional at schemas/customer.schema.json:41\n"
        "   = help: `customer.last_order_days | default(0) > 30`\n"
        '   = counterexample: {"orders_90d": 0}\n'
    )


def test_a_second_place_and_two_blocks() -> None:
    one = Diagnostic(
        "HB410",
        "fixed",
        SourceRange(FILE, 1, 1, 1, 4),
        severity=Severity.WARNING,
        related=(Related("the lock", SourceRange("handbill.yaml", 120, 1, 120, 5)),),
    )
    two = Diagnostic("HB114", "no place", hint="write one")
    assert render_text([one, two], reader("abc")) == (
        "warning[HB410]: fixed\n"
        f"    --> {FILE}:1:1\n"
        "     |\n"
        "   1 | abc\n"
        "     | ^^^\n"
        "    ::: handbill.yaml:120:1 the lock\n"
        "\n"
        "error[HB114]: no place\n"
        "  = help: write one\n"
    )


def place(line: str, start: int, end: int) -> list[str]:
    one = Diagnostic("HB1", "x", SourceRange(FILE, 1, start, 1, end))
    return render_text([one], reader(line)).splitlines()[3:5]


def test_the_caret_stands_under_wide_characters_and_tabs() -> None:
    assert place("日本 x", 4, 5)[1] == "   |      ^"
    assert place("\tx", 2, 3) == [" 1 |  x", "   |  ^"]
    assert place("e\u0301x", 3, 4)[1] == "   |  ^"
    assert place("日", 1, 2)[1] == "   | ^^"


def test_long_lines_are_shown_around_the_place() -> None:
    shown, caret = place("a" * 500 + "TARGET" + "b" * 500, 501, 507)
    assert len(shown) < 180
    assert shown[5] == shown[-1] == "…"
    assert shown[caret.index("^") : caret.rindex("^") + 1] == "TARGET"


def test_ranges_over_several_lines_mark_the_first() -> None:
    one = Diagnostic("HB1", "x", SourceRange(FILE, 1, 3, 2, 2))
    assert render_text([one], reader("a: bcd", "ef")).splitlines()[4] == "   |   ^^^^"


def test_findings_about_a_file_as_such_show_no_line() -> None:
    one = Diagnostic("HB105", "x", SourceRange(FILE, 1, 1, 1, 1))
    assert render_text([one], reader("abc")) == f"error[HB105]: x\n  --> {FILE}:1:1\n"


def test_windows_line_ends_are_not_shown() -> None:
    assert place("abc\r", 1, 2)[0] == " 1 | abc"


def test_nothing_found() -> None:
    assert render_text([], reader()) == ""


def test_colours_only_when_asked_for() -> None:
    one = Diagnostic("HB1", "x", SourceRange(FILE, 1, 1, 1, 2), hint="y")
    plain, coloured = (render_text([one], reader("abc"), color) for color in (False, True))
    assert "\x1b" not in plain
    assert coloured.startswith("\x1b[1;31merror[HB1]\x1b[0m")
    import re

    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_nothing_of_a_file_reaches_the_terminal_unseen() -> None:
    one = Diagnostic(
        "HB1", "a\x1b[2Jb\nc", SourceRange(FILE, 1, 1, 1, 2), witness={"name": "\x1b\u202e"}
    )
    text = render_text([one], reader("x\x1b[31m\u202ey"))
    assert "\x1b" not in text and "\u202e" not in text
    assert safe("a\nb\x07") == "a b\\x07"


@given(
    st.text(max_size=300),
    st.integers(1, 5),
    st.integers(1, 400),
    st.integers(1, 5),
    st.integers(1, 400),
)
def test_no_range_breaks_it(line: str, first: int, start: int, last: int, end: int) -> None:
    one = Diagnostic("HB1", "x", SourceRange(FILE, first, start, last, end))
    text = render_text([one], reader(line, "second"))
    assert text.startswith("error[HB1]: x\n")
