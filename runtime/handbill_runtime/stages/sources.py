"""Where a tenant's datasets are: a Parquet or CSV file below the data root, or a table kept in git.

Every reader of one run shares a `Sources`: each dataset is looked for once, and a file that is
replaced while it is read is noticed. A missing, unreadable or too old file is a DataFault, never an
empty table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from handbill.plan.import_view import ImportView, SourceTable, describe_source
from handbill.plan.model import Dataset, Table
from handbill.plan.sql_text import quoted
from handbill_runtime.errors import DataFault
from handbill_runtime.stages.compiled import CompiledTenant

CSV = (
    "read_csv({}, delim = ',', quote = '\"', escape = '\"', comment = '', skip = 0, header = true,"
    " all_varchar = true, nullstr = '', encoding = 'utf-8', strict_mode = true,"
    " null_padding = false, ignore_errors = false)"
)
"""Nothing of the dialect is guessed: one stray quote must not turn quoting off for the whole file."""


def column(path: Sequence[str]) -> str:
    """How tables of imported rows name the column with this path: quoted, "store.name"."""
    name = ".".join(path).replace('"', '""')
    return f'"{name}"'


def data_folder(data_root: str, tenant: str) -> Path:
    """DataFault HB940 for a URL that is not a file's."""
    text = data_root.replace("{tenant}", tenant)
    parts = urlsplit(text)
    if parts.scheme == "file" and not parts.netloc:
        return Path(unquote(parts.path))
    if "://" not in text:
        return Path(text)
    raise DataFault("HB940", f"this version reads no data from {text}", "use file:///path/{tenant}")


@dataclass(slots=True)
class Sources:
    """One tenant's datasets as `database` (a DuckDB connection) can query them."""

    database: Any
    tenant: CompiledTenant
    root: Path
    now: datetime
    _known: dict[str, SourceTable] = field(default_factory=dict)
    _files: dict[Path, tuple[int, ...]] = field(default_factory=dict)

    def of(self, dataset: Dataset, needed: Collection[str] | None = None) -> SourceTable:
        """`needed`: the columns that will be read, as far as the first to ask knows. Raises DataFault
        HB940 where there is none, HB942 where `fresh` forbids it."""
        if dataset.name not in self._known:
            found = describe_source(self.database, self._relation(dataset), needed)
            self._known[dataset.name] = found
        return self._known[dataset.name]

    def related(
        self, dataset: Dataset, paths: Iterable[Sequence[str]]
    ) -> Mapping[str, tuple[Dataset, SourceTable]]:
        """The datasets that these paths of `dataset` lead to, near and far."""
        datasets = self.tenant.tenant.datasets
        found: dict[str, tuple[Dataset, SourceTable]] = {}
        for path in paths:
            at = dataset
            for name in path:
                target = next((one.references for one in at.columns if one.name == name), None)
                if target is None:
                    break
                at = datasets[target]
                if target not in found:
                    found[target] = (at, self.of(at))
        return found

    def refuse_changed(self) -> None:
        """DataFault HB943: a file that was replaced meanwhile was not the one looked at first."""
        for path, identity in self._files.items():
            if _identity(path) != identity:
                raise DataFault(
                    "HB943", f"{path} changed while it was read", "nothing was selected from it"
                )

    def _relation(self, dataset: Dataset) -> str:
        if dataset.table is not None:
            return self._git_table(dataset.name, self.tenant.tables[dataset.table])
        for suffix, reader in (("parquet", "read_parquet({})"), ("csv", CSV)):
            path = self.root / f"{dataset.name}.{suffix}"
            if path.is_file():
                self._refuse_stale(dataset, path)
                self._files[path] = _identity(path)
                return reader.format(quoted(str(path)))
        raise DataFault(
            "HB940",
            f"`{self.tenant.tenant.name}` has no {dataset.name}: "
            f"neither {dataset.name}.parquet nor .csv in {self.root}",
            "put the file there, or correct data.root of the environment",
        )

    def _refuse_stale(self, dataset: Dataset, path: Path) -> None:
        if dataset.fresh_seconds is None:
            return
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if self.now - written > timedelta(seconds=dataset.fresh_seconds):
            raise DataFault(
                "HB942",
                f"{path} is from {written:%Y-%m-%d %H:%M} UTC, older than `fresh` allows",
                "deliver the data again; nothing is sent from stale data",
            )

    def _git_table(self, name: str, table: Table) -> str:
        relation = column((f"table {name}",))
        columns = ", ".join(f"{column((name,))} VARCHAR" for name in table.columns)
        self.database.execute(f"CREATE TABLE {relation} ({columns})")
        if table.rows:
            marks = ", ".join("?" for _ in table.columns)
            self.database.executemany(
                f"INSERT INTO {relation} VALUES ({marks})", [list(row) for row in table.rows]
            )
        return relation


@contextmanager
def reading(tenant: str) -> Iterator[None]:
    """What DuckDB cannot read is DataFault HB941."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        first = (str(error).splitlines() or [""])[0]
        raise DataFault(
            "HB941",
            f"the data of `{tenant}` cannot be read: {first}",
            "`handbill data check` shows every row and column at fault",
        ) from error


def refuse_problems(tenant: str, view: ImportView) -> None:
    """DataFault HB941 where required columns are not there, or in a type of no value; it names all."""
    problems = [problem for problem in view.problems if problem.required]
    if not problems:
        return
    first, *others = problems
    found = first.source_type or "no such column"
    names = ", ".join(f"{each.dataset}.{each.column}" for each in others)
    also = f"; also missing or unreadable: {names}" if others else ""
    raise DataFault(
        "HB941",
        f"`{tenant}`: {first.dataset}.{first.column} is required, but the data has {found}{also}",
        "nothing is sent from data without " + ("them" if others else "it"),
    )


def _identity(path: Path) -> tuple[int, ...]:
    """Another file, or other content, has another."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
