"""What changes and is no campaign's: a retailer's own object, a channel's contract, a table in git."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handbill.diff import written
from handbill.diff.model import FieldChange, SharedChange
from handbill.diff.settings import Fields, changed_fields
from handbill.diff.sides import OpenSide
from handbill.diff.type_words import type_words
from handbill.plan.model import Channel, Dataset, Table, Tenant


def shared_changes(
    base: OpenSide, head: OpenSide, tenants: tuple[str, ...]
) -> tuple[SharedChange, ...]:
    """`tenants`: those whose own object differs and that are on both sides. Tenants and channels to
    which the same happens are told once. Nothing is, where a side has no release at all."""
    if base.about.digest is None or head.about.digest is None:
        return ()
    together: dict[tuple[str, tuple[FieldChange, ...]], list[str]] = {}
    for what, name, fields in (
        *_channels(base, head), *_of_tenants(base, head, tenants)
    ):  # fmt: skip
        if fields:
            together.setdefault((what, fields), []).append(name)
    return tuple(
        SharedChange(what=what, names=tuple(names), fields=fields)  # type: ignore[arg-type]
        for (what, fields), names in together.items()
    )


def _channels(base: OpenSide, head: OpenSide) -> Iterator[tuple[str, str, tuple[FieldChange, ...]]]:
    for name in sorted({*base.release.channels, *head.release.channels}):
        if base.release.channels.get(name) == head.release.channels.get(name):
            continue
        one, other = base.channel(name), head.channel(name)
        fields = changed_fields(_channel(one), _channel(other))
        yield "channel", name, fields or (FieldChange(field="requests", before="…", after="…"),)


def _channel(channel: Channel | None) -> Mapping[str, str]:
    if channel is None:
        return {}
    fields = {
        "vendors": ", ".join(sorted(channel.vendors)),
        "batch": str(channel.batch),
        "max_bytes": str(channel.max_bytes or ""),
    }
    for name, part in sorted(channel.parts.items()):
        bounds = [part.kind, "required" if part.required else ""]
        bounds.append(f"at most {part.maximum}" if part.maximum is not None else "")
        bounds.append(f"at most {part.max_segments} segments" if part.max_segments else "")
        fields[f"parts.{name}"] = ", ".join(each for each in bounds if each)
    return fields


def _of_tenants(
    base: OpenSide, head: OpenSide, tenants: tuple[str, ...]
) -> Iterator[tuple[str, str, tuple[FieldChange, ...]]]:
    for name in tenants:
        one, other = base.tenant(name), head.tenant(name)
        assert one is not None and other is not None
        yield "tenant", name, changed_fields(_tenant(one), _tenant(other))
        for dataset in sorted({*one.datasets, *other.datasets}):
            fields = _table_fields(base, head, one, other, dataset)
            yield "table", f"{name}/{dataset}", fields


def _tenant(tenant: Tenant) -> Mapping[str, str]:
    fields = {
        "name": tenant.display_name,
        "locale": tenant.locale,
        "timezone": tenant.timezone,
        "brand.postal_address": tenant.postal_address,
        "seeds": ", ".join(tenant.seeds),
        "channels": ", ".join(tenant.channels),
        "categories": ", ".join(tenant.categories),
    }
    for name, dataset in sorted(tenant.datasets.items()):
        fields |= {f"data.{name}.{field}": text for field, text in _dataset(dataset).items()}
    return fields


def _dataset(dataset: Dataset) -> Mapping[str, str]:
    fresh = dataset.fresh_seconds
    fields = {
        "key": ", ".join(dataset.key),
        "kept in git": "yes" if dataset.table is not None else "",
        "fresh": written.duration(fresh) if fresh is not None else "",
    }
    fields |= {f"address.{channel}": column for channel, column in dataset.addresses.items()}
    for column in dataset.columns:
        relation = column.relation
        notes = [
            type_words(column.type),
            "required" if column.required else "",
            f"a row of {column.references}" if column.references else "",
            f"rows of {relation.dataset} by {', '.join(relation.key)}" if relation else "",
            f"dated by {relation.time}" if relation and relation.time else "",
        ]
        fields[column.name] = ", ".join(each for each in notes if each)
    return fields


# ── tables kept in git ───────────────────────────────────────────────────────────────────────────


def _table_fields(
    base: OpenSide, head: OpenSide, before: Tenant, after: Tenant, dataset: str
) -> tuple[FieldChange, ...]:
    """A row that is added or gone whole, and of one that differs the cells that do, by its key."""
    one, other = before.datasets.get(dataset), after.datasets.get(dataset)
    old, new = (one.table if one else None), (other.table if other else None)
    if old == new:
        return ()
    rows_before = _rows(base.table(before.name, old), one) if old and one else {}
    rows_after = _rows(head.table(after.name, new), other) if new and other else {}
    fields: list[FieldChange] = []
    for key in dict.fromkeys((*rows_after, *rows_before)):
        fields += _row_fields(key, rows_before.get(key), rows_after.get(key))
    return tuple(fields)


def _rows(table: Table, dataset: Dataset) -> Mapping[str, Fields]:
    places = [table.columns.index(name) for name in dataset.key]
    rows: dict[str, Fields] = {}
    for row in table.rows:
        cells = zip(table.columns, row, strict=True)
        key = " ".join(str(row[place]) for place in places)
        rows[key] = {name: cell for name, cell in cells if cell is not None}
    return rows


def _row_fields(key: str, before: Fields | None, after: Fields | None) -> tuple[FieldChange, ...]:
    if before is None or after is None:
        texts = [
            ", ".join(f"{name} {cell}" for name, cell in (row or {}).items())
            for row in (before, after)
        ]
        return (FieldChange(field=key, before=texts[0], after=texts[1]),)
    cells = changed_fields(before, after)
    return tuple(
        FieldChange(field=f"{key}, {each.field}", before=each.before, after=each.after)
        for each in cells
    )
