"""Attributes of MJML tags: which there are, and what each of them may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from handbill.diagnostics.suggest import closest
from handbill.language.expressions.finite import known_texts
from handbill.language.html.tokens import Attribute
from handbill.language.mail.check_values import not_constant
from handbill.language.mail.elements import MjmlTag
from handbill.language.mail.refusals import Refusals, tag_range
from handbill.language.mail.tree import Element
from handbill.language.mail.values import EXAMPLES, ValueKind, fits, value_kind
from handbill.language.templates.draft import DraftPut
from handbill.language.templates.marked import HOLE, mark_pattern

_FOREIGN_PICTURES = {
    "mj-social-element": ("src",),
    "mj-accordion": ("icon-wrapped-url", "icon-unwrapped-url"),
    "mj-carousel": ("left-icon", "right-icon"),
}
"""Where MJML brings pictures of its own, from hosts that are nobody's here."""
_SHARING = frozenset(
    {"facebook", "twitter", "x", "google", "pinterest", "linkedin", "tumblr", "xing"}
)


class AttributeChecks:
    """What is wrong goes to `refusals`."""

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals
        self._marked = refusals.marked
        self._pattern = mark_pattern(refusals.marked.prefix)

    def check(self, element: Element, tag: MjmlTag, allowed: Iterable[str]) -> None:
        """Every attribute that is written; `data-…` and `aria-…` are anybody's."""
        known = frozenset(allowed)
        for item in element.attributes:
            at = self._value_at(element, item)
            if item.name not in known and not item.name.startswith(("data-", "aria-")):
                at = self._name_at(element, item)
                near = closest(item.name, known)
                message = f"<{tag.name}> has no attribute `{item.name}`"
                hint = f"did you mean `{near}`?" if near else f"its own: {', '.join(sorted(known))}"
                self._refusals.report("HB581", message, at, hint)
                continue
            self._value(item, value_kind(item.name), at)

    def _name_at(self, element: Element, item: Attribute) -> tuple[int, int]:
        end = item.start if item.start >= 0 else element.end
        start = self._marked.text.lower().rfind(item.name, element.start, end)
        return start, start + len(item.name)

    def _value_at(self, element: Element, item: Attribute) -> tuple[int, int]:
        if item.start < 0:
            return tag_range(element)
        closing = self._marked.text.find(item.quote, item.start) if item.quote else element.end - 1
        return item.start, closing

    def _value(self, item: Attribute, kind: ValueKind, at: tuple[int, int]) -> None:
        if kind in (ValueKind.TEXT, ValueKind.ADDRESS):
            return
        if not self.constants(item.value, kind, item.name):
            return
        for value in self._possible(item.value):
            if not fits(kind, value.strip()):
                message = f"`{item.name}` cannot be `{value}`"
                self._refusals.report("HB581", message, at, EXAMPLES.get(kind, "https://…"))
                return

    def constants(self, written: str, kind: ValueKind, attribute: str = "") -> bool:
        """Whether every hole is one that the converter can be given; the others are reported."""
        found = [
            problem
            for match in self._pattern.finditer(written)
            if match[2] == HOLE
            and isinstance(draft := self._marked.marks[int(match[1])], DraftPut)
            and (problem := not_constant(draft, kind, attribute)) is not None
        ]
        self._refusals.found += found
        return not found

    def _possible(self, value: str) -> Iterator[str]:
        """A value with its constants; with several holes that choose, each alternative by itself."""
        drafts = [self._marked.marks[int(match[1])] for match in self._pattern.finditer(value)]
        texts = [
            known_texts(each.expression) or ("",) for each in drafts if isinstance(each, DraftPut)
        ]
        for number in range(max(map(len, texts), default=1)):
            chosen = iter([each[min(number, len(each) - 1)] for each in texts])
            yield self._pattern.sub(_next_of(chosen), value)

    def own_pictures(self, element: Element) -> None:
        """Nothing of a mail may come from MJML's host, nor lead to a network's sharing page."""
        for name in _FOREIGN_PICTURES.get(element.name, ()):
            if element.get(name) is None:
                message = f"<{element.name}> without `{name}` shows a picture from MJML's own host"
                self._refusals.report("HB581", message, tag_range(element), f'{name}="https://…"')
        network = element.get("name")
        if element.name == "mj-social-element" and network and network.value in _SHARING:
            message = f"MJML makes a sharing link of another host out of `{network.value}`"
            at = self._value_at(element, network)
            self._refusals.report("HB581", message, at, f'name="{network.value}-noshare"')


def _next_of(chosen: Iterator[str]) -> Callable[[re.Match[str]], str]:
    return lambda _: next(chosen)
