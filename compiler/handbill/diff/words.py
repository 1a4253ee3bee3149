"""Word diffs of message parts: what a reader sees change, markup left out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from handbill.assertions.word_diff import Stretch as Words
from handbill.assertions.word_diff import shortened, word_diff
from handbill.diff.model import PartDiff, Stretch

_UNSEEN = re.compile(
    r"<!--.*?-->|<(style|script|head|title)\b.*?</\1\s*>|<!\[.*?\]>", re.DOTALL | re.IGNORECASE
)
_BREAKS = re.compile(r"</?(?:p|div|tr|table|h[1-6]|li|ul|ol|br)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
_ADDRESS = re.compile(r"""<[a-zA-Z][^>]*?\s(?:href|src)=(?:"([^"]*)"|'([^']*)')""")
_INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200f\u2060\ufeff]+")
"""Mails fill the line after the preheader with these."""
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
HTML = "html"


def part_diff(part: str, before: str, after: str, is_html: bool | None = None) -> PartDiff:
    """How one part differs. HTML (the part of that name, unless it is said) is compared as its words;
    where these are equal as its addresses, and else as its markup."""
    if is_html or (is_html is None and part == HTML):
        before, after = _readable(before, after)
    return PartDiff(part=part, stretches=_in_phrases(map(_stretch, word_diff(before, after))))


def _in_phrases(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Differences with but a blank between them are one: a phrase reads better than its words."""
    found: list[Stretch] = []
    removed, added, blank = "", "", ""
    for each in (*stretches, Stretch(kind="same", text="")):
        match each.kind:
            case "removed":
                removed, added, blank = removed + blank + each.text, added + blank, ""
            case "added" if blank:
                removed, added, blank = removed + blank, added + blank + each.text, ""
            case "added":
                added += each.text
            case "same" if (removed or added) and each.text in (" ", "\N{NO-BREAK SPACE}"):
                blank = each.text
            case "same":
                found += _changed(removed, added)
                found.append(Stretch(kind="same", text=blank + each.text))
                removed, added, blank = "", "", ""
    return tuple(each for each in found if each.text)


def _changed(removed: str, added: str) -> tuple[Stretch, ...]:
    return Stretch(kind="removed", text=removed), Stretch(kind="added", text=added)


def shortened_diff(diff: PartDiff) -> PartDiff:
    """The same with long stretches cut to what stands at their ends."""
    words = tuple(
        Words("missing" if each.kind == "removed" else each.kind, each.text)
        for each in diff.stretches
    )
    return PartDiff(part=diff.part, stretches=tuple(map(_stretch, shortened(words))))


def _stretch(words: Words) -> Stretch:
    return Stretch(kind="removed" if words.kind == "missing" else words.kind, text=words.text)


def html_words(text: str) -> str:
    """What a reader reads of HTML, a line a block."""
    seen = _BREAKS.sub("\n", _UNSEEN.sub("", text))
    plain = _INVISIBLE.sub("", html.unescape(_TAG.sub("", seen)))
    return _LINES.sub("\n", _BLANKS.sub(" ", plain)).strip()


def html_addresses(text: str) -> str:
    """Where its links and pictures lead, a line each."""
    return "\n".join(html.unescape(one or other) for one, other in _ADDRESS.findall(text))


def _readable(before: str, after: str) -> tuple[str, str]:
    for view in (html_words, html_addresses):
        one, other = view(before), view(after)
        if one != other:
            return one, other
    return before, after
