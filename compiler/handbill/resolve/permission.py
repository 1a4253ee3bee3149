"""Who may write where: locks, and blueprints that are closed except for what they open.

Both are lists of patterns in some file, and both look at writes before they are merged. A refused
write is dropped, so that it cannot loosen anything either; its diagnostic names both lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import Diagnostic, Related
from handbill.diagnostics.suggest import closest
from handbill.resolve.fields import ATOMS, FIELDS, campaign_field, field_path, retailer_field
from handbill.resolve.layers import Layer, Origin, Write
from handbill.resolve.patterns import Pattern, covers, dotted, overlaps, parse_pattern
from handbill.source.located import LocatedDocument

OPEN_UNLESS_SAID: tuple[Pattern, ...] = (("with",),)


@dataclass(frozen=True, slots=True)
class Lock:
    """`pattern` may not be written in any file of a later layer; `origin` is the lock's line."""

    pattern: Pattern
    origin: Origin

    def forbids(self, write: Write) -> bool:
        later = write.origin.layer > self.origin.layer and write.origin.file != self.origin.file
        reach = overlaps if write.value is None else covers
        return later and reach(self.pattern, field_path(write.path))


@dataclass(frozen=True, slots=True)
class Closure:
    """What a blueprint leaves open. `origin` is its `open` line, or the file's start without one."""

    name: str
    patterns: tuple[Pattern, ...]
    origin: Origin

    def allows(self, write: Write) -> bool:
        """The blueprint's own writes, those of layers above it, and what it leaves open."""
        field = campaign_field(write.path)
        return (
            write.origin.root == self.origin.root
            or write.origin.layer <= Layer.BLUEPRINT
            or write.path == ("uses",)
            or (field is not None and field.unlocked)
            or any(covers(pattern, write.path) for pattern in self.patterns)
        )


def _patterns_in(
    document: LocatedDocument, field: str, layer: Layer, root: str
) -> list[tuple[Pattern, Origin]]:
    value = document.value.get(field) if isinstance(document.value, dict) else None
    listed = value if isinstance(value, list) else []
    return [
        (parse_pattern(str(text)), Origin(layer, root, (field, index), document))
        for index, text in enumerate(listed)
    ]


def locks_of(document: LocatedDocument, layer: Layer, root: str) -> tuple[Lock, ...]:
    """The locks that a platform, group or tenant file declares."""
    return tuple(Lock(*found) for found in _patterns_in(document, "lock", layer, root))


def closure_of(name: str, document: LocatedDocument, root: str) -> Closure:
    """What the blueprint opens: its `open` list, or `with` where it has none."""
    origin = Origin(Layer.BLUEPRINT, root, ("open",), document)
    if not isinstance(document.value, dict) or "open" not in document.value:
        return Closure(name, OPEN_UNLESS_SAID, origin)
    patterns = tuple(
        pattern for pattern, _ in _patterns_in(document, "open", Layer.BLUEPRINT, root)
    )
    return Closure(name, patterns, origin)


def enforce_locks(
    writes: Iterable[Write], locks: Sequence[Lock]
) -> tuple[list[Write], list[Diagnostic]]:
    """The writes that no lock forbids."""
    allowed: list[Write] = []
    diagnostics: list[Diagnostic] = []
    for write in writes:
        lock = next((lock for lock in locks if lock.forbids(write)), None)
        if lock is None:
            allowed.append(write)
        else:
            diagnostics.append(_locked(write, lock))
    return allowed, diagnostics


def _locked(write: Write, lock: Lock) -> Diagnostic:
    return Diagnostic(
        code="HB411",
        message=f"`{dotted(field_path(write.path))}` is locked ({lock.origin.place})",
        range=write.origin.key_range,
        notes=("a lock closes the field in every other file, tightening included",),
        related=(Related("locked here", lock.origin.range),),
        hint=f"take the line out, or ask the owner of {lock.origin.file} to change it there",
    )


def enforce_closure(
    writes: Sequence[Write], closure: Closure, beneath: Sequence[Write] = ()
) -> tuple[list[Write], list[Diagnostic]]:
    """The writes that the blueprint allows. `beneath` may hold the blueprint's own."""
    allowed = [write for write in writes if closure.allows(write)]
    refused = [write for write in writes if not closure.allows(write)]
    own = [*beneath, *allowed]
    return allowed, [_closed(write, closure, _fixed(write, own, closure)) for write in refused]


def _fixed(write: Write, allowed: Sequence[Write], closure: Closure) -> Write | None:
    """The blueprint's own write that stands where `write` wants to."""
    own = (each for each in allowed if each.origin.root == closure.origin.root)
    return next((each for each in own if each.path[: len(write.path)] == write.path), None)


def _closed(write: Write, closure: Closure, fixed: Write | None) -> Diagnostic:
    name = dotted(write.path)
    if fixed is not None:
        line, how = fixed.origin, f"`{name}` is fixed by the blueprint ({fixed.origin.place})"
        related = Related("fixed here", line.key_range)
    else:
        how = f"`{name}` is not open in the blueprint {closure.name} ({closure.origin.place})"
        related = Related("this is what it opens", closure.origin.range)
    may = [dotted(pattern) for pattern in closure.patterns]
    return Diagnostic(
        code="HB410",
        message=how,
        range=write.origin.key_range,
        notes=(
            f"you may change: {', '.join([*may, 'status', 'starts', 'ends'])}; "
            "limits, holdout and exclusions may be tightened",
        ),
        related=(related,),
        hint=f"take the line out, or ask the owner of the blueprint to open `{name}`",
    )


def check_patterns(field: str, document: LocatedDocument) -> list[Diagnostic]:
    """Refuse a path listed under `open` or `lock` that names no field or reaches inside an atom."""
    diagnostics = []
    for pattern, origin in _patterns_in(document, field, Layer.PLATFORM, ""):
        inside = (atom for atom in ATOMS if len(pattern) > len(atom) and covers(atom, pattern))
        atom = next(inside, None)
        if atom is not None:
            diagnostics.append(_inside_atom(pattern, atom, origin))
        elif not any(_names(known, pattern) for known in FIELDS):
            diagnostics.append(_no_such_field(pattern, origin))
    return diagnostics


def _names(known: Pattern, pattern: Pattern) -> bool:
    """Whether the pattern is the field, a map above it, or one entry of a map that tightens."""
    if len(pattern) <= len(known):
        return overlaps(known, pattern)
    field = campaign_field(known) or retailer_field(known)
    return field is not None and field.law.tightens and covers(known, pattern)


def _inside_atom(pattern: Pattern, atom: Pattern, origin: Origin) -> Diagnostic:
    whole = dotted(pattern[: len(atom)])
    return Diagnostic(
        code="HB415",
        message=f"`{dotted(pattern)}` reaches inside `{whole}`, which is replaced as a whole",
        range=origin.range,
        hint=f"list `{whole}`, or keep it closed and make the part a parameter: "
        f"{pattern[-1]}: {{param: {pattern[-1]}}}",
    )


def _no_such_field(pattern: Pattern, origin: Origin) -> Diagnostic:
    near = closest(dotted(pattern), (dotted(field) for field in FIELDS))
    return Diagnostic(
        code="HB416",
        message=f"`{dotted(pattern)}` names no field that layers share",
        range=origin.range,
        hint=f"did you mean `{near}`?" if near else "paths look like `limits.quiet_hours`",
    )
