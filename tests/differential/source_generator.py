"""Random programs as a retailer would write them, over the columns of the awkward customers.

Texts are drawn by kind, so that most compile; facts are drawn too (a guard before what it guards),
so that flow typing is on the way. What the checker refuses is drawn again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from nasty_rows import COLUMNS, OPTIONAL, STATES

from handbill.language.expression import compile_expression
from handbill.language.scope import RecordRoot, Scope
from handbill.language.vocabulary import Member, Record
from handbill.plan.ir import Expression
from handbill.source.text import SourceText

RECORD = Record(
    {name: Member(type, required=name not in OPTIONAL) for name, (type, _) in COLUMNS.items()}
)
SCOPE = Scope({"customer": RecordRoot(RECORD)})

INTS = ["customer.count", "customer.small", "customer.positive", "customer.natural", "customer.month",
        "customer.maybe_small | default(0)", "customer.maybe_count | default(-1)", "0", "1", "-7", "100"]  # fmt: skip
DECIMALS = [
    "customer.money",
    "customer.rate",
    "customer.maybe_money | default(0.5)",
    "1.5",
    "-0.01",
    "0.3333",
]
TEXTS = ["customer.name", "customer.city", "customer.state", "customer.maybe_name | default('x')",
         "customer.maybe_state | default('none')", "'É ß'", "'o\\'x'", "' a '"]  # fmt: skip
DATES = ["customer.born", "customer.last_order | default('2000-02-29')", "'2026-12-24'"]
LISTS = ["customer.tags", "(customer.maybe_numbers | default([]))"]
STRINGS = ["'a'", "'É'", "' '", "'ab'"]

Maker = Callable[["SourceGenerator", int], str]


class SourceGenerator:
    """Draws program texts; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.drawn = 0

    def programs(self, count: int) -> Iterator[tuple[str, Expression]]:
        """`count` programs that compile, with their text."""
        accepted = 0
        while accepted < count:
            kind = self.random.choice(list(KINDS))
            text = self.draw(kind, self.random.randint(1, 4))
            self.drawn += 1
            compiled = compile_expression(SourceText.of_file("rule", text), SCOPE, None)
            if compiled.expression is not None:
                accepted += 1
                yield text, compiled.expression

    def draw(self, kind: str, depth: int) -> str:
        leaves, makers = KINDS[kind]
        if depth <= 0 or (leaves and self.random.random() < 0.2):
            return f"({self.random.choice(leaves)})" if leaves else "customer.flag"
        return f"({self.random.choice(makers)(self, depth - 1)})"

    def one(self, *choices: str) -> str:
        return self.random.choice(choices)

    def number(self) -> str:
        return self.one("int", "int", "decimal")


def comparison(g: SourceGenerator, depth: int) -> str:
    kind = g.one("int", "decimal", "text", "date")
    other = g.number() if kind in ("int", "decimal") else kind
    signs = ("==", "!=", "<", "<=", ">", ">=")
    return f"{g.draw(kind, depth)} {g.one(*signs)} {g.draw(other, depth)}"


def guarded(g: SourceGenerator, depth: int) -> str:
    field, use = g.one(
        "maybe_small %0", "maybe_money %0", "maybe_count %1", "last_order %2", "maybe_name %3", "maybe_flag %4"
    ).split(" ")  # fmt: skip
    name = f"customer.{field}"
    uses = {
        "%0": f"{name} + {g.draw('int', depth)} > {g.draw(g.number(), depth)}",
        "%1": f"{name} > {g.draw('int', depth)}",
        "%2": f"{name} < {g.draw('date', depth)}",
        "%3": f"{name} | length > {g.draw('int', depth)}",
        "%4": name,
    }[use]
    return g.one(f"{name} is defined and ({uses})", f"{name} is not defined or ({uses})",
                 f"({uses}) if {name} is defined else {g.draw('bool', depth)}")  # fmt: skip


def division(g: SourceGenerator, depth: int) -> str:
    divisor = g.one("customer.small", "customer.natural", "customer.count")
    use = f"{g.draw('int', depth)} {g.one('/', '//', '%')} {divisor} > {g.draw('int', depth)}"
    guard = g.one("{0} != 0 and ({1})", "{0} == 0 or ({1})", "({1}) if {0} > 0 else false")
    return guard.format(divisor, use)


def arithmetic(g: SourceGenerator, depth: int) -> str:
    return f"{g.draw('int', depth)} {g.one('+', '-', '*')} {g.draw('int', depth)}"


def mixed(g: SourceGenerator, depth: int) -> str:
    return f"{g.draw(g.number(), depth)} {g.one('+', '-', '*')} {g.draw('decimal', depth)}"


KINDS: dict[str, tuple[list[str], list[Maker]]] = {
    "bool": (
        ["customer.flag", "customer.maybe_flag | default(false)", "customer.last_order is defined"],
        [
            comparison,
            comparison,
            guarded,
            guarded,
            division,
            lambda g, d: f"{g.draw('bool', d)} {g.one('and', 'or')} {g.draw('bool', d)}",
            lambda g, d: f"not {g.draw('bool', d)}",
            lambda g, d: (
                f"customer.state {g.one('in', 'not in')} {g.random.sample(list(STATES.values), 2)!r}"
            ),
            lambda g, d: f"{g.draw('int', d)} in [1, -7, {g.one('2', '0.5')}]",
            lambda g, d: f"{g.draw('text', d)} in customer.tags",
            lambda g, d: (
                f"{g.draw('text', d)} | {g.one('contains', 'startswith', 'endswith')}({g.one(*STRINGS)})"
            ),
            lambda g, d: f"{g.draw('int', d)} is {g.one('even', 'odd', 'divisibleby(7)')}",
            lambda g, d: f"customer.seen {g.one('<', '>=', '==')} '2026-03-08T02:30-05:00'",
            lambda g, d: f"{g.draw('bool', d)} if {g.draw('bool', d)} else {g.draw('bool', d)}",
        ],
    ),
    "int": (
        INTS,
        [
            arithmetic,
            arithmetic,
            lambda g, d: (
                f"{g.draw('int', d)} {g.one('//', '%')} {g.one('customer.positive', '7', '-3')}"
            ),
            lambda g, d: f"-{g.draw('int', d)}",
            lambda g, d: f"{g.draw('int', d)} | abs",
            lambda g, d: f"{g.draw('decimal', d)} | round",
            lambda g, d: f"{g.draw('text', d)} | length",
            lambda g, d: f"{g.one(*LISTS)} | count",
            lambda g, d: f"{g.one(*LISTS)}[:2] | count",
            lambda g, d: f"{g.draw('date', d)} | {g.one('year', 'month', 'day', 'weekday')}",
            lambda g, d: f"{g.draw('date', d)} | days_between({g.draw('date', d)})",
            lambda g, d: f"{g.draw('int', d)} if {g.draw('bool', d)} else {g.draw('int', d)}",
        ],
    ),
    "decimal": (
        DECIMALS,
        [
            mixed,
            mixed,
            lambda g, d: f"{g.draw(g.number(), d)} / {g.one('customer.positive', '3', '-0.7')}",
            lambda g, d: (
                f"({g.draw('decimal', d)} * {g.draw('decimal', d)}) | round({g.one('1', '2', '3')})"
            ),
            lambda g, d: f"{g.draw('decimal', d)} | {g.one('round(1)', 'round(4)', 'abs')}",
            lambda g, d: (
                f"{g.draw('decimal', d)} if {g.draw('bool', d)} else {g.draw(g.number(), d)}"
            ),
        ],
    ),
    "text": (
        TEXTS,
        [
            lambda g, d: f"{g.draw('text', d)} ~ {g.draw(g.one('text', 'int', 'decimal'), d)}",
            lambda g, d: f"{g.draw('text', d)} | {g.one('trim', 'lower', 'upper')}",
            lambda g, d: f"{g.draw('text', d)} | truncate({g.one('1', '3', '10')})",
            lambda g, d: f"{g.draw('text', d)} | replace({g.one(*STRINGS)}, {g.one(*STRINGS)})",
            lambda g, d: f"customer.tags | first | default({g.draw('text', d)})",
            lambda g, d: f"{g.draw('text', d)} if {g.draw('bool', d)} else {g.draw('text', d)}",
        ],
    ),
    "date": (
        DATES,
        [
            lambda g, d: (
                f"{g.draw('date', d)} | plus_days({g.one('1', '-40', 'customer.small', 'customer.natural')})"
            ),
            lambda g, d: f"{g.draw('date', d)} if {g.draw('bool', d)} else {g.draw('date', d)}",
        ],
    ),
}
