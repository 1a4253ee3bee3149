"""The tags of a marked template."""

from __future__ import annotations

from handbill.language.html.tokens import StartTag, tokens_of


def start_tags(text: str) -> tuple[StartTag, ...]:
    return tuple(token for token in tokens_of(text) if isinstance(token, StartTag))
