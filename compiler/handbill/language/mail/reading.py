"""The tokens of a marked template, read once: several passes look at the same text."""

from __future__ import annotations

from functools import lru_cache

from handbill.language.html.tokens import HtmlToken, StartTag, html_tokens


@lru_cache(maxsize=64)
def tokens_of(text: str) -> tuple[HtmlToken, ...]:
    return tuple(html_tokens(text))


def start_tags(text: str) -> tuple[StartTag, ...]:
    return tuple(token for token in tokens_of(text) if isinstance(token, StartTag))
