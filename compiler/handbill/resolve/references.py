"""Names and files that one document uses of another: each must exist, or the reader is told which.

Relative paths start in the folder that wrote them (tenant, group or blueprint) and are never
shadowed; `platform/…` and `group/…` reach what is shared.
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


def referenced_path(root: str, group: str | None, reference: str, folder: str) -> str:
    """The repository path of a reference such as `winback.html`, written in `root`.

    `folder` is `templates` or `assets`; a reference may also start with it (`assets/logo.png`).
    """
    start, _, rest = reference.partition("/")
    if rest and start == "platform":
        root, reference = "", rest
    elif rest and start == "group" and group is not None:
        root, reference = f"groups/{group}", rest
    if not reference.startswith(f"{folder}/"):
        reference = f"{folder}/{reference}"
    return f"{root}/{reference}" if root else reference


def missing_file(
    reference: str, path: str, paths: Collection[str], range_: SourceRange
) -> Diagnostic | None:
    """A finding when the file that `reference` leads to is not there."""
    if path in paths:
        return None
    folder = path[: len(path) - len(reference)] if path.endswith(reference) else ""
    names = [each.removeprefix(folder) for each in paths if folder and each.startswith(folder)]
    near = closest(reference, names)
    return Diagnostic(
        code="HB437",
        message=f"there is no file {path}",
        range=range_,
        hint=f"did you mean {near}?" if near else f"write {path}",
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
                    code="HB438",
                    message=f"`{old}` is already a name of the campaign {other[0]}",
                    range=where,
                    notes=("two campaigns under one name would count each other's sends",),
                    related=(Related("the other campaign", other[1]),),
                    hint="rename the other campaign, or take this name out of `was`",
                )
            elif old == name:
                yield Diagnostic(
                    code="HB438",
                    message=f"`{old}` is this campaign's present name",
                    range=where,
                    hint="list only former names in `was`",
                )
