"""Pictures that a template names by their path (`src="assets/hero.png"`), put in place.

A path becomes the picture's symbolic address below `SYMBOLIC`: what a picture is follows from its
bytes, and where it is served from, only an environment knows (lower/assets.py binds that). Everything
that reads a mail in between sees an ordinary address of the web.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeAlias, TypeGuard

from msgspec.structs import replace

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.language.templates.draft import (
    Draft,
    DraftFor,
    DraftIf,
    DraftPut,
    DraftText,
    Place,
)
from handbill.plan.ir import Const
from handbill.plan.types import StringType

ASSET_HOST = "asset.invalid"
"""Of no domain (RFC 2606): nothing leads there by itself."""
SYMBOLIC = f"https://{ASSET_HOST}/"
ASSET_PATH = r"(?:group/|platform/(?:[a-z][a-z0-9_-]*/)?)?assets/"
_SHOWN = re.compile(
    rf"""(?<![\w-])(?P<attribute>src|background|background-url|poster|href)\s*=\s*
    (?P<quote>["'])\s*(?P<path>{ASSET_PATH}[^"'<>]*?)\s*(?P=quote)""",
    re.IGNORECASE | re.VERBOSE,
)
_WHOLE = re.compile(rf"{ASSET_PATH}\S+")
Piece: TypeAlias = DraftText | DraftPut


class AssetLoader(Protocol):
    def asset(self, path: str, from_file: str, where: SourceRange) -> str | Diagnostic:
        """The symbolic address of the picture that `path` means in `from_file`, or what is wrong."""
        ...


def is_asset_path(text: str) -> bool:
    return _WHOLE.fullmatch(text) is not None


def place_assets(
    drafts: Iterable[Draft], assets: AssetLoader
) -> tuple[list[Draft], list[Diagnostic]]:
    """The same drafts with every path of an asset replaced. Its parts may be constants:
    `src="assets/{{ params.hero }}"`."""
    found: list[Diagnostic] = []
    return _placed(drafts, assets, found), found


def place_whole_asset(
    drafts: Sequence[Draft], assets: AssetLoader
) -> tuple[list[Draft], list[Diagnostic]]:
    """For a part that is one address: the picture's, where all of it is such a path."""
    pieces = [draft for draft in drafts if _is_piece(draft)]
    text = "".join(_text_of(piece) for piece in pieces).strip()
    if not pieces or len(pieces) < len(drafts) or not is_asset_path(text):
        return list(drafts), []
    address = assets.asset(text, pieces[0].place.source.file, _range_of(pieces))
    if isinstance(address, Diagnostic):
        return [], [address]
    return [DraftPut(_const(address), pieces[0].place)], []


def _placed(drafts: Iterable[Draft], assets: AssetLoader, found: list[Diagnostic]) -> list[Draft]:
    placed: list[Draft] = []
    run: list[Piece] = []
    for draft in drafts:
        if _is_piece(draft):
            run.append(draft)
        else:
            placed += _in_run(run, assets, found)
            placed.append(_inside(draft, assets, found))
            run = []
    return placed + _in_run(run, assets, found)


def _inside(draft: Draft, assets: AssetLoader, found: list[Diagnostic]) -> Draft:
    match draft:
        case DraftIf(branches=branches, otherwise=otherwise):
            bodies = tuple(
                replace(branch, body=tuple(_placed(branch.body, assets, found)))
                for branch in branches
            )
            after = tuple(_placed(otherwise, assets, found))
            return replace(draft, branches=bodies, otherwise=after)
        case DraftFor(body=body, otherwise=otherwise):
            return replace(
                draft,
                body=tuple(_placed(body, assets, found)),
                otherwise=tuple(_placed(otherwise, assets, found)),
            )
        case _:
            return draft


# ── a run of texts and constants ─────────────────────────────────────────────────────────────────


def _is_piece(draft: Draft) -> TypeGuard[Piece]:
    return isinstance(draft, DraftText) or (
        isinstance(draft, DraftPut) and isinstance(draft.expression, Const)
    )


def _in_run(run: Sequence[Piece], assets: AssetLoader, found: list[Diagnostic]) -> list[Draft]:
    text = "".join(map(_text_of, run))
    if "assets/" not in text:
        return list(run)
    placed: list[Draft] = []
    cursor = 0
    for match in _SHOWN.finditer(text):
        start, end = match.span("path")
        path = list(_cut(run, start, end))
        address = _address(match, path, assets)
        if isinstance(address, Diagnostic):
            found.append(address)
            continue
        placed += _cut(run, cursor, start)
        placed.append(DraftPut(_const(address), path[0].place))
        cursor = end
    return [*placed, *_cut(run, cursor, len(text))]


def _address(match: re.Match[str], path: Sequence[Piece], assets: AssetLoader) -> str | Diagnostic:
    where = _range_of(path)
    if match["attribute"].lower() == "href":
        message = f"`{match['path']}` is a picture of this configuration, and cannot be a link"
        return Diagnostic("HB498", message, where, hint='link to a page: href="https://…"')
    return assets.asset(match["path"], path[0].place.source.file, where)


def _cut(run: Sequence[Piece], start: int, end: int) -> Iterator[Piece]:
    """The pieces between two places of the run's text, the first and the last cut where needed."""
    at = 0
    for piece in run:
        length = len(_text_of(piece))
        first, last = max(start - at, 0), min(end - at, length)
        at += length
        if first >= last:
            continue
        if (first, last) == (0, length):
            yield piece
        elif isinstance(piece, DraftText):
            place = piece.place
            yield DraftText(
                piece.text[first:last],
                Place(place.source, place.start + first, place.start + last),
            )
        else:
            yield DraftPut(_const(_text_of(piece)[first:last]), piece.place)


def _text_of(piece: Piece) -> str:
    if isinstance(piece, DraftText):
        return piece.text
    assert isinstance(piece.expression, Const)
    return str(piece.expression.value)


def _range_of(pieces: Sequence[Piece]) -> SourceRange:
    first, last = pieces[0].place, pieces[-1].place
    if first.source is not last.source:
        return first.range
    return first.source.range(first.start, last.end)


def _const(text: str) -> Const:
    return Const(StringType(len(text)), text)
