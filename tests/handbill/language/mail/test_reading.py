"""Tokens of the same text are read once."""

from __future__ import annotations

from handbill.language.html.tokens import tokens_of
from handbill.language.mail.reading import start_tags


def test_tokens_are_remembered() -> None:
    assert tokens_of("<p>a<b>") is tokens_of("<p>a<b>")
    assert [tag.name for tag in start_tags("<p>a<b></b>")] == ["p", "b"]
