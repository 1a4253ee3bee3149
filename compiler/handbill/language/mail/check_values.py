"""What a template's styles and constant attributes are refused for, each at its place."""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.expressions.finite import known_texts
from handbill.language.html.addresses import is_style_value
from handbill.language.mail.styles import WrongBrace
from handbill.language.mail.values import ValueKind
from handbill.language.templates.draft import DraftPut
from handbill.language.templates.marked import MarkedTemplate
from handbill.plan.ir import Const


def refused_brace(wrong: WrongBrace, start: int, marked: MarkedTemplate) -> Diagnostic:
    """`start` is where the CSS begins."""
    at = start + wrong.at
    message = f"{wrong.why}, and mail programs drop the rules that follow"
    hint = "each { has its }: .name { color: #1a7f37 }"
    return Diagnostic("HB597", message, marked.place(at, at + 1).range, hint=hint)


def not_constant(draft: DraftPut, kind: ValueKind, attribute: str) -> Diagnostic | None:
    """What keeps a hole from standing in an attribute that takes constants, or in a style."""
    text, where = draft.place.text, draft.place.range
    match draft.expression:
        case Const(value=value) if not attribute and not is_style_value(str(value)):
            message = f"`{text}` is `{value}` here, which is no plain CSS value"
            hint = "a colour (#1a7f37), a size (16px) or a list of fonts"
            return Diagnostic("HB574", message, where, hint=hint)
        case Const():
            return None
        case chosen if kind is ValueKind.COLOR and known_texts(chosen) is not None:
            return None
        case _:
            in_what = f"`{attribute}`" if attribute else "a style"
            message = f"`{text}` is not known when the mail is made, and {in_what} has to be"
            hint = "choose between two whole tags: {% if … %}<…>{% else %}<…>{% endif %}"
            return Diagnostic("HB582", message, where, hint=hint)
