"""What a hole becomes once its surroundings are known, and what is said of one that may not stand there.

Shared by HTML (`escape_html`) and by everything that is not HTML (`escape_plain`).
"""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.templates.draft import DraftPut
from handbill.plan.escapes import escape_text
from handbill.plan.ir import Const, Escape, Expression, Field, Put, Text

GENERATED_LINKS = frozenset({("unsubscribe_url",)})
"""Context fields whose value the runtime makes: always one complete, safe address."""


def is_generated_link(expression: Expression) -> bool:
    return isinstance(expression, Field) and expression.path in GENERATED_LINKS


def put_value(expression: Expression, escape: Escape) -> Text | Put:
    """The operation that writes a string expression; a constant is escaped here and now."""
    if isinstance(expression, Const):
        return Text(escape_text(str(expression.value), escape))
    return Put(expression, escape)


def value_in_address(draft: DraftPut) -> Diagnostic:
    return Diagnostic(
        "HB571",
        f"`{draft.place.text}` is not known before sending, so it cannot be part of an address",
        draft.place.range,
        hint="write the address out, or use {{ unsubscribe_url }} as the whole of it",
        notes=("an address may hold constants: {{ brand.site }}, {{ params.… }}, {{ tenant.… }}",),
    )


def link_is_not_whole(draft: DraftPut) -> Diagnostic:
    return Diagnostic(
        "HB571",
        f"`{draft.place.text}` is a complete address: nothing can stand before or after it",
        draft.place.range,
        hint='href="{{ ' + draft.place.text + ' }}"',
    )


def too_many_alternatives(draft: DraftPut, limit: int) -> Diagnostic:
    message = f"this can become more than {limit} different texts"
    return Diagnostic("HB571", message, draft.place.range, hint="write fewer alternatives into it")
