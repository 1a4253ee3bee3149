"""`params.…` as constants: what the campaign wrote under `with`, and rows of git tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.suggest import closest
from handbill.language.scope import Constant
from handbill.lower.tables import ReadTable
from handbill.resolve.traced import Traced


def parameter_constants(
    params: Mapping[str, Any], traced: Traced, tables: Mapping[str, ReadTable]
) -> tuple[dict[str, Constant], tuple[Diagnostic, ...]]:
    """A text `stores/ID` that starts with a git table's name stands for that row.

    `traced` is the campaign's, or the variant's whose parameters these are.
    """
    constants: dict[str, Constant] = {}
    found: list[Diagnostic] = []
    for name, value in params.items():
        constants[name] = value
        table, slash, key = value.partition("/") if isinstance(value, str) else ("", "", "")
        if not slash or table not in tables:
            continue
        rows = tables[table].rows
        if key in rows:
            constants[name] = rows[key]
            continue
        near = closest(key, rows)
        # Another row stands in, so that what reads its columns is not wrong as well.
        constants[name] = rows[near] if near else next(iter(rows.values()), value)
        found.append(
            Diagnostic(
                "HB456",
                f"the table {table} has no row `{key}`",
                traced.range(("with", name)),
                hint=f"did you mean {table}/{near}?" if near else f"add `{key}` to the table",
            )
        )
    return constants, tuple(found)
