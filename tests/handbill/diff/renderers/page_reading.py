"""What a browser makes of a page, as far as its tree says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import html5lib

ATTRIBUTES = {
    *(
        "class",
        "id",
        "for",
        "name",
        "type",
        "content",
        "http-equiv",
        "charset",
        "rel",
        "href",
        "lang",
    ),
    *("title", "sandbox", "loading", "referrerpolicy", "srcdoc", "alt", "src", "checked", "dir"),
    *("tabindex", "aria-label"),
}
"""Those that a page of ours has; no handler and no style is among them."""
ELEMENTS = {
    *(
        "html",
        "head",
        "body",
        "meta",
        "link",
        "title",
        "style",
        "div",
        "main",
        "strong",
        "fieldset",
    ),
    *("legend", "label", "input", "h1", "h2", "h3", "h4", "p", "b", "span", "small", "code", "nav"),
    *("ul", "li", "ol", "a", "article", "header", "section", "table", "tbody", "tr", "th", "td"),
    *(
        "bdi",
        "del",
        "ins",
        "dl",
        "dt",
        "dd",
        "details",
        "summary",
        "figure",
        "figcaption",
        "iframe",
    ),
    *("img", "time", "br"),
}
HOSTILE = (
    "<script>alert(1)</script>",
    "</iframe><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "]]><svg onload=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<!--",
    "&lt;script&gt;",
    "javascript:alert(1)",
    "\u202e‮txt.exe",
)


def tree_of(page: str) -> Any:
    return html5lib.parse(page, namespaceHTMLElements=False)


def elements(page: str) -> Iterator[Any]:
    return (each for each in tree_of(page).iter() if isinstance(each.tag, str))


def comments(page: str) -> int:
    return sum(1 for each in tree_of(page).iter() if not isinstance(each.tag, str))


def foreign(page: str) -> list[tuple[str, str, str]]:
    """(element, attribute, value) of what no page of ours has."""
    found = [(each.tag, "", "") for each in elements(page) if each.tag not in ELEMENTS]
    found += [
        (each.tag, name, value)
        for each in elements(page)
        for name, value in each.attrib.items()
        if name not in ATTRIBUTES
    ]
    found += [
        (each.tag, "href", each.attrib["href"])
        for each in elements(page)
        if not each.attrib.get("href", "#").startswith(("#", "data:image/svg+xml,"))
    ]
    return found + [
        (each.tag, "src", each.attrib["src"])
        for each in elements(page)
        if not each.attrib.get("src", "data:image/").startswith("data:image/")
    ]


def text_of(page: str) -> str:
    (body,) = (each for each in elements(page) if each.tag == "body")
    return "".join(body.itertext())
