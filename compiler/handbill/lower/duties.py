"""What a channel's contract expects every message of a class to have, proved for all its readers.

Both parts of a mail are read as text, so that what is hidden does not count; a thing is there when it
stands on every way through the control flow. Alternative texts are checked where pictures are read
(`language/mail`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from handbill.diagnostics.diagnostic import SourceRange
from handbill.language.html.text_part import derive_text
from handbill.lower.compiling import Compiling
from handbill.plan.ir import Field, For, If, Op, Put, Set, Text
from handbill.schema.models.channel import Duty

There: TypeAlias = Callable[[Op], bool]
_LINK = ("unsubscribe_url",)


@dataclass(frozen=True, slots=True)
class _Expected:
    duty: Duty
    there: There
    code: str
    what: str
    hint: str


def check_duties(
    duties: Collection[Duty],
    html: tuple[Op, ...],
    text: tuple[Op, ...],
    where: SourceRange,
    compiling: Compiling,
) -> None:
    """Reports what the HTML or the text part of a mail lacks, for some customers or for all.

    Constants may stand apart in `html` (`CompiledTemplate.page`).
    """
    if not duties:
        return
    parts = {"": derive_text(html), " in its text part": text}
    for expected in _expected(compiling.postal_address):
        lacking = [name for name, ops in parts.items() if not on_every_way(ops, expected.there)]
        if expected.duty not in duties or not lacking:
            continue
        if on_some_way(parts[lacking[0]], expected.there):
            message = f"some customers get this mail without {expected.what}{lacking[0]}"
            hint = f"{expected.hint}, outside every `if` and `for`"
        else:
            message = f"this mail does not show {expected.what}{lacking[0]}"
            hint = expected.hint
        compiling.report(expected.code, message, where, hint)


def _expected(address: str) -> tuple[_Expected, ...]:
    return (
        _Expected(
            "unsubscribe_link",
            _unsubscribes,
            "HB590",
            "a way to unsubscribe",
            '<a href="{{ unsubscribe_url }}">Unsubscribe</a>',
        ),
        _Expected(
            "postal_address",
            lambda op: isinstance(op, Text) and _plain(address) in _plain(op.text),
            "HB591",
            "the retailer's postal address",
            "{{ brand.postal_address }}",
        ),
    )


def on_every_way(ops: Sequence[Op], there: There) -> bool:
    """Whether everybody who reads what `ops` write meets something that is `there`."""
    for op in ops:
        match op:
            case Text() | Put():
                found = there(op)
            case If(branches=branches, otherwise=otherwise):
                ways = [*(branch.body for branch in branches), otherwise]
                found = all(on_every_way(way, there) for way in ways)
            case For() | Set():
                found = False
            case _:
                assert_never(op)
        if found:
            return True
    return False


def on_some_way(ops: Sequence[Op], there: There) -> bool:
    """Whether anybody does."""
    for op in ops:
        match op:
            case Text() | Put():
                found = there(op)
            case If(branches=branches, otherwise=otherwise):
                ways = [*(branch.body for branch in branches), otherwise]
                found = any(on_some_way(way, there) for way in ways)
            case For(body=body, otherwise=otherwise):
                found = on_some_way((*body, *otherwise), there)
            case Set():
                found = False
            case _:
                assert_never(op)
        if found:
            return True
    return False


def _unsubscribes(op: Op) -> bool:
    match op:
        case Put(expression=Field(path=path)):
            return path == _LINK
        case _:
            return False


def _plain(text: str) -> str:
    return " ".join(text.split())
