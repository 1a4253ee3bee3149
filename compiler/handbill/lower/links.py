"""Where a message's links and images may lead: only to the domains that the tenant lists, or below.

A mail's HTML is read as a browser reads it (tags by html5lib, character references decoded); each address
is judged in `addresses`. Where an address leads is known at compile time: a value of a customer stands behind
its host or nowhere. Generated links (unsubscribe) are not the tenant's to list. `url(…)` in a style is held
to the same, and so is what people read as a link: `links_in_text`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from handbill.language.expressions.finite import known_products, known_texts
from handbill.language.html.attributes import AttributeKind, attribute_kind
from handbill.language.html.escaping import is_generated_link
from handbill.language.html.events import Linear
from handbill.language.html.tokens import (
    Characters,
    Comment,
    HtmlToken,
    Malformed,
    StartTag,
    html_tokens,
    tokens_of,
)
from handbill.language.mail.styles import css_addresses
from handbill.language.templates.marked import mark_pattern
from handbill.lower.addresses import (
    ENDS,
    UNKNOWN,
    Refused,
    readable,
    refused_address,
    unreadable,
)
from handbill.plan.ir import Expression, Op, Put

REFUSED_ELEMENTS = frozenset(
    {
        "applet", "base", "embed", "fencedframe", "form", "frame", "frameset", "iframe", "object",
        "portal", "script",
    }
)  # fmt: skip
"""What runs, loads or sends something by itself, or makes every link lead elsewhere."""
_SHORT = 1000
_JUDGED = frozenset({AttributeKind.STYLE, AttributeKind.URL})
_PICTURES = frozenset({"src", "srcset", "background", "poster"})
_HOST_FIRST = re.compile(r"https?://[a-z0-9.-]+(:\d+)?[/?#]", re.IGNORECASE)
_CSS_CODE = re.compile(r"expression\s*\(|(?:^|[;{\s])behavior\s*:|-moz-binding", re.IGNORECASE)
_DESCRIPTOR = re.compile(r"[\d.]+[wxh]\Z")


def refused_in_html(ops: tuple[Op, ...], domains: Collection[str]) -> tuple[Refused, ...]:
    """The elements, links and images of a mail that may not be in it, each once."""
    return _refused_in_html(ops, tuple(domains))


@lru_cache(maxsize=64)
def _refused_in_html(ops: tuple[Op, ...], domains: tuple[str, ...]) -> tuple[Refused, ...]:
    """Remembered: of a mail whose subject is edited the HTML stays."""
    page = _Page(ops)
    found: dict[Refused, None] = {}
    for item in _noted(page.text):
        match item:
            case StartTag():
                found |= dict.fromkeys(_refused_tag(item, page, domains))
            case _:
                found |= dict.fromkeys(_refused_css(item.data, page, domains))
    return tuple(found)


def refused_in_url(ops: tuple[Op, ...], domains: Collection[str]) -> tuple[Refused, ...]:
    """The same for a part that is one whole address: to be opened, so https or http."""
    page = _Page(ops)
    found: dict[Refused, None] = {}
    for address in page.addresses(page.text):
        if readable(address).startswith(("https:", "http:")):
            refused = refused_address(address, domains, picture=False)
        else:
            refused = unreadable(address, "it is not on the web")
        if refused is not None:
            found[refused] = None
    return tuple(found)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


class _Page:
    """The text that operations write, all branches one after another, with marks for holes and turns."""

    def __init__(self, ops: Sequence[Op]) -> None:
        linear = Linear(ops, sets=False)
        self.marks, self.text = linear.marks, linear.text
        self.pattern = mark_pattern(linear.prefix)

    def expression(self, mark: re.Match[str]) -> Expression | None:
        """Of a hole; None of a turn."""
        op = self.marks[int(mark[1])]
        return op.expression if isinstance(op, Put) else None

    def addresses(self, value: str) -> Iterable[str]:
        """Every text that a value can become, up to the first that only a customer decides; none
        where it is a generated link."""
        parts: list[tuple[str, ...]] = []
        cursor = 0
        for match in self.pattern.finditer(value):
            expression = self.expression(match)
            if expression is None:
                return (UNKNOWN,)
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
        holes = map(self.expression, self.pattern.finditer(css))
        texts = [(hole is not None and known_texts(hole)) or (UNKNOWN,) for hole in holes]
        for number in range(max(map(len, texts), default=1)):
            chosen = iter([each[min(number, len(each) - 1)] for each in texts])
            yield self.pattern.sub(lambda _, chosen=chosen: next(chosen), css)  # type: ignore[misc]


@lru_cache(maxsize=64)
def _noted(text: str) -> tuple[StartTag | Characters, ...]:
    """The styles of a mail and those of its tags that are judged."""
    return tuple(
        item
        for item in _items(tokens_of(text))
        if not isinstance(item, StartTag) or _is_judged(item)
    )


def _is_judged(tag: StartTag) -> bool:
    return (
        tag.name in REFUSED_ELEMENTS
        or tag.name == "meta"
        or any(attribute_kind(each.name, tag.name) in _JUDGED for each in tag.attributes)
    )


def _items(tokens: Iterable[HtmlToken]) -> Iterator[StartTag | Characters]:
    """Tags and the text of styles, also what only Outlook sees in its conditional comments."""
    in_style = False
    for token in tokens:
        if isinstance(token, StartTag):
            yield token
            in_style = token.name == "style"
            continue
        if isinstance(token, Characters) and in_style:
            yield token
        elif isinstance(token, Comment) and token.data.lstrip().startswith("[if"):
            yield from (
                _items_of_short(token.data)
                if len(token.data) < _SHORT
                else _items(html_tokens(token.data))
            )
        in_style = in_style and isinstance(token, Malformed)


@lru_cache(maxsize=2048)
def _items_of_short(text: str) -> tuple[StartTag | Characters, ...]:
    """Remembered: a mail has hundreds of conditional comments, and most of them are the same few."""
    return tuple(_items(html_tokens(text)))


# ── judging ──────────────────────────────────────────────────────────────────────────────────────


def _refused_tag(tag: StartTag, page: _Page, domains: Collection[str]) -> Iterator[Refused]:
    if tag.name in REFUSED_ELEMENTS:
        yield Refused(
            "HB613",
            f"a mail cannot have <{tag.name}>: mail programs drop it, or warn of the mail",
            f"remove the <{tag.name}>; a link (<a href>) leads to what it would have shown",
            f"<{tag.name}",
        )
    if tag.name == "meta" and tag.get("http-equiv") is not None and _refreshes(tag, page):
        yield Refused(
            "HB613",
            "a mail cannot lead elsewhere by itself (<meta http-equiv=refresh>)",
            "remove the <meta>; write a link",
            "<meta",
        )
    for item in tag.attributes:
        kind = attribute_kind(item.name, tag.name)
        if kind is AttributeKind.STYLE:
            yield from _refused_css(item.value, page, domains)
        if kind is AttributeKind.URL and not item.name.startswith("xmlns"):
            # xmlns is the name of a vocabulary, which nothing opens
            name = item.name.rpartition(":")[2]
            yield from _refused_value(name, page.addresses(item.value), domains)


def _refused_value(name: str, values: Iterable[str], domains: Collection[str]) -> Iterator[Refused]:
    for value in values:
        for address in _candidates(value) if name == "srcset" else (value,):
            if not address.strip(ENDS) and name != "href":
                continue  # no picture, which some programs write so
            refused = refused_address(address, domains, picture=name in _PICTURES)
            if refused is not None:
                yield refused


def _refused_css(css: str, page: _Page, domains: Collection[str]) -> Iterator[Refused]:
    for text in page.styles(css):
        if _runs(text):
            yield Refused(
                "HB613",
                "a mail's styles cannot run anything (expression, behavior, -moz-binding)",
                "remove it: mail programs warn of the mail",
            )
        for address in _addresses_in(text):
            refused = refused_address(address, domains, picture=True)
            if refused is not None:
                yield refused


@lru_cache(maxsize=4096)
def _runs(css: str) -> bool:
    return _CSS_CODE.search(css) is not None


@lru_cache(maxsize=4096)
def _addresses_in(css: str) -> tuple[str, ...]:
    """Remembered: a mail's tags have the same few styles."""
    return tuple(filter(None, css_addresses(css)))


def _refreshes(tag: StartTag, page: _Page) -> bool:
    names = page.addresses(tag.get("http-equiv") or "")
    return any(name.strip(ENDS).lower() == "refresh" for name in names)


def _candidates(srcset: str) -> Iterator[str]:
    """The addresses of `a.png 1x, b.png 2x`."""
    words = (word.strip(",") for word in srcset.split())
    return (word for word in words if word and not _DESCRIPTOR.match(word))
