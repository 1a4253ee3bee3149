"""A small vocabulary, and expressions compiled and evaluated over it."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.expression import CompiledExpression, check_text, compile_expression
from handbill.language.expressions.build import literal
from handbill.language.expressions.checked import Checked
from handbill.language.expressions.reads import fields_in
from handbill.language.scope import (
    ComputedRoot,
    ConstantRoot,
    NamedAudience,
    RecordRoot,
    Scope,
)
from handbill.language.syntax.parse import parse_template
from handbill.language.vocabulary.vocabulary import Member, Record, Vocabulary, read_vocabulary
from handbill.plan.ir import Expression
from handbill.plan.model import FieldNeed
from handbill.plan.row import evaluate
from handbill.plan.types import BoolType, DateType
from handbill.source.text import SourceText

HERE = pathlib.Path(__file__).parent
CONTEXT: dict[tuple[str, ...], Any] = {("run", "date"): datetime.date(2026, 11, 24)}

Rule = Callable[..., CompiledExpression]
Text = Callable[..., Checked]
Value = Callable[..., Any]
Words = Callable[[str], str]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    files = sorted((HERE / "schemas").rglob("*.json"))
    read, found = read_vocabulary(
        {str(path.relative_to(HERE)): path.read_bytes() for path in files}
    )
    assert found == ()
    return read


@pytest.fixture(scope="session")
def scope(vocabulary: Vocabulary) -> Scope:
    audiences = {
        "lapsed": "customer.orders == 0 and customer.lifetime_orders >= 3",
        "round": "audiences.about",
        "about": "not audiences.round",
        "broken": "customer.ordres == 0",
        "with_store": "customer.store is defined",
    }
    return Scope(
        {
            "customer": RecordRoot(vocabulary.customer, vocabulary.datasets),
            "run": RecordRoot(Record({"date": Member(DateType(), required=True)})),
            "tenant": ConstantRoot({"name": "Fresh Fields"}),
            "params": ConstantRoot(
                {
                    "discount": 15,
                    "rate": Decimal("0.15"),
                    "perk": None,
                    "urgent": True,
                    "states": ["VT", "ME"],
                    "mixed": ["a", 1],
                    "nothing": [],
                    "goods": [
                        {"name": "Milk", "price": Decimal("3.5"), "maker": {"town": "Troy"}},
                        {"name": "Eggs", "price": 4, "tag": "new", "maker": {"town": "Albany"}},
                    ],
                    "store": {"name": "Troy", "opens": datetime.date(2027, 1, 2)},
                }
            ),
            "offer": ComputedRoot(
                {"summary": literal("15% off"), "reward": {"percent": literal(15)}}  # type: ignore[dict-item]
            ),
            "channel": ConstantRoot("email"),
        },
        audiences={
            name: NamedAudience(SourceText.of_file(f"audiences/{name}.yaml", text))
            for name, text in audiences.items()
        }
        | {
            "kept": NamedAudience(
                SourceText.of_file("audiences/kept.yaml", "customer.orders > 0"),
                {"staff": SourceText.of_file("audiences/kept.yaml", "customer.is_employee")},
            )
        },
    )


@pytest.fixture
def rule(scope: Scope) -> Rule:
    """Compiles an expression under the rules for audiences."""

    def compile_rule(text: str, expected: Any = None, **more: Any) -> CompiledExpression:
        return compile_expression(SourceText.of_file("rule", text), scope, expected, **more)

    return compile_rule


@pytest.fixture
def hole(scope: Scope) -> Text:
    """Checks the expression of a hole, `{{ … }}`, given without braces."""

    def check_hole(text: str, **changes: Any) -> Checked:
        source = SourceText.of_file("template", "{{ " + text + " }}")
        tree, found = parse_template(source)
        assert tree is not None, found
        node = tree.body[0].nodes[0]  # type: ignore[attr-defined]
        return check_text(node, source, replace(scope, **changes))

    return check_hole


def _evaluated(expression: Expression | None, customer: dict[str, Any]) -> Any:
    assert expression is not None
    needs = [
        FieldNeed(path=path[1:], type=type_)
        for path, type_ in fields_in(expression).items()
        if path[0] == "customer"
    ]
    row = tuple(customer.get(".".join(need.path)) for need in needs)
    return evaluate(expression, row, CONTEXT, needs)


@pytest.fixture
def value(rule: Rule) -> Value:
    """The value of a rule for a customer, given as `field=value` (decimals scaled)."""

    def evaluate_rule(text: str, **customer: Any) -> Any:
        compiled = rule(text)
        assert compiled.diagnostics == (), compiled.diagnostics
        return _evaluated(compiled.expression, customer)

    return evaluate_rule


@pytest.fixture
def written(hole: Text) -> Value:
    """What a hole writes for a customer."""

    def write(text: str, changes: dict[str, Any] | None = None, **customer: Any) -> Any:
        checked = hole(text, **(changes or {}))
        assert checked.diagnostics == (), checked.diagnostics
        return _evaluated(checked.expression, customer)

    return write


def _in_words(found: tuple[Diagnostic, ...]) -> str:
    lines = []
    for each in found:
        place = f" at {each.range.column}-{each.range.end_column}" if each.range else ""
        help_ = f" → {each.hint}" if each.hint else ""
        lines.append(f"{each.code}{place}: {each.message}{help_}")
    return "\n".join(lines)


@pytest.fixture
def said(rule: Rule) -> Words:
    """What is said about a rule: `CODE at START-END: MESSAGE → HINT`, one a line."""
    return lambda text: _in_words(rule(text).diagnostics)


@pytest.fixture
def said_of_hole(hole: Text) -> Words:
    """The same of a hole."""
    return lambda text: _in_words(hole(text).diagnostics)


@pytest.fixture
def condition(rule: Rule) -> Rule:
    """Compiles a condition."""
    return lambda text: rule(text, BoolType())
