"""Rows that come and go stand in a `<tbody>` of their own."""

from __future__ import annotations

import pytest

from handbill.language.mail.tables import with_table_bodies
from handbill.language.mail.tree import parse_mjml


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<table><tr><td>a</td></tr></table>", None),
        ("<table>hb0o<tr><td>a</td></tr>hb1c</table>", "<table><tbody>hb0o<tr><td>a</td></tr>hb1c</tbody></table>"),
        ("<table><tbody>hb0o<tr></tr>hb1c</tbody></table>", None),
        ("<table>hb0o<tbody><tr></tr></tbody>hb1c</table>", None),
        ("<table> <thead><tr></tr></thead><tr></tr>hb0o<tr></tr>hb1c</table>",
         "<table> <thead><tr></tr></thead><tbody><tr></tr>hb0o<tr></tr>hb1c</tbody></table>"),
        ("<table><tr><td><table>hb0ohb1c</table></td></tr></table>",
         "<table><tr><td><table><tbody>hb0ohb1c</tbody></table></td></tr></table>"),
        ("<table>hb0o<tr><td><table>hb1ohb2c</table></td></tr>hb3c</table>",
         "<table><tbody>hb0o<tr><td><table><tbody>hb1ohb2c</tbody></table></td></tr>hb3c</tbody></table>"),
        ("<p>hb0ohb1c</p>", None),
    ],
)  # fmt: skip
def test_bodies(html: str, expected: str | None) -> None:
    assert with_table_bodies(html, parse_mjml(html, "hb")) == (expected or html)
