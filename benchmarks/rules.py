"""One customer after another through 200 rules, against two implementations of CEL for Python.

Handbill's row back end is what decides about a single customer (a preview, a test, an offer's choice):
the same expression as in SQL, as a generated Python function. common-expression-language is CEL in
Rust; cel-python is CEL in Python, here with its transpiler, the faster of its two runners.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.compile_templates import make_scope
from benchmarks.measure import interleave, paired_ratio, spread, timed
from benchmarks.outcome import Line, Outcome, Ratio, Setting

NAME = "rules"
TITLE = "200 audience rules over one customer after another, against CEL"
HANDBILL, RUST, PYTHON = "Handbill", "common-expression-language (Rust)", "cel-python (transpiled)"
STATES = ("NY", "VT", "MA", "CT", "NH", "ME", "PA", "NJ")
DEPARTMENTS = ("bakery", "dairy", "deli", "meat", "produce", "wine", "snacks")
FIELDS = (
    "lifetime_orders", "orders_90d", "loyalty_tier", "state", "favorite_departments",
    "average_basket", "is_employee", "last_name",
)  # fmt: skip
Customer: TypeAlias = Mapping[str, Any]
"""Every field of FIELDS; a decimal is a float with two places."""
Run: TypeAlias = Callable[[], list[list[bool]]]
"""Every rule's answer for every customer, rule by rule."""


class Unequal(Exception):
    """Two engines gave different answers, so their times cannot be compared."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The same condition in both languages."""

    language: str
    cel: str


def measure_rules(setting: Setting) -> Outcome:
    rules = make_rules(20 if setting.quick else 200)
    customers = make_customers(10 if setting.quick else 100)
    runs = make_runs(rules, customers, setting.sample)
    refuse_different(runs)
    seconds = interleave(
        {name: timed(run) for name, run in runs.items()},
        repetitions=3 if setting.quick else 7,
    )
    each = len(rules) * len(customers)
    lines = [
        Line(name, spread(taken).scaled(1e6 / each), "µs per rule and customer")
        for name, taken in seconds.items()
    ]
    ratios = [
        Ratio(f"{name} ÷ {HANDBILL}", paired_ratio(seconds[name], seconds[HANDBILL]), at_least=1)
        for name in (RUST, PYTHON)
    ]
    return Outcome(NAME, TITLE, _COMPARED, lines, ratios)


_COMPARED = (
    "200 rules of two to five conditions (numbers, arithmetic, words, lists, texts) and 100 customers; "
    "every engine gives the same answer for each. Rules are compiled beforehand and customers are in "
    "the form that each engine reads fastest: tuples for Handbill, a prepared Context for the Rust "
    "one, CEL's own types for cel-python.",
    "No value is missing in these customers: cel-python's transpiler cannot evaluate has(). Money is "
    "exact for Handbill (scaled integers) and a double for CEL.",
)


# ── rules and customers ──────────────────────────────────────────────────────────────────────────


def make_rules(count: int, seed: int = 5) -> tuple[Rule, ...]:
    chance = random.Random(seed)
    rules = []
    for _ in range(count):
        clauses = [make(chance) for make in chance.sample(CLAUSES, k=chance.randint(2, 5))]
        word, sign = chance.choice((("and", "&&"), ("and", "&&"), ("or", "||")))
        rules.append(
            Rule(
                f" {word} ".join(clause.language for clause in clauses),
                f" {sign} ".join(clause.cel for clause in clauses),
            )
        )
    return tuple(rules)


def _orders(chance: random.Random) -> Rule:
    text = f"customer.lifetime_orders >= {chance.randint(1, 60)}"
    return Rule(text, text)


def _sum(chance: random.Random) -> Rule:
    text = f"(customer.lifetime_orders - customer.orders_90d) * 2 + 1 > {chance.randint(1, 90)}"
    return Rule(text, text)


def _remainder(chance: random.Random) -> Rule:
    text = f"customer.lifetime_orders % {chance.randint(2, 5)} == 1"
    return Rule(text, text)


def _basket(chance: random.Random) -> Rule:
    text = f"customer.average_basket < {chance.randint(20, 140)}.50"
    return Rule(text, text)


def _tier(chance: random.Random) -> Rule:
    text = f"customer.loyalty_tier != '{chance.choice(('basic', 'silver', 'gold'))}'"
    return Rule(text, text)


def _states(chance: random.Random) -> Rule:
    named = ", ".join(f"'{state}'" for state in chance.sample(STATES, k=chance.randint(2, 5)))
    text = f"customer.state in [{named}]"
    return Rule(text, text)


def _department(chance: random.Random) -> Rule:
    text = f"'{chance.choice(DEPARTMENTS)}' in customer.favorite_departments"
    return Rule(text, text)


def _count(chance: random.Random) -> Rule:
    least = chance.randint(1, 4)
    return Rule(
        f"customer.favorite_departments | count >= {least}",
        f"size(customer.favorite_departments) >= {least}",
    )


def _staff(chance: random.Random) -> Rule:
    return Rule("not customer.is_employee", "!customer.is_employee")


def _name(chance: random.Random) -> Rule:
    letter = chance.choice("BNSTW")
    return Rule(
        f"(customer.last_name | startswith('{letter}'))",
        f"customer.last_name.startsWith('{letter}')",
    )


CLAUSES: tuple[Callable[[random.Random], Rule], ...] = (
    _orders, _sum, _remainder, _basket, _tier, _states, _department, _count, _staff, _name,
)  # fmt: skip


def make_customers(count: int, seed: int = 9) -> list[Customer]:
    chance = random.Random(seed)
    return [
        {
            "lifetime_orders": chance.randint(0, 80),
            "orders_90d": chance.randint(0, 20),
            "loyalty_tier": chance.choice(("basic", "silver", "gold")),
            "state": chance.choice(STATES),
            "favorite_departments": chance.sample(DEPARTMENTS, k=chance.randint(0, 5)),
            "average_basket": chance.randint(0, 15_000) / 100,
            "is_employee": chance.random() < 0.1,
            "last_name": chance.choice(("Brown", "Núñez", "Smith", "Tremblay", "Wong")),
        }
        for _ in range(count)
    ]


# ── the engines ──────────────────────────────────────────────────────────────────────────────────


def make_runs(rules: Sequence[Rule], customers: Sequence[Customer], sample: Path) -> dict[str, Run]:
    return {
        HANDBILL: _handbill(rules, customers, sample),
        RUST: _rust(rules, customers),
        PYTHON: _python(rules, customers),
    }


def refuse_different(runs: Mapping[str, Run]) -> None:
    """Raises Unequal unless all give the same answers, and not one answer to everything."""
    expected = runs[HANDBILL]()
    for name, run in runs.items():
        found = run()
        wrong = sum(1 for one, other in zip(found, expected, strict=True) if one != other)
        if wrong:
            raise Unequal(f"{name} answers {wrong} of {len(expected)} rules otherwise")
    if len({answer for answers in expected for answer in answers}) != 2:
        raise Unequal("every rule has the same answer")


def _handbill(rules: Sequence[Rule], customers: Sequence[Customer], sample: Path) -> Run:
    from handbill.language.expression import compile_expression
    from handbill.plan.model import FieldNeed
    from handbill.plan.row import compile_expression as row_function
    from handbill.plan.types import BoolType, DecimalType, ListType
    from handbill.source.text import SourceText

    scope = make_scope(sample)
    members = scope.roots["customer"].record.fields  # type: ignore[union-attr]
    needs = [FieldNeed(path=(name,), type=members[name].type) for name in FIELDS]
    functions = []
    for rule in rules:
        compiled = compile_expression(SourceText.of_file("rule", rule.language), scope, BoolType())
        if compiled.expression is None:
            raise Unequal("; ".join(one.message for one in compiled.diagnostics))
        functions.append(row_function(compiled.expression, needs))

    def imported(customer: Customer, need: FieldNeed) -> Any:
        value = customer[need.path[0]]
        match need.type:
            case DecimalType(scale=scale):
                return round(value * 10**scale)
            case ListType():
                return tuple(value)
            case _:
                return value

    rows = [tuple(imported(customer, need) for need in needs) for customer in customers]
    context: dict[tuple[str, ...], Any] = {}
    return lambda: [[function(row, context) is True for row in rows] for function in functions]


def _rust(rules: Sequence[Rule], customers: Sequence[Customer]) -> Run:
    import cel

    programs = [cel.compile(rule.cel) for rule in rules]
    contexts = [cel.Context(variables={"customer": dict(customer)}) for customer in customers]
    return lambda: [[program.execute(context) for context in contexts] for program in programs]


def _python(rules: Sequence[Rule], customers: Sequence[Customer]) -> Run:
    import celpy
    from celpy.adapter import json_to_cel

    environment = celpy.Environment(runner_class=celpy.CompiledRunner)
    programs = [environment.program(environment.compile(rule.cel)) for rule in rules]
    contexts = [{"customer": json_to_cel(dict(customer))} for customer in customers]
    return lambda: [
        [bool(program.evaluate(context)) for context in contexts] for program in programs
    ]
