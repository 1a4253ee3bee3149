"""An MJML template: drafts in, drafts of its HTML out, with the holes and the control flow kept.

First everything is read as it was written, so that what is wrong is told at its line: elements strictly in
order, each hole where one may stand, MJML's own rules. Then the converter makes HTML of it, and the
caller reads that again as it reads any HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.language.html.escape_html import escape_marked
from handbill.language.html.text_links import TextLinks
from handbill.language.mail.check import check_mjml
from handbill.language.mail.convert import NotConverted, convert_mjml
from handbill.language.mail.redraft import GENERATED, OutOfOrder, redraft
from handbill.language.mail.styles import structural_selector
from handbill.language.mail.tree import MAX_DEPTH, Element, Tree, parse_mjml
from handbill.language.mail.write import MjmlText, write_mjml
from handbill.language.templates.draft import Draft, DraftPut
from handbill.language.templates.marked import MarkedTemplate

LONGEST = 400_000
"""Characters of MJML with everything in place; a mail of 100 KB has a tenth of them."""


@dataclass(frozen=True, slots=True)
class Converted:
    """`drafts` is None where there were errors."""

    drafts: tuple[Draft, ...] | None
    diagnostics: tuple[Diagnostic, ...]


def check_source(
    drafts: tuple[Draft, ...], marked: MarkedTemplate, links: TextLinks
) -> tuple[Diagnostic, ...]:
    """What is wrong with an MJML template as it was written: see `escape_marked`."""
    _, found = escape_marked(drafts, marked, links)
    if has_errors(found):
        return found
    return (*found, *check_mjml(_tree(marked), marked))


def convert(
    drafts: tuple[Draft, ...], marked: MarkedTemplate, document: Mapping[str, str]
) -> Converted:
    """The HTML of a template, marked so, in which `check_source` found no error. `document`: lang and
    dir."""
    root = next(node for node in _tree(marked).roots if isinstance(node, Element))
    written = write_mjml(root, marked.marks, marked.prefix, document)
    wrong = _too_large(written, root, marked) or _structural(written, root, marked)
    if wrong is not None:
        return Converted(None, (wrong,))
    try:
        html = convert_mjml(written, marked.prefix)
        return Converted(redraft(html, drafts, marked.marks, marked.prefix), ())
    except NotConverted as refusal:
        return Converted(None, (not_converted(refusal, marked),))
    except OutOfOrder as refusal:
        return Converted(None, (out_of_order(refusal.mark, marked),))


def _tree(marked: MarkedTemplate) -> Tree:
    return parse_mjml(marked.text, marked.prefix)


def _too_large(written: MjmlText, root: Element, marked: MarkedTemplate) -> Diagnostic | None:
    if len(written.text) <= LONGEST:
        return None
    message = (
        f"this mail has {len(written.text):,} characters of MJML; at most {LONGEST:,} are made"
    )
    return Diagnostic("HB586", message, marked.place(root.start, root.end).range)


def _structural(written: MjmlText, root: Element, marked: MarkedTemplate) -> Diagnostic | None:
    if all(isinstance(draft, DraftPut) for draft in marked.marks):
        return None
    selector = structural_selector(written.style)
    if selector is None:
        return None
    style = next(
        (each for each in _styles(root) if selector.split()[0] in _text(each, marked)), root
    )
    return refused_selector(selector, marked, (style.start, style.end))


def _styles(root: Element) -> list[Element]:
    heads = [child for child in root.elements() if child.name == "mj-head"]
    return [style for head in heads for style in head.elements() if style.name == "mj-style"]


def _text(style: Element, marked: MarkedTemplate) -> str:
    end = marked.text.find("</mj-style", style.end)
    return marked.text[style.end : end]


def refused_selector(
    selector: str, marked: MarkedTemplate, fallback: tuple[int, int]
) -> Diagnostic:
    """`selector` asks for an element's neighbours, in a template with `if` or `for`."""
    at = marked.text.find(selector)
    where = (at, at + len(selector)) if at >= 0 else fallback
    return Diagnostic(
        "HB587",
        f"`{selector}` depends on which elements stand beside one another, and this template's "
        "`if` and `for` decide that only when sending",
        marked.place(*where).range,
        hint="give the element a class of its own: .first { … }",
    )


def too_deep(marked: MarkedTemplate, at: tuple[int, int]) -> Diagnostic:
    message = f"tags are nested too deeply here: at most {MAX_DEPTH} within one another"
    return Diagnostic("HB586", message, marked.place(*at).range)


def not_converted(refusal: NotConverted, marked: MarkedTemplate) -> Diagnostic:
    if refusal.mark is not None:
        place = marked.marks[refusal.mark].place
        return Diagnostic(
            "HB588",
            f"`{place.text}` stands between the rows or cells of a table, and browsers move it out",
            place.range,
            hint=f"<td>{{{{ {place.text} }}}}</td>",
        )
    first = re.match(r"\s*<[^>]*>", marked.text)
    return Diagnostic(
        "HB588",
        f"no mail can be made of this: {refusal}",
        marked.place(*(first.span() if first else (0, 1))).range,
        hint="take out what was added last, and try again",
    )


def out_of_order(mark: int | None, marked: MarkedTemplate) -> Diagnostic:
    """Control flow that does not hold together in the HTML that was made."""
    draft = marked.marks[mark if mark is not None else 0]
    return Diagnostic(
        "HB588",
        "what mail programs get does not hold together around this",
        draft.place.range,
        hint="put it around a whole <mj-section>, around a whole column, or inside <mj-text>",
    )


def generated_only(found: tuple[Diagnostic, ...], marked: MarkedTemplate) -> tuple[Diagnostic, ...]:
    """Findings in the HTML that was made: what nobody wrote is told at the first control flow."""
    turns = (mark for mark, each in enumerate(marked.marks) if not isinstance(each, DraftPut))
    first = next(turns, None)
    result: list[Diagnostic] = []
    for each in found:
        if each.range is not None and each.range.file != GENERATED:
            result.append(each)
        elif first is not None:
            result.append(replace(out_of_order(first, marked), notes=(each.message,)))
        else:
            result.append(not_converted(NotConverted(each.message), marked))
    return tuple(dict.fromkeys(result))
