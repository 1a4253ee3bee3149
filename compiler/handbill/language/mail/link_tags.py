"""`links.utm`: parameters that tell the shop's own statistics where a visitor came from.

Appended when compiling, so that HTML and text carry the same; only to links to the retailer's own
domains, never to generated ones (unsubscribe), never a name that the link has already. What is there of
query and fragment stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from urllib.parse import quote

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.language.expressions.finite import known_products, known_texts, rewrite_texts
from handbill.language.html.escaping import is_generated_link
from handbill.language.html.tokens import Attribute, Comment, StartTag, tokens_of
from handbill.language.mail.edits import Edits, written
from handbill.language.mail.settings import LinkTags
from handbill.language.templates.draft import Draft, DraftPut, Place
from handbill.language.templates.marked import MarkedTemplate, mark_pattern, mark_template
from handbill.plan.ir import Const
from handbill.plan.types import StringType

_LINKS = frozenset(
    {
        "a", "area", "v:rect", "v:roundrect", "mj-button", "mj-carousel-image", "mj-image",
        "mj-navbar-link", "mj-social-element",
    }
)  # fmt: skip
_HOST = re.compile(r"\s*https?://([^/?#\s]+)(?=[/?#]|\s*\Z)", re.IGNORECASE)
_CONDITIONAL = re.compile(r"\s*\[if [^\]]*\]>")


def tag_html_links(
    drafts: tuple[Draft, ...], tags: LinkTags
) -> tuple[tuple[Draft, ...], tuple[Diagnostic, ...]]:
    """Every `href` of a link in HTML or MJML."""
    if not tags.pairs:
        return drafts, ()
    tagging = _Tagging(mark_template(drafts), tags, html=True)
    for item, base in _links_of(tagging.marked.text):
        start = base + item.start
        end = tagging.marked.text.find(item.quote, start) if item.quote else start + len(item.value)
        tagging.apart = item.quote == '"'
        tagging.address(start, end)
    return tagging.edits.apply(drafts), tuple(tagging.found)


def tag_text_links(
    drafts: tuple[Draft, ...], tags: LinkTags
) -> tuple[tuple[Draft, ...], tuple[Diagnostic, ...]]:
    """Every address in plain text: it ends at white space, brackets and quotes, or at a stop."""
    if not tags.pairs:
        return drafts, ()
    tagging = _Tagging(mark_template(drafts), tags, html=False)
    prefix = tagging.marked.prefix
    for match in re.finditer(
        rf"(?:https?://|{prefix}\d+p)(?:(?!{prefix}\d+[onc])[^\s<>\"'()\[\]])*", tagging.marked.text
    ):
        tagging.address(match.start(), match.start() + len(match[0].rstrip(".,;:!?")))
    return tagging.edits.apply(drafts), tuple(tagging.found)


@lru_cache(maxsize=128)
def _links_of(text: str) -> tuple[tuple[Attribute, int], ...]:
    return tuple(_hrefs(text))


def _hrefs(text: str, base: int = 0) -> Iterator[tuple[Attribute, int]]:
    """The addresses of links, those that only Outlook sees as well."""
    for token in tokens_of(text):
        if isinstance(token, StartTag) and token.name in _LINKS:
            for item in token.attributes:
                if item.name == "href" and item.start >= 0:
                    yield item, base
        elif isinstance(token, Comment):
            conditional = _CONDITIONAL.match(token.data)
            if conditional is not None and text.startswith("<!--[if", token.start):
                start = token.start + len("<!--") + conditional.end()
                yield from _hrefs(token.data[conditional.end() :], base + start)


@dataclass(frozen=True, slots=True)
class _Piece:
    """`text` is what stands there; None where it is decided when sending."""

    text: str | None
    start: int
    end: int
    mark: int | None = None


class _Tagging:
    """What is appended is text, or a constant `apart` where such may stand: in double quotes."""

    def __init__(self, marked: MarkedTemplate, tags: LinkTags, *, html: bool) -> None:
        self.marked, self.tags, self.html = marked, tags, html
        self.apart = False
        self.edits = Edits(marked)
        self.found: list[Diagnostic] = []
        self.pattern = mark_pattern(marked.prefix)

    def address(self, start: int, end: int) -> None:
        """Tags the address that stands at [start, end) of the marked text."""
        pieces = list(self._pieces(start, end))
        if not pieces or self._is_generated(pieces):
            return
        if len(pieces) == 1 and pieces[0].text is None:
            self._choice(pieces[0])
            return
        starts = self._starts(pieces)
        if not any(map(self._is_own, starts)):
            return
        if not all(map(self._is_own, starts)) or any(map(self._hides_a_query, pieces)):
            self._cannot(pieces)
            return
        known = "".join(piece.text or "" for piece in pieces)
        address, sign, _ = known.partition("#")
        addition = self._addition(address)
        if not addition:
            return
        if sign:
            self._before_fragment(pieces, addition)
        else:
            self.edits.insert(end, [self._text(addition, pieces[-1])])

    def _pieces(self, start: int, end: int) -> Iterator[_Piece]:
        cursor = start
        for match in self.pattern.finditer(self.marked.text, start, end):
            if match.start() > cursor:
                yield self._literal(cursor, match.start())
            draft = self.marked.marks[int(match[1])]
            constant = isinstance(draft, DraftPut) and isinstance(draft.expression, Const)
            assert isinstance(draft, DraftPut)
            text = str(draft.expression.value) if isinstance(draft.expression, Const) else None
            yield _Piece(text if constant else None, match.start(), match.end(), int(match[1]))
            cursor = match.end()
        if cursor < end:
            yield self._literal(cursor, end)

    def _literal(self, start: int, end: int) -> _Piece:
        raw = self.marked.text[start:end]
        return _Piece(unescape(raw) if self.html else raw, start, end)

    def _put(self, piece: _Piece) -> DraftPut:
        assert piece.mark is not None
        draft = self.marked.marks[piece.mark]
        assert isinstance(draft, DraftPut)
        return draft

    def _is_generated(self, pieces: Sequence[_Piece]) -> bool:
        return any(
            piece.mark is not None and is_generated_link(self._put(piece).expression)
            for piece in pieces
        )

    def _is_own(self, address: str) -> bool:
        match = _HOST.match(address)
        host = match[1].lower() if match else ""
        return any(host == each or host.endswith(f".{each}") for each in self.tags.domains)

    def _hides_a_query(self, piece: _Piece) -> bool:
        """A choice between texts some of which bring a query or fragment of their own."""
        if piece.text is not None:
            return False
        texts = self._texts(piece) or ()
        return any(set(text) & set("?#") for text in texts)

    def _starts(self, pieces: Sequence[_Piece]) -> tuple[str, ...]:
        """What the address may begin with, up to the first piece that only a customer decides."""
        parts: list[tuple[str, ...]] = []
        for piece in pieces:
            texts = (piece.text,) if piece.text is not None else self._texts(piece)
            if texts is None:
                parts.append(("\0",))
                break
            parts.append(texts)
        return known_products(parts) or ("",)

    def _texts(self, piece: _Piece) -> tuple[str, ...] | None:
        return known_texts(self._put(piece).expression)

    def _choice(self, piece: _Piece) -> None:
        """One hole that chooses between whole addresses."""
        texts, put = self._texts(piece), self._put(piece)
        if texts is None or not any(map(self._is_own, texts)):
            return
        assert piece.mark is not None
        expression = rewrite_texts(put.expression, self._tagged)
        self.edits.put(piece.mark, DraftPut(expression, put.place))

    def _tagged(self, address: str) -> str:
        if not self._is_own(address):
            return address
        before, sign, fragment = address.partition("#")
        return f"{before}{self._addition(before)}{sign}{fragment}"

    def _addition(self, address: str) -> str:
        """What is appended to an address without its fragment."""
        _, sign, query = address.partition("?")
        there = {part.partition("=")[0] for part in query.split("&")}
        pairs = [
            f"{quote(name, safe='')}={quote(value, safe='')}"
            for name, value in self.tags.pairs
            if quote(name, safe="") not in there
        ]
        if not pairs:
            return ""
        joint = "" if sign and (not query or query.endswith("&")) else "&" if sign else "?"
        return joint + "&".join(pairs)

    def _before_fragment(self, pieces: Sequence[_Piece], addition: str) -> None:
        piece = next(each for each in pieces if each.text is not None and "#" in each.text)
        if piece.mark is None:
            at = self.marked.text.index("#", piece.start)
            while self.marked.text[at - 1] == "&":  # a character reference, &#38;
                at = self.marked.text.index("#", at + 1)
            self.edits.insert(at, [self._text(addition, piece)])
            return
        put = self._put(piece)
        assert piece.text is not None
        before, _, after = piece.text.partition("#")
        whole = f"{before}{addition}#{after}"
        self.edits.put(piece.mark, DraftPut(Const(StringType(len(whole)), whole), put.place))

    def _text(self, addition: str, piece: _Piece) -> Draft:
        place = self.marked.place(piece.start, piece.end)
        at = Place(place.source, place.end, place.end)
        if not self.apart:
            return written(addition.replace("&", "&amp;") if self.html else addition, at)
        return DraftPut(Const(StringType(len(addition)), addition), at)

    def _cannot(self, pieces: Sequence[_Piece]) -> None:
        chosen = next(each for each in pieces if each.text is None)
        where = self._put(chosen).place.range
        self.found.append(
            Diagnostic(
                "HB595",
                "`links.utm` cannot be appended to this address: a part of it may hold a ? or #",
                where,
                Severity.WARNING,
                hint="choose between whole addresses: {{ 'https://…' if … else 'https://…' }}",
            )
        )
