"""When a section changes its shape as one of its columns is left out."""

from __future__ import annotations

import pytest

from handbill.language.mail.check_columns import uneven_column
from handbill.language.mail.tree import Element, parse_mjml

PLAIN, WIDE = "<mj-column></mj-column>", '<mj-column width="50%"></mj-column>'


def section(inside: str) -> Element:
    (found,) = parse_mjml(f"<mj-section>{inside}</mj-section>", "hb").roots
    assert isinstance(found, Element)
    return found


@pytest.mark.parametrize(
    ("inside", "written"),
    [
        (PLAIN + PLAIN, None),
        (f"hb0o{PLAIN}hb1c", None),
        (f"{PLAIN}hb0o{PLAIN}hb1c", 2),
        (f"{PLAIN}hb0o{WIDE}hb1c", None),
        (f"{PLAIN}hb0o{PLAIN}hb1n{PLAIN}hb2c", 3),
        (f"hb0ohb1c{PLAIN}{PLAIN}", None),
        (f"{PLAIN}hb0o<mj-group></mj-group>hb1c", 2),
    ],
)
def test_columns_in_an_if(inside: str, written: int | None) -> None:
    found = uneven_column(section(inside))
    assert (found[1] if found else None) == written


def test_the_first_of_them_is_told() -> None:
    whole = section(f"{PLAIN}hb0o{PLAIN}{PLAIN}hb1c")
    found = uneven_column(whole)
    assert found is not None and found[0] is whole.children[2]
