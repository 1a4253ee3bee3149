"""Pictures of a configuration: `assets/hero.png` → bytes under a name that follows from them.

An asset's name is the SHA-256 of its bytes and its kind, `6f1d….png`: the same picture has one name
everywhere, another picture never has it, and so it may be kept by caches for ever. Plans hold names
only; the environment's `assets_url` is put before them when a message is written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.diagnostics.suggest import closest
from handbill.language.templates.asset_paths import SYMBOLIC
from handbill.lower.images import read_image
from handbill.plan.generated_links import PUBLIC_URL_MAXIMUM
from handbill.plan.ir import Branch, Escape, Field, For, If, Op, Put, Set, Text
from handbill.plan.model import Parts, Variant
from handbill.plan.types import StringType
from handbill.schema.models.channel import PartDocument
from handbill.source.tree import SourceTree

ENDINGS = {"png": "png", "jpg": "jpg", "jpeg": "jpg", "gif": "gif", "webp": "webp"}
"""What a file may be called → the kind that it must be."""
MAX_BYTES = 1024 * 1024
MAX_PIXELS = 4096
"""Of each side."""
ASSETS_URL = ("assets_url",)
"""The context field that holds where an environment serves assets, without a slash at its end."""
ASSETS_URL_TYPE = StringType(PUBLIC_URL_MAXIMUM, "link")
_NAME = r"[0-9a-f]{64}\.(?:png|jpg|gif|webp)"
_SYMBOLIC = re.compile(rf"{re.escape(SYMBOLIC)}({_NAME})")
_BOUND = re.compile(rf"/({_NAME})")


@dataclass(frozen=True, slots=True)
class AssetLibrary:
    """What is known about the pictures of one revision: each is read once, whoever shows it."""

    known: dict[str, str | _Wrong] = field(default_factory=dict, repr=False)
    """Path in the tree → name."""

    def address(
        self, tree: SourceTree, paths: Collection[str], target: str, where: SourceRange
    ) -> str | Diagnostic:
        """The symbolic address of the picture at the path `target`."""
        odd = _leaves_its_folder(target) or _missing(target, paths)
        if odd is not None:
            return odd.diagnostic(where)
        if target not in self.known:
            self.known[target] = _named(target, tree.read(target))
        name = self.known[target]
        return name.diagnostic(where) if isinstance(name, _Wrong) else SYMBOLIC + name

    def paths_of(self, names: Collection[str]) -> Mapping[str, str]:
        """Name → path in the tree, of those that were asked for."""
        return {
            name: path
            for path, name in sorted(self.known.items(), reverse=True)
            if isinstance(name, str) and name in names
        }


def _leaves_its_folder(target: str) -> _Wrong | None:
    parts = target.split("/")
    if any(part in ("", ".", "..") for part in parts):
        inside = "/".join(part for part in parts if part not in ("", ".", ".."))
        return _Wrong("HB494", f"`{target}` is no path inside a folder `assets/`", inside)
    return None


def _stem(name: str) -> str:
    return name.rpartition(".")[0].casefold()


def _missing(target: str, paths: Collection[str]) -> _Wrong | None:
    if target in paths:
        return None
    folder, _, name = target.rpartition("assets/")
    folder += "assets/"
    have = [each.removeprefix(folder) for each in paths if each.startswith(folder)]
    near = closest(name, have) or next((each for each in have if _stem(each) == _stem(name)), None)
    message = f"there is no picture {target}"
    if near is not None and near.casefold() == name.casefold():
        message += f": capital letters count, and the file is called {near}"
    hint = f"did you mean assets/{near}?" if near else f"put the file there: {target}"
    return _Wrong("HB490", message, hint)


@dataclass(frozen=True, slots=True)
class _Wrong:
    code: str
    message: str
    hint: str

    def diagnostic(self, where: SourceRange) -> Diagnostic:
        return Diagnostic(self.code, self.message, where, hint=self.hint)


def _named(path: str, data: bytes) -> str | _Wrong:
    ending = path.rpartition(".")[2].lower()
    if ending not in ENDINGS:
        why = (
            "an SVG can run scripts, and mail programs do not show it"
            if ending == "svg"
            else ("mail programs show PNG, JPEG, GIF and WebP")
        )
        return _Wrong("HB491", f"{path} cannot be shown in a message: {why}", "save it as .png")
    image = read_image(data)
    if image is None:
        message = f"{path} is no whole picture of the kinds that can be shown"
        return _Wrong("HB492", message, "save it again as PNG or JPEG")
    if image.kind != ENDINGS[ending]:
        message = f"{path} is called .{ending}, and its bytes are a {image.kind}"
        return _Wrong("HB492", message, f"rename it to {path.rpartition('.')[0]}.{image.kind}")
    if len(data) > MAX_BYTES:
        message = (
            f"{path} has {len(data):,} bytes; a picture of a message has {MAX_BYTES:,} at most"
        )
        return _Wrong("HB493", message, "make it smaller: 1200 pixels wide are enough for a mail")
    if max(image.width, image.height) > MAX_PIXELS:
        message = (
            f"{path} is {image.width} × {image.height} pixels; each side has {MAX_PIXELS} at most"
        )
        return _Wrong("HB493", message, "make it smaller: 1200 pixels wide are enough for a mail")
    return f"{hashlib.sha256(data).hexdigest()}.{image.kind}"


class AssetFiles(Mapping[str, bytes]):
    """Name → bytes, each read from the tree when it is asked for: a release's pictures need no
    memory."""

    def __init__(self, tree: SourceTree, paths: Mapping[str, str]) -> None:
        self._tree = tree
        self._paths = paths

    def __getitem__(self, name: str) -> bytes:
        return self._tree.read(self._paths[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


# ── operations ───────────────────────────────────────────────────────────────────────────────────


def bound_parts(parts: Parts, contract: Mapping[str, PartDocument]) -> Parts:
    """Every part with its pictures' addresses as an environment completes them."""
    html = {name for name, part in contract.items() if part.kind == "html"}
    return {
        name: bound(ops, Escape.HTML_ATTRIBUTE if name in html else Escape.NONE)
        for name, ops in parts.items()
    }


def bound(ops: Iterable[Op], escape: Escape) -> tuple[Op, ...]:
    """The operations with each symbolic address as the environment's `assets_url`, a slash and the
    asset's name. `escape` is what an address in their text needs."""
    return tuple(piece for op in ops for piece in _bound(op, escape))


def _bound(op: Op, escape: Escape) -> Iterator[Op]:
    match op:
        case Text(text=text):
            yield from _bound_text(text, escape)
        case If(branches=branches, otherwise=otherwise):
            yield If(
                tuple(Branch(branch.condition, bound(branch.body, escape)) for branch in branches),
                bound(otherwise, escape),
            )
        case For():
            yield For(
                op.name, op.items, op.limit, bound(op.body, escape), bound(op.otherwise, escape)
            )
        case Put() | Set():
            yield op
        case _:
            assert_never(op)


def _bound_text(text: str, escape: Escape) -> Iterator[Op]:
    cursor = 0
    for match in _SYMBOLIC.finditer(text):
        if match.start() > cursor:
            yield Text(text[cursor : match.start()])
        yield Put(Field(ASSETS_URL, ASSETS_URL_TYPE), escape)
        cursor = match.start(1) - 1
    if cursor < len(text):
        yield Text(text[cursor:])


def assets_of(variants: Iterable[Variant]) -> tuple[str, ...]:
    """The names of all assets that the contents of some variants show, sorted."""
    found = {
        name
        for variant in variants
        for by_channel in variant.messages.values()
        for content in by_channel.values()
        for parts in content.locales.values()
        for ops in parts.values()
        for name in _names_in(ops)
    }
    return tuple(sorted(found))


def _names_in(ops: Iterable[Op]) -> Iterator[str]:
    before: Op | None = None
    for op in ops:
        match op:
            case Text(text=text) if _is_assets_url(before):
                name = _BOUND.match(text)
                if name is not None:
                    yield name[1]
            case If(branches=branches, otherwise=otherwise):
                for branch in branches:
                    yield from _names_in(branch.body)
                yield from _names_in(otherwise)
            case For(body=body, otherwise=otherwise):
                yield from _names_in(body)
                yield from _names_in(otherwise)
            case _:
                pass
        before = op


def _is_assets_url(op: Op | None) -> bool:
    return (
        isinstance(op, Put)
        and isinstance(op.expression, Field)
        and (op.expression.path == ASSETS_URL)
    )
