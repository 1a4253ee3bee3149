"""What `handbill data check` says of one dataset of one tenant: values, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Rows without a good value in one or more columns; `examples` are their keys."""

    columns: str
    rows: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DatasetReport:
    """One dataset of one tenant. `fault`: why it cannot be used at all; then the rest is empty."""

    tenant: str
    dataset: str
    file: str | None = None
    fault: str | None = None
    rows: int = 0
    quarantined: tuple[Quarantined, ...] = ()
    """Rows that a run leaves out: some active campaign of the tenant reads those columns."""
    unread: tuple[Quarantined, ...] = ()
    """Rows that a run keeps: no active campaign reads the columns that are not good."""
    duplicates: int = 0
    """Rows whose key another row has too."""
    invalid: Mapping[str, int] | None = None
    """Optional column → values that count as missing because they are not valid."""
    absent: tuple[str, ...] = ()
    """Declared optional columns that the file does not have, or has in a useless type."""
    undeclared: tuple[str, ...] = ()
    """Columns of the file that the vocabulary does not know; they are never read."""
    unchecked: Mapping[str, str] | None = None
    """Column → the dataset it refers to and this tenant has no single key of: any value is kept."""
    crowded: Mapping[str, int] | None = None
    """Relation → customers who have more rows of it than it may hold; no campaign that reads it
    sees them."""
    only_days: tuple[str, ...] = ()
    """Columns of instants that date a relation's rows, and hold nothing but midnights of UTC: days,
    most likely, which begin at another instant where the customers live."""
    unknown_consent: int = 0
    """Rows whose `consent` lists what is not a channel.category: it allows nothing."""

    @property
    def left_out(self) -> int:
        return sum(reason.rows for reason in self.quarantined) + self.duplicates

    @property
    def is_usable(self) -> bool:
        return self.fault is None
