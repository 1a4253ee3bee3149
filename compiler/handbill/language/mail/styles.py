"""CSS of a mail: its rules, the addresses in it, and writing rules into the tags they are for.

Only as much of CSS is read as is needed to tell rules from what surrounds them (css-syntax-3: comments,
strings, blocks, escapes); the inliner itself is css-inline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import css_inline

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_STRING = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
_TOKEN = re.compile(rf"{_STRING}|[{{}};]", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\n\f]?|(.))", re.DOTALL)
_ADDRESS = re.compile(
    rf"(?:url|src|image-set)\(\s*({_STRING}|[^)\"']*)|@import\s+({_STRING})",
    re.IGNORECASE | re.DOTALL,
)
_BRACE = re.compile(rf"{_STRING}|\\.|[{{}}]", re.DOTALL)
MAX_BLOCKS = 8
"""Blocks within one another: more than any mail program reads."""
_STRUCTURAL = re.compile(r":(?:first|last|only|nth)-[a-z-]+|:empty|:has\(|[+~]", re.IGNORECASE)
_QUOTED = re.compile(rf"{_STRING}|\[[^\]]*\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule outside every `@media` and its like."""

    selector: str
    block: str


def top_rules(css: str) -> Iterator[Rule]:
    """The rules that hold everywhere, in order."""
    text = _COMMENT.sub(" ", css)
    depth, start, opened = 0, 0, 0
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if sign == "{":
            if depth == 0:
                opened = match.start()
            depth += 1
        elif sign == "}" and depth:
            depth -= 1
            if depth == 0:
                selector = text[start:opened].strip()
                if not selector.startswith("@"):
                    yield Rule(selector, text[opened + 1 : match.start()].strip())
                start = match.end()
        elif sign == ";" and depth == 0:
            start = match.end()


def structural_selector(css: str) -> str | None:
    """The first selector that asks where an element stands among its neighbours, if any.

    While branches are undecided all of them stand side by side, so the answer would be another one.
    """
    for rule in top_rules(css):
        if _STRUCTURAL.search(_QUOTED.sub(" ", rule.selector)):
            return rule.selector
    return None


@dataclass(frozen=True, slots=True)
class WrongBrace:
    """A brace without its other half, or one that opens a block too many, by its place in the CSS."""

    at: int
    why: str


def wrong_brace(css: str) -> WrongBrace | None:
    """The first brace with which programs no longer agree where a rule ends, if any."""
    opened: list[int] = []
    for match in _BRACE.finditer(_COMMENT.sub(lambda each: " " * len(each[0]), css)):
        if match[0] == "{":
            opened.append(match.start())
            if len(opened) > MAX_BLOCKS:
                return WrongBrace(opened[-1], f"styles nest deeper than {MAX_BLOCKS} braces here")
        elif match[0] == "}":
            if not opened:
                return WrongBrace(match.start(), "this brace closes nothing")
            opened.pop()
    return WrongBrace(opened[-1], "this brace is never closed") if opened else None


def has_dark_mode(css: str) -> bool:
    return "prefers-color-scheme" in _COMMENT.sub(" ", css).lower()


@lru_cache(maxsize=4096)
def css_addresses(css: str) -> tuple[str, ...]:
    """Every address that the CSS makes a mail program open: `url(…)`, `@import`, `image-set(…)`."""
    text = _ESCAPE.sub(_escaped, _COMMENT.sub("", css))
    return tuple(
        (match[1] if match[1] is not None else match[2]).strip("\"' \t\n")
        for match in _ADDRESS.finditer(text)
    )


def _escaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[2]
    code = int(match[1], 16)
    return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"


@lru_cache(maxsize=256)
def inline_styles(html: str, extra: str | None = None) -> str:
    """`html` with its rules also in `style` attributes; the `<style>` elements stay.

    With `extra`, only the rules in it are written. Nothing is fetched. Raises ValueError where the HTML cannot be
    read.
    """
    inliner = css_inline.CSSInliner(
        inline_style_tags=extra is None,
        keep_style_tags=True,
        keep_link_tags=True,
        load_remote_stylesheets=False,
        extra_css=extra,
    )
    return inliner.inline(html)
