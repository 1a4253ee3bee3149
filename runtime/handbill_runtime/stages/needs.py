"""Which columns of a tenant's data are read: for the rules of some plans, and for their messages.

What only the rules read stays in the database; what messages and offers read is carried along with
each selected customer. The roles say who the customer is and how to reach them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from handbill.plan.ir import Call, Expression, Field, Member, Operation
from handbill.plan.model import Dataset, FieldNeed, Plan
from handbill_runtime.stages.refusals import DECLINED

ROLES = ("id", "timezone", "locale", "consent", DECLINED)


def needed_fields(dataset: Dataset, plans: Collection[Plan]) -> tuple[FieldNeed, ...]:
    """The union of what the plans read and the roles that the dataset declares, by path."""
    needs = {need.path: need for plan in plans for need in plan.fields}
    declared = {declared.name: declared for declared in dataset.columns}
    for name in (*ROLES, *dataset.addresses.values()):
        if name in declared and (name,) not in needs:
            needs[(name,)] = FieldNeed(path=(name,), type=declared[name].type)
    return tuple(needs[path] for path in sorted(needs))


def content_fields(plan: Plan) -> tuple[FieldNeed, ...]:
    """Those of the plan's fields that its offers and messages read, in the plan's order."""
    read = {field.path[1:] for field in fields_in(plan.variants) if field.path[0] == "customer"}
    return tuple(need for need in plan.fields if need.path in read)


def rules_of(plan: Plan) -> list[Expression]:
    """`include`, each `exclude` in order, and `rank` where there is one."""
    audience = plan.audience
    rank = [] if audience.rank is None else [audience.rank]
    return [audience.include, *audience.exclude.values(), *rank]


def fields_in(part: object) -> Iterator[Field]:
    """Every field in any nesting of plan objects, tuples and mappings."""
    return (one for one in _structs(part) if isinstance(one, Field))


def zone_paths(rules: Sequence[Expression]) -> set[tuple[str, ...]]:
    """The customer's fields (without the root) that rules read as time zones."""
    read = {field.path for zone in _zones(rules) for field in fields_in(zone)}
    return {path[1:] for path in read if path[0] == "customer"}


def zone_members(rules: Sequence[Expression]) -> set[str]:
    """The members of rows that rules read as time zones."""
    return {one.name for zone in _zones(rules) for one in _structs(zone) if isinstance(one, Member)}


def _zones(rules: Sequence[Expression]) -> Iterator[Expression]:
    for one in _structs(tuple(rules)):
        if isinstance(one, Call) and one.operation in (
            Operation.LOCAL_DATE,
            Operation.DAY_START,
        ):
            yield one.arguments[1]


def _structs(part: object) -> Iterator[msgspec.Struct]:
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if isinstance(one, msgspec.Struct):
            yield one
            waiting += [getattr(one, name) for name in one.__struct_fields__]
        elif isinstance(one, tuple):
            waiting += one
        elif isinstance(one, Mapping):
            waiting += one.values()
