"""What all findings about limits are made with: places, cuts, customers and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange, has_errors
from handbill.language.bounds.holes import Hole, cut_to_fit, link_to_shorten
from handbill.language.bounds.measure import Extent, Measure
from handbill.language.bounds.paths import heaviest_way
from handbill.language.bounds.rendering import at_most, extent_of
from handbill.language.bounds.samples import fields_of
from handbill.language.bounds.worst import Found, Search, search
from handbill.language.expressions.facts import Assumption
from handbill.language.scope import RecordRoot
from handbill.language.vocabulary.vocabulary import Record
from handbill.lower.compiling import Compiling
from handbill.plan.ir import For, If, Op
from handbill.plan.row import compile_template
from handbill.resolve.traced import Traced
from handbill.source.located import Path

MAX_HOLES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message's parts are written."""

    values: Mapping[str, object]
    path: Path
    traced: Traced

    def of(self, part: str, locale: str) -> SourceRange:
        """Of a part that nobody wrote (the HTML, a text derived from it): of the HTML."""
        if self.values.get(part) is None:
            part = "template" if self.values.get("template") is not None else "body"
        path = (*self.path, part)
        if isinstance(self.values.get(part), dict):
            path = (*path, locale)
        return self.traced.range(path)


@dataclass(frozen=True, slots=True)
class Judging:
    """One message in one locale. Findings go to `compiling`."""

    place: Place
    compiling: Compiling
    _extents: dict[int, Extent] = field(default_factory=dict)

    def extent(self, ops: tuple[Op, ...]) -> Extent:
        """Of one of the parts, for everybody who gets the message; computed once."""
        key = id(ops)
        if key not in self._extents:
            self._extents[key] = extent_of(ops, self.assumptions)
        return self._extents[key]

    def at_most(self, ops: tuple[Op, ...]) -> Measure:
        """No less than the extent's high end, and cheaper where a text has choices or loops."""
        if id(ops) in self._extents or not any(isinstance(op, If | For) for op in ops):
            return self.extent(ops).high
        return at_most(ops)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What everybody meets who gets the message."""
        return self.compiling.scope.assumptions

    @property
    def is_sound(self) -> bool:
        """Whether nothing was wrong so far: else a text may lack what could not be compiled."""
        return not has_errors(self.compiling.found)

    def where(self, part: str) -> SourceRange:
        return self.place.of(part, self.compiling.scope.locale)

    def cut(
        self,
        ops: tuple[Op, ...],
        holes: list[Hole],
        fits: Callable[[Extent], bool],
        otherwise: str,
    ) -> str:
        return self.proposed(
            ops, holes, lambda shorter: fits(extent_of(shorter, self.assumptions)), otherwise
        )

    def proposed(
        self,
        ops: tuple[Op, ...],
        holes: Sequence[Hole],
        fits: Callable[[tuple[Op, ...]], bool],
        otherwise: str,
    ) -> str:
        """What to type: the cuts; else, of a link, where the length of its value is declared."""
        cuts = cut_to_fit(ops, holes, fits)
        if cuts:
            return " and ".join(cut.text for cut in cuts)
        link = link_to_shorten(ops, holes, fits)
        if link is None:
            return otherwise
        paths = [path for path in fields_of(link.value) if len(path) > 1]
        if not paths:
            return f"a shorter link: `{link.text}` makes it long"
        return f"a smaller maxLength for {self.declared(paths[0])}, or a shorter link"

    def declared(self, path: tuple[str, ...]) -> str:
        """`first_name` in the file that declares it."""
        root = self.compiling.scope.roots.get(path[0])
        record = root.record if isinstance(root, RecordRoot) else None
        member = None
        for name in path[1:]:
            member = record.fields.get(name) if record is not None else None
            target = member.references if member is not None else None
            record = (
                root.references.get(target) if target and isinstance(root, RecordRoot) else None
            )
        where = member.range if member is not None else None
        return f"`{path[-1]}`" + (f" in {where.file}" if where is not None else "")

    def worst(self, ops: tuple[Op, ...], size: Callable[[str], int], goal: int) -> Found | None:
        looking = self.search((ops,))
        if looking is None:
            return None
        render = compile_template(ops, looking.needs)
        way = heaviest_way(ops, self.assumptions, lambda extent: extent.high.bytes)
        return looking.most(lambda row, context: size(render(row, context)), goal, way)

    def search(self, parts: tuple[object, ...], *, shortest: bool = False) -> Search | None:
        """A search among customers for what these parts read."""
        return search(parts, self.assumptions, required_fields(self.compiling), shortest)

    def report(self, diagnostic: Diagnostic) -> None:
        self.compiling.add([diagnostic])


def required_fields(compiling: Compiling) -> frozenset[tuple[str, ...]]:
    """The customer fields that are never missing, and those that a row referred to always has."""
    root = compiling.scope.roots.get("customer")
    if not isinstance(root, RecordRoot):
        return frozenset()
    found = set(_required((), root.record))
    for name, member in root.record.fields.items():
        record = root.references.get(member.references) if member.references else None
        if record is not None:
            found.update(_required((name,), record))
    return frozenset(found)


def _required(prefix: tuple[str, ...], record: Record) -> list[tuple[str, ...]]:
    return [(*prefix, name) for name, member in record.fields.items() if member.required]


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def in_segments(count: int) -> str:
    return "1 segment" if count == 1 else f"{count} segments"


def contributions(holes: list[Hole], count: Callable[[Extent], int], what: str) -> tuple[str, ...]:
    return tuple(
        f"`{hole.text}` makes up to {count(hole.extent):,} {what} of it"
        for hole in holes[:MAX_HOLES]
    )


def foreign(holes: list[Hole]) -> tuple[str, ...]:
    foreign = [hole.text for hole in holes if hole.extent.high.foreign]
    if not foreign:
        return ()
    return (
        f"`{foreign[0]}` may hold a character that plain SMS lacks (Zoë, 😀): "
        "then 70 characters fit instead of 160",
    )


def shown(found: Found | None, more_than: int) -> Mapping[str, object] | None:
    """The customer who was found, where they really show that the limit is exceeded."""
    return (found.customer or None) if found is not None and found.size > more_than else None


def reached(found: Found | None, bound: int, what: str) -> tuple[str, ...]:
    if found is None:
        return (f"at most {bound:,} {what}: no customer was found who shows it",)
    if found.size == bound:
        return ()
    return (f"at most {bound:,} {what}: the longest found is {found.size:,}",)
