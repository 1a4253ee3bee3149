"""Unknown values: one per field and per expression without a translation, within what is declared of it."""

from __future__ import annotations

import datetime
from typing import Any

import z3

from handbill.language.expressions.facts import Path
from handbill.language.reasoning.formulas import lists
from handbill.language.reasoning.formulas.dates import FIRST, LAST
from handbill.language.reasoning.formulas.terms import (
    MAX_CHOICES,
    Choice,
    Formula,
    Items,
    Opaque,
    Term,
    Untranslatable,
    instant_of,
    microseconds,
    string_value,
    text_of,
)
from handbill.language.reasoning.question import KnownField
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
from handbill.plan.values import DATETIME_MAXIMUM, Value

LONGEST_TEXTS = 60_000
"""Characters of all texts that a question may speak of; see `terms.string_value`."""
LARGEST_LIST = 1_000
"""Items of a list that an example is written out with."""


class Symbols:
    """Makes the unknowns of one question, and reads their values out of a model.

    `facts` gathers what is true of them: bounds, what is required, which rows hold which fields.
    """

    def __init__(self, known: tuple[KnownField, ...], facts: list[Formula]) -> None:
        self._known = {field.path: field for field in known}
        self._facts = facts
        self._fields: dict[Path, Term] = {}
        self._made: dict[str, Any] = {}
        self._asked: dict[str, list[Formula]] = {}
        self._characters = 0
        self._strings: list[Formula] = []

    def field(self, path: Path, type: Type) -> Term:
        """The field's value; it is present as its declaration says."""
        if path not in self._fields:
            known = self._known.get(path) or KnownField(path, type, False)
            name = ".".join(path)
            self._fields[path] = Term(self._presence(known), self.value(name, known.type))
        declared = self._known[path].type if path in self._known else type
        if not _is_of_one_kind(declared, type):
            raise Untranslatable(f"`{'.'.join(path)}` is declared in two ways")
        return self._fields[path]

    def _presence(self, known: KnownField) -> Formula:
        holder: Formula = True
        if known.path[:-1] in self._known:
            above = self._known[known.path[:-1]]
            holder = self.field(above.path, above.type).present
        if known.required:
            return holder
        present = z3.Bool(f"{'.'.join(known.path)} is defined")
        self._facts.append(z3.Implies(present, holder))
        return present

    def value(self, name: str, type: Type, declared: bool = True) -> Any:
        """An unknown value; equal names are one value. Bounds are assumed only where `declared`."""
        if name not in self._made:
            self._made[name] = self._value(name, type, declared)
        return self._made[name]

    def _value(self, name: str, type: Type, declared: bool) -> Any:
        match type:
            case BoolType():
                return z3.Bool(name)
            case IntType() | DecimalType():
                return self._number(name, type.minimum, type.maximum, declared)
            case DateType():
                return self._number(name, FIRST, LAST, declared)
            case DatetimeType():
                return self._number(name, 0, microseconds(DATETIME_MAXIMUM), declared)
            case StringType():
                return self._string(name, type.maximum if declared else None)
            case EnumType():
                return self._enum(name, type.values)
            case ListType():
                return self._list(name, type, declared)
            case ObjectType():
                return Opaque()

    def _number(self, name: str, low: int, high: int, declared: bool) -> Formula:
        number = z3.Int(name)
        if declared:
            self._facts += [low <= number, number <= high]
        return number

    def _string(self, name: str, maximum: int | None) -> Formula:
        text = z3.String(name)
        self._strings.append(text)
        if maximum is not None:
            self._facts.append(z3.Length(text) <= maximum)
            self._characters += maximum
        if self._characters > LONGEST_TEXTS:
            raise Untranslatable("it speaks of very long texts")
        return text

    def _enum(self, name: str, values: tuple[str, ...]) -> Any:
        if not values:
            raise Untranslatable("an enum has no members")
        if len(values) > MAX_CHOICES:
            text = z3.String(name)
            self._facts.append(z3.Or(*(text == string_value(value) for value in values)))
            return text
        place = self._number(f"{name} place", 0, len(values) - 1, declared=True)
        *others, last = values
        return Choice((*((place == n, value) for n, value in enumerate(others)), (True, last)))

    def _list(self, name: str, type: ListType, declared: bool) -> Items:
        size = self._number(f"{name} size", 0, type.maximum, declared)
        if isinstance(type.item, ObjectType):
            return lists.of_objects(size)
        if declared and type.maximum <= lists.UNROLLED:
            values = [self.value(f"{name}[{n}]", type.item) for n in range(type.maximum)]
            return lists.unrolled(size, values)
        if not declared:
            self._facts.append(size >= 0)
        item = type.item
        asked = self._asked.setdefault(name, [])

        def fresh(each: str) -> Any:
            return self.value(each, item, declared)

        return lists.abstract(name, size, fresh, self._facts, asked)

    def printable(self) -> list[Formula]:
        """That every text is of printable ASCII: more than is known, for examples that can be read."""
        plain = z3.Star(z3.Range(" ", "~"))
        return [z3.InRe(text, plain) for text in self._strings]

    # ── reading a model ──────────────────────────────────────────────────────────────────────────

    def example(self, model: Any) -> dict[Path, Value]:
        """The values of the known fields in a model of the solver's; None where missing."""
        return {path: self._read(path, model) for path in self._known}

    def _read(self, path: Path, model: Any) -> Value:
        known = self._known[path]
        term = self.field(path, known.type)
        if term.present is not True and not _is_true(model, term.present):
            return None
        return self._evaluated(".".join(path), term.value, known.type, model)

    def _evaluated(self, name: str, value: Any, type: Type, model: Any) -> Value:
        match value:
            case Choice(options=options):
                return next(text for when, text in options if when is True or _is_true(model, when))
            case Items():
                assert isinstance(type, ListType)
                return self._items(name, value, type, model)
            case Opaque():
                return None
        found = model.eval(value, model_completion=True)
        match type:
            case BoolType():
                return bool(z3.is_true(found))
            case IntType() | DecimalType():
                return int(found.as_long())
            case DateType():
                return datetime.date.fromordinal(found.as_long())
            case DatetimeType():
                return instant_of(found.as_long())
            case _:
                return text_of(found)

    def _items(self, name: str, items: Items, type: ListType, model: Any) -> Value:
        size = min(model.eval(items.count, model_completion=True).as_long(), LARGEST_LIST)
        if isinstance(type.item, ObjectType) or size == 0:
            return ()

        def read(value: Any) -> Value:
            return self._evaluated(name, value, type.item, model)

        if items.values is not None:
            return tuple(read(value) for value in items.values[:size])
        assert items.contains is not None
        first, last = read(items.first.value), read(items.last.value)
        inside = [read(each) for each in self._asked[name] if _is_true(model, items.contains(each))]
        between = [each for each in dict.fromkeys(inside) if each not in (first, last)]
        filled = [*between, *[first] * size][: max(0, size - 2)]
        return (first,) if size == 1 else (first, *filled, last)


def _is_true(model: Any, condition: Formula) -> bool:
    return bool(z3.is_true(model.eval(condition, model_completion=True)))


def _is_of_one_kind(one: Type, other: Type) -> bool:
    """Whether their values are represented alike."""
    texts = (StringType, EnumType)
    match one, other:
        case DecimalType(scale=scale), DecimalType():
            return scale == other.scale
        case ListType(), ListType():
            return _is_of_one_kind(one.item, other.item)
        case _:
            both_texts = isinstance(one, texts) and isinstance(other, texts)
            return both_texts or type(one) is type(other)
