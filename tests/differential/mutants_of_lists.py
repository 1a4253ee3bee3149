"""Planted faults in lists, relations and local time; see mutants.py."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from _pytest.monkeypatch import MonkeyPatch

from handbill.plan import (
    operations,
    row_code,
    row_each,
    sql,
    sql_aggregates,
    sql_lists,
    sql_relations,
    sql_rules,
    sql_zones,
)
from handbill.plan.ir import Call, Each, Operation, Step
from handbill.plan.sql_aggregates import PipelineLowering
from handbill.plan.sql_numbers import Operand
from handbill.plan.sql_relations import GroupedRows, RelationSource
from handbill.plan.sql_streams import RowStreams
from handbill.plan.zone_offsets import offsets

Plant = Callable[[MonkeyPatch], None]
O = Operation  # noqa: E741


def in_sql(operation: Operation, lowering: Any) -> Plant:
    return lambda patch: patch.setitem(sql.DUCKDB, operation, lowering)  # type: ignore[arg-type]


def rewritten(owner: Any, name: str, old: str, new: str) -> Plant:
    """What the function writes has `new` where it should have `old`."""
    original = getattr(owner, name)

    def written(*arguments: Any, **options: Any) -> Any:
        return original(*arguments, **options).replace(old, new)

    return lambda patch: patch.setattr(owner, name, written)


def ties_by_chance(patch: MonkeyPatch) -> None:
    """The first row by time alone: of those that tie, any."""

    def ordering(source: RelationSource, before: Sequence[tuple[str, bool]] = ()) -> str:
        return f"{sql_relations.ROWS}.{source.order[0]}"

    patch.setattr(sql_aggregates, "ordering", ordering)


def one_rule_filters_all(patch: MonkeyPatch) -> None:
    def common(self: GroupedRows) -> set[str]:
        return {condition for _, conditions in self._aggregates for condition in conditions}

    patch.setattr(GroupedRows, "_common", common)


def aggregates_mixed_up(patch: MonkeyPatch) -> None:
    """Two aggregates with other conditions are taken for one."""
    original = GroupedRows.add

    def add(self: GroupedRows, aggregate: str, conditions: Sequence[str] = ()) -> str:
        for (known, _), name in self._aggregates.items():
            if known == aggregate:
                return f"{self._alias}.{name}"
        return original(self, aggregate, conditions)

    patch.setattr(GroupedRows, "add", add)


def members_never_miss(patch: MonkeyPatch) -> None:
    patch.setattr(RowStreams, "_is_required", lambda self, each, before: True)


def first_present_value(patch: MonkeyPatch) -> None:
    """The first row's discount, or the next one's that has any."""
    original = PipelineLowering._picked

    def picked(self: Any, call: Any, stream: Any, value: str, place: int, **_: Any) -> str:
        return original(self, call, stream, value, place, keeps_null=False)

    patch.setattr(PipelineLowering, "_picked", picked)


def average_truncates(patch: MonkeyPatch) -> None:
    def averaged(call: Call, total: Operand, count: Operand) -> str:
        return f"({total.sql} * {call.arguments[1].value}) // NULLIF({count.sql}, 0)"  # type: ignore[union-attr]

    patch.setattr(sql_lists, "rounded_average", averaged)
    patch.setattr(sql_aggregates, "rounded_average", averaged)


def the_later_midnight(patch: MonkeyPatch) -> None:
    """A midnight that comes twice is the second one, as DuckDB has it."""

    def by_midnight(zone: str) -> tuple[tuple[str, int], ...]:
        steps = [("DATE '1900-01-01'", offsets(zone)[0].seconds)]
        for before, after in pairwise(offsets(zone)):
            least = min(before.seconds, after.seconds)
            local = after.since + datetime.timedelta(seconds=least)
            late = local.time() > datetime.time()
            day = local.date() + datetime.timedelta(late)
            steps.append((f"DATE '{day}'", after.seconds))
        return tuple(steps)

    patch.setattr(sql_zones, "_by_midnight", by_midnight)


def offset_of_utc_midnight(patch: MonkeyPatch) -> None:
    def by_midnight(zone: str) -> tuple[tuple[str, int], ...]:
        return tuple((f"DATE '{step.since.date()}'", step.seconds) for step in offsets(zone))

    patch.setattr(sql_zones, "_by_midnight", by_midnight)


def unique_keeps_the_last(patch: MonkeyPatch) -> None:
    def unique_by(items: Any, key: Callable[[Any], Any]) -> list[Any]:
        return list({key(item): item for item in items}.values())

    patch.setattr(row_each, "unique_by", unique_by)


def descending_is_reversed(patch: MonkeyPatch) -> None:
    """Sorted, then turned round: equal keys change places."""

    def backwards(items: Any, key: Any = None, reverse: bool = False) -> list[Any]:
        made = sorted(items, key=key)
        return made[::-1] if reverse else made

    original = row_each._sort

    def sort(code: row_code.ExpressionCode, expression: Each) -> Any:
        made = original(code, expression)
        code.names["_sorted"] = backwards
        return made

    patch.setattr(row_each, "_sort", sort)


def map_keeps_what_is_missing(patch: MonkeyPatch) -> None:
    original = sql_lists._step

    def step(each: Each, items: Operand, item: str, body: Operand, scope: Any) -> str:
        if each.step is Step.MAP:
            return f"list_transform({items.sql}, lambda {item}: {body.sql})"
        return original(each, items, item, body, scope)

    patch.setattr(sql_lists, "_step", step)


def zone_of_home_ignored(patch: MonkeyPatch) -> None:
    body = operations.BODIES[O.LOCAL_DATE]
    patch.setitem(operations.BODIES, O.LOCAL_DATE, lambda at, zone, *_: body(at, zone))  # type: ignore[arg-type]


def runs_date_in_utc(patch: MonkeyPatch) -> None:
    """A day of the run's begins at midnight in UTC."""
    original = sql_rules.apply

    def apply(operation: Operation, arguments: Sequence[Any]) -> Any:
        if operation is O.DAY_START:
            return original(operation, (arguments[0], "UTC"))
        return original(operation, arguments)

    patch.setattr(sql_rules, "apply", apply)


def item_counts_from_one(patch: MonkeyPatch) -> None:
    in_sql(O.ITEM, lambda call, operands: f"list_extract({operands[0].sql}, {operands[1].constant()})")(patch)  # fmt: skip


def no_rows_no_answer(patch: MonkeyPatch) -> None:
    original = PipelineLowering._count

    def count(self: Any, items: Any, call: Any) -> Operand | None:
        made = original(self, items, call)
        if made is None or not made.sql.startswith("coalesce("):
            return made
        return Operand(made.sql[len("coalesce(") : -len(", 0)")], call, made.interval)

    patch.setattr(PipelineLowering, "_count", count)


LIST_MUTANTS: Sequence[tuple[str, Plant]] = (
    ("rows that tie come by chance", ties_by_chance),
    ("one rule filters the rows of all", one_rule_filters_all),
    ("aggregates of other rows are shared", aggregates_mixed_up),
    ("members never miss", members_never_miss),
    ("the first row is the first that has the member", first_present_value),
    ("average truncates", average_truncates),
    ("who has no rows has no count", no_rows_no_answer),
    ("missing keys come first", rewritten(sql_aggregates, "ordering", "LAST", "FIRST")),
    ("descending order of a relation ascends", rewritten(sql_aggregates, "ordering", "DESC", "ASC")),
    ("equal keys change places", rewritten(sql_lists, "_sort", ": -_place", ": _place")),
    ("descending is reversed", descending_is_reversed),
    ("sort forgets that the key is missing", rewritten(sql_lists, "_sort", "IS NOT NULL", "IS NULL")),
    ("unique keeps the last", unique_keeps_the_last),
    ("map keeps what is missing", map_keeps_what_is_missing),
    ("item counts from one", item_counts_from_one),
    ("last is the first", in_sql(O.LAST, "list_extract({0}, 1)")),
    ("sum of nothing is missing", in_sql(O.SUM, "CAST(list_sum({0}) AS BIGINT)")),
    ("least is the greatest", in_sql(O.MINIMUM, "list_extract(list_sort({0}, 'DESC'), 1)")),
    ("local date is UTC's", lambda patch: patch.setitem(sql_zones.ZONED, O.LOCAL_DATE, lambda call, operands, zones: f"CAST({operands[0].sql} AS DATE)")),
    ("a midnight that comes twice is the later", the_later_midnight),
    ("a day begins with the offset of midnight in UTC", offset_of_utc_midnight),
    ("the run's day begins in UTC", runs_date_in_utc),
    ("who has no zone has UTC", zone_of_home_ignored),
)  # fmt: skip
