"""The tokens that HTML is read as; all offsets are of the text that was read."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

RCDATA = frozenset({"title", "textarea"})
"""Elements whose content is text with character references, up to their own end tag."""
RAWTEXT = frozenset({"style", "xmp", "iframe", "noembed", "noframes"})
"""Elements whose content is text without character references, up to their own end tag."""
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
"""Elements that have no end tag."""


class Attribute(msgspec.Struct, frozen=True, gc=False):
    """`quote` is `"`, `'` or "" (unquoted); `start` is the value's offset, -1 without a value."""

    name: str
    value: str
    quote: str
    start: int


class StartTag(msgspec.Struct, frozen=True, gc=False):
    name: str
    attributes: tuple[Attribute, ...]
    self_closing: bool
    start: int
    end: int

    def get(self, name: str) -> str | None:
        """The value of the first attribute of this name, as a browser reads it."""
        return next((item.value for item in self.attributes if item.name == name), None)


class EndTag(msgspec.Struct, frozen=True, gc=False):
    name: str
    attributes: tuple[Attribute, ...]
    start: int
    end: int


class Characters(msgspec.Struct, frozen=True, gc=False):
    """Text between tags with its character references decoded, as one token."""

    data: str
    start: int
    end: int


class Comment(msgspec.Struct, frozen=True, gc=False):
    """A comment of any kind, the bogus ones (`<?x>`, `</ x>`) included."""

    data: str
    start: int
    end: int


class Doctype(msgspec.Struct, frozen=True, gc=False):
    data: str
    start: int
    end: int


class Malformed(msgspec.Struct, frozen=True, gc=False):
    """What html5lib calls a parse error, by its name there; `start` is near the place."""

    error: str
    start: int


Markup: TypeAlias = StartTag | EndTag | Comment | Doctype
HtmlToken: TypeAlias = Markup | Characters | Malformed
