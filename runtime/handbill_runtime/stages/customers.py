"""A tenant's customers at one moment: the columns that its plans need, each read once.

Source columns are normalised by `plan.import_view`; what it cannot use is quarantined and counted.
Several plans query one in-memory table, a single one the file itself. A missing, unreadable or too
old file is a DataFault, never an empty audience.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from handbill.plan.import_view import ImportView, SourceTable, describe_source, import_view
from handbill.plan.model import Dataset, FieldNeed, Plan, Table
from handbill.plan.sql_text import quoted
from handbill_runtime.errors import DataFault
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant
from handbill_runtime.stages.hours import is_zone
from handbill_runtime.stages.refusals import (
    DECLINED,
    CertainRefusals,
    certain_refusals,
    reads_declined,
    relies_on_declined,
)

CUSTOMERS = "customers"
"""The dataset, and what plans query: its columns are named by path, "store.name"."""
ROLES = ("id", "timezone", "locale", "consent", DECLINED)


def column(path: Sequence[str]) -> str:
    name = ".".join(path).replace('"', '""')
    return f'"{name}"'


def needed_fields(dataset: Dataset, plans: Collection[Plan]) -> tuple[FieldNeed, ...]:
    """The union of what the plans read and the roles that the dataset declares, by path."""
    needs = {need.path: need for plan in plans for need in plan.fields}
    declared = {declared.name: declared for declared in dataset.columns}
    for name in (*ROLES, *dataset.addresses.values()):
        if name in declared and (name,) not in needs:
            needs[(name,)] = FieldNeed(path=(name,), type=declared[name].type)
    return tuple(needs[path] for path in sorted(needs))


@contextmanager
def open_customers(
    tenant: CompiledTenant,
    data_root: str,
    now: datetime,
    plans: Collection[CompiledPlan] | None = None,
) -> Iterator[Customers]:
    """Read the tenant's customers below `data_root` (a file URL or path with `{tenant}`).

    Only `plans` can be asked about, by default all of the tenant's; with none, only zones.
    Raises DataFault: HB940 no such file, HB941 not readable as declared, HB942 too old,
    HB943 replaced while it was read.
    """
    import duckdb

    root = data_folder(data_root, tenant.tenant.name)
    with duckdb.connect(":memory:") as database:
        database.execute("SET TimeZone = 'UTC'")
        database.execute("SET autoinstall_known_extensions = false")
        try:
            asking = tuple(tenant.plans.values()) if plans is None else tuple(plans)
            yield Customers(database, tenant, root, now, [one.plan for one in asking])
        except duckdb.Error as error:
            raise DataFault(
                "HB941",
                f"the data of `{tenant.tenant.name}` cannot be read: {_first_line(error)}",
                "`handbill data check` shows every row and column at fault",
            ) from error


def data_folder(data_root: str, tenant: str) -> Path:
    """DataFault HB940 for a URL that is not a file's."""
    text = data_root.replace("{tenant}", tenant)
    parts = urlsplit(text)
    if parts.scheme == "file" and not parts.netloc:
        return Path(unquote(parts.path))
    if "://" not in text:
        return Path(text)
    raise DataFault("HB940", f"this version reads no data from {text}", "use file:///path/{tenant}")


class Customers:
    """See the module. Valid while `open_customers` is."""

    def __init__(
        self,
        database: Any,
        tenant: CompiledTenant,
        root: Path,
        now: datetime,
        plans: Sequence[Plan],
    ) -> None:
        self._database = database
        self._tenant = tenant
        self._plans = plans
        self._files: dict[Path, tuple[int, ...]] = {}
        self._root = root
        self._now = now
        datasets = tenant.tenant.datasets
        if CUSTOMERS not in datasets:
            raise DataFault("HB940", f"`{tenant.tenant.name}` declares no customers dataset")
        self._dataset: Dataset = datasets[CUSTOMERS]
        self._import()
        self.total: int = self._value(f"SELECT count(*) FROM {CUSTOMERS}")
        self._zones: Mapping[str | None, str] = self._read_zones()

    # ── import ───────────────────────────────────────────────────────────────────────────────────

    def _import(self) -> None:
        needs = needed_fields(self._dataset, self._plans)
        certain = self._certain(self._source(self._dataset))
        source = certain.source
        view = import_view(certain.dataset, needs, source, self._related(needs), certain.checks)
        self._refuse_problems(view)
        kept = "TABLE" if len(self._plans) > 1 else "VIEW"
        self._database.execute(f"CREATE {kept} imported AS {view.select}")
        self.quarantined: Mapping[str, int] = self._count_quarantined(view, source)
        self._leave_out_ambiguous()
        named = {need.path[0] for need in needs if len(need.path) == 1}
        self._columns = {name: column((name,)) for name in named}

    def roles(self, channels: Sequence[str]) -> tuple[str, ...]:
        """SQL for the values of ROLES, then for the address on each channel."""
        addresses = [self._dataset.addresses.get(channel, "") for channel in channels]
        return tuple(self._columns.get(name, "NULL") for name in (*ROLES, *addresses))

    def _certain(self, source: SourceTable) -> CertainRefusals:
        """Where a plan asks who declined: refusals that cannot be read are not no refusals."""
        dataset = self._dataset
        categories = [plan.category for plan in self._plans]
        if any(one.name == DECLINED for one in dataset.columns) and (
            relies_on_declined(categories)
            or (DECLINED in source.columns and reads_declined(categories))
        ):
            return certain_refusals(self._tenant.tenant, dataset, source)
        return CertainRefusals(dataset, source)

    def _related(self, needs: Collection[FieldNeed]) -> Mapping[str, tuple[Dataset, SourceTable]]:
        """The datasets that the paths in `needs` lead to, near and far."""
        datasets = self._tenant.tenant.datasets
        related: dict[str, tuple[Dataset, SourceTable]] = {}
        for need in needs:
            at = self._dataset
            for name in need.path:
                target = next((one.references for one in at.columns if one.name == name), None)
                if target is None:
                    break
                at = datasets[target]
                if target not in related:
                    related[target] = (at, self._source(at))
        return related

    def _refuse_problems(self, view: ImportView) -> None:
        for problem in view.problems:
            if problem.required:
                found = problem.source_type or "no such column"
                raise DataFault(
                    "HB941",
                    f"`{self._tenant.tenant.name}`: {problem.dataset}.{problem.column} is required,"
                    f" but the data has {found}",
                    "nothing is sent from data without it",
                )

    def _count_quarantined(self, view: ImportView, source: SourceTable) -> Mapping[str, int]:
        """Reason → rows, looked up only when some row is not there."""
        if self._value(f"SELECT count(*) FROM {source.relation}") == self._value(
            "SELECT count(*) FROM imported"
        ):
            return {}
        query = f"SELECT reason, count(*) FROM ({view.quarantine}) GROUP BY ALL ORDER BY ALL"
        return dict(self._database.execute(query).fetchall())

    def _leave_out_ambiguous(self) -> None:
        """Two rows with one id: nobody can say which is the customer, so neither is used."""
        self._database.execute(
            "CREATE TABLE ambiguous AS SELECT id, count(*) AS copies FROM imported"
            " GROUP BY id HAVING count(*) > 1"
        )
        copies = self._value("SELECT coalesce(sum(copies), 0) FROM ambiguous")
        without = " WHERE id NOT IN (SELECT id FROM ambiguous)" if copies else ""
        self._database.execute(f"CREATE VIEW {CUSTOMERS} AS SELECT * FROM imported{without}")
        if copies:
            self.quarantined = {**self.quarantined, "id: not unique": copies}

    def _source(self, dataset: Dataset) -> SourceTable:
        return describe_source(self._database, self._relation(dataset))

    def _relation(self, dataset: Dataset) -> str:
        if dataset.table is not None:
            return self._git_table(dataset.name, self._tenant.tables[dataset.table])
        for suffix, reader in (("parquet", "read_parquet({})"), ("csv", CSV)):
            path = self._root / f"{dataset.name}.{suffix}"
            if path.is_file():
                self._refuse_stale(dataset, path)
                self._files[path] = _identity(path)
                return reader.format(quoted(str(path)))
        raise DataFault(
            "HB940",
            f"`{self._tenant.tenant.name}` has no {dataset.name}: "
            f"neither {dataset.name}.parquet nor .csv in {self._root}",
            "put the file there, or correct data.root of the environment",
        )

    def _refuse_stale(self, dataset: Dataset, path: Path) -> None:
        if dataset.fresh_seconds is None:
            return
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if self._now - written > timedelta(seconds=dataset.fresh_seconds):
            raise DataFault(
                "HB942",
                f"{path} is from {written:%Y-%m-%d %H:%M} UTC, older than `fresh` allows",
                "deliver the data again; nothing is sent from stale data",
            )

    def _refuse_changed(self) -> None:
        """A file that was replaced meanwhile was not the one that was looked at first."""
        for path, identity in self._files.items():
            if _identity(path) != identity:
                raise DataFault(
                    "HB943", f"{path} changed while it was read", "nothing was selected from it"
                )

    def _git_table(self, name: str, table: Table) -> str:
        relation = column((f"table {name}",))
        columns = ", ".join(f"{column((name,))} VARCHAR" for name in table.columns)
        self._database.execute(f"CREATE TABLE {relation} ({columns})")
        if table.rows:
            marks = ", ".join("?" for _ in table.columns)
            self._database.executemany(
                f"INSERT INTO {relation} VALUES ({marks})", [list(row) for row in table.rows]
            )
        return relation

    # ── zones ────────────────────────────────────────────────────────────────────────────────────

    def _read_zones(self) -> Mapping[str | None, str]:
        """Each spelling of a zone in the data → the zone whose local time counts."""
        home = self._tenant.tenant.timezone
        zone = self._columns.get("timezone", "NULL")
        rows = self._database.execute(f"SELECT DISTINCT {zone} FROM {CUSTOMERS}").fetchall()
        return {name: name if name is not None and is_zone(name) else home for (name,) in rows}

    def zones(self) -> tuple[str, ...]:
        """The zones in which the tenant's customers live, at least the tenant's own."""
        return tuple(sorted({*self._zones.values(), self._tenant.tenant.timezone}))

    def zone_of(self, spelling: str | None) -> str:
        return self._zones[spelling]

    def count_by_zone(self) -> Mapping[str, int]:
        zone = self._columns.get("timezone", "NULL")
        counts: dict[str, int] = {}
        for name, count in self._database.execute(
            f"SELECT {zone}, count(*) FROM {CUSTOMERS} GROUP BY ALL"
        ).fetchall():
            counts[self._zones[name]] = counts.get(self._zones[name], 0) + count
        return counts

    # ── queries ──────────────────────────────────────────────────────────────────────────────────

    def where(self, zones: Collection[str] | None, only: Collection[str] | None) -> str:
        """A condition for customers in some zones, or for some ids."""
        conditions = []
        if zones is not None and set(self._zones.values()) - set(zones):
            zone = self._columns.get("timezone", "NULL")
            spellings = [name for name, known in self._zones.items() if known in zones]
            named = ", ".join(quoted(name) for name in spellings if name is not None)
            options = [f"{zone} IN ({named})"] if named else []
            if None in spellings:
                options.append(f"{zone} IS NULL")
            conditions.append(f"({' OR '.join(options) or 'FALSE'})")
        if only is not None:
            self._database.execute(
                "CREATE OR REPLACE TABLE wanted AS SELECT unnest(?::VARCHAR[]) AS id", [list(only)]
            )
            conditions.append("id IN (SELECT id FROM wanted)")
        return " AND ".join(conditions) or "TRUE"

    def fetch(self, query: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """The result in chunks; the first comes when the file has been read."""
        cursor = self._database.cursor().execute(query)
        rows = cursor.fetchmany(size)
        self._refuse_changed()
        while rows:
            yield rows
            rows = cursor.fetchmany(size)

    def _value(self, query: str) -> int:
        return int(self._database.execute(query).fetchone()[0])


CSV = (
    "read_csv({}, delim = ',', quote = '\"', escape = '\"', comment = '', skip = 0, header = true,"
    " all_varchar = true, nullstr = '', encoding = 'utf-8', strict_mode = true,"
    " null_padding = false, ignore_errors = false)"
)
"""Nothing of the dialect is guessed: one stray quote must not turn quoting off for the whole file."""


def _identity(path: Path) -> tuple[int, ...]:
    """Another file, or other content, has another."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]
