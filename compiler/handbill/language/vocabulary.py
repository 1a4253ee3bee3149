"""The declared fields that expressions may use: the customer and the datasets, typed.

Declared in JSON Schema files of the configuration repository; `read_vocabulary` reads them. A field
is optional unless its schema requires it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import SourceRange
from handbill.plan.types import Type


@dataclass(frozen=True, slots=True)
class Member:
    """One declared field. `references` names the dataset whose row its value is the key of.

    `range` is where it is declared, None for what Handbill itself provides (`run.date`).
    """

    type: Type
    required: bool = False
    references: str | None = None
    range: SourceRange | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Fields by name, in the order of their declaration."""

    fields: Mapping[str, Member]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`customer` and, by name, every dataset: `stores`, `recommendations`."""

    customer: Record
    datasets: Mapping[str, Record] = field(default_factory=dict)
