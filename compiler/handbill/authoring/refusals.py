"""What keeps a file from being written: a name that is none, something in the way, a mistyped name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.suggest import closest
from handbill.source.admission import printable
from handbill.source.layout import NAME, NAME_RULE, near_name

MAX_SHOWN = 5


def name_refused(what: str, name: str) -> Diagnostic | None:
    """`what` is the thing that is named: `a tenant`."""
    if NAME.match(name):
        return None
    near = near_name(name[:64])
    return Diagnostic(
        "HB751",
        f"{what} cannot be named `{printable(name[:80])}`: {NAME_RULE}",
        hint=near or "a name such as corner-shop",
    )


def not_empty(folder: Path, entries: Sequence[str]) -> Diagnostic:
    shown = ", ".join(printable(entry) for entry in sorted(entries)[:MAX_SHOWN])
    more = f" and {len(entries) - MAX_SHOWN} more" if len(entries) > MAX_SHOWN else ""
    return Diagnostic(
        "HB750",
        f"{printable(str(folder))} is not empty: {shown}{more}",
        hint="name a new folder; `handbill new tenant NAME` adds to a configuration that is there",
    )


def no_folder(path: Path) -> Diagnostic:
    return Diagnostic(
        "HB750",
        f"{printable(str(path))} is in the way: it is no folder",
        hint="name a new folder",
    )


def exists_already(what: str, paths: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "HB752",
        f"{what} is there already: {', '.join(paths[:MAX_SHOWN])}",
        hint="choose another name, or edit what is there",
    )


def unknown(what: str, name: str, known: Iterable[str], otherwise: str) -> Diagnostic:
    """`otherwise` is the help where nothing is near."""
    names = sorted(known)
    near = closest(name, names)
    notes = (f"there are: {', '.join(names[:20])}",) if names else ()
    return Diagnostic(
        "HB753",
        f"there is no {what} `{printable(name[:80])}`",
        hint=f"did you mean `{near}`?" if near else otherwise,
        notes=() if near else notes,
    )
