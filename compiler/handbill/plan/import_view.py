"""The import view: source columns become values of the language once, and everything reads that.

Both back ends see the same normalised rows. A row whose required value is absent or invalid is
quarantined with its reason; an invalid optional value is missing, and counted. Only the columns that
plans need are read. A field that references a dataset is joined, and defined when the row is found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from handbill.plan.as_written import AS_WRITTEN, is_searchable
from handbill.plan.errors import PlanCodeError
from handbill.plan.import_source import INTEGERS, Normalisation, SourceColumn
from handbill.plan.import_values import ZONED, normalise
from handbill.plan.model import Column, Dataset, FieldNeed
from handbill.plan.sql_text import column_type, identifier, literal, quoted

if TYPE_CHECKING:
    import duckdb

BOUNDED = ("DATE", "TIMESTAMP", "DECIMAL")
"""Besides integers, the types whose bounds DuckDB knows and the import uses."""
MAX_REFERENCES = 4
"""How far a path may go from table to table."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """`relation` may stand after FROM; `columns` are those it has, by name."""

    relation: str
    columns: Mapping[str, SourceColumn]


def describe_source(
    connection: duckdb.DuckDBPyConnection, relation: str, needed: Collection[str] | None = None
) -> SourceTable:
    """What a relation holds: `read_parquet('…')`, a table's name or `(SELECT …)`.

    Bounds are looked for of the columns in `needed`, by default of all.

    Bounds come from the optimiser's statistics (for Parquet the file's footer) and save checks, so
    describe the very file that is queried.
    """
    rows = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    types = {row[0]: row[1] for row in rows}
    bounded = [
        name
        for name, type in types.items()
        if _is_bounded(type) and (needed is None or name in needed)
    ]
    known: dict[str, dict[str, Any]] = {}
    if bounded:
        wanted = ", ".join(f"stats({identifier(name)})" for name in bounded)
        found = connection.execute(f"SELECT {wanted} FROM {_first_row(relation, types)}").fetchone()
        known = dict(zip(bounded, found or (), strict=False))
    return SourceTable(
        relation, {name: _column(type, known.get(name)) for name, type in types.items()}
    )


def _first_row(relation: str, columns: Collection[str]) -> str:
    """Of a Parquet file the row is asked for by its number: then no more of it is read."""
    is_file = relation.startswith("read_parquet('") and relation.endswith("')")
    if is_file and "file_row_number" not in {name.lower() for name in columns}:
        return f"{relation[:-1]}, file_row_number = true) WHERE file_row_number = 0"
    return f"{relation} LIMIT 1"


def _is_bounded(type: str) -> bool:
    """Not instants with a time zone: Python cannot take them from DuckDB without a further package."""
    if type == ZONED or type.endswith("[]"):
        return False
    return type in INTEGERS or type.startswith(BOUNDED)


def _column(type: str, statistics: dict[str, Any] | None) -> SourceColumn:
    if not isinstance(statistics, dict):
        return SourceColumn(type)
    return SourceColumn(type, statistics.get("min"), statistics.get("max"))


@dataclass(frozen=True, slots=True)
class SourceProblem:
    """A needed column that the source lacks, or holds in a type that no value can come from."""

    dataset: str
    column: str
    required: bool
    """Then no row is good: the run should be refused."""
    source_type: str | None
    """None when the column is not there."""


@dataclass(frozen=True, slots=True)
class ImportView:
    """Queries over the source, as DuckDB SQL without a trailing semicolon."""

    select: str
    """The good rows. Each column is named by its dotted path, `store.name`."""
    columns: tuple[str, ...]
    """The names in `select`, the key's first."""
    quarantine: str
    """`key` and `reason` of each row that is not in `select`."""
    counts: str
    """One row: `rows`, `quarantined`, and for each optional column how many values are invalid."""
    duplicates: str
    """`key` and `rows` of keys that occur more than once; `select` does not look for them."""
    problems: tuple[SourceProblem, ...]
    searchable: frozenset[str] = frozenset()
    """List columns that `select` also has as written (see as_written.py), beside `columns`."""


def column_name(path: Sequence[str]) -> str:
    """How the view names the field with this path (without the root)."""
    return ".".join(path)


def import_view(
    dataset: Dataset,
    needs: Iterable[FieldNeed],
    source: SourceTable,
    related: Mapping[str, tuple[Dataset, SourceTable]],
    checks: Iterable[tuple[str, str]] = (),
    unchecked: Collection[str] = (),
) -> ImportView:
    """The view of `dataset` that holds its key and the fields in `needs`, and nothing else.

    `related` holds the datasets that references lead to, by name. `checks` are reasons with what
    must hold of a row besides, a condition over `source` that is never NULL. Of required columns in
    `unchecked` any value that can be normalised will do. Raises PlanCodeError for a path that the
    datasets do not declare.
    """
    view = _View(dataset, source, related, MAX_REFERENCES, checks, unchecked)
    return view.build(need.path for need in needs)


class _View:
    """Collects the parts of one view's queries."""

    def __init__(
        self,
        dataset: Dataset,
        source: SourceTable,
        related: Mapping[str, tuple[Dataset, SourceTable]],
        references_left: int,
        checks: Iterable[tuple[str, str]] = (),
        unchecked: Collection[str] = (),
    ) -> None:
        self._unchecked = unchecked
        self._dataset = dataset
        self._source = source
        self._related = related
        self._references_left = references_left
        self._columns = {column.name: column for column in dataset.columns}
        self._outputs: dict[str, str] = {}
        self._joins: list[str] = []
        self._checks: list[tuple[str, str]] = list(checks)
        """What is wrong when it does not hold, and a condition that is never NULL."""
        self._texts: dict[str, tuple[str, Normalisation]] = {}
        """Those of the checks that are of a text which mostly is right as it stands: what remains
        without looking at the text, and how it is looked at."""
        self._invalid: list[tuple[str, str]] = []
        self._problems: list[SourceProblem] = []
        self._written: dict[str, str] = {}
        """List column → the source's own list, missing where the value is."""

    def build(self, paths: Iterable[tuple[str, ...]]) -> ImportView:
        beyond: dict[str, list[tuple[str, ...]]] = {name: [] for name in self._dataset.key}
        for path in paths:
            tails = beyond.setdefault(path[0], [])
            if len(path) > 1:
                tails.append(path[1:])
        for name, tails in beyond.items():
            self._add(name, tails)
        return self._view()

    def _add(self, name: str, tails: Sequence[tuple[str, ...]]) -> None:
        column = self._columns.get(name)
        if column is None:
            raise PlanCodeError(f"{self._dataset.name} has no column {name}")
        if column.relation is not None:
            return  # its rows are another table's
        if tails and column.references is None:
            raise PlanCodeError(f"{self._dataset.name}.{name} leads to no other table")
        source = f"source.{identifier(name)}"
        normalisation = self._normalisation(column, source)
        if normalisation is None:
            self._missing(column, tails)
            return
        if column.references is not None:
            self._refer(column, normalisation.optional(), source, tails)
            return
        if is_searchable(column.type, self._source.columns[name].type):
            self._written[name] = Normalisation(source, normalisation.valid).optional()
        if column.required or name in self._dataset.key:
            is_checked = normalisation.valid is not None and name not in self._unchecked
            valid = f" AND {normalisation.valid}" if is_checked else ""
            present = f"({source} IS NOT NULL)"
            check = f"({source} IS NOT NULL{valid})"
            self._checks.append((name, check))
            if is_checked and normalisation.as_is is not None:
                self._texts[check] = (present, normalisation)
            self._outputs[name] = normalisation.value
            return
        self._outputs[name] = normalisation.optional()
        invalid = "FALSE"
        if normalisation.valid is not None:
            invalid = f"{source} IS NOT NULL AND NOT {normalisation.valid}"
        self._invalid.append((name, invalid))

    def _normalisation(self, column: Column, source: str) -> Normalisation | None:
        source_column = self._source.columns.get(column.name)
        if source_column is not None:
            normalisation = normalise(source, source_column, column.type)
            if normalisation is not None:
                return normalisation
        required = column.required or column.name in self._dataset.key
        found = None if source_column is None else source_column.type
        self._problems.append(SourceProblem(self._dataset.name, column.name, required, found))
        return None

    def _missing(self, column: Column, tails: Sequence[tuple[str, ...]]) -> None:
        """The column cannot be read: no row is good if it is required, else it is missing."""
        if column.required or column.name in self._dataset.key:
            self._checks.append((column.name, "FALSE"))
        self._outputs[column.name] = literal(None, column.type)
        if tails:
            dataset, _ = self._reference(column)
            types = _types_of(dataset, tails, self._related)
            for path, sql_type in types.items():
                self._outputs[column_name((column.name, *path))] = f"CAST(NULL AS {sql_type})"

    # ── references ───────────────────────────────────────────────────────────────────────────────

    def _reference(self, column: Column) -> tuple[Dataset, SourceTable]:
        assert column.references is not None
        found = self._related.get(column.references)
        if found is None or len(found[0].key) != 1:
            raise PlanCodeError(
                f"{self._dataset.name}.{column.name} refers to {column.references}, "
                "which is not a dataset with one key column"
            )
        if self._references_left == 0:
            raise PlanCodeError(f"references lead further than {MAX_REFERENCES} tables")
        return found

    def _refer(
        self, column: Column, key: str, source: str, tails: Sequence[tuple[str, ...]]
    ) -> None:
        dataset, table = self._reference(column)
        view = _View(dataset, table, self._related, self._references_left - 1).build(tails)
        self._problems.extend(view.problems)
        alias = identifier(f"{column.name} row")
        target = dataset.key[0]
        found = f"{alias}.{identifier(target)}"
        # A key that occurs twice names no row: joined, it would double the customer.
        self._joins.append(
            f"LEFT JOIN (SELECT * FROM ({view.select}) "
            f"QUALIFY count(*) OVER (PARTITION BY {identifier(target)}) = 1) AS {alias} "
            f"ON {key} = {found}"
        )
        self._outputs[column.name] = found
        for path in tails:
            name = column_name(path)
            self._outputs[column_name((column.name, *path))] = f"{alias}.{identifier(name)}"
        if column.required:
            self._checks.append((column.name, f"({found} IS NOT NULL)"))
        else:
            self._invalid.append((column.name, f"{source} IS NOT NULL AND {found} IS NULL"))

    # ── the queries ──────────────────────────────────────────────────────────────────────────────

    def _view(self) -> ImportView:
        origin = " ".join([f"FROM {self._source.relation} AS source", *self._joins])
        written = {name + AS_WRITTEN: sql for name, sql in self._written.items()}
        every = {**self._outputs, **written}
        outputs = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in every.items())
        good = self._good()
        reasons = ", ".join(
            f"CASE WHEN {check} THEN NULL ELSE {quoted(name)} END" for name, check in self._checks
        )
        key = "concat_ws('/', " + ", ".join(
            f"CAST(source.{identifier(name)} AS VARCHAR)"
            for name in self._dataset.key
            if name in self._source.columns
        )
        key = f"{key})" if not key.endswith(", ") else "NULL"
        # DuckDB turns NOT (a AND b …) into an OR of everything, which costs three times as much.
        bad = f"CASE WHEN {good} THEN FALSE ELSE TRUE END"
        counts = ["count(*) AS rows", f"count(*) FILTER ({bad}) AS quarantined"]
        counts += [
            f"count(*) FILTER ({condition}) AS {identifier(name)}"
            for name, condition in self._invalid
        ]
        return ImportView(
            select=f"SELECT {outputs} {origin} WHERE {good}",
            columns=tuple(self._outputs),
            quarantine=(
                f"SELECT {key} AS key, concat_ws(', ', {reasons}) AS reason {origin} WHERE {bad}"
            ),
            counts=f"SELECT {', '.join(counts)} {origin}",
            duplicates=(
                f"SELECT {key} AS key, count(*) AS rows {origin} WHERE {good} "
                "GROUP BY 1 HAVING count(*) > 1"
            ),
            problems=tuple(self._problems),
            searchable=frozenset(self._written),
        )

    def _good(self) -> str:
        """All checks. Those of several texts are one: then DuckDB does not look at every row's while it
        reads the file, but at those of the rows that cheaper conditions left over."""
        if len(self._texts) < 2:
            return " AND ".join(check for _, check in self._checks)
        checks = [
            self._texts[check][0] if check in self._texts else check for _, check in self._checks
        ]
        as_is = " AND ".join(f"{text.as_is}" for _, text in self._texts.values())
        valid = " AND ".join(f"{text.valid}" for _, text in self._texts.values())
        return " AND ".join([*checks, f"CASE WHEN {as_is} THEN TRUE ELSE {valid} END"])


def _types_of(
    dataset: Dataset,
    paths: Iterable[tuple[str, ...]],
    related: Mapping[str, tuple[Dataset, SourceTable]],
) -> dict[tuple[str, ...], str]:
    """The SQL type at the end of each path."""
    types: dict[tuple[str, ...], str] = {}
    for path in paths:
        at = dataset
        for place, name in enumerate(path):
            column = next((column for column in at.columns if column.name == name), None)
            if column is None:
                raise PlanCodeError(f"{at.name} has no column {name}")
            if place == len(path) - 1:
                types[path] = column_type(column.type)
            elif (found := related.get(column.references or "")) is not None:
                at = found[0]
            else:
                raise PlanCodeError(f"{at.name}.{name} leads to no other table")
    return types
