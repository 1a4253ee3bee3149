"""`+ - * / // %`, signs and `~`: types, scales and the bounds that rule out overflow.

Whole numbers must fit 64 bits, decimals 127 (as scaled integers). Products add their scales; more
than six digits after the point is only good for `round`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jinja2 import nodes

from handbill.language.expressions.build import (
    aligned,
    as_text,
    bounds,
    joined,
    longest,
    rescaled,
    scale_of,
)
from handbill.language.expressions.checked import FAILED, Checked
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.counts import counted
from handbill.language.expressions.facts import Interval
from handbill.language.expressions.missing import required, zero_witness
from handbill.language.expressions.numeric import divided, nearest_divisors, number
from handbill.language.syntax.tree import position_of, text_of, token_span
from handbill.language.vocabulary.words import describe, is_number, is_text
from handbill.plan.ir import Operation
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    IntType,
    ListType,
    ObjectType,
)

Check = Callable[[nodes.Expr, Checking], Checked]

MAX_TEXT = 65_536
QUOTIENT_SCALE = 6

SYMBOLS: Mapping[type[nodes.Expr], str] = {
    nodes.Add: "+",
    nodes.Sub: "-",
    nodes.Mul: "*",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
}


def check_arithmetic(node: nodes.BinExpr, context: Checking, check: Check) -> Checked:
    symbol = SYMBOLS[type(node)]
    if not _filter_is_clear(node, node.right, context, symbol):
        return FAILED
    left = Operand(node.left, check(node.left, context))
    right = Operand(node.right, check(node.right, context))
    a, b = required(context, left), required(context, right)
    if a is None or b is None:
        return FAILED
    if not is_number(a.type) or not is_number(b.type):
        return _refuse_kinds(node, context, symbol, Operand(node.left, a), Operand(node.right, b))
    match symbol:
        case "+" | "-" | "*":
            return _ring(node, context, symbol, a, b)
        case "/":
            return _quotient(node, context, a, b)
        case _:
            return _whole_division(node, context, symbol, a, b)


def _filter_is_clear(node: nodes.Expr, right: nodes.Expr, context: Checking, symbol: str) -> bool:
    """`a + b | round` rounds b alone: whoever wrote it is asked to say so."""
    if not isinstance(right, nodes.Filter):
        return True
    table = position_of(right).table
    first = token_span(right)[0]
    if table.kind(first - 1) == "lparen":
        return True
    name = text_of(right)[len(text_of(right.node)) :].strip() if right.node is not None else ""
    left_text = text_of(node)[: -len(text_of(right))].strip()
    inner = text_of(right.node) if right.node is not None else ""
    context.report(
        "HB519",
        f"`{name}` binds to `{inner}` alone: parentheses must say what it applies to",
        right,
        hint=f"{left_text} ({inner} {name})",
        notes=()
        if right.name == "default"
        else (f"or, for the whole: ({left_text} {inner}) {name}",),
    )
    return False


def _refuse_kinds(
    node: nodes.Expr, context: Checking, symbol: str, left: Operand, right: Operand
) -> Checked:
    wrong = left if not is_number(left.value.type) else right
    other = right if wrong is left else left
    assert wrong.value.type is not None
    hint = None
    if symbol == "+" and (is_text(left.value.type) or is_text(right.value.type)):
        hint = f"{left.text} ~ {right.text}"
    elif isinstance(left.value.type, DateType) and isinstance(right.value.type, DateType):
        hint = f"{right.text} | days_between({left.text})"
    elif isinstance(wrong.value.type, DateType) and symbol in "+-":
        sign = "-" if symbol == "-" else ""
        hint = f"{wrong.text} | plus_days({sign}{other.text})"
    elif isinstance(wrong.value.type, ListType):
        hint = f"{wrong.text} | count"
    elif isinstance(wrong.value.type, BoolType):
        hint = f"(1 if {wrong.text} else 0)"
    return context.report(
        "HB507",
        f"`{symbol}` calculates with numbers, and `{wrong.text}` is {describe(wrong.value.type)}",
        node,
        hint=hint,
    )


# ── + - * ────────────────────────────────────────────────────────────────────────────────────────


def _ring(node: nodes.Expr, context: Checking, symbol: str, a: Checked, b: Checked) -> Checked:
    if symbol == "*":
        x, y = bounds(a), bounds(b)
        corners = [left * right for left in x for right in y]
        interval, operation = Interval(min(corners), max(corners)), Operation.MUL
        scale = scale_of(a.type) + scale_of(b.type) if a.type and b.type else 0
    else:
        a, b = aligned(a, b)
        x, y = bounds(a), bounds(b)
        scale = scale_of(a.type) if a.type else 0
        if symbol == "+":
            interval, operation = Interval(x.low + y.low, x.high + y.high), Operation.ADD
        else:
            interval, operation = Interval(x.low - y.high, x.high - y.low), Operation.SUB
    return number(node, context, operation, (a, b), interval, scale)


def check_sign(node: nodes.UnaryExpr, context: Checking, check: Check) -> Checked:
    """`-x`; `+x` is x."""
    value = required(context, Operand(node.node, check(node.node, context)))
    if value is None:
        return FAILED
    if not is_number(value.type):
        assert value.type is not None
        return context.report(
            "HB507", f"a sign stands before numbers, and this is {describe(value.type)}", node
        )
    if isinstance(node, nodes.Pos):
        return value
    interval = Interval(-bounds(value).high, -bounds(value).low)
    assert value.type is not None
    return number(node, context, Operation.NEG, (value,), interval, scale_of(value.type))


# ── / // % ───────────────────────────────────────────────────────────────────────────────────────


def _known_not_zero(context: Checking, divisor: Checked) -> bool:
    """Whether a guard says so. SQL divides by NULLIF(x, 0), so that a guard is proof enough."""
    subject = divisor.subject
    if subject is None:
        return False
    known = context.facts.ranges.get(subject)
    outside = known is not None and not known.low <= 0 <= known.high
    return outside or subject in context.facts.nonzero or counted(context.facts, divisor) > 0


def _not_zero(node: nodes.BinExpr, context: Checking, divisor: Checked) -> bool:
    found = bounds(divisor)
    if not found.low <= 0 <= found.high or _known_not_zero(context, divisor):
        return True
    text = text_of(node.right)
    if found == (0, 0):
        context.report("HB512", "nothing can be divided by 0", node.right)
        return False
    context.report(
        "HB512",
        f"`{text}` may be 0, and nothing can be divided by 0",
        node.right,
        hint=f"({text_of(node)} if {text} != 0 else 0)",
        witness=zero_witness(context, divisor),
    )
    return False


def _quotient(node: nodes.BinExpr, context: Checking, a: Checked, b: Checked) -> Checked:
    """`/`: six digits after the point, half away from zero."""
    if not _not_zero(node, context, b):
        return FAILED
    assert a.type is not None and b.type is not None
    shift = QUOTIENT_SCALE + scale_of(b.type)
    dividend = rescaled(a, max(shift, scale_of(a.type)))
    divisor = b
    if scale_of(a.type) > shift:  # cannot be: scales are at most 6
        divisor = rescaled(b, scale_of(a.type) - QUOTIENT_SCALE)
    return divided(node, context, dividend, divisor, QUOTIENT_SCALE)


def _whole_division(
    node: nodes.BinExpr, context: Checking, symbol: str, a: Checked, b: Checked
) -> Checked:
    for side, value in ((node.left, a), (node.right, b)):
        if not isinstance(value.type, IntType):
            return context.report(
                "HB507",
                f"`{symbol}` is for whole numbers, and `{text_of(side)}` has digits after the point",
                side,
                hint=f"{text_of(node.left)} / {text_of(node.right)}",
            )
    if not _not_zero(node, context, b):
        return FAILED
    top, bottom = bounds(a), bounds(b)
    if symbol == "//":
        corners = [each // by for each in top for by in nearest_divisors(bottom)]
        interval, operation = Interval(min(corners), max(corners)), Operation.FLOOR_DIV
    else:
        interval, operation = _remainders(top, bottom), Operation.MOD
    return number(node, context, operation, (a, b), interval, 0)


def _remainders(top: Interval, bottom: Interval) -> Interval:
    """The remainder has the divisor's sign and is nearer to 0 than it."""
    low = min(0, bottom.low + 1) if bottom.low < 0 else 0
    high = max(0, bottom.high - 1) if bottom.high > 0 else 0
    if low == 0 and top.low >= 0:
        high = min(high, top.high)
    return Interval(low, high)


# ── ~ ────────────────────────────────────────────────────────────────────────────────────────────


def check_concat(node: nodes.Concat, context: Checking, check: Check) -> Checked:
    pieces: list[Checked] = []
    failed = False
    for place, each in enumerate(node.nodes):
        if place and not _filter_is_clear(_until(node, place), each, context, "~"):
            failed = True
            continue
        piece = text_piece(context, Operand(each, check(each, context)))
        failed = failed or piece is None
        if piece is not None:
            pieces.append(piece)
    if failed:
        return FAILED
    return bounded_text(node, context, joined(pieces))


def _until(node: nodes.Concat, place: int) -> nodes.Expr:
    """The concatenation up to one of its parts."""
    return nodes.Concat(node.nodes[: place + 1], lineno=node.nodes[0].lineno)


def bounded_text(node: nodes.Expr, context: Checking, value: Checked) -> Checked:
    """The text, unless it can be longer than any message."""
    assert value.type is not None
    if longest(value.type) > MAX_TEXT:
        return context.report(
            "HB502",
            f"this text can have {longest(value.type):,} characters",
            node,
            hint="shorten its parts with `| truncate(…)`",
        )
    return value


def text_piece(context: Checking, operand: Operand) -> Checked | None:
    """What a hole or `~` writes for a value: texts, enums and numbers have one way to be written."""
    value = required(context, operand)
    if value is None:
        return None
    if is_text(value.type) or is_number(value.type):
        return as_text(value)
    assert value.type is not None
    hints = {
        DateType: "{} | date",
        DatetimeType: "{} | date",
        ListType: "{} | join(', ')",
        BoolType: "'yes' if {} else 'no'",
    }
    hint = hints.get(type(value.type))
    if isinstance(value.type, ObjectType) and value.type.members:
        hint = f"{{}}.{value.type.members[0].name}"
    elif isinstance(value.type, ListType) and isinstance(value.type.item, ObjectType):
        hint = f"{{}} | map(attribute='{value.type.item.members[0].name}') | join(', ')"
    context.report(
        "HB507",
        f"`{operand.text}` is {describe(value.type)}: say how it is written",
        operand.node,
        hint=hint.format(operand.text) if hint else None,
    )
    return None
