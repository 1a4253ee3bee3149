"""MJML to HTML: the converter, and what is done to its output before it is read again.

Remembered by content. A template is checked before it comes here, so what the converter still refuses,
or trips over, is told as it says it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mjml import mjml2html

from handbill.language.mail.styles import has_dark_mode, inline_styles
from handbill.language.mail.write import MjmlText
from handbill.language.templates.marked import mark_pattern

_HEAD = "<head>"
_STYLE = re.compile(r"<style[^>]*>(.*?)</style", re.DOTALL | re.IGNORECASE)
_COLOR_SCHEME = (
    '<meta name="color-scheme" content="{0}"><meta name="supported-color-schemes" content="{0}">'
)


class NotConverted(Exception):
    """Why no HTML was made, in the converter's own words. `mark`: of the hole that is in the way."""

    def __init__(self, why: str, mark: int | None = None) -> None:
        super().__init__(why)
        self.mark = mark


@lru_cache(maxsize=256)
def convert_mjml(mjml: MjmlText, prefix: str) -> str:
    """The marked HTML of marked MJML, turns of control flow as bare marks. Raises NotConverted."""
    html = _converted(mjml.text)
    scheme = "light dark" if has_dark_mode(mjml.style) else "light only"
    html = html.replace(_HEAD, _HEAD + _COLOR_SCHEME.format(scheme), 1)
    if mjml.style.strip():
        html = inlined(html, prefix, mjml.style)
    return turns_bare(html, prefix)


def inlined(html: str, prefix: str, extra: str | None = None) -> str:
    """`inline_styles`, whose reader must not have moved a mark. Raises NotConverted."""
    try:
        result = inline_styles(html, extra)
    except ValueError as error:
        raise NotConverted(str(error)) from error
    pattern = mark_pattern(prefix)
    styling = {mark for style in _STYLE.findall(html) for mark in pattern.findall(style)}
    before, after = (
        [mark for mark in pattern.findall(text) if mark not in styling] for text in (html, result)
    )
    moved = next((mark for mark, old in zip(after, before, strict=False) if mark != old), None)
    if moved is not None:
        raise NotConverted("browsers move it", int(moved[0]))
    return result


def _converted(text: str) -> str:
    """Without MJML's web fonts: the reader's mail program would ask a stranger's host for them."""
    try:
        return mjml2html(text, fonts={})
    except ValueError as error:
        raise NotConverted(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the converter's own bugs arrive
            raise
        raise NotConverted(str(error)) from error


def turns_in_comments(html: str, prefix: str) -> str:
    """Turns of control flow as comments, which stay where they are between the rows of a table."""
    return re.sub(rf"{prefix}\d+[onc]", r"<!--\g<0>-->", html)


def turns_bare(html: str, prefix: str) -> str:
    return re.sub(rf"<!--({prefix}\d+[onc])-->", r"\1", html)
