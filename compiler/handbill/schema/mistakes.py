"""From jsonschema's tree of errors to a flat list of mistakes, each about one place.

Where a value had several alternatives (`anyOf`), only the one that was most likely meant is kept;
where none or two were meant, that itself is the mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from jsonschema.exceptions import ValidationError

from handbill.diagnostics.suggest import closest
from handbill.schema.walk import narrow
from handbill.source.located import Path

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mistake:
    """`keyword` is JSON Schema's, `x-kind`, or `none-of` and `both-of` for alternatives.

    `limit` is the keyword's value in the schema: the bound, the required names, the names of the
    alternatives. `about_key`: the mistake is a key of the map at `path`, and `value` is that key.
    `among` is the schema with all alternatives, where the value had some.
    """

    keyword: str
    path: Path
    value: Any
    limit: Any
    schema: Schema
    cause: BaseException | None = None
    about_key: bool = False
    among: Schema | None = None


def find_mistakes(errors: Iterable[ValidationError], root: Schema) -> list[Mistake]:
    """Every mistake behind `errors`; a parser's verdict (`x-kind`) comes first, since it says most."""
    found = [mistake for error in errors for mistake in _meant(error, root)]
    return sorted(found, key=lambda mistake: mistake.keyword != "x-kind")


def _mistake(error: ValidationError, keyword: str = "", limit: Any = None) -> Mistake:
    schema = error.schema if isinstance(error.schema, dict) else {}
    return Mistake(
        keyword or str(error.validator),
        tuple(error.absolute_path),
        error.instance,
        error.validator_value if limit is None else limit,
        schema,
        error.cause,
        "propertyNames" in error.schema_path,
    )


def _meant(error: ValidationError, root: Schema) -> Iterator[Mistake]:
    if error.validator != "anyOf":
        yield _mistake(error)
        return
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(int(inner.relative_schema_path[0]), []).append(inner)
    fitting = {index: inner for index, inner in branches.items() if not _wrong_type(inner)}
    if not fitting:
        yield _mistake(error)
    elif isinstance(error.instance, dict):
        yield from _meant_map(error, fitting, root)
    else:
        best = min(fitting, key=lambda index: _scalar_distance(fitting[index], index))
        among = error.schema if isinstance(error.schema, dict) else None
        for inner in fitting[best]:
            for mistake in _meant(inner, root):
                yield replace(mistake, among=mistake.among or among)


def _wrong_type(errors: list[ValidationError]) -> bool:
    """Whether an alternative was never meant: it takes another type of value altogether."""
    own = [error for error in errors if not error.relative_path]
    return any(error.validator == "type" or _all_wrong(error) for error in own)


def _all_wrong(error: ValidationError) -> bool:
    if error.validator != "anyOf":
        return False
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(int(inner.relative_schema_path[0]), []).append(inner)
    return all(_wrong_type(inner) for inner in branches.values())


def _scalar_distance(errors: list[ValidationError], index: int) -> tuple[bool, int, int]:
    """An alternative that can say why comes before one that lists values."""
    return not any(error.validator == "x-kind" for error in errors), len(errors), index


# ── maps are told apart by the fields that they require ──────────────────────────────────────────


def _meant_map(
    error: ValidationError, fitting: dict[int, list[ValidationError]], root: Schema
) -> Iterator[Mistake]:
    value: Any = error.instance
    alternatives: Any = error.validator_value
    shapes = {index: narrow(root, alternatives[index], value) for index in fitting}
    if "param" not in value:
        shapes = {
            i: shape for i, shape in shapes.items() if shape.get("x-kind") != "param"
        } or shapes
    named = {index: shape.get("required", []) for index, shape in shapes.items()}
    present = [index for index, names in named.items() if value.keys() & set(names)]
    if len(shapes) > 1 and len(present) > 1:
        both = [name for index in present for name in named[index] if name in value]
        yield _mistake(error, "both-of", both)
        return
    chosen = present[0] if present else _nearest(value, named)
    if chosen is None and len(shapes) > 1:
        yield _mistake(error, "none-of", [names[0] for names in named.values() if names])
        return
    index = chosen if chosen is not None else next(iter(shapes))
    known = {name: inner for shape in shapes.values() for name, inner in _fields(shape)}
    for inner in fitting[index]:
        for mistake in _meant(inner, root):
            if mistake.keyword == "additionalProperties" and not inner.relative_path:
                schema = {**mistake.schema, "properties": known}
                mistake = Mistake("additionalProperties", mistake.path, value, False, schema)
                if value.keys() <= known.keys():
                    continue
            yield mistake


def _fields(shape: Schema) -> list[tuple[str, Any]]:
    return list(shape.get("properties", {}).items())


def _nearest(value: dict[str, Any], named: dict[int, list[str]]) -> int | None:
    """The alternative one of whose required fields was misspelt."""
    for index, names in named.items():
        if any(closest(key, names) for key in value):
            return index
    return None
