"""The operators of the language, in the same form as its filters and tests.

Together with `filters.FILTERS` and `filters.TESTS` this is the whole language: every operation of the
plan is in some signature, and a test says so.
"""

from __future__ import annotations

from handbill.language.filters.signature import Signature
from handbill.plan.ir import Operation as Op

_NUMBER_TEXT = (Op.CONCAT, Op.INT_TEXT, Op.DECIMAL_TEXT)


def _operator(
    name: str, takes: str, gives: str, meaning: str, example: str, *operations: Op
) -> Signature:
    return Signature(name, "operator", takes, gives, meaning, example, operations)


_COMPARABLE = "numbers, texts, dates"

OPERATORS: tuple[Signature, ...] = (
    _operator(
        "and",
        "conditions",
        "yes or no",
        "both hold",
        "customer.is_employee and customer.points > 0",
        Op.AND,
    ),
    _operator(
        "or",
        "conditions",
        "yes or no",
        "at least one holds",
        "customer.is_employee or customer.points > 0",
        Op.OR,
    ),
    _operator(
        "not", "a condition", "yes or no", "it does not hold", "not customer.is_employee", Op.NOT
    ),
    _operator(
        "a if c else b",
        "a condition, two values of one kind",
        "one of them",
        "`else` is required",
        "(1 if customer.is_employee else 2) == 1",
        Op.IF,
    ),
    _operator(
        "==",
        "two values of one kind",
        "yes or no",
        "equal; a member of an enum is checked",
        "customer.state == 'VT'",
        Op.EQ,
    ),
    _operator(
        "!=", "two values of one kind", "yes or no", "not equal", "customer.state != 'VT'", Op.NE
    ),
    _operator(
        "<",
        _COMPARABLE,
        "yes or no",
        "smaller, earlier; texts by code point",
        "customer.points < 10",
        Op.LT,
    ),
    _operator("<=", _COMPARABLE, "yes or no", "not larger", "customer.points <= 10", Op.LE),
    _operator(">", _COMPARABLE, "yes or no", "larger, later", "customer.points > 10", Op.GT),
    _operator(">=", _COMPARABLE, "yes or no", "not smaller", "customer.points >= 10", Op.GE),
    _operator(
        "in",
        "a value, a list",
        "yes or no",
        "one of those written out, or an item of a list",
        "customer.state in ['VT', 'ME'] or 'VT' in customer.states",
        Op.IN,
        Op.LIST_CONTAINS,
    ),
    _operator("+", "numbers", "number", "sum", "customer.points + 1 > 2", Op.ADD),
    _operator(
        "-",
        "numbers",
        "number",
        "difference, or the sign before a number",
        "customer.points - 1 > -customer.points",
        Op.SUB,
        Op.NEG,
    ),
    _operator(
        "*",
        "numbers",
        "number",
        "product; the digits after the point add up",
        "customer.spend * 2 > 1.50",
        Op.MUL,
    ),
    _operator(
        "/",
        "numbers",
        "number",
        "quotient with six digits, half away from zero; the divisor is proved not 0",
        "customer.spend / 3 > 1",
        Op.ROUND_DIV,
        Op.MUL,
    ),
    _operator(
        "//",
        "whole numbers",
        "whole number",
        "quotient, rounded down",
        "customer.points // 100 >= 3",
        Op.FLOOR_DIV,
    ),
    _operator(
        "%",
        "whole numbers",
        "whole number",
        "remainder, with the divisor's sign",
        "customer.points % 100 == 0",
        Op.MOD,
    ),
    _operator(
        "~",
        "texts, numbers",
        "text",
        "one after the other; numbers in full",
        "customer.state ~ '-' ~ customer.points == 'VT-3'",
        *_NUMBER_TEXT,
    ),
    _operator(
        "[n]",
        "a list",
        "an item, may be missing",
        "the item with that number, from 0",
        "customer.states | count > 2 and customer.states[2] == 'VT'",
        Op.ITEM,
        Op.FIRST,
    ),
    _operator(
        "a.b",
        "an object, or a key that refers to a row",
        "what its member holds",
        "a member, missing where the object is",
        "customer.address is defined and customer.address.city == 'Troy'",
    ),
    _operator(
        "[:n]", "a list", "list", "the first n items", "customer.states[:2] | count == 2", Op.SLICE
    ),
)
