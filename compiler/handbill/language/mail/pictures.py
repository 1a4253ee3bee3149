"""Alternative texts: what a reader has of a picture that is not shown, or not seen.

`alt=""` says that a picture is decoration; leaving `alt` out says nothing, and screen readers then read
the file's name aloud.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.html.tokens import EndTag, StartTag, tokens_of
from handbill.language.templates.marked import MarkedTemplate

_PICTURES = frozenset({"img", "mj-image", "mj-carousel-image", "mj-social-element"})


def pictures_without_text(marked: MarkedTemplate) -> Iterator[Diagnostic]:
    """A finding for each picture of a template, HTML or MJML, that has no `alt`."""
    for picture in _without_text(marked.text):
        yield Diagnostic(
            "HB592",
            "this picture has no text for readers who do not see it",
            marked.place(picture.start, picture.end).range,
            hint='alt="what it shows", or alt="" where it is decoration only',
        )


@lru_cache(maxsize=128)
def _without_text(text: str) -> tuple[StartTag, ...]:
    found = []
    defaults = False
    for token in tokens_of(text):
        if isinstance(token, StartTag | EndTag) and token.name == "mj-attributes":
            defaults = isinstance(token, StartTag)
        if defaults or not isinstance(token, StartTag) or token.name not in _PICTURES:
            continue
        if token.get("alt") is None:
            found.append(token)
    return tuple(found)
