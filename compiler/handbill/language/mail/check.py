"""MJML held to its own list of tags: what stands where, and what its attributes may be.

The converter accepts any tag and any value, and what it makes of a wrong one shows only in somebody's
inbox; so everything is checked before it runs.
"""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.diagnostics.suggest import closest
from handbill.language.mail.check_attributes import AttributeChecks
from handbill.language.mail.check_columns import uneven_column
from handbill.language.mail.check_html import HtmlChecks
from handbill.language.mail.check_values import refused_brace
from handbill.language.mail.elements import (
    ALL_ATTRIBUTES,
    COMPONENTS,
    CONTENT_HTML,
    MJML_TAGS,
    NOT_AVAILABLE,
    Holds,
    MjmlTag,
)
from handbill.language.mail.refusals import Refusals, tag_range
from handbill.language.mail.styles import wrong_brace
from handbill.language.mail.tree import MAX_DEPTH, Element, Node, Tree, Turn, Words
from handbill.language.mail.values import ValueKind
from handbill.language.templates.draft import DraftFor
from handbill.language.templates.marked import MarkedTemplate


def check_mjml(tree: Tree, marked: MarkedTemplate) -> tuple[Diagnostic, ...]:
    """What is wrong with a template that has some text."""
    refusals = Refusals(marked)
    _Checker(refusals).document(tree)
    return tuple(refusals.found)


class _Checker:
    def __init__(self, refusals: Refusals) -> None:
        self.refusals = refusals
        self.marked = refusals.marked
        self.attributes = AttributeChecks(refusals)
        self.html = HtmlChecks(refusals)

    # ── tags ─────────────────────────────────────────────────────────────────────────────────────

    def document(self, tree: Tree) -> None:
        if tree.too_deep is not None:
            message = f"tags are nested too deeply here: at most {MAX_DEPTH} within one another"
            self.refusals.report("HB586", message, tree.too_deep)
            return
        for at in tree.conditional:
            message = "MJML writes what only Outlook reads by itself: this comment cannot stay"
            self.refusals.report("HB584", message, at, "remove it")
        roots = [node for node in tree.roots if isinstance(node, Element)]
        for node in tree.roots:
            if isinstance(node, Turn):
                self._turn(node, "the whole mail")
            elif isinstance(node, Words) and node.raw.strip():
                self.refusals.loose(node, "<mjml>")
        if len(roots) != 1 or roots[0].name != "mjml":
            at = (roots[0].start, roots[0].end) if roots else (0, 0)
            message = "a template named .mjml is one <mjml> with everything in it"
            hint = "<mjml><mj-body> … </mj-body></mjml>, or extend a layout that has it"
            self.refusals.report("HB580", message, at, hint)
            return
        self._tag(roots[0], "")

    def _tag(self, element: Element, parent: str) -> None:
        tag = MJML_TAGS.get(element.name)
        if tag is not None and parent == "mj-attributes" and tag.name in COMPONENTS:
            self.attributes.check(element, tag, _defaults_of(tag))
            return
        if tag is None or (parent and parent not in tag.parents):
            self._unknown(element, parent)
            return
        allowed = _defaults_of(tag) if parent == "mj-attributes" else tag.attributes
        self.attributes.check(element, tag, allowed)
        self.attributes.own_pictures(element)
        match tag.holds:
            case Holds.TAGS:
                self._tags_in(element, tag)
            case Holds.HTML:
                self.html.check(element, tag)
            case Holds.WORDS | Holds.STYLE:
                self._words_in(element, tag)
            case Holds.NOTHING:
                if any(not _is_white(child) for child in element.children):
                    message = f"<{tag.name}> has no content"
                    self.refusals.report("HB580", message, tag_range(element), f"<{tag.name} … />")

    def _unknown(self, element: Element, parent: str) -> None:
        name = element.name
        if name in NOT_AVAILABLE:
            why, hint = NOT_AVAILABLE[name]
            self.refusals.report(
                "HB584", f"<{name}> is not available: {why}", tag_range(element), hint
            )
            return
        if name in MJML_TAGS:
            parents = sorted(MJML_TAGS[name].parents)
            message = f"<{name}> cannot stand in <{parent}>"
            hint = f"put it into {' or '.join(f'<{each}>' for each in parents)}"
            self.refusals.report("HB580", message, tag_range(element), hint)
            return
        if name in CONTENT_HTML:
            message = f"<{name}> is HTML, and <{parent}> holds MJML tags only"
            self.refusals.report(
                "HB580", message, tag_range(element), "put it into <mj-text> or <mj-raw>"
            )
            return
        near = closest(name, MJML_TAGS)
        message = f"MJML has no tag <{name}>"
        self.refusals.report(
            "HB580", message, tag_range(element), f"did you mean <{near}>?" if near else None
        )

    def _tags_in(self, element: Element, tag: MjmlTag) -> None:
        for child in element.children:
            match child:
                case Element():
                    self._tag(child, element.name)
                case Words() if child.raw.strip():
                    self.refusals.loose(child, f"<{tag.name}>")
                case Turn() if not tag.turns:
                    self._turn(child, f"<{tag.name}>")
                case _:
                    pass
        if tag.name in ("mj-section", "mj-group"):
            self._column_widths(element)

    def _turn(self, turn: Turn, where: str) -> None:
        draft = self.marked.marks[turn.mark]
        word = "for" if isinstance(draft, DraftFor) else "if"
        message = f"`{word}` cannot stand in {where}"
        diagnostic = Diagnostic(
            "HB583", message, draft.place.range, hint=_TURN_HINTS.get(where, _TURN_HINT)
        )
        if diagnostic not in self.refusals.found:
            self.refusals.found.append(diagnostic)

    def _words_in(self, element: Element, tag: MjmlTag) -> None:
        for child in element.children:
            match child:
                case Element():
                    message = f"<{tag.name}> holds {tag.holds.value}, no tags"
                    self.refusals.report(
                        "HB580", message, tag_range(child), f"take <{child.name}> out"
                    )
                case Turn() if not tag.turns:
                    self._turn(child, f"<{tag.name}>")
                case Words() if tag.holds is Holds.STYLE:
                    self.attributes.constants(child.raw, ValueKind.CSS)
                    self._braces(child)
                case _:
                    pass

    def _braces(self, css: Words) -> None:
        wrong = wrong_brace(css.raw)
        if wrong is not None:
            self.refusals.found.append(refused_brace(wrong, css.start, self.marked))

    def _column_widths(self, section: Element) -> None:
        found = uneven_column(section)
        if found is not None:
            column, written = found
            message = (
                f"this column can be left out, and the {written} written here keep "
                f"{100 / written:.4g}% each"
            )
            hint = 'give each column a width="…", or put the `if` around whole sections'
            self.refusals.report(
                "HB585", message, tag_range(column), hint, severity=Severity.WARNING
            )


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


def _is_white(node: Node) -> bool:
    return isinstance(node, Words) and not node.raw.strip()
