"""What a tenant's active plans read of each dataset: those columns decide which rows a run keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

import msgspec

from handbill.plan.model import Column, Dataset, FieldNeed, Plan, Tenant
from handbill.plan.types import ListType, ObjectType
from handbill_runtime.stages.customers import CUSTOMERS
from handbill_runtime.stages.needs import needed_fields

Path: TypeAlias = tuple[str, ...]


def relation_needs(column: Column, plans: Collection[Plan]) -> tuple[FieldNeed, ...]:
    """What the plans need of a relation's rows; empty for another column, and where none reads it."""
    if column.relation is None:
        return ()
    return tuple(need for plan in plans for need in plan.fields if need.path == (column.name,))


def paths_read(tenant: Tenant, plans: Collection[Plan]) -> Mapping[str, frozenset[Path]]:
    """Dataset → the paths from its rows; a dataset that nobody reads is not there."""
    found: dict[str, set[Path]] = {}
    customers = tenant.datasets.get(CUSTOMERS)
    if customers is None:
        return {}
    for need in needed_fields(customers, plans):
        _follow(tenant, customers, need.path, found)
    for column in customers.columns:
        needs = relation_needs(column, plans)
        if column.relation is not None and needs:
            rows = tenant.datasets[column.relation.dataset]
            for path in _of_rows(column, rows, needs):
                _follow(tenant, rows, path, found)
    return {name: frozenset(paths) for name, paths in found.items()}


def _of_rows(column: Column, rows: Dataset, needs: Collection[FieldNeed]) -> Iterator[Path]:
    """What places a row, and the members that are read."""
    assert column.relation is not None
    time = () if column.relation.time is None else (column.relation.time,)
    yield from ((name,) for name in (*column.relation.key, *time, *rows.key))
    for need in needs:
        assert isinstance(need.type, ListType) and isinstance(need.type.item, ObjectType)
        yield from (tuple(member.name.split(".")) for member in need.type.item.members)


def _follow(tenant: Tenant, dataset: Dataset, path: Path, found: dict[str, set[Path]]) -> None:
    """The path, and its rest in each dataset that it leads to."""
    for place, name in enumerate(path):
        found.setdefault(dataset.name, set()).add(path[place:])
        column = next((one for one in dataset.columns if one.name == name), None)
        target = None if column is None else tenant.datasets.get(column.references or "")
        if target is None:
            return
        found.setdefault(target.name, set()).update((name,) for name in target.key)
        dataset = target


def checkable(tenant: Tenant, dataset: Dataset) -> tuple[Dataset, Mapping[str, str]]:
    """The dataset without its references to what the tenant does not have, and those.

    No plan reads such a reference: the compiler refuses it (HB458).
    """
    unchecked = {
        column.name: column.references
        for column in dataset.columns
        if column.references and not _has_single_key(tenant, column.references)
    }
    columns = tuple(
        msgspec.structs.replace(column, references=None) if column.name in unchecked else column
        for column in dataset.columns
    )
    return msgspec.structs.replace(dataset, columns=columns), unchecked


def _has_single_key(tenant: Tenant, name: str) -> bool:
    target = tenant.datasets.get(name)
    return target is not None and len(target.key) == 1
