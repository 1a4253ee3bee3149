"""Which holes make a text long, and to how many characters they would have to be cut to make it fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from handbill.language.bounds.measure import Extent
from handbill.language.bounds.rendering import Rendering, world_of
from handbill.language.bounds.samples import size_of
from handbill.language.bounds.spelling import Spelling
from handbill.language.bounds.world import Bound, World
from handbill.language.expressions.facts import Assumption
from handbill.language.expressions.reads import nodes_of
from handbill.language.html.escaping import is_generated_link
from handbill.plan.ir import (
    Call,
    Const,
    Each,
    Escape,
    Expression,
    Field,
    For,
    If,
    Local,
    Member,
    Op,
    Operation,
    Put,
    Set,
    Text,
)
from handbill.plan.operations import ELLIPSIS
from handbill.plan.types import IntType, ListType, StringType

LEAST = 4
"""A name cut to fewer characters says nothing."""
MAX_SIZE = 3_000
"""Operations and expressions of a text for which a cut is looked for: it is computed a dozen times."""
MAX_CUT = 3
"""How many of the largest holes are tried."""
_LINKS = (Escape.URL, Escape.URL_SEGMENT)


@dataclass(frozen=True, slots=True)
class Hole:
    """A value in a text and the extent of all its occurrences there. `text` is how it is written.
    `in_link`: it is part of an address, which a cut would break."""

    value: Expression
    text: str
    extent: Extent
    in_link: bool = False


def holes_of(
    ops: Sequence[Op], assumptions: Sequence[Assumption], spelling: Spelling = ()
) -> list[Hole]:
    """The values of free text, those of most bytes first; of a loop, all its rounds together."""
    rendering = Rendering()
    found: dict[Expression, Extent] = {}
    in_links: set[Expression] = set()
    walk = _walk(rendering, ops, world_of(assumptions, rendering), spelling, 1)
    for value, extent, in_link in walk:
        found[value] = found[value].plus(extent) if value in found else extent
        if in_link:
            in_links.add(value)
    holes = [
        Hole(value, written(value), extent, value in in_links) for value, extent in found.items()
    ]
    return sorted(holes, key=lambda hole: (-hole.extent.high.bytes, hole.text))


def _walk(
    rendering: Rendering, ops: Sequence[Op], world: World, spelling: Spelling, times: int
) -> Iterator[tuple[Expression, Extent, bool]]:
    for op in ops:
        match op:
            case Put(expression=Local(type=StringType()) as item, escape=escape) if (
                item.name not in world.locals or item.name in world.counters
            ):
                extent = rendering.put(item, escape, spelling, world)
                yield item, extent.repeated(times, times), escape in _LINKS
            case Put(expression=expression, escape=escape):
                for value in free_texts(expression):
                    extent = rendering.put(value, escape, spelling, world)
                    yield value, extent.repeated(times, times), _is_address(value, escape)
            case If():
                for body, there in rendering.branches(op, world):
                    yield from _walk(rendering, body, there, spelling, times)
            case For(body=body, limit=limit):
                most = min(limit, rendering.count(op.items, world)[1])
                yield from _walk(rendering, body, world, spelling, times * max(most, 1))
            case Set(expression=expression):
                for value in free_texts(expression):
                    yield value, rendering.text(value, spelling, world), False
            case Text():
                pass


def _is_address(value: Expression, escape: Escape) -> bool:
    return escape in _LINKS or is_generated_link(value)


def free_texts(expression: Expression) -> Iterator[Expression]:
    """The texts of any value that an expression writes: fields, with their `default`."""
    match expression:
        case Field() | Local() | Member() if isinstance(expression.type, StringType):
            if not isinstance(expression, Local):
                yield expression
        case Call(operation=Operation.DEFAULT, arguments=(value, _)) if _is_free(value):
            yield expression
        case Call(operation=Operation.TRUNCATE | Operation.JOIN):
            yield expression
        case Call(operation=Operation.IF, arguments=(_, *values)):
            for value in values:
                yield from free_texts(value)
        case Call(arguments=arguments):
            for argument in arguments:
                yield from free_texts(argument)
        case _:
            pass


def _is_free(value: Expression) -> bool:
    if isinstance(value, Call) and value.operation in (Operation.FIRST, Operation.LAST):
        return isinstance(value.type, StringType)
    return isinstance(value, Field | Member) and isinstance(value.type, StringType)


def written(expression: Expression) -> str:
    """Roughly as it stands in the template: enough to find it, and to add a filter to it."""
    match expression:
        case Field(path=path):
            return ".".join(path)
        case Local(name=name):
            return name
        case Member(of=of, name=name):
            return f"{written(of)}.{name}"
        case Const(value=str(text)):
            return "'" + text.replace("'", "\\'") + "'"
        case Const(value=tuple() as items, type=ListType(item=item)):
            return f"[{', '.join(written(Const(item, each)) for each in items)}]"
        case Const(value=value):
            return str(value)
        case Call(operation=Operation.DEFAULT, arguments=(value, fallback)):
            return f"{written(value)} | default({written(fallback)})"
        case Call(operation=Operation.TRUNCATE | Operation.JOIN as name, arguments=(value, by)):
            return f"{written(value)} | {name.value}({written(by)})"
        case Call(operation=operation, arguments=(value, *_)):
            return f"{written(value)} | {operation.value}"
        case Each(items=items):
            return written(items)
        case _:
            return "…"


# ── what comes first ─────────────────────────────────────────────────────────────────────────────


def before_first_hole(ops: Sequence[Op], assumptions: Sequence[Assumption]) -> int | None:
    """The most characters in front of the first value; None for a text that is the same for all."""
    rendering = Rendering()
    _, found = _before(rendering, ops, world_of(assumptions, rendering), 0)
    return found


def _before(
    rendering: Rendering, ops: Sequence[Op], world: World, start: int
) -> tuple[int, int | None]:
    """Where a text without values ends, and where the first value of one that has some begins."""
    for op in ops:
        match op:
            case Put(expression=expression):
                parts = [expression]
                if isinstance(expression, Call) and expression.operation is Operation.CONCAT:
                    parts = list(expression.arguments)
                for part in parts:
                    if rendering.finite(part, world) is None or _reads(part):
                        return start, start
                    start += rendering.text(part, (), world).high.characters
            case If():
                ways = [
                    _before(rendering, body, there, start)
                    for body, there in rendering.branches(op, world)
                ]
                found = [first for _, first in ways if first is not None]
                if found:
                    return start, max(found)
                start = max((end for end, _ in ways), default=start)
            case For():
                return start, start
            case Text(text=text):
                start += len(text)
            case Set(name=name, expression=expression):
                world = world.binding(name, Bound(expression, world))
    return start, None


def _reads(expression: Expression) -> bool:
    return any(isinstance(node, Field | Local) for node, _ in nodes_of(expression))


# ── cutting ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Cut:
    """A hole to be written with `| truncate(length)`; `plain` says that its … must go as well."""

    hole: Hole
    length: int
    plain: bool

    @property
    def text(self) -> str:
        plainly = f" | replace('{ELLIPSIS}', '.')" if self.plain else ""
        text = self.hole.text
        match self.hole.value:
            case Call(operation=Operation.TRUNCATE, arguments=(value, _)):
                text = written(value)  # one cut is enough
            case _:
                pass
        return f"{{{{ {text} | truncate({self.length}){plainly} }}}}"


def cut_to_fit(
    ops: Sequence[Op], holes: Sequence[Hole], fits: Callable[[tuple[Op, ...]], bool]
) -> tuple[Cut, ...]:
    """The mildest cut after which the text fits: of one hole, the largest first; else of several,
    all to one length. Empty where none does. What stands in a link is never cut."""
    whole = tuple(ops)
    if size_of(whole) > MAX_SIZE:
        return ()
    cuttable = [hole for hole in holes if not hole.in_link][:MAX_CUT]
    sets = [[hole] for hole in cuttable]
    sets += [cuttable[:size] for size in range(2, len(cuttable) + 1)]
    for each in sets:
        for plain in (False, True):
            if fits(_with_cuts(whole, each, LEAST, plain)):
                length = _mildest(whole, each, plain, fits)
                return tuple(Cut(hole, length, plain) for hole in each if _longer(hole, length))
    return ()


def link_to_shorten(
    ops: Sequence[Op], holes: Sequence[Hole], fits: Callable[[tuple[Op, ...]], bool]
) -> Hole | None:
    """The first value in a link whose length decides, where its field could be declared shorter."""
    whole = tuple(ops)
    if size_of(whole) > MAX_SIZE:
        return None
    for hole in [each for each in holes if each.in_link][:MAX_CUT]:
        if not is_generated_link(hole.value) and fits(_with_cut(whole, hole.value, 1, True)):
            return hole
    return None


def _longer(hole: Hole, length: int) -> bool:
    return hole.extent.high.characters > length


def _mildest(
    ops: tuple[Op, ...],
    holes: Sequence[Hole],
    plain: bool,
    fits: Callable[[tuple[Op, ...]], bool],
) -> int:
    """The most characters with which it fits; LEAST does."""
    low, high = LEAST, max(LEAST + 1, *(hole.extent.high.characters for hole in holes))
    while high - low > 1:
        middle = (low + high) // 2
        if fits(_with_cuts(ops, holes, middle, plain)):
            low = middle
        else:
            high = middle
    return low


def _with_cuts(
    ops: tuple[Op, ...], holes: Sequence[Hole], length: int, plain: bool
) -> tuple[Op, ...]:
    for hole in holes:
        if _longer(hole, length):
            ops = _with_cut(ops, hole.value, length, plain)
    return ops


def _with_cut(ops: tuple[Op, ...], value: Expression, length: int, plain: bool) -> tuple[Op, ...]:
    most = Const(IntType(length, length), length)
    cut: Expression = Call(Operation.TRUNCATE, (value, most), StringType(length))
    if plain:
        dots, point = Const(StringType(1), ELLIPSIS), Const(StringType(1), ".")
        cut = Call(Operation.REPLACE, (cut, dots, point), StringType(length))
    return tuple(_replaced(op, value, cut) for op in ops)  # type: ignore[misc]


def _replaced(part: object, old: Expression, new: Expression) -> object:
    if part == old:
        return new
    match part:
        case msgspec.Struct():
            changed = {
                name: _replaced(getattr(part, name), old, new) for name in part.__struct_fields__
            }
            return type(part)(**changed)
        case tuple():
            return tuple(_replaced(each, old, new) for each in part)
        case _:
            return part
