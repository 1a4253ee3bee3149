"""Values of attributes are held to their form."""

from __future__ import annotations

import pytest

from handbill.language.mail.elements import ALL_ATTRIBUTES
from handbill.language.mail.values import EXAMPLES, ValueKind, fits, value_kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("alt", ValueKind.TEXT),
        ("href", ValueKind.ADDRESS),
        ("background-url", ValueKind.PICTURE),
        ("inner-background-color", ValueKind.COLOR),
        ("padding-left", ValueKind.SIZE),
        ("font-family", ValueKind.CSS),
        ("align", ValueKind.WORD),
        ("nobody-knows", ValueKind.WORD),
    ],
)
def test_kinds(name: str, kind: ValueKind) -> None:
    assert value_kind(name) is kind


def test_every_address_is_known_as_one() -> None:
    """What the converter writes into `src`, `href` or `url(…)` must never count as a word."""
    for name in ALL_ATTRIBUTES:
        if any(part in name for part in ("url", "src", "href")) or name.endswith("-icon"):
            assert value_kind(name) in (ValueKind.ADDRESS, ValueKind.PICTURE), name


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (ValueKind.COLOR, "#abc", True),
        (ValueKind.COLOR, "#1A7F37", True),
        (ValueKind.COLOR, "rebeccapurple", True),
        (ValueKind.COLOR, "rgba(0, 0, 0, .5)", True),
        (ValueKind.COLOR, "#ab", False),
        (ValueKind.COLOR, "red;background:url(x)", False),
        (ValueKind.COLOR, "url(x)", False),
        (ValueKind.SIZE, "0", True),
        (ValueKind.SIZE, "10px 25px", True),
        (ValueKind.SIZE, "10px 25px 1.5em auto", True),
        (ValueKind.SIZE, "-0.3px", True),
        (ValueKind.SIZE, "2000px", True),
        (ValueKind.SIZE, "2001px", False),
        (ValueKind.SIZE, "9" * 400 + "px", False),
        (ValueKind.SIZE, "calc(1px + 2px)", False),
        (ValueKind.SIZE, "1px 1px 1px 1px 1px", False),
        (ValueKind.SIZE, "1px\n", False),
        (ValueKind.CSS, "1px solid #ddd", True),
        (ValueKind.CSS, "Georgia, 'Times New Roman', serif", True),
        (ValueKind.CSS, "a;b", False),
        (ValueKind.CSS, "url(https://x.example)", False),
        (ValueKind.WORD, "center", True),
        (ValueKind.WORD, "card wide_2", True),
        (ValueKind.WORD, 'a" onclick="b', False),
        (ValueKind.PICTURE, "https://fresh.example/a.png", True),
        (ValueKind.PICTURE, "https://fresh.example/a.png')", False),
        (ValueKind.TEXT, "any thing <at> all", True),
    ],
)  # fmt: skip
def test_values(kind: ValueKind, value: str, expected: bool) -> None:
    assert fits(kind, value) is expected


def test_the_examples_say_what_fits() -> None:
    assert fits(ValueKind.COLOR, EXAMPLES[ValueKind.COLOR])
    assert fits(ValueKind.SIZE, EXAMPLES[ValueKind.SIZE].partition(",")[0])
