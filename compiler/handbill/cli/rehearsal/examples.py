"""A customer whom an audience selects, where no persona is one: searched for, proved, and completed.

What the audience does not ask about is taken from a persona, so that a message reads like one to
somebody; every field of the plan has a value that there could be beside the others.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from handbill.language.reasoning.declared import declared_in, known_fields, question_about
from handbill.language.reasoning.example import ROW_ROOT, shown, trial_of
from handbill.language.reasoning.question import Example, KnownField, Question, all_of
from handbill.language.reasoning.reasoner import Found, Reasoner
from handbill.language.reasoning.relation import is_in
from handbill.language.reasoning.search import candidates, plain_example
from handbill.plan.ir import Call, Const, Field, Operation
from handbill.plan.model import Plan, Tenant
from handbill.plan.types import BoolType, DateType
from handbill.plan.values import Row, Value

Path = tuple[str, ...]
TODAY: Path = ("run", "date")


def find_example(
    plan: Plan, tenant: Tenant, today: datetime.date, nearby: Sequence[Row], reasoner: Reasoner
) -> Example | None:
    """Customer field → value, of somebody in the audience on `today`; None where nobody was found.

    `nearby` are rows of the plan's fields to begin with.
    """
    question = question_about(_on(plan, today), declared_in(tenant.datasets))
    near = [_example_of(plan, row, today) for row in nearby]
    trial = trial_of(question)
    if trial is not None and near:
        found = plain_example(question, trial, near)
        if found is not None:
            return _keeping(near[0], found, question)
    answer = reasoner.answer(question)
    return answer.example if isinstance(answer, Found) else None


def example_row(plan: Plan, tenant: Tenant, example: Example, nearby: Sequence[Row]) -> Row:
    """The example as a row of the plan's fields; see the module for what it is silent about."""
    base = dict(zip((need.path for need in plan.fields), nearby[0], strict=True)) if nearby else {}
    declared = declared_in(tenant.datasets)
    row: list[Value] = []
    for need in plan.fields:
        path = (ROW_ROOT, *need.path)
        (known,) = (
            each for each in known_fields(Field(path, need.type), declared) if each.path == path
        )
        row.append(_completed(known, example, base.get(need.path)))
    return tuple(row)


def in_words(plan: Plan, tenant: Tenant, example: Example) -> str:
    """What of the example the audience asks about: `points 12, tier gold`."""
    question = question_about(is_in(plan.audience), declared_in(tenant.datasets))
    types = {field.path: field.type for field in question.known}
    told = {path: value for path, value in example.items() if path in types and path != TODAY}
    pairs = shown(told, types).items()
    return ", ".join(f"{name} {_text(value)}" for name, value in pairs)


def _on(plan: Plan, today: datetime.date) -> Call:
    """The audience, on that day."""
    day = Call(
        Operation.EQ,
        (Field(TODAY, DateType()), Const(DateType(), today.isoformat())),
        BoolType(),
    )
    condition = all_of((day, is_in(plan.audience)))
    assert isinstance(condition, Call)
    return condition


def _example_of(plan: Plan, row: Row, today: datetime.date) -> Example:
    fields = {(ROW_ROOT, *need.path): row[place] for place, need in enumerate(plan.fields)}
    return {**fields, TODAY: today}


def _keeping(near: Example, found: Example, question: Question) -> Example:
    """The example, with every value of the persona's that can stay."""
    trial = trial_of(question)
    assert trial is not None
    kept = dict(found)
    for path in found:
        if path in near and trial.holds({**kept, path: near[path]}):
            kept[path] = near[path]
    return kept


def _completed(known: KnownField, example: Example, base: Value) -> Value:
    if known.path in example:
        return example[known.path]
    holder = known.path[:-1]
    is_held = len(holder) < 2 or holder not in example or example[holder] is not None
    if not is_held:
        return None
    if base is not None:
        return base
    surely = len(holder) < 2 or example.get(holder) is not None
    return next(candidates(known, ())) if known.required and surely else None


def _text(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(_text(each) for each in value)}]"
        case Mapping():
            return "{" + ", ".join(f"{name} {_text(each)}" for name, each in value.items()) + "}"
        case "":
            return "empty"
        case _:
            return str(value)
