"""What a careless campaign system does: plain Jinja2, plain Python, the customer as it comes.

No types and no checks: what is missing is met when the message is written. Counterexamples are JSON
objects; whatever else the vocabulary requires of a customer, and of each row, is filled in.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import jinja2

from handbill.language.vocabulary.records import Member, Record, Vocabulary
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    ObjectType,
    StringType,
    Type,
)

RUN_DATE = datetime.date(2026, 1, 15)


def customer_of(witness: Mapping[str, Any], vocabulary: Vocabulary) -> SimpleNamespace:
    """The customer of a counterexample; `store.name` is the row of the key `store`."""
    nested: dict[str, Any] = {}
    for name, value in witness.items():
        first, dot, rest = name.partition(".")
        if dot:
            nested[first] = {**(nested.get(first) or {}), rest: value}
        else:
            nested.setdefault(first, value)
    return _object(nested, vocabulary.customer, vocabulary)


def _object(given: Mapping[str, Any], record: Record, vocabulary: Vocabulary) -> SimpleNamespace:
    values = {}
    for name, member in record.fields.items():
        if given.get(name) is not None:
            values[name] = _value(given[name], member, vocabulary)
        elif member.required:
            values[name] = _plain(member.type)
    return SimpleNamespace(**values)


def _value(value: Any, member: Member, vocabulary: Vocabulary) -> Any:
    if isinstance(value, dict) and member.references is not None:
        return _object(value, vocabulary.datasets[member.references], vocabulary)
    if member.references is not None:
        return _object({}, vocabulary.datasets[member.references], vocabulary)
    if isinstance(value, dict) and member.inner is not None:
        return _object(value, member.inner, vocabulary)
    if member.inner is not None:
        return [_object(each, member.inner, vocabulary) for each in value]
    return _scalar(value, member.type)


def _scalar(value: Any, type_: Type) -> Any:
    match type_:
        case DecimalType():
            return Decimal(str(value))
        case DateType():
            return datetime.date.fromisoformat(value)
        case DatetimeType():
            return datetime.datetime.fromisoformat(value.removesuffix("Z"))
        case ListType(item=item):
            return [_scalar(each, item) for each in value]
        case _:
            return value


def _plain(type_: Type) -> Any:
    match type_:
        case BoolType():
            return False
        case IntType(minimum=low, maximum=high):
            return min(max(0, low), high)
        case DecimalType(scale=scale, minimum=low, maximum=high):
            return Decimal(min(max(0, low), high)).scaleb(-scale)
        case StringType():
            return "a"
        case EnumType(values=values):
            return values[0]
        case DateType():
            return datetime.date(2026, 1, 15)
        case DatetimeType():
            return datetime.datetime(2026, 1, 15)
        case ListType():
            return []
        case ObjectType(members=members):
            return SimpleNamespace(
                **{each.name: _plain(each.type) for each in members if each.required}
            )


# ── what our filters mean, written down carelessly ───────────────────────────────────────────────


def _average(items: Any, attribute: str | None = None) -> Any:
    numbers = [getattr(item, attribute) if attribute else item for item in items]
    return sum(numbers) / len(numbers)


def _within(items: Any, duration: str) -> Any:
    days = int(duration.split()[0])
    since = RUN_DATE - datetime.timedelta(days)
    return [item for item in items if since < item.bought_at.date() <= RUN_DATE]


FILTERS = {
    "avg": _average,
    "within": _within,
    "plus_days": lambda date, days: date + datetime.timedelta(days),
    "days_between": lambda first, second: (second - first).days,
    "month": lambda date: date.month,
    "date": lambda date: date.isoformat(),
    "money": lambda amount: f"${amount:.2f}",
    "contains": lambda text, part: part in text,
}
ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)
ENVIRONMENT.filters.update(FILTERS)


def _listed(name: str, pass_what: Any) -> Any:
    """Jinja's filter, which gives a generator that cannot be counted, as one that gives a list."""
    original = jinja2.filters.FILTERS[name]
    return pass_what(lambda given, *args, **named: list(original(given, *args, **named)))


for each in ("selectattr", "rejectattr", "map"):
    ENVIRONMENT.filters[each] = _listed(each, jinja2.pass_context)
ENVIRONMENT.filters["unique"] = _listed("unique", jinja2.pass_environment)


def render(template: str, customer: SimpleNamespace) -> str:
    return ENVIRONMENT.from_string(template).render(**_names(customer))


def holds(rule: str, customer: SimpleNamespace) -> Any:
    return ENVIRONMENT.compile_expression(rule, undefined_to_none=False)(**_names(customer))


def _names(customer: SimpleNamespace) -> dict[str, Any]:
    return {"customer": customer, "run": SimpleNamespace(date=RUN_DATE)}
