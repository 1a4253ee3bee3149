"""The tree of an MJML template as text for the converter, in the only form that it reads reliably.

Attributes are in double quotes and plain ASCII: the converter writes others in the syntax of its own
programming language. Constants are in place, other holes are their marks, turns of control flow are
comments; the author's comments are gone, and every table that has turns has a `<tbody>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from handbill.language.html.addresses import percent_encoded
from handbill.language.html.tokens import VOID, Attribute
from handbill.language.mail.elements import MJML_TAGS, Holds
from handbill.language.mail.tables import first_row
from handbill.language.mail.tree import Element, Node, Turn, Words
from handbill.language.mail.values import ValueKind, value_kind
from handbill.language.templates.draft import DraftPut
from handbill.language.templates.marked import Marked, mark_pattern
from handbill.plan.ir import Const

PREVIEW_PADDING = "&#847;&zwnj;&nbsp;" * 100
"""Invisible: without it, previews in the inbox go on with the mail's first words."""


@dataclass(frozen=True, slots=True)
class MjmlText:
    """`style` is the CSS to be written into tags: all rules of all `<mj-style>`."""

    text: str
    style: str


def write_mjml(
    root: Element, marks: tuple[Marked, ...], prefix: str, document: Mapping[str, str]
) -> MjmlText:
    """`document` are attributes of `<mjml>` (lang, dir) that hold where the author wrote none."""
    writer = _Writer(marks, prefix)
    own = {item.name for item in root.attributes}
    root_attributes = [f'{name}="{value}"' for name, value in document.items() if name not in own]
    text = "".join(writer.element(root, " ".join(root_attributes)))
    return MjmlText(text, "\n".join(writer.styles))


class _Writer:
    def __init__(self, marks: tuple[Marked, ...], prefix: str) -> None:
        self.marks, self.prefix, self.pattern = marks, prefix, mark_pattern(prefix)
        self.styles: list[str] = []

    def element(self, element: Element, more: str = "") -> Iterator[str]:
        tag = MJML_TAGS[element.name]
        if tag.holds is Holds.STYLE:
            yield from self._style(element)
            return
        yield self._start(element, more)
        if tag.holds is Holds.HTML:
            children = element.children
            yield from self.html(_with_body(children) if tag.name == "mj-table" else children)
        elif tag.holds is Holds.WORDS:
            yield from self.html(element.children)
            yield PREVIEW_PADDING if tag.name == "mj-preview" else ""
        else:
            for child in element.children:
                if isinstance(child, Turn):
                    yield self._turn(child)
                elif isinstance(child, Element):
                    yield from self.element(child)
        yield f"</{element.name}>"

    def html(self, nodes: Iterable[Node]) -> Iterator[str]:
        for node in nodes:
            match node:
                case Words(raw=raw):
                    yield raw.replace("<", "&lt;")
                case Turn():
                    yield self._turn(node)
                case Element(name=name) if name in VOID:
                    yield f"{self._start(node)[:-1]} />"
                case Element(name=name):
                    yield self._start(node)
                    yield from self.html(
                        _with_body(node.children) if name == "table" else node.children
                    )
                    yield f"</{name}>"

    def _turn(self, turn: Turn) -> str:
        return f"<!--{self.prefix}{turn.mark}{turn.kind}-->"

    def _style(self, element: Element) -> Iterator[str]:
        css = "".join(
            self._with_constants(child.raw)
            for child in element.children
            if isinstance(child, Words)
        )
        self.styles.append(css)
        inline = element.get("inline")
        if inline is None or inline.value != "inline":
            yield f"<mj-style>{css}</mj-style>"

    def _start(self, element: Element, more: str = "") -> str:
        in_mjml = element.name in MJML_TAGS
        parts = [element.name, *(self._attribute(item, in_mjml) for item in element.attributes)]
        return f"<{' '.join([*parts, more]).strip()}>"

    def _attribute(self, item: Attribute, in_mjml: bool) -> str:
        value = item.value
        if in_mjml:
            kind = value_kind(item.name)
            if kind is ValueKind.PICTURE:
                value = _for_style(self._with_constants(value))
            elif kind not in (ValueKind.TEXT, ValueKind.ADDRESS):
                value = self._with_constants(value)
        return f'{item.name}="{_ascii(value)}"'

    def _with_constants(self, text: str) -> str:
        """Constant holes in place; a choice between colours stays a mark."""

        def constant(match: re.Match[str]) -> str:
            draft = self.marks[int(match[1])]
            if isinstance(draft, DraftPut) and isinstance(draft.expression, Const):
                return str(draft.expression.value)
            return match[0]

        return self.pattern.sub(constant, text)


def _with_body(children: list[Node]) -> list[Node]:
    index = first_row(children)
    if index is None:
        return children
    at = children[index].start
    return [*children[:index], Element("tbody", (), at, at, at, children[index:])]


def _for_style(address: str) -> str:
    """An address that also stands in `url('…')`."""
    return quote(percent_encoded(address), safe="%-._~:/?#[]@!$&*+,;=")


def _ascii(value: str) -> str:
    """A value for double quotes in printable ASCII, `\\` written as a reference as well."""
    return "".join(
        char if " " <= char <= "~" and char != "\\" else f"&#{ord(char)};" for char in escape(value)
    )
