"""The made-up data of a test, typed: customers and the rows of datasets, each personas' merged in.

Where a fixture is silent about a field that every customer has, it has a neutral value
(`cells.neutral_cell`); `null` says that it is really missing. Rows without a key are numbered
(`row_keys`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from handbill.assertions.cells import Row, WrongCell, cell_of, neutral_cell
from handbill.assertions.row_keys import KeyedRow, number_rows, same_keys
from handbill.assertions.suite import CampaignTest, Persona
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.suggest import closest
from handbill.plan.model import Column, Dataset, Tenant
from handbill.source.located import LocatedDocument, Path, Value

CUSTOMERS = "customers"
PERSONA = "persona"
"""The field of a customer that names a persona."""


@dataclass(frozen=True, slots=True)
class Fixtures:
    """Dataset → its rows. A dataset that the test says nothing about is not in `rows`."""

    rows: Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class _Written:
    """A value and where it stands."""

    value: Value
    document: LocatedDocument = field(repr=False)
    path: Path

    def diagnostic(self, code: str, message: str, hint: str, *, key: bool = False) -> Diagnostic:
        range_of = self.document.key_range_of if key else self.document.range_of
        return Diagnostic(code, message, range_of(self.path), hint=hint)

    def member(self, name: str, value: Value) -> _Written:
        return replace(self, value=value, path=(*self.path, name))


@dataclass(slots=True)
class _TypedRow(KeyedRow):
    place: _Written


def read_fixtures(
    test: CampaignTest, personas: Mapping[str, Persona], tenant: Tenant
) -> tuple[Fixtures, tuple[Diagnostic, ...]]:
    """HB474 an unknown persona, HB475 an unknown field or dataset, HB476 a value of another type or a
    row that cannot be told from another."""
    reading = _Reading(tenant, datetime.date.fromisoformat(test.written.now[:10]))
    for customer in test.written.customers:
        path = ("customers", customer)
        entry = _at(test.document, path)
        persona = _persona(reading, entry, personas)
        reading.customer(customer, entry, persona)
    for dataset in test.written.data:
        reading.rows_of(dataset, _at(test.document, ("data", dataset)), {})
    reading.place_rows()
    return Fixtures(reading.cells()), tuple(reading.found)


def _at(document: LocatedDocument, path: Path) -> _Written:
    value: Value = document.value
    for step in path:
        value = value[step]  # type: ignore[index]
    return _Written(value, document, path)


def _persona(reading: _Reading, entry: _Written, personas: Mapping[str, Persona]) -> Persona | None:
    assert isinstance(entry.value, dict)
    name = entry.value.get(PERSONA)
    if name is None or name in personas:
        return personas[str(name)] if name is not None else None
    near = closest(str(name), personas)
    hint = f"did you mean `{near}`?" if near else f"write personas/{name}.yaml"
    where = entry.member(PERSONA, name)
    reading.found.append(where.diagnostic("HB474", f"there is no persona `{name}`", hint))
    return None


class _Reading:
    """Gathers rows and findings."""

    def __init__(self, tenant: Tenant, today: datetime.date) -> None:
        self._datasets = tenant.datasets
        self._today = today
        self._customers: list[Row] = []
        self._rows: dict[str, list[_TypedRow]] = {}
        self.found: list[Diagnostic] = []

    def customer(self, name: str, entry: _Written, persona: Persona | None) -> None:
        dataset = self._datasets[CUSTOMERS]
        written: dict[str, _Written] = {}
        sources = [entry] if persona is None else [_at(persona.document, ("customer",)), entry]
        for source in sources:
            assert isinstance(source.value, dict)
            written |= {key: source.member(key, value) for key, value in source.value.items()}
        written.pop(PERSONA, None)
        key = dataset.key[0]
        if key in written:
            hint = f"delete it, or write `{written[key].value}:` for `{name}:`"
            message = f"the `{key}` of a customer is how the test calls them: `{name}`"
            self.found.append(written.pop(key).diagnostic("HB476", message, hint, key=True))
        self._customers.append({**self._row(dataset, written, name), key: name})
        if persona is not None:
            for each in persona.written.data:
                inner = _at(persona.document, ("data", each))
                self.rows_of(each, inner, self._owner(each, name))

    def _owner(self, dataset: str, customer: str) -> Row:
        """The column of a dataset that says whose a row is."""
        for column in self._datasets[CUSTOMERS].columns:
            if column.relation is not None and column.relation.dataset == dataset:
                return dict.fromkeys(column.relation.key, customer)
        known = self._datasets.get(dataset)
        names = {each.name for each in known.columns} if known else set()
        return {"customer_id": customer} if "customer_id" in names else {}

    def rows_of(self, name: str, entry: _Written, owner: Row) -> None:
        dataset = self._datasets.get(name)
        if dataset is None or name == CUSTOMERS:
            near = closest(name, self._datasets)
            hint = f"did you mean `{near}`?" if near else f"datasets: {', '.join(self._datasets)}"
            if name == CUSTOMERS:
                hint = "write customers below `customers`"
            message = f"this tenant has no dataset `{name}` to make up"
            self.found.append(entry.diagnostic("HB475", message, hint, key=True))
            return
        rows = self._rows.setdefault(name, [])
        assert isinstance(entry.value, list)
        for index, row in enumerate(entry.value):
            assert isinstance(row, dict)
            written = {
                key: replace(entry, value=value, path=(*entry.path, index, key))
                for key, value in row.items()
            }
            cells = {**self._row(dataset, written, None), **owner}
            place = replace(entry, value=row, path=(*entry.path, index))
            rows.append(_TypedRow(cells, {*written, *owner}, place))

    def cells(self) -> Mapping[str, Sequence[Row]]:
        rows = {name: [row.cells for row in rows] for name, rows in self._rows.items()}
        return {CUSTOMERS: self._customers, **rows}

    def place_rows(self) -> None:
        """Gives rows without a key one; HB476 for those that belong to nobody or are there twice."""
        for name, rows in self._rows.items():
            dataset = self._datasets[name]
            number_rows(dataset, rows)
            for row in rows:
                self.found.extend(self._unplaced(dataset, row))
            for place in same_keys(dataset, rows):
                key = ", ".join(str(rows[place].cells[each]) for each in dataset.key)
                message = f"two rows of `{name}` have the same key: {key}"
                hint = f"leave `{dataset.key[-1]}` out, and the rows are numbered"
                self.found.append(rows[place].place.diagnostic("HB476", message, hint))

    def _unplaced(self, dataset: Dataset, row: _TypedRow) -> Iterator[Diagnostic]:
        """Without the column that holds the customer, or one of the key that cannot be numbered."""
        owning = {
            name
            for column in self._datasets[CUSTOMERS].columns
            if column.relation is not None and column.relation.dataset == dataset.name
            for name in column.relation.key
        }
        for name in dict.fromkeys([*sorted(owning), *dataset.key]):
            if name in row.given or (name not in owning and row.cells.get(name) is not None):
                continue
            message = f"a row of `{dataset.name}` needs its `{name}`"
            if name in owning:
                message = f"this row of `{dataset.name}` belongs to no customer"
            yield row.place.diagnostic("HB476", message, f"{name}: …")

    def _row(self, dataset: Dataset, written: Mapping[str, _Written], owner: str | None) -> Row:
        columns = {column.name: column for column in dataset.columns}
        self.found.extend(_unknown(dataset, columns, written))
        row: dict[str, object] = {}
        for name, column in columns.items():
            if column.relation is not None:
                if name in written and owner is not None:
                    self._related(written[name], column, owner)
                continue
            if name in written:
                row[name] = self._cell(written[name], column)
            else:
                row[name] = neutral_cell(column.type, self._today) if column.required else None
        return row

    def _related(self, entry: _Written, column: Column, owner: str) -> None:
        """Rows of a relation, written with the customer whose they are."""
        assert column.relation is not None
        if isinstance(entry.value, list) and all(isinstance(row, dict) for row in entry.value):
            self.rows_of(column.relation.dataset, entry, dict.fromkeys(column.relation.key, owner))
            return
        message = f"`{column.name}` is a list of rows of `{column.relation.dataset}`"
        self.found.append(entry.diagnostic("HB476", message, f"{column.name}: [{{…}}]"))

    def _cell(self, entry: _Written, column: Column) -> object:
        if entry.value is None:
            return None
        try:
            return cell_of(entry.value, column.type)
        except WrongCell as wrong:
            where = replace(entry, path=(*entry.path, *wrong.path))
            message = f"`{column.name}`: {wrong}"
            self.found.append(where.diagnostic("HB476", message, wrong.hint))
            return None


def _unknown(
    dataset: Dataset, columns: Mapping[str, Column], written: Mapping[str, _Written]
) -> Iterator[Diagnostic]:
    whose = "customers have" if dataset.name == CUSTOMERS else f"`{dataset.name}` has"
    for name, entry in written.items():
        if name not in columns:
            near = closest(name, columns)
            hint = f"did you mean `{near}`?" if near else "see the vocabulary in schemas/"
            yield entry.diagnostic("HB475", f"{whose} no field `{name}`", hint, key=True)
