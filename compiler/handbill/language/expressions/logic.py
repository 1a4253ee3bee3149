"""`and`, `or`, `not`, inline `if` and `is defined`: where facts are made and where they flow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from jinja2 import nodes

from handbill.language.expressions.build import BOOL, aligned, call, constant, longest
from handbill.language.expressions.checked import FAILED, Checked, int_type, value_of
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.counts import defined_facts
from handbill.language.expressions.decisions import Decision
from handbill.language.expressions.facts import IMPOSSIBLE, NOTHING, Interval
from handbill.language.expressions.missing import required
from handbill.language.syntax.tree import range_of, text_of
from handbill.language.vocabulary.words import describe, is_number, is_text
from handbill.plan.ir import Call, Expression, Operation
from handbill.plan.types import (
    BoolType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
    Type,
)

Check = Callable[[nodes.Expr, Checking], Checked]


def truth(value: bool) -> Checked:
    """A constant condition; the branch that it rules out is impossible."""
    known = constant(value, BOOL)
    assert known is not None
    return known.knowing(
        NOTHING if value else IMPOSSIBLE,
        IMPOSSIBLE if value else NOTHING,
    )


def condition(context: Checking, operand: Operand, where: str) -> Checked | None:
    """The operand as a condition."""
    if _asks_whether_there(context, operand, where):
        return None
    value = required(context, operand)
    if value is None:
        return None
    if isinstance(value.type, BoolType):
        if value.constant is not None:
            return truth(bool(value.constant.value))
        return value
    assert value.type is not None
    context.report(
        "HB507",
        f"{where} needs a condition, and `{operand.text}` is {describe(value.type)}",
        operand.node,
        hint=_as_condition(operand.text, value.type),
    )
    return None


def _asks_whether_there(context: Checking, operand: Operand, where: str) -> bool:
    """`if customer.first_name`: a value that may be missing, used as if it were a condition."""
    value = operand.value
    if not value.optional or isinstance(value.type, BoolType):
        return False
    assert value.type is not None
    context.report(
        "HB507",
        f"{where} needs a condition, and `{operand.text}` is {describe(value.type)}",
        operand.node,
        hint=f"{operand.text} is defined",
    )
    return True


def _as_condition(text: str, type: Type) -> str | None:
    match type:
        case IntType() | DecimalType():
            return f"{text} > 0"
        case StringType():
            return f"{text} != ''"
        case EnumType(values=values) if values:
            return f"{text} == '{values[0]}'"
        case ListType():
            return f"{text} | count > 0"
        case _:
            return None


# ── and, or, not ─────────────────────────────────────────────────────────────────────────────────


def check_chain(node: nodes.And | nodes.Or, context: Checking, check: Check) -> Checked:
    """`a and b and c` in one go: chains may be long, so they are not descended into."""
    is_and = isinstance(node, nodes.And)
    word = "`and`" if is_and else "`or`"
    parts: list[Checked] = []
    failed = False
    here = context
    for each in _flattened(node):
        part = condition(here, Operand(each, check(each, here)), word)
        if part is None:
            # Where constants rule the rest out, it may fail (it has no value) without harm.
            failed = failed or not here.facts.impossible
            continue
        parts.append(part)
        here = here.assuming(part, is_and)
    return FAILED if failed else _combined(parts, is_and)


def _flattened(node: nodes.And | nodes.Or) -> list[nodes.Expr]:
    kind = type(node)
    parts: list[nodes.Expr] = []
    pending: list[nodes.Expr] = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, nodes.And | nodes.Or) and type(each) is kind:
            pending.extend((each.right, each.left))
        else:
            parts.append(each)
    return parts


def _combined(parts: list[Checked], is_and: bool) -> Checked:
    """The conjunction (or disjunction); constants that decide it, or do not matter, go."""
    through, decided = NOTHING, IMPOSSIBLE
    operands: list[Expression] = []
    for part in parts:
        passing = part.when_true if is_and else part.when_false
        stopping = part.when_false if is_and else part.when_true
        decided = decided.either(through.both(stopping))
        through = through.both(passing)
        if part.constant is not None and bool(part.constant.value) != is_and:
            return truth(not is_and)
        if part.constant is None and part.expression is not None:
            operands.extend(_opened(part.expression, is_and))
    if through.impossible:
        return truth(not is_and)
    if not operands:
        return truth(is_and)
    operands = list(dict.fromkeys(operands))
    operation = Operation.AND if is_and else Operation.OR
    result = value_of(operands[0], BOOL) if len(operands) == 1 else call(operation, operands, BOOL)
    return result.knowing(through, decided) if is_and else result.knowing(decided, through)


def _opened(expression: Expression, is_and: bool) -> tuple[Expression, ...]:
    operation = Operation.AND if is_and else Operation.OR
    if isinstance(expression, Call) and expression.operation is operation:
        return expression.arguments
    return (expression,)


def check_not(node: nodes.Not, context: Checking, check: Check) -> Checked:
    value = condition(context, Operand(node.node, check(node.node, context)), "`not`")
    return FAILED if value is None else negated(value)


def negated(value: Checked) -> Checked:
    """The opposite condition, with its facts exchanged."""
    assert value.expression is not None
    if value.constant is not None:
        return truth(not value.constant.value)
    inner = value.expression
    if isinstance(inner, Call) and inner.operation is Operation.NOT:
        result = value_of(inner.arguments[0], BOOL)
    else:
        result = call(Operation.NOT, (inner,), BOOL)
    return result.knowing(value.when_false, value.when_true)


# ── inline if ────────────────────────────────────────────────────────────────────────────────────


def check_inline_if(node: nodes.CondExpr, context: Checking, check: Check) -> Checked:
    test = condition(context, Operand(node.test, check(node.test, context)), "`if`")
    if node.expr2 is None:
        return context.report(
            "HB503", "an inline `if` needs its `else`", node, hint=_with_else(node)
        )
    assumed = test if test is not None else FAILED
    if test is not None and test.expression is not None and test.constant is None:
        where = range_of(node.test, context.source)
        known = context.known_conditions
        context.scope.decided(Decision(test.expression, known, where, context.meanings))
    yes_context, no_context = context.assuming(assumed, True), context.assuming(assumed, False)
    yes = required(yes_context, Operand(node.expr1, check(node.expr1, yes_context)))
    no = required(no_context, Operand(node.expr2, check(node.expr2, no_context)))
    if test is None:
        return FAILED
    if test.constant is not None:
        return (yes if test.constant.value else no) or FAILED
    if yes is None or no is None:
        return FAILED
    return _either_value(node, context, test, yes, no)


def _with_else(node: nodes.CondExpr) -> str:
    return f"{text_of(node)} else ''"


def _either_value(
    node: nodes.CondExpr, context: Checking, test: Checked, yes: Checked, no: Checked
) -> Checked:
    unified = unify(yes, no)
    assert yes.type is not None and no.type is not None
    if unified is None:
        return context.report(
            "HB507",
            f"both sides of an inline `if` are of one kind: here {describe(yes.type)} and "
            f"{describe(no.type)}",
            node,
        )
    yes, no, type_ = unified
    assert test.expression is not None and yes.expression is not None and no.expression is not None
    interval = (
        yes.interval.hull(no.interval)
        if yes.interval is not None and no.interval is not None
        else None
    )
    result = call(
        Operation.IF, (test.expression, yes.expression, no.expression), type_, interval=interval
    )
    result = replace(result, shape=yes.shape if yes.shape == no.shape else None)
    if isinstance(type_, BoolType):
        when_true = test.when_true.both(yes.when_true).either(test.when_false.both(no.when_true))
        when_false = test.when_true.both(yes.when_false).either(test.when_false.both(no.when_false))
        return result.knowing(when_true, when_false)
    return result


def unify(left: Checked, right: Checked) -> tuple[Checked, Checked, Type] | None:
    """Both values in one representation and the type that holds either; None if they do not mix."""
    if is_number(left.type) and is_number(right.type):
        left, right = aligned(left, right)
        assert left.interval is not None and right.interval is not None
        hull = left.interval.hull(right.interval)
        if isinstance(left.type, DecimalType):
            return left, right, replace_bounds(left.type, hull.low, hull.high)
        return left, right, IntType(*_clamped(hull.low, hull.high))
    if is_text(left.type) and is_text(right.type):
        return left, right, _text_hull(left, right)
    if isinstance(left.type, ListType) and isinstance(right.type, ListType):
        return _lists(left, right)
    if left.type is not None and type(left.type) is type(right.type):
        return left, right, left.type
    return None


def replace_bounds(type_: DecimalType, low: int, high: int) -> DecimalType:
    return DecimalType(type_.scale, *_clamped(low, high))


def _clamped(low: int, high: int) -> tuple[int, int]:
    clamped = int_type(Interval(low, high))
    return clamped.minimum, clamped.maximum


def _text_hull(left: Checked, right: Checked) -> Type:
    """Enums and literals stay an enum of all their members; any other text is a text."""
    assert left.type is not None and right.type is not None
    members: list[str] = []
    for side in (left, right):
        if isinstance(side.type, EnumType):
            members.extend(side.type.values)
        elif side.constant is not None:
            members.append(str(side.constant.value))
        else:
            return StringType(max(longest(left.type), longest(right.type)))
    if left.constant is not None and right.constant is not None:
        return StringType(max(longest(left.type), longest(right.type)))
    return EnumType(tuple(dict.fromkeys(members)))


def _lists(left: Checked, right: Checked) -> tuple[Checked, Checked, Type] | None:
    assert isinstance(left.type, ListType) and isinstance(right.type, ListType)
    maximum = max(left.type.maximum, right.type.maximum)
    items = (left.type.item, right.type.item)
    if isinstance(items[0], StringType) and isinstance(items[1], StringType):
        longest_item = StringType(max(items[0].maximum, items[1].maximum))
        return left, right, ListType(longest_item, maximum)
    if isinstance(items[0], IntType) and isinstance(items[1], IntType):
        item = IntType(
            min(items[0].minimum, items[1].minimum), max(items[0].maximum, items[1].maximum)
        )
        return left, right, ListType(item, maximum)
    return (left, right, ListType(items[0], maximum)) if items[0] == items[1] else None


# ── is defined ───────────────────────────────────────────────────────────────────────────────────


def check_defined(value: Checked) -> Checked:
    """`x is defined`; known at once where x is required, proved or a constant."""
    if value.missing:
        return truth(False)
    if value.failed:
        return FAILED
    if not value.optional:
        return truth(True)
    assert value.expression is not None
    result = call(Operation.IS_DEFINED, (value.expression,), BOOL)
    return result.knowing(defined_facts(value.expression), NOTHING)
