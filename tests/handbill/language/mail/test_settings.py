"""The language of a mail decides its direction."""

from __future__ import annotations

import pytest

from handbill.language.mail.settings import MailSettings


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("", {}),
        ("en-US", {"lang": "en-US", "dir": "ltr"}),
        ("fr-CA", {"lang": "fr-CA", "dir": "ltr"}),
        ("ar-EG", {"lang": "ar-EG", "dir": "rtl"}),
        ("he", {"lang": "he", "dir": "rtl"}),
    ],
)
def test_language_and_direction(locale: str, expected: dict[str, str]) -> None:
    assert MailSettings(locale=locale).document == expected
