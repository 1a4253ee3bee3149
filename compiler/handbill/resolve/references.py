"""Names that one document uses of another: each must exist, or the reader is told which do.

Templates and tables are files of a tree and are looked up where they are read, in lower/.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from handbill.diagnostics.diagnostic import Diagnostic, Related, SourceRange
from handbill.diagnostics.suggest import closest
from handbill.source.text import SourceText

_STRING = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.DOTALL)
_AUDIENCE = re.compile(r"(?<![\w.])audiences\s*\.\s*(\w+)")


def missing_name(
    code: str, what: str, name: str, known: Collection[str], range_: SourceRange, hint: str
) -> Diagnostic:
    """A name that nothing answers to. `what` reads before the name ("blueprint"); `hint` is what to
    do where no known name is near."""
    near = closest(name, known)
    notes = (f"there are: {', '.join(sorted(known))}",) if known and not near else ()
    return Diagnostic(
        code=code,
        message=f"there is no {what} `{name}`",
        range=range_,
        notes=notes if len(known) <= 20 else (),
        hint=f"did you mean `{near}`?" if near else hint,
    )


def audiences_named_in(source: SourceText) -> Iterator[tuple[str, SourceRange]]:
    """Every `audiences.NAME` of an expression, outside its string literals."""
    blanked = _STRING.sub(lambda match: " " * len(match.group()), source.text)
    for match in _AUDIENCE.finditer(blanked):
        yield match.group(1), source.range(match.start(1), match.end(1))


def identity_of(name: str, was: Iterable[str]) -> str:
    """What a campaign's sends are remembered under: the first, oldest name in `was`, or its own."""
    return next(iter(was), name)


def find_identity_collisions(
    names: Iterable[tuple[str, SourceRange, tuple[tuple[str, SourceRange], ...]]],
) -> Iterator[Diagnostic]:
    """Two campaigns of one tenant that claim the same name, now or formerly.

    Takes (name, place of the campaign, its `was` with places) for each campaign.
    """
    claimed: dict[str, tuple[str, SourceRange]] = {}
    campaigns = sorted(names, key=lambda campaign: campaign[0])
    for name, place, _ in campaigns:
        claimed[name] = (name, place)
    for name, place, was in campaigns:
        for old, where in was:
            other = claimed.setdefault(old, (name, place))
            if other[0] != name:
                yield Diagnostic(
                    code="HB439",
                    message=f"`{old}` is already a name of the campaign {other[0]}",
                    range=where,
                    notes=("two campaigns under one name would count each other's sends",),
                    related=(Related("the other campaign", other[1]),),
                    hint="rename the other campaign, or take this name out of `was`",
                )
            elif old == name:
                yield Diagnostic(
                    code="HB439",
                    message=f"`{old}` is this campaign's present name",
                    range=where,
                    hint="list only former names in `was`",
                )
