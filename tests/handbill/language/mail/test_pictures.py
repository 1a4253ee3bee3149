"""Every picture has a text, be it the empty one."""

from __future__ import annotations

import pytest
from mail_world import column, findings, words

from handbill.language.mail.settings import MailSettings

STRICT = MailSettings(alt_text=True)
AT = "src='https://fresh.example/a.png'"


@pytest.mark.parametrize(
    ("source", "under"),
    [
        (column(f"<mj-image {AT} />"), f"<mj-image {AT} />"),
        (words(f"<img {AT}>"), f"<img {AT}>"),
        (column(f"<mj-social><mj-social-element {AT}>x</mj-social-element></mj-social>"),
         f"<mj-social-element {AT}>"),
        (column(f"<mj-image alt='' {AT} />"), None),
        (column(f"<mj-image alt {AT} />"), None),
        (words(f"<img alt='Apples' {AT}>"), None),
        (words("x", "<mj-attributes><mj-image padding='0' /></mj-attributes>"), None),
    ],
)  # fmt: skip
def test_in_mjml(source: str, under: str | None) -> None:
    assert findings(source, STRICT) == ([("HB592", under)] if under else [])
    assert findings(source) == []


def test_in_plain_html() -> None:
    assert findings(f"<p><img {AT}></p>", STRICT, file="main.html") == [("HB592", f"<img {AT}>")]
