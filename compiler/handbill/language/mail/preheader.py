"""The text that inboxes show beside the subject: put into a template that does not place it itself.

It is hidden where the mail is read, and followed by invisible characters, so that the preview does not go
on with the mail's first words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.language.mail.edits import Edits, written
from handbill.language.mail.reading import start_tags
from handbill.language.mail.write import PREVIEW_PADDING
from handbill.language.templates.draft import (
    Draft,
    DraftFor,
    DraftIf,
    DraftPut,
    DraftSet,
    DraftText,
    Place,
)
from handbill.language.templates.marked import mark_template
from handbill.plan.ir import Const, Expression

NAME = "preheader"
_MENTIONED = re.compile(rf"\b{NAME}\b")
_HIDDEN = (
    '<div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;'
    'overflow:hidden;mso-hide:all;">'
)


def with_preheader(
    drafts: tuple[Draft, ...], value: Expression | None
) -> tuple[tuple[Draft, ...], tuple[Diagnostic, ...]]:
    """The drafts with the preheader in them; unchanged where there is none or it is there already."""
    if value is None or value == Const(value.type, "") or any(_mentions(drafts)):
        return drafts, ()
    marked = mark_template(drafts)
    by_name = {tag.name: tag for tag in reversed(start_tags(marked.text))}
    if "mj-preview" in by_name:
        own = by_name["mj-preview"]
        return drafts, (
            Diagnostic(
                "HB593",
                "this template has a preview of its own, so the message's preheader is not shown",
                marked.place(own.start, own.end).range,
                Severity.WARNING,
                hint="<mj-preview>{{ preheader }}</mj-preview>",
            ),
        )
    for name, before, after in (
        ("mj-head", "<mj-preview>", "</mj-preview>"),
        ("mjml", "<mj-head><mj-preview>", "</mj-preview></mj-head>"),
        ("body", _HIDDEN, f"{PREVIEW_PADDING}</div>"),
    ):
        if name in by_name and not by_name[name].self_closing:
            tag = by_name[name]
            place = marked.place(tag.start, tag.end)
            edits = Edits(marked)
            edits.insert(tag.end, _shown(before, value, after, place))
            return edits.apply(drafts), ()
    at = marked.place(0, 0)
    return (*_shown(_HIDDEN, value, f"{PREVIEW_PADDING}</div>", at), *drafts), ()


def _shown(before: str, value: Expression, after: str, at: Place) -> tuple[Draft, ...]:
    return written(before, at), DraftPut(value, at), written(after, at)


def _mentions(drafts: Iterable[Draft]) -> Iterator[bool]:
    """Whether some hole or condition names the preheader."""
    for draft in drafts:
        match draft:
            case DraftPut(place=place):
                yield _MENTIONED.search(place.text) is not None
            case DraftIf(branches=branches, otherwise=otherwise):
                for branch in branches:
                    yield from _mentions(branch.body)
                yield from _mentions(otherwise)
            case DraftFor(body=body, otherwise=otherwise):
                yield from _mentions((*body, *otherwise))
            case DraftText() | DraftSet():
                pass
            case _:
                assert_never(draft)
