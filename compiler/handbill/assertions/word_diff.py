"""Two texts side by side: which words are only expected, which only there.

`[-words-]` were expected and are missing, `{+words+}` are there and were not expected, as git's word
diff writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["same", "missing", "added"]
CONTEXT = 6
"""Words of an equal stretch that are shown at each of its ends."""
MAX_WORDS = 6_000
"""Of longer texts only the beginning is compared word by word."""
_WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Stretch:
    kind: Kind
    text: str


def word_diff(expected: str, actual: str) -> tuple[Stretch, ...]:
    """Stretches in reading order; equal texts are one stretch that is the same."""
    left, right = _words(expected), _words(actual)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    found: list[Stretch] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found.append(Stretch("same", "".join(left[a:b])))
            continue
        if b > a:
            found.append(Stretch("missing", "".join(left[a:b])))
        if d > c:
            found.append(Stretch("added", "".join(right[c:d])))
    return tuple(found)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)[: 2 * MAX_WORDS]


def shortened(stretches: tuple[Stretch, ...]) -> Iterator[Stretch]:
    """The same with long equal stretches cut to what stands next to a difference."""
    for index, stretch in enumerate(stretches):
        words = _words(stretch.text)
        if stretch.kind != "same" or len(words) <= 4 * CONTEXT:
            yield stretch
            continue
        head = "" if index == 0 else "".join(words[: 2 * CONTEXT])
        last = index == len(stretches) - 1
        tail = "" if last else "".join(words[-2 * CONTEXT :])
        yield Stretch("same", f"{head}…{tail}")


def marked(stretches: tuple[Stretch, ...]) -> str:
    """The diff as one text, for terminals without colours and for programs."""
    marks = {"same": ("", ""), "missing": ("[-", "-]"), "added": ("{+", "+}")}
    return "".join(
        f"{marks[each.kind][0]}{each.text}{marks[each.kind][1]}" for each in shortened(stretches)
    )
