"""Plain values → the models that later stages read.

The schema stage refused what it could before; this is the last gate, so that a value that a model
is stricter about ends as a finding at its line and never as an exception.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve.layers import value_at
from handbill.resolve.patterns import dotted
from handbill.schema.explain import Places
from handbill.source.located import Path, Value

Model = TypeVar("Model", bound=BaseModel)


def typed(
    model: type[Model], value: Value | Mapping[str, Value], places: Places
) -> tuple[Model | None, tuple[Diagnostic, ...]]:
    """The value as `model`, or None with a finding for the first thing that is wrong."""
    try:
        return model.model_validate(value), ()
    except ValidationError as error:
        first = error.errors()[0]
        path = _existing(value, first["loc"])
        field = f"`{dotted(path)}`" if path else "this file"
        return None, (
            Diagnostic(
                code="HB447",
                message=f"{field} is not valid: {first['msg']}",
                range=places.range_of(path),
                hint="compare it with the schema: handbill schema export",
            ),
        )


def _existing(value: Value | Mapping[str, Value], location: Path) -> Path:
    """The location without the names that pydantic gives to alternatives."""
    path: Path = ()
    for step in location:
        if value_at(value, (*path, step)) is not None:  # type: ignore[arg-type]
            path = (*path, step)
    return path
