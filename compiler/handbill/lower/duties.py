"""What a channel's contract expects every message of a class to have, proved for all its readers.

Both parts of a mail are read as text, so that what is hidden does not count; a thing is there when it
stands on every way through the control flow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from handbill.diagnostics.diagnostic import SourceRange
from handbill.language.html.text_part import derive_text
from handbill.lower.compiling import Compiling
from handbill.plan.ir import Field, For, If, Op, Put, Set, Text
from handbill.schema.models.channel import Duty

UNSUBSCRIBE: Duty = "unsubscribe_link"
ADDRESS: Duty = "postal_address"
_LINK = ("unsubscribe_url",)


def check_duties(
    duties: Sequence[Duty],
    html: tuple[Op, ...],
    text: tuple[Op, ...],
    where: SourceRange,
    compiling: Compiling,
) -> None:
    """Reports what a mail lacks. `alt_text` is checked where pictures are read (language/mail)."""
    shown = derive_text(html)
    for part, ops in (("its HTML", shown), ("its text part", text)):
        if UNSUBSCRIBE in duties and not on_every_way(ops, _unsubscribes):
            compiling.report(
                "HB590",
                f"this mail has no way to unsubscribe in {part}, for some customers at least",
                where,
                '<a href="{{ unsubscribe_url }}">Unsubscribe</a>, outside every `if` and `for`',
            )
            break
    address = _plain(compiling.postal_address)
    for part, ops in (("its HTML", shown), ("its text part", text)):
        if ADDRESS in duties and not on_every_way(ops, lambda op: _has(op, address)):
            compiling.report(
                "HB591",
                f"this mail does not give the retailer's postal address in {part}, "
                "for some customers at least",
                where,
                "{{ brand.postal_address }}, outside every `if` and `for`",
            )
            break


def on_every_way(ops: Sequence[Op], there: Callable[[Op], bool]) -> bool:
    """Whether whoever reads what `ops` write meets something that is `there`."""
    for op in ops:
        match op:
            case Text() | Put():
                if there(op):
                    return True
            case If(branches=branches, otherwise=otherwise):
                ways = [*(branch.body for branch in branches), otherwise]
                if all(on_every_way(way, there) for way in ways):
                    return True
            case For() | Set():
                pass
            case _:
                assert_never(op)
    return False


def _unsubscribes(op: Op) -> bool:
    match op:
        case Put(expression=Field(path=path)):
            return path == _LINK
        case _:
            return False


def _has(op: Op, address: str) -> bool:
    return isinstance(op, Text) and address in _plain(op.text)


def _plain(text: str) -> str:
    return " ".join(text.split())
