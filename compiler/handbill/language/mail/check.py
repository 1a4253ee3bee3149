"""MJML held to its own list of tags: what stands where, and what its attributes may be.

The converter accepts any tag and any value, and what it makes of a wrong one shows only in somebody's
inbox; so everything is checked before it runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.diagnostics.suggest import closest
from handbill.language.expressions.finite import known_texts
from handbill.language.html.tokens import Attribute
from handbill.language.mail.check_columns import uneven_column
from handbill.language.mail.check_values import not_constant, refused_brace
from handbill.language.mail.elements import (
    ALL_ATTRIBUTES,
    COMPONENTS,
    CONTENT_HTML,
    MJML_TAGS,
    NOT_AVAILABLE,
    Holds,
    MjmlTag,
)
from handbill.language.mail.styles import wrong_brace
from handbill.language.mail.tree import MAX_DEPTH, Element, Node, Tree, Turn, Words
from handbill.language.mail.values import EXAMPLES, ValueKind, fits, value_kind
from handbill.language.templates.draft import DraftFor, DraftPut
from handbill.language.templates.marked import HOLE, MarkedTemplate, mark_pattern

_ATTRIBUTE_NAME = re.compile(r"[a-z_][a-z0-9_:.\-]*\Z")
_FOREIGN_PICTURES = {
    "mj-social-element": ("src",),
    "mj-accordion": ("icon-wrapped-url", "icon-unwrapped-url"),
    "mj-carousel": ("left-icon", "right-icon"),
}
"""Where MJML brings pictures of its own, from hosts that are nobody's here."""
_SHARING = frozenset(
    {"facebook", "twitter", "x", "google", "pinterest", "linkedin", "tumblr", "xing"}
)


def check_mjml(tree: Tree, marked: MarkedTemplate) -> tuple[Diagnostic, ...]:
    """What is wrong with a template that has some text."""
    checker = _Checker(marked)
    checker.document(tree)
    return tuple(checker.found)


class _Checker:
    def __init__(self, marked: MarkedTemplate) -> None:
        self.marked = marked
        self.pattern = mark_pattern(marked.prefix)
        self.found: list[Diagnostic] = []

    def report(
        self,
        code: str,
        message: str,
        at: tuple[int, int],
        hint: str | None = None,
        notes: tuple[str, ...] = (),
        severity: Severity = Severity.ERROR,
    ) -> None:
        where = self.marked.place(*at).range
        self.found.append(Diagnostic(code, message, where, severity, hint=hint, notes=notes))

    # ── tags ─────────────────────────────────────────────────────────────────────────────────────

    def document(self, tree: Tree) -> None:
        if tree.too_deep is not None:
            message = f"tags are nested too deeply here: at most {MAX_DEPTH} within one another"
            self.report("HB586", message, tree.too_deep)
            return
        for at in tree.conditional:
            message = "MJML writes what only Outlook reads by itself: this comment cannot stay"
            self.report("HB584", message, at, "remove it")
        roots = [node for node in tree.roots if isinstance(node, Element)]
        for node in tree.roots:
            if isinstance(node, Turn):
                self._turn(node, "the whole mail")
            elif isinstance(node, Words) and node.raw.strip():
                self._loose(node, "<mjml>")
        if len(roots) != 1 or roots[0].name != "mjml":
            at = (roots[0].start, roots[0].end) if roots else (0, 0)
            message = "a template named .mjml is one <mjml> with everything in it"
            hint = "<mjml><mj-body> … </mj-body></mjml>, or extend a layout that has it"
            self.report("HB580", message, at, hint)
            return
        self._tag(roots[0], "")

    def _tag(self, element: Element, parent: str) -> None:
        tag = MJML_TAGS.get(element.name)
        if tag is not None and parent == "mj-attributes" and tag.name in COMPONENTS:
            self._attributes(element, tag, _defaults_of(tag))
            return
        if tag is None or (parent and parent not in tag.parents):
            self._unknown(element, parent)
            return
        allowed = _defaults_of(tag) if parent == "mj-attributes" else tag.attributes
        self._attributes(element, tag, allowed)
        self._own_pictures(element)
        match tag.holds:
            case Holds.TAGS:
                self._tags_in(element, tag)
            case Holds.HTML:
                self._html_in(element, tag)
            case Holds.WORDS | Holds.STYLE:
                self._words_in(element, tag)
            case Holds.NOTHING:
                if any(not _is_white(child) for child in element.children):
                    message = f"<{tag.name}> has no content"
                    self.report("HB580", message, _at(element), f"<{tag.name} … />")

    def _unknown(self, element: Element, parent: str) -> None:
        name = element.name
        if name in NOT_AVAILABLE:
            why, hint = NOT_AVAILABLE[name]
            self.report("HB584", f"<{name}> is not available: {why}", _at(element), hint)
            return
        if name in MJML_TAGS:
            parents = sorted(MJML_TAGS[name].parents)
            message = f"<{name}> cannot stand in <{parent}>"
            hint = f"put it into {' or '.join(f'<{each}>' for each in parents)}"
            self.report("HB580", message, _at(element), hint)
            return
        if name in CONTENT_HTML:
            message = f"<{name}> is HTML, and <{parent}> holds MJML tags only"
            self.report("HB580", message, _at(element), "put it into <mj-text> or <mj-raw>")
            return
        near = closest(name, MJML_TAGS)
        message = f"MJML has no tag <{name}>"
        self.report("HB580", message, _at(element), f"did you mean <{near}>?" if near else None)

    def _tags_in(self, element: Element, tag: MjmlTag) -> None:
        for child in element.children:
            match child:
                case Element():
                    self._tag(child, element.name)
                case Words() if child.raw.strip():
                    self._loose(child, f"<{tag.name}>")
                case Turn() if not tag.turns:
                    self._turn(child, f"<{tag.name}>")
                case _:
                    pass
        if tag.name in ("mj-section", "mj-group"):
            self._column_widths(element)

    def _loose(self, words: Words, where: str) -> None:
        lead = len(words.raw) - len(words.raw.lstrip())
        start = words.start + lead
        end = start + len(words.raw.strip().split("\n")[0])
        message = f"text stands directly in {where}, where mail programs move it about"
        self.report("HB580", message, (start, end), "put it into <mj-text>")

    def _turn(self, turn: Turn, where: str) -> None:
        draft = self.marked.marks[turn.mark]
        word = "for" if isinstance(draft, DraftFor) else "if"
        message = f"`{word}` cannot stand in {where}"
        diagnostic = Diagnostic(
            "HB583", message, draft.place.range, hint=_TURN_HINTS.get(where, _TURN_HINT)
        )
        if diagnostic not in self.found:
            self.found.append(diagnostic)

    def _html_in(self, element: Element, tag: MjmlTag) -> None:
        for child in element.children:
            if isinstance(child, Element):
                self._html(child, tag.name)
        if tag.name == "mj-table":
            self._table_words(element)

    def _html(self, element: Element, within: str) -> None:
        name = element.name
        if name not in CONTENT_HTML:
            self._refuse_html(element, within)
            return
        for item in element.attributes:
            if _ATTRIBUTE_NAME.match(item.name) is None:
                message = f"`{item.name}` cannot be an attribute's name"
                self.report("HB581", message, _at(element), 'name="value"')
        if name in ("table", "tbody", "thead", "tfoot", "tr"):
            self._table_words(element)
        for child in element.children:
            if isinstance(child, Element):
                self._html(child, within)

    def _refuse_html(self, element: Element, within: str) -> None:
        name = element.name
        if name in MJML_TAGS or name in NOT_AVAILABLE:
            message = f"<{name}> cannot stand in <{within}>, which holds HTML"
            self.report("HB580", message, _at(element), f"close </{within}> before it")
        elif name == "style":
            hint = "<mj-style> in <mj-head>"
            self.report("HB580", "styles stand in the head of MJML", _at(element), hint)
        else:
            near = closest(name, CONTENT_HTML)
            message = f"a mail cannot have <{name}>"
            self.report("HB580", message, _at(element), f"<{near}>" if near else "remove it")

    def _table_words(self, element: Element) -> None:
        """Browsers move text that stands between the rows out of the table."""
        for child in element.children:
            if isinstance(child, Words) and child.raw.strip():
                self._loose(child, f"<{element.name}>")

    def _words_in(self, element: Element, tag: MjmlTag) -> None:
        for child in element.children:
            match child:
                case Element():
                    message = f"<{tag.name}> holds {tag.holds.value}, no tags"
                    self.report("HB580", message, _at(child), f"take <{child.name}> out")
                case Turn() if not tag.turns:
                    self._turn(child, f"<{tag.name}>")
                case Words() if tag.holds is Holds.STYLE:
                    self._constants(child.raw, ValueKind.CSS)
                    self._braces(child)
                case _:
                    pass

    def _braces(self, css: Words) -> None:
        wrong = wrong_brace(css.raw)
        if wrong is not None:
            self.found.append(refused_brace(wrong, css.start, self.marked))

    def _own_pictures(self, element: Element) -> None:
        for name in _FOREIGN_PICTURES.get(element.name, ()):
            if element.get(name) is None:
                message = f"<{element.name}> without `{name}` shows a picture from MJML's own host"
                self.report("HB581", message, _at(element), f'{name}="https://…"')
        network = element.get("name")
        if element.name == "mj-social-element" and network and network.value in _SHARING:
            message = f"MJML makes a sharing link of another host out of `{network.value}`"
            at = self._value_at(element, network)
            self.report("HB581", message, at, f'name="{network.value}-noshare"')

    # ── attributes ───────────────────────────────────────────────────────────────────────────────

    def _attributes(self, element: Element, tag: MjmlTag, allowed: Iterable[str]) -> None:
        known = frozenset(allowed)
        for item in element.attributes:
            at = self._value_at(element, item)
            if item.name not in known and not item.name.startswith(("data-", "aria-")):
                at = self._name_at(element, item)
                near = closest(item.name, known)
                message = f"<{tag.name}> has no attribute `{item.name}`"
                hint = f"did you mean `{near}`?" if near else f"its own: {', '.join(sorted(known))}"
                self.report("HB581", message, at, hint)
                continue
            self._value(item, value_kind(item.name), at)

    def _name_at(self, element: Element, item: Attribute) -> tuple[int, int]:
        end = item.start if item.start >= 0 else element.end
        start = self.marked.text.lower().rfind(item.name, element.start, end)
        return start, start + len(item.name)

    def _value_at(self, element: Element, item: Attribute) -> tuple[int, int]:
        if item.start < 0:
            return _at(element)
        closing = self.marked.text.find(item.quote, item.start) if item.quote else element.end - 1
        return item.start, closing

    def _value(self, item: Attribute, kind: ValueKind, at: tuple[int, int]) -> None:
        if kind in (ValueKind.TEXT, ValueKind.ADDRESS):
            return
        if not self._constants(item.value, kind, item.name):
            return
        for value in self._possible(item.value):
            if not fits(kind, value.strip()):
                message = f"`{item.name}` cannot be `{value}`"
                self.report("HB581", message, at, EXAMPLES.get(kind, "https://…"))
                return

    def _constants(self, written: str, kind: ValueKind, attribute: str = "") -> bool:
        """Whether every hole is one that the converter can be given; the others are reported."""
        found = [
            problem
            for match in self.pattern.finditer(written)
            if match[2] == HOLE
            and isinstance(draft := self.marked.marks[int(match[1])], DraftPut)
            and (problem := not_constant(draft, kind, attribute)) is not None
        ]
        self.found += found
        return not found

    def _possible(self, value: str) -> Iterator[str]:
        """A value with its constants; with several holes that choose, each alternative by itself."""
        drafts = [self.marked.marks[int(match[1])] for match in self.pattern.finditer(value)]
        texts = [
            known_texts(each.expression) or ("",) for each in drafts if isinstance(each, DraftPut)
        ]
        for number in range(max(map(len, texts), default=1)):
            chosen = iter([each[min(number, len(each) - 1)] for each in texts])
            yield self.pattern.sub(_next_of(chosen), value)

    def _column_widths(self, section: Element) -> None:
        found = uneven_column(section)
        if found is not None:
            column, written = found
            message = (
                f"this column can be left out, and the {written} written here keep "
                f"{100 / written:.4g}% each"
            )
            hint = 'give each column a width="…", or put the `if` around whole sections'
            self.report("HB585", message, _at(column), hint, severity=Severity.WARNING)


_TURN_HINT = "put it around the whole tag, or inside <mj-text>"
_TURN_HINTS = {
    "<mj-wrapper>": "Outlook would lose a table row: put it around the whole <mj-wrapper>",
    "<mj-title>": "{{ 'this' if … else 'that' }}",
    "<mj-preview>": "{{ 'this' if … else 'that' }}",
    "<mj-style>": "choose a class instead: css-class, and a style for each",
    "the whole mail": "put it into <mj-body>",
}


def _defaults_of(tag: MjmlTag) -> frozenset[str]:
    if "*" in tag.attributes:
        return (tag.attributes - {"*"}) | (ALL_ATTRIBUTES - {"mj-class", "href", "src"})
    return tag.attributes - {"mj-class"}


def _next_of(chosen: Iterator[str]) -> Callable[[re.Match[str]], str]:
    return lambda _: next(chosen)


def _at(element: Element) -> tuple[int, int]:
    return element.start, element.end


def _is_white(node: Node) -> bool:
    return isinstance(node, Words) and not node.raw.strip()
