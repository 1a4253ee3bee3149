"""Two texts side by side: which words are only expected, which only there.

`[-words-]` were expected and are missing, `{+words+}` are there and were not expected, as git's word
diff writes them; `[… 120 words …]` stands for words that are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["same", "missing", "added"]
CONTEXT = 6
"""Words of an equal stretch that are shown at each of its ends."""
CHANGED = 60
"""Words of a stretch that differs that are shown at each of its ends."""
MAX_WORDS = 3_000
"""Where more than these differ, the rest is one stretch: that is shown, and not compared further."""
LONG = 400
"""Of texts with more words, frequent ones are only compared next to others that are equal: else the
spaces between a few thousand words would keep a test busy for an hour."""
HEADING = "── "
"""A line that begins so tells what follows: it is shown with a difference below it."""
_WORD = re.compile(r"\s+|[^\s]+")
_HEADING = re.compile(rf"^{HEADING}.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Stretch:
    kind: Kind
    text: str


def word_diff(expected: str, actual: str) -> tuple[Stretch, ...]:
    """Stretches in reading order; equal texts are one stretch that is the same."""
    left, right = _words(expected), _words(actual)
    first = _equal_words(left, right)
    last = _equal_words(left[first:][::-1], right[first:][::-1])
    end, there = len(left) - last, len(right) - last
    found = [
        Stretch("same", "".join(left[:first])),
        *_compared(left[first:end], right[first:there]),
        Stretch("same", "".join(left[end:])),
    ]
    return tuple(_joined(found))


def _equal_words(left: list[str], right: list[str]) -> int:
    """How many words are the same from the beginning on."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(left), len(right)))


def _compared(left: list[str], right: list[str]) -> Iterator[Stretch]:
    most = 2 * MAX_WORDS
    is_long = max(len(left), len(right)) > LONG
    matcher = SequenceMatcher(None, left[:most], right[:most], autojunk=is_long)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Stretch("same", "".join(left[a:b]))
        else:
            yield Stretch("missing", "".join(left[a:b]))
            yield Stretch("added", "".join(right[c:d]))
    yield Stretch("missing", "".join(left[most:]))
    yield Stretch("added", "".join(right[most:]))


def _joined(stretches: list[Stretch]) -> Iterator[Stretch]:
    """Without empty ones, and neighbours of one kind as one."""
    last: Stretch | None = None
    for each in stretches:
        if last is not None and each.text and each.kind == last.kind:
            last = replace(last, text=last.text + each.text)
        elif each.text:
            if last is not None:
                yield last
            last = each
    if last is not None:
        yield last


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def shortened(stretches: tuple[Stretch, ...]) -> Iterator[Stretch]:
    """The same with long stretches cut to their ends, equal ones to what stands next to a difference.
    Where words are cut out, a mark says how many; a heading stays."""
    for index, stretch in enumerate(stretches):
        same = stretch.kind == "same"
        keep = 2 * (CONTEXT if same else CHANGED)
        words = _words(stretch.text)
        head = 0 if same and index == 0 else keep
        tail = 0 if same and index == len(stretches) - 1 else keep
        if len(words) <= 2 * keep:
            yield stretch
        else:
            end = len(words) - tail
            middle = _cut("".join(words[head:end]))
            yield replace(stretch, text="".join([*words[:head], middle, *words[end:]]))


def _cut(text: str) -> str:
    """What stands for a text that is not shown: marks, and between them its last heading."""
    headings = list(_HEADING.finditer(text))
    if not headings:
        return _mark(text)
    last = headings[-1]
    before, after = _mark(text[: last.start()]), _mark(text[last.end() :])
    return "\n".join(each for each in (before, last[0], after) if each.strip())


def _mark(text: str) -> str:
    count = len(text.split())
    return f"[… {count} word{'' if count == 1 else 's'} …]" if count else text


def marked(stretches: tuple[Stretch, ...], full: bool = False) -> str:
    """The diff as one text, for terminals without colours and for programs; `full`: nothing cut."""
    marks = {"same": ("", ""), "missing": ("[-", "-]"), "added": ("{+", "+}")}
    shown = stretches if full else shortened(stretches)
    return "".join(f"{marks[each.kind][0]}{each.text}{marks[each.kind][1]}" for each in shown)
