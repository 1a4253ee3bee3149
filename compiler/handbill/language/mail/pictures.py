"""Alternative texts: what a reader has of a picture that is not shown, or not seen.

`alt=""` says that a picture is decoration; leaving `alt` out says nothing, and screen readers then read
the file's name aloud.
"""

from __future__ import annotations

from collections.abc import Iterator

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.html.tokens import EndTag, StartTag, tokens_of
from handbill.language.templates.marked import MarkedTemplate

_PICTURES = frozenset({"img", "mj-image", "mj-carousel-image", "mj-social-element"})


def pictures_without_text(marked: MarkedTemplate) -> Iterator[Diagnostic]:
    """A finding for each picture of a template, HTML or MJML, that has no `alt`."""
    defaults = False
    for token in tokens_of(marked.text):
        if isinstance(token, StartTag | EndTag) and token.name == "mj-attributes":
            defaults = isinstance(token, StartTag)
        if defaults or not isinstance(token, StartTag) or token.name not in _PICTURES:
            continue
        if token.get("alt") is None:
            yield Diagnostic(
                "HB592",
                "this picture has no text for readers who do not see it",
                marked.place(token.start, token.end).range,
                hint='alt="what it shows", or alt="" where it is decoration only',
            )
