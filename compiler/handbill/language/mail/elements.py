"""MJML's own list of tags: where each may stand, what it may hold, which attributes it reads.

From MJML's documentation (documentation.mjml.io), as far as the converter reads it. What is left out
is left out on purpose: `mj-include` (templates include with `{% include %}`), `mj-html-attributes`,
`base-url` (addresses are written whole) and `mj-raw` in the head.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Holds(StrEnum):
    """What stands between a tag and its end."""

    TAGS = "other MJML tags"
    HTML = "HTML"
    WORDS = "plain words"
    STYLE = "CSS"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class MjmlTag:
    """`parents` are the tags in which it stands; `turns`: whether `if` and `for` may stand in it."""

    name: str
    parents: frozenset[str]
    holds: Holds
    attributes: frozenset[str]
    turns: bool


_PADDING = "padding padding-top padding-right padding-bottom padding-left"
_BORDER = "border border-top border-right border-bottom border-left border-radius"
_FONT = "color font-family font-size font-style font-weight line-height letter-spacing"
_WORDS = f"{_FONT} text-decoration text-transform"
_BOX = f"container-background-color {_PADDING}"
_BACKGROUND = (
    "background-color background-url background-repeat background-size background-position"
    " background-position-x background-position-y"
)
_ICONS = (
    "icon-align icon-width icon-height icon-position icon-wrapped-url icon-wrapped-alt"
    " icon-unwrapped-url icon-unwrapped-alt"
)
_CONTENT_PARENTS = "mj-column mj-hero"
_EVERYWHERE = "css-class mj-class"


def _tag(
    name: str, parents: str, holds: Holds, attributes: str = "", *, turns: bool = False
) -> MjmlTag:
    body = "" if holds in (Holds.WORDS, Holds.STYLE) or name in _HEAD_TAGS else _EVERYWHERE
    names = frozenset(f"{attributes} {body}".split())
    return MjmlTag(name, frozenset(parents.split()), holds, names, turns)


_HEAD_TAGS = frozenset(
    {"mjml", "mj-head", "mj-attributes", "mj-all", "mj-class", "mj-font", "mj-breakpoint", "mj-raw"}
)

_TABLE = (
    _tag("mjml", "", Holds.TAGS, "lang dir"),
    _tag("mj-head", "mjml", Holds.TAGS),
    _tag("mj-title", "mj-head", Holds.WORDS),
    _tag("mj-preview", "mj-head", Holds.WORDS),
    _tag("mj-style", "mj-head", Holds.STYLE, "inline"),
    _tag("mj-font", "mj-head", Holds.NOTHING, "name href"),
    _tag("mj-breakpoint", "mj-head", Holds.NOTHING, "width"),
    _tag("mj-attributes", "mj-head", Holds.TAGS),
    _tag("mj-all", "mj-attributes", Holds.NOTHING, "*"),
    _tag("mj-class", "mj-attributes", Holds.NOTHING, "* name"),
    _tag("mj-body", "mjml", Holds.TAGS, "background-color width", turns=True),
    _tag(
        "mj-wrapper",
        "mj-body",
        Holds.TAGS,
        f"{_BACKGROUND} {_BORDER} {_PADDING} direction full-width text-align",
    ),
    _tag(
        "mj-section",
        "mj-body mj-wrapper",
        Holds.TAGS,
        f"{_BACKGROUND} {_BORDER} {_PADDING} direction full-width text-align",
        turns=True,
    ),
    _tag(
        "mj-group",
        "mj-section",
        Holds.TAGS,
        "width vertical-align background-color direction",
        turns=True,
    ),
    _tag(
        "mj-column",
        "mj-section mj-group",
        Holds.TAGS,
        f"background-color inner-background-color inner-border inner-border-radius {_BORDER}"
        f" {_PADDING} width vertical-align direction",
        turns=True,
    ),
    _tag(
        "mj-hero",
        "mj-body mj-wrapper",
        Holds.TAGS,
        f"background-color background-height background-width background-position background-url"
        f" {_BORDER} {_PADDING} height inner-background-color inner-padding mode vertical-align"
        " width",
        turns=True,
    ),
    _tag("mj-text", _CONTENT_PARENTS, Holds.HTML, f"{_WORDS} {_BOX} align height", turns=True),
    _tag(
        "mj-button",
        _CONTENT_PARENTS,
        Holds.HTML,
        f"{_WORDS} {_BOX} {_BORDER} align background-color height href inner-padding rel target"
        " text-align title vertical-align width",
        turns=True,
    ),
    _tag(
        "mj-image",
        _CONTENT_PARENTS,
        Holds.NOTHING,
        f"{_BOX} {_BORDER} align alt fluid-on-mobile font-size height href max-height rel sizes src"
        " srcset target title width",
    ),
    _tag(
        "mj-divider",
        _CONTENT_PARENTS,
        Holds.NOTHING,
        f"{_BOX} align border-color border-style border-width width",
    ),
    _tag("mj-spacer", _CONTENT_PARENTS, Holds.NOTHING, f"{_BOX} height"),
    _tag(
        "mj-table",
        _CONTENT_PARENTS,
        Holds.HTML,
        f"{_BOX} align border cellpadding cellspacing color font-family font-size line-height role"
        " table-layout width",
        turns=True,
    ),
    _tag("mj-raw", "mj-body mj-column mj-hero mj-section", Holds.HTML, turns=True),
    _tag(
        "mj-social",
        _CONTENT_PARENTS,
        Holds.TAGS,
        f"{_WORDS} {_BOX} align border-radius icon-height icon-padding icon-size inner-padding mode"
        " table-layout text-padding",
    ),
    _tag(
        "mj-social-element",
        "mj-social",
        Holds.HTML,
        f"{_WORDS} {_PADDING} align alt background-color border-radius href icon-height"
        " icon-padding icon-position icon-size name rel sizes src srcset target text-padding title"
        " vertical-align",
        turns=True,
    ),
    _tag("mj-navbar", _CONTENT_PARENTS, Holds.TAGS, f"{_BOX} align", turns=True),
    _tag(
        "mj-navbar-link",
        "mj-navbar",
        Holds.HTML,
        f"{_WORDS} {_PADDING} href rel target",
        turns=True,
    ),
    _tag(
        "mj-accordion",
        _CONTENT_PARENTS,
        Holds.TAGS,
        f"{_BOX} border font-family {_ICONS}",
        turns=True,
    ),
    _tag(
        "mj-accordion-element",
        "mj-accordion",
        Holds.TAGS,
        f"background-color border font-family {_ICONS}",
    ),
    _tag(
        "mj-accordion-title",
        "mj-accordion-element",
        Holds.HTML,
        f"background-color color font-family font-size font-weight line-height {_PADDING}",
        turns=True,
    ),
    _tag(
        "mj-accordion-text",
        "mj-accordion-element",
        Holds.HTML,
        f"background-color {_FONT} {_PADDING}",
        turns=True,
    ),
    _tag(
        "mj-carousel",
        _CONTENT_PARENTS,
        Holds.TAGS,
        f"{_BOX} align background-color border-radius icon-width left-icon right-icon tb-border"
        " tb-border-radius tb-hover-border-color tb-selected-border-color tb-width thumbnails",
    ),
    _tag(
        "mj-carousel-image",
        "mj-carousel",
        Holds.NOTHING,
        "alt border-radius href rel src tb-border tb-border-radius target thumbnails-src title",
    ),
)

MJML_TAGS: Mapping[str, MjmlTag] = {tag.name: tag for tag in _TABLE}

COMPONENTS = frozenset(
    tag.name for tag in _TABLE if "mj-head" not in tag.parents and tag.name not in _HEAD_TAGS
)
"""The tags whose defaults `mj-attributes` may set."""

ALL_ATTRIBUTES = frozenset(
    attribute for tag in _TABLE if tag.name in COMPONENTS for attribute in tag.attributes
)

NOT_AVAILABLE = {
    "mj-include": (
        "templates put another file in place with their own statement",
        '{% include "piece.mjml" %}',
    ),
    "mj-html-attributes": ("it would change tags after they were checked", "write the attribute"),
}
"""Tags of MJML that mean something, and are refused: why, and what to write."""

CONTENT_HTML = frozenset(
    {
        "a", "abbr", "address", "article", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
        "center", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em",
        "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
        "i", "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "samp",
        "section", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td",
        "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
    }
)  # fmt: skip
"""The HTML that may stand inside MJML's tags."""
