"""Where a message's links and images may lead: only to the domains that the tenant lists, or below.

A mail's HTML is read as a browser reads it (tags by html5lib, character references decoded), and so
is each address: tabs and line breaks do not count, `\\` is `/`. What programs read differently is
refused instead of guessed about, and so is what leads nowhere from a mailbox (`/sale`). Where an address
leads is known at compile time: a value of a customer stands behind its host or nowhere. Generated links
(unsubscribe) are not the tenant's to list. `url(…)` in a style is held to the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never
from urllib.parse import urlsplit

from handbill.language.expressions.finite import known_products, known_texts
from handbill.language.html.attributes import AttributeKind, attribute_kind
from handbill.language.html.escaping import is_generated_link
from handbill.language.html.tokens import Characters, Comment, Malformed, StartTag, html_tokens
from handbill.language.mail.styles import css_addresses
from handbill.language.templates.asset_paths import ASSET_HOST
from handbill.language.templates.marked import HOLE, absent_prefix, mark_pattern
from handbill.plan.ir import For, If, Op, Put, Set, Text

REFUSED_ELEMENTS = frozenset(
    {
        "applet", "base", "embed", "fencedframe", "form", "frame", "frameset", "iframe", "object",
        "portal", "script",
    }
)  # fmt: skip
"""What runs, loads or sends something by itself, or makes every link lead elsewhere."""
UNKNOWN = "//"
"""Stands for an address that is not known here; it is refused like one that leads anywhere."""
_SHORT = 1000
_OTHER_SCHEMES = ("mailto:", "tel:", "sms:", "cid:")
_PICTURES = frozenset({"src", "srcset", "background", "poster"})
_ENDS = "".join(map(chr, range(0x21)))
_INVISIBLE = str.maketrans({"\t": None, "\n": None, "\r": None, "\\": "/"})
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_WEB = re.compile(r"https?://[^/?#]")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\Z")
_HOST_FIRST = re.compile(r"https?://[a-z0-9.-]+(:\d+)?[/?#]", re.IGNORECASE)
_CSS_CODE = re.compile(r"expression\s*\(|(?:^|[;{\s])behavior\s*:|-moz-binding", re.IGNORECASE)
_DESCRIPTOR = re.compile(r"[\d.]+[wxh]\Z")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a message cannot be sent so."""

    code: str
    message: str
    hint: str


def refused_in_html(ops: tuple[Op, ...], domains: Collection[str]) -> Refused | None:
    """The first element, link or image of a mail that may not be in it, if any."""
    return _refused_in_html(ops, tuple(domains))


@lru_cache(maxsize=64)
def _refused_in_html(ops: tuple[Op, ...], domains: tuple[str, ...]) -> Refused | None:
    """Remembered: of a mail whose subject is edited the HTML stays."""
    page = _Page(ops)
    for item in _items(page.text):
        match item:
            case StartTag():
                found = _refused_tag(item, page, domains)
            case _:
                found = _refused_css(item.data, page, domains)
        if found is not None:
            return found
    return None


def refused_in_url(ops: tuple[Op, ...], domains: Collection[str]) -> Refused | None:
    """The same for a part that is one whole address: to be opened, so https or http."""
    page = _Page(ops)
    for address in page.addresses(page.text):
        if not _readable(address).startswith(("https:", "http:")):
            return _unreadable(address, "it is not on the web")
        found = _refused_address(address, domains, picture=False)
        if found is not None:
            return found
    return None


def refused_host(host: str, domains: Collection[str]) -> Refused | None:
    """The same for a link in a text that a customer's value is part of, by its host."""
    return None if _belongs(host, domains) else _foreign(host, domains)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


class _Page:
    """The text that operations write, all branches one after another, with marks for holes."""

    def __init__(self, ops: Sequence[Op]) -> None:
        pieces = list(_pieces(ops))
        prefix = absent_prefix(piece for piece in pieces if isinstance(piece, str))
        self.puts = [piece for piece in pieces if isinstance(piece, Put)]
        self.pattern = mark_pattern(prefix)
        numbers = iter(range(len(self.puts)))
        self.text = "".join(
            piece if isinstance(piece, str) else f"{prefix}{next(numbers)}{HOLE}"
            for piece in pieces
        )

    def addresses(self, value: str) -> Iterable[str]:
        """Every text that a value can become, up to the first that only a customer decides; none
        where it is a generated link."""
        parts: list[tuple[str, ...]] = []
        cursor = 0
        for match in self.pattern.finditer(value):
            expression = self.puts[int(match[1])].expression
            if is_generated_link(expression) and match[0] == value.strip():
                return ()
            known = known_texts(expression)
            if is_generated_link(expression):
                return (UNKNOWN,)  # in the middle of something else
            if known is None:
                parts.append((value[cursor : match.start()],))
                before = known_products(parts)
                return before if before and all(map(_HOST_FIRST.match, before)) else (UNKNOWN,)
            parts += [(value[cursor : match.start()],), known]
            cursor = match.end()
        parts.append((value[cursor:],))
        return known_products(parts) or (UNKNOWN,)

    def styles(self, css: str) -> Iterator[str]:
        """CSS with the first, the second, … alternative of every hole in it."""
        texts = [
            known_texts(self.puts[int(match[1])].expression) or (UNKNOWN,)
            for match in self.pattern.finditer(css)
        ]
        for number in range(max(map(len, texts), default=1)):
            chosen = iter([each[min(number, len(each) - 1)] for each in texts])
            yield self.pattern.sub(lambda _, chosen=chosen: next(chosen), css)  # type: ignore[misc]


def _items(text: str) -> Iterator[StartTag | Characters]:
    """Tags and the text of styles, also what only Outlook sees in its conditional comments."""
    in_style = False
    for token in html_tokens(text):
        if isinstance(token, StartTag):
            yield token
            in_style = token.name == "style"
            continue
        if isinstance(token, Characters) and in_style:
            yield token
        elif isinstance(token, Comment) and token.data.lstrip().startswith("[if"):
            yield from (
                _items_of_short(token.data) if len(token.data) < _SHORT else _items(token.data)
            )
        in_style = in_style and isinstance(token, Malformed)


@lru_cache(maxsize=2048)
def _items_of_short(text: str) -> tuple[StartTag | Characters, ...]:
    """Remembered: a mail has hundreds of conditional comments, and most of them are the same few."""
    return tuple(_items(text))


def _pieces(ops: Sequence[Op]) -> Iterator[str | Put]:
    for op in ops:
        match op:
            case Text(text=text):
                yield text
            case Put():
                yield op
            case If(branches=branches, otherwise=otherwise):
                for branch in branches:
                    yield from _pieces(branch.body)
                yield from _pieces(otherwise)
            case For(body=body, otherwise=otherwise):
                yield from _pieces(body)
                yield from _pieces(otherwise)
            case Set():
                pass
            case _:
                assert_never(op)


# ── judging ──────────────────────────────────────────────────────────────────────────────────────


def _refused_tag(tag: StartTag, page: _Page, domains: Collection[str]) -> Refused | None:
    if tag.name in REFUSED_ELEMENTS:
        return Refused(
            "HB613",
            f"a mail cannot have <{tag.name}>: mail programs drop it, or warn of the mail",
            f"remove the <{tag.name}>; a link (<a href>) leads to what it would have shown",
        )
    if tag.name == "meta" and tag.get("http-equiv") is not None and _refreshes(tag, page):
        return Refused(
            "HB613",
            "a mail cannot lead elsewhere by itself (<meta http-equiv=refresh>)",
            "remove the <meta>; write a link",
        )
    for item in tag.attributes:
        kind = attribute_kind(item.name, tag.name)
        if kind is AttributeKind.STYLE:
            found = _refused_css(item.value, page, domains)
            if found is not None:
                return found
        if kind is not AttributeKind.URL:
            continue
        if item.name.startswith("xmlns"):
            continue  # the name of a vocabulary, which nothing opens
        name = item.name.rpartition(":")[2]
        for value in page.addresses(item.value):
            for address in _candidates(value) if name == "srcset" else (value,):
                if not address.strip(_ENDS) and name != "href":
                    continue  # no picture, which some programs write so
                found = _refused_address(address, domains, picture=name in _PICTURES)
                if found is not None:
                    return found
    return None


def _refused_css(css: str, page: _Page, domains: Collection[str]) -> Refused | None:
    for text in page.styles(css):
        if _CSS_CODE.search(text):
            return Refused(
                "HB613",
                "a mail's styles cannot run anything (expression, behavior, -moz-binding)",
                "remove it: mail programs warn of the mail",
            )
        for address in filter(None, css_addresses(text)):
            found = _refused_address(address, domains, picture=True)
            if found is not None:
                return found
    return None


def _refreshes(tag: StartTag, page: _Page) -> bool:
    names = page.addresses(tag.get("http-equiv") or "")
    return any(name.strip(_ENDS).lower() == "refresh" for name in names)


def _candidates(srcset: str) -> Iterator[str]:
    """The addresses of `a.png 1x, b.png 2x`."""
    words = (word.strip(",") for word in srcset.split())
    return (word for word in words if word and not _DESCRIPTOR.match(word))


def _readable(address: str) -> str:
    """An address as browsers take it; only for judging, for its case is lost."""
    return address.strip(_ENDS).translate(_INVISIBLE).lower()


def _refused_address(address: str, domains: Collection[str], *, picture: bool) -> Refused | None:
    text = _readable(address)
    if text.startswith("//"):
        return _unreadable(address, "it does not begin with https://")
    if _SCHEME.match(text) is None:
        return None if text.startswith("#") else _without_domain(address)
    if not text.startswith(("https:", "http:")):
        if text.startswith(_OTHER_SCHEMES) or (picture and text.startswith("data:image/")):
            return None
        return _unreadable(address, "only https:, mailto:, tel: and sms: can be opened from a mail")
    if _WEB.match(text) is None:
        return _unreadable(address, "two slashes and a domain belong after https:")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return _unreadable(address, "it cannot be read as an address")
    if "\\" in re.split("[?#]", address, maxsplit=1)[0]:
        return _unreadable(address, "programs do not agree on what a backslash means in an address")
    if "@" in parts.netloc:
        return _unreadable(address, f"what stands before the @ hides that it leads to {host}")
    if _HOST.match(host) is None:
        return _unreadable(address, "its domain holds characters that no domain has")
    return None if _belongs(host, domains) else _foreign(host, domains)


def _belongs(host: str, domains: Collection[str]) -> bool:
    own = (*domains, ASSET_HOST)
    return any(host == domain or host.endswith(f".{domain}") for domain in own)


def _foreign(host: str, domains: Collection[str]) -> Refused:
    return Refused(
        "HB611",
        f"a link or image leads to {host}, which is none of the retailer's link domains "
        f"({', '.join(domains) or 'there are none'})",
        f"add {host} to brand.link_domains of the tenant, or mend the link",
    )


def _without_domain(address: str) -> Refused:
    shown = _shown(address)
    path = shown if shown.startswith("/") else f"/{shown}"
    what = f"`{shown}` names no website, and a message is not on one" if shown else "this is empty"
    return Refused(
        "HB596",
        f"a link or picture that opens nowhere: {what}",
        f"{{{{ brand.site }}}}{path}, or an address that begins with https://",
    )


def _unreadable(address: str, why: str) -> Refused:
    return Refused("HB612", f"`{_shown(address)}` cannot stand in a message: {why}", "https://…")


def _shown(address: str) -> str:
    return "".join(char if char.isprintable() else " " for char in address).strip()[:80]
