"""What the value of an HTML attribute is for, and so what may be written into it.

The table follows Go's html/template (src/html/template/attr.go), with the attributes that only mail
clients still read (`background`, `lowsrc`, `dynsrc`) added. An unknown name is judged by its look.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache


class AttributeKind(StrEnum):
    """PLAIN takes any text; URL, STYLE and SETTING take constants; CODE takes nothing."""

    PLAIN = "plain"
    URL = "url"
    STYLE = "style"
    SETTING = "setting"
    CODE = "code"


_URL = frozenset(
    {
        "action", "archive", "background", "cite", "classid", "codebase", "data", "dynsrc",
        "formaction", "href", "icon", "longdesc", "lowsrc", "manifest", "ping", "poster",
        "profile", "src", "srcset", "usemap", "xmlns",
    }
)  # fmt: skip
_ONE_ADDRESS = frozenset({"href", "src", "background", "poster", "cite", "longdesc"})
_SETTING = frozenset(
    {
        "accept-charset", "async", "challenge", "charset", "content", "crossorigin", "defer",
        "enctype", "form", "formenctype", "formmethod", "formnovalidate", "http-equiv", "keytype",
        "language", "method", "novalidate", "pattern", "rel", "sandbox", "type", "value",
    }
)  # fmt: skip
_TECHNICAL_ELEMENTS = frozenset(
    {
        "animate", "animatemotion", "animatetransform", "applet", "base", "embed", "link", "meta",
        "object", "param", "script", "set",
    }
)  # fmt: skip
"""Elements whose every attribute steers what is loaded or run (`<animate to=…>` can set a link)."""
_LOADING_ELEMENTS = _TECHNICAL_ELEMENTS | {"frame", "iframe", "portal", "use", "feimage"}
_PLAIN = frozenset({"title", "alt", "class", "id", "lang", "dir", "label", "summary"})


@lru_cache(maxsize=4096)
def attribute_kind(name: str, element: str = "") -> AttributeKind:
    """The kind of an attribute by its lower-case name and its element's."""
    kind = _kind_by_name(name)
    if kind is AttributeKind.PLAIN and element in _TECHNICAL_ELEMENTS:
        return AttributeKind.SETTING
    return kind


def runs_code(name: str) -> bool:
    """Whether a browser would run what the attribute holds, or take it for a page of its own."""
    return name.startswith("on") or name == "srcdoc"


def takes_values_in_address(name: str, element: str) -> bool:
    """Whether an attribute is one address that a reader follows or sees. The others are several
    addresses (`srcset`), name something, or load what steers the page (`<link href>`)."""
    return name.rpartition(":")[2] in _ONE_ADDRESS and element not in _LOADING_ELEMENTS


def _kind_by_name(name: str) -> AttributeKind:
    if name == "xmlns" or name.startswith("xmlns:"):
        return AttributeKind.URL
    local = name.removeprefix("data-").rpartition(":")[2]
    if local.startswith("on") or local == "srcdoc":
        return AttributeKind.CODE
    if local == "style":
        return AttributeKind.STYLE
    if local in _URL:
        return AttributeKind.URL
    if local in _SETTING:
        return AttributeKind.SETTING
    if local not in _PLAIN and any(part in local for part in ("src", "uri", "url", "href")):
        return AttributeKind.URL
    return AttributeKind.PLAIN
