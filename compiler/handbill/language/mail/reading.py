"""The tags of a marked template."""

from __future__ import annotations

from functools import lru_cache

from handbill.language.html.tokens import StartTag, tokens_of


@lru_cache(maxsize=32)
def start_tags(text: str) -> tuple[StartTag, ...]:
    return tuple(token for token in tokens_of(text) if isinstance(token, StartTag))
