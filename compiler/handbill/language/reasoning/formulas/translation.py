"""Expressions of the plan as formulas: what a rule says, for every customer at once.

Faithful in one direction always: if some customer makes the condition true, so does some assignment of the
formulas. What has no exact counterpart becomes an unknown value, the same one for the same expression, of
which only true things are assumed. So what is impossible here is impossible; what is possible here is an
example only once it was tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, assert_never

import z3

from handbill.language.reasoning.formulas import lists, numbers, texts
from handbill.language.reasoning.formulas.dates import Calendar, plus_days
from handbill.language.reasoning.formulas.measures import Measures, filtered
from handbill.language.reasoning.formulas.opaque import canonical, least_of_items
from handbill.language.reasoning.formulas.symbols import Symbols
from handbill.language.reasoning.formulas.terms import (
    MAX_CHOICES,
    Choice,
    Formula,
    Items,
    Opaque,
    Term,
    as_string,
    both,
    constant_text,
    formula,
    number_of,
    there,
)
from handbill.language.reasoning.formulas.zones import Zones
from handbill.language.reasoning.question import KnownField
from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Member, Operation, Step
from handbill.plan.operations import apply
from handbill.plan.types import DecimalType, IntType, ListType, ObjectType
from handbill.plan.values import Value, const_value

O = Operation  # noqa: E741
_UNKNOWN_FUNCTIONS = frozenset(
    [O.LOWER, O.UPPER, O.TRIM, O.TITLE, O.REPLACE, O.DECIMAL_TEXT, O.GROUPED_TEXT]
)


class Translation:
    """One question's expressions. `facts` hold whatever the customer; `uses` are the unknown
    functions' applications, `measures` the sizes and sums that can be compared."""

    def __init__(self, known: tuple[KnownField, ...]) -> None:
        self.facts: list[Formula] = []
        self.symbols = Symbols(known, self.facts)
        for field in known:
            self.symbols.field(field.path, field.type)
        self.texts = texts.Texts(self.facts)
        self.measures = Measures()
        self._calendar = Calendar(self.facts)
        self._names: dict[str, str] = {}
        self._zones = Zones(self.facts)

    @property
    def uses(self) -> list[texts.Use]:
        return self.texts.uses

    def condition(self, expression: Expression) -> Formula:
        """When the condition holds. Raises Untranslatable."""
        return formula(self.term(expression).value)

    def term(self, expression: Expression) -> Term:
        match expression:
            case Const():
                return there(self._constant(const_value(expression)))
            case Field(path=path, type=type):
                return self.symbols.field(path, type)
            case Local(name=name, type=type):
                return there(self.symbols.value(self._key(expression), type, name in self._names))
            case Member():
                return self._member(expression)
            case Each():
                return there(self._each(expression))
            case Call():
                return self._call(expression)
            case _:
                assert_never(expression)

    def _key(self, expression: Expression) -> str:
        return canonical(expression, self._names)

    def _constant(self, value: Value) -> Any:
        match value:
            case str():
                return constant_text(value)
            case tuple():
                return lists.unrolled(z3.IntVal(len(value)), [self._constant(v) for v in value])
            case None:
                return Opaque()
            case _:
                return number_of(value)

    def _opaque(self, expression: Expression, present: Formula = True) -> Term:
        """An unknown value: the same one for the same expression."""
        return Term(present, self.symbols.value(self._key(expression), expression.type, False))

    # ── objects and steps over lists ─────────────────────────────────────────────────────────────

    def _member(self, member: Member) -> Term:
        holder = self.term(member.of).present
        key = self._key(member)
        value = self.symbols.value(key, member.type)
        of = member.of.type
        required = isinstance(of, ObjectType) and of.members[of.place(member.name)].required
        present = True if required else z3.Bool(f"{key} is defined")
        return Term(both(holder, present), value)

    def _each(self, each: Each) -> Items:
        items = self.term(each.items).value
        key = self._key(each)
        size = z3.Int(f"{key} size")
        self.facts += [size >= 0, size <= items.count]
        if each.step is Step.SORT:
            self.facts.append(size == items.count)
        if each.step is Step.UNIQUE:
            self.facts.append(z3.Implies(items.count > 0, size > 0))
        self._measure("count", each, size)
        if isinstance(each.type.item, ObjectType):
            return lists.of_objects(size)
        item = each.type.item
        made = lists.abstract(
            key, size, lambda name: self.symbols.value(name, item, False), self.facts, []
        )
        if each.step is Step.MAP or items.contains is None:
            return made
        inside = lists.within(made, items, self.facts)
        return Items(size, inside, made.first, made.last)

    def _measure(self, kind: str, items: Expression, value: Formula) -> None:
        """Notes how much there is of the items that pass a filter, to compare it with others."""
        pipeline = filtered(items)
        if pipeline is None:
            return
        base = self._key(pipeline.base)
        passes: list[Formula] = []
        for step in pipeline.steps:
            with self._binding(step.name, f"item of {base}"):
                passes.append(self.condition(step.body))
        of = ""
        if pipeline.mapped is not None:
            with self._binding(pipeline.mapped.name, f"item of {base}"):
                of = self._key(pipeline.mapped.body)
        self.measures.add(f"{kind} of {of} in {base}", formula(both(*passes)), value)

    @contextmanager
    def _binding(self, name: str, key: str) -> Iterator[None]:
        kept = self._names
        self._names = {**kept, name: key}
        yield
        self._names = kept

    # ── operations ───────────────────────────────────────────────────────────────────────────────

    def _call(self, call: Call) -> Term:
        match call.operation:
            case O.AND:
                return there(z3.And(*(self.condition(each) for each in call.arguments)))
            case O.OR:
                return there(z3.Or(*(self.condition(each) for each in call.arguments)))
            case O.NOT:
                return there(z3.Not(self.condition(call.arguments[0])))
            case O.IF:
                condition = self.condition(call.arguments[0])
                then, otherwise = (self.term(each) for each in call.arguments[1:])
                return lists.merged_terms(condition, then, otherwise)
            case O.IS_DEFINED:
                return there(formula(self.term(call.arguments[0]).present))
            case O.DEFAULT:
                value, fallback = (self.term(each) for each in call.arguments)
                if value.present is True:
                    return value
                return there(lists.merged(value.present, value.value, fallback.value))
            case operation if operation in _UNKNOWN_FUNCTIONS:
                return there(self._unknown_function(call))
            case O.COUNT | O.FIRST | O.LAST | O.ITEM | O.SLICE | O.LIST_CONTAINS | O.JOIN:
                return self._of_list(call)
            case O.SUM | O.AVERAGE | O.MINIMUM | O.MAXIMUM:
                return self._aggregate(call)
            case _:
                operands = [self.term(each).value for each in call.arguments]
                return self._strict(call, operands)

    def _strict(self, call: Call, operands: list[Any]) -> Term:
        """An operation on values that are there, all of whose operands count."""
        one = operands[0]
        match call.operation:
            case O.EQ if _is_never_cased_so(call.arguments[0], call.arguments[1]):
                return there(z3.BoolVal(False))
            case O.EQ:
                return there(lists.same(*operands))
            case O.NE:
                return there(z3.Not(lists.same(*operands)))
            case O.LT | O.LE | O.GT | O.GE:
                return there(_ordered(call.operation, *operands))
            case O.IN:
                return there(z3.Or(*(lists.same(one, member) for member in operands[1:])))
            case O.ADD:
                return there(one + operands[1])
            case O.SUB:
                return there(one - operands[1])
            case O.MUL:
                return there(one * operands[1])
            case O.NEG:
                return there(-one)
            case O.ABS:
                return there(numbers.absolute(one))
            case O.FLOOR_DIV:
                return there(numbers.floor_div(*operands))
            case O.MOD:
                return there(numbers.modulo(*operands))
            case O.ROUND_DIV:
                return there(numbers.round_div(*operands))
            case O.CONCAT:
                return there(texts.concat(operands))
            case O.INT_TEXT:
                return there(texts.digits(one))
            case O.LENGTH:
                return there(texts.length(one))
            case O.TRUNCATE:
                return there(texts.truncate(one, _whole(call.arguments[1])))
            case O.CONTAINS:
                return there(texts.contains(*operands))
            case O.STARTS_WITH:
                return there(texts.starts_with(*operands))
            case O.ENDS_WITH:
                return there(texts.ends_with(*operands))
            case O.PLUS_DAYS:
                return there(plus_days(*operands))
            case O.DAYS_BETWEEN:
                return there(operands[1] - one)
            case O.DATE_PART:
                return there(self._calendar.part(one, str(_constant(call.arguments[1]))))
            case O.CHOOSE:
                return there(_chosen(one, call.arguments[1:]))
            case O.LOCAL_DATE:
                return there(self._zones.local_date(one, self._opaque(call).value))
            case O.DAY_START:
                zone = ", ".join(self._key(each) for each in call.arguments[1:])
                return there(self._zones.day_start(one, zone, self._opaque(call).value))
            case _:
                return self._opaque(call)

    def _unknown_function(self, call: Call) -> Any:
        argument = self.term(call.arguments[0]).value
        extra = tuple(_constant(each) for each in call.arguments[1:])
        if isinstance(argument, Choice):
            known = texts.on_choices(call.operation, (argument,), extra)
            if known is not None:
                return known
        return self.texts.unknown(call.operation, argument, extra)

    # ── lists ────────────────────────────────────────────────────────────────────────────────────

    def _of_list(self, call: Call) -> Term:
        items = self.term(call.arguments[0]).value
        match call.operation:
            case O.COUNT:
                return there(items.count)
            case O.FIRST:
                return items.first  # type: ignore[no-any-return]
            case O.LAST:
                return items.last  # type: ignore[no-any-return]
            case O.ITEM:
                return self._item(call, items, _whole(call.arguments[1]))
            case O.SLICE:
                item = items_type(call).item

                def fresh(name: str) -> Any:
                    return self.symbols.value(name, item, False)

                limit = _whole(call.arguments[1])
                return there(lists.sliced(items, limit, self._key(call), fresh, self.facts))
            case O.LIST_CONTAINS if items.contains is not None:
                return there(items.contains(self.term(call.arguments[1]).value))
            case _:
                return self._opaque(call)

    def _item(self, call: Call, items: Items, place: int) -> Term:
        if items.values is not None and place < len(items.values):
            return Term(items.count > place, items.values[place])
        return self._opaque(call, items.count > place)

    def _aggregate(self, call: Call) -> Term:
        items = self.term(call.arguments[0]).value
        least = least_of_items(call.arguments[0])
        numeric = isinstance(call.type, IntType | DecimalType)
        if call.operation is not O.SUM:
            result = self._opaque(call, items.count > 0)
            if least is not None and numeric and call.operation is not O.AVERAGE:
                self.facts.append(result.value >= least)
            return result
        if items.values is not None:
            parts = [z3.If(items.count > n, each, 0) for n, each in enumerate(items.values)]
            return there(z3.Sum(*parts) if parts else z3.IntVal(0))
        result = self._opaque(call)
        self.facts.append(z3.Implies(items.count == 0, result.value == 0))
        if least is not None and least >= 0:
            self.facts.append(result.value >= least * items.count)
            self._measure("sum", call.arguments[0], result.value)
        return result


def _is_never_cased_so(one: Expression, other: Expression) -> bool:
    """Whether they compare a text in lower case with one that is not, or the like.

    What LOWER and UPPER give, they leave as it is: plan/cases.py.
    """
    if isinstance(one, Const):
        one, other = other, one
    match one, other:
        case Call(operation=O.LOWER | O.UPPER as operation), Const(value=str(text)):
            return apply(operation, (text,)) != text
        case _:
            return False


def items_type(call: Call) -> ListType:
    assert isinstance(call.type, ListType)
    return call.type


def _ordered(operation: Operation, left: Any, right: Any) -> Formula:
    if operation in (O.GT, O.GE):
        left, right = right, left
    or_equal = operation in (O.LE, O.GE)
    if isinstance(left, Choice) or isinstance(right, Choice) or z3.is_string(left):
        return texts.precedes(left, right, or_equal)
    return left <= right if or_equal else left < right


def _chosen(place: Formula, choices: tuple[Expression, ...]) -> Any:
    """The n-th text, from 1."""
    options = [str(_constant(each)) for each in choices]
    *others, last = enumerate(options, start=1)
    choice = Choice((*((place == n, text) for n, text in others), (True, last[1])))
    return choice if len(options) <= MAX_CHOICES else as_string(choice)


def _constant(expression: Expression) -> int | str:
    assert isinstance(expression, Const)
    assert isinstance(expression.value, int | str)
    return expression.value


def _whole(expression: Expression) -> int:
    value = _constant(expression)
    assert isinstance(value, int)
    return value
