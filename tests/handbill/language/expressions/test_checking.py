"""What the parts of the checker share."""

from __future__ import annotations

from jinja2 import nodes

from handbill.language.expressions.checked import FAILED, value_of
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.facts import IMPOSSIBLE, Facts
from handbill.language.scope import Scope
from handbill.language.syntax.parse import parse_expression
from handbill.plan.ir import Const, Field
from handbill.plan.types import BoolType
from handbill.source.text import SourceText


def checking() -> tuple[Checking, nodes.Expr]:
    source = SourceText.of_file("f", "customer.a")
    node, _ = parse_expression(source)
    assert node is not None
    return Checking(source, Scope({}), "rule", node), node


def test_findings_are_shared_by_derived_contexts() -> None:
    context, node = checking()
    flag = value_of(Field(("customer", "a"), BoolType()), BoolType()).knowing(
        Facts.of(("customer", "a")), Facts()
    )
    inner = context.assuming(flag, True)
    assert inner.report("HB507", "no", node) is FAILED
    assert [each.code for each in context.found] == ["HB507"]
    assert inner.facts.defined == {("customer", "a")}
    assert [each.holds for each in inner.assumptions] == [True]
    assert context.assuming(flag, False).facts.defined == frozenset()
    assert Operand(node, flag).text == "customer.a"


def test_constants_are_no_assumptions() -> None:
    context, _ = checking()
    assert context.assuming(value_of(Const(BoolType(), True), BoolType()), True).assumptions == ()


def test_what_cannot_happen_is_silent() -> None:
    context, node = checking()
    dead = context.assuming(FAILED.knowing(IMPOSSIBLE, Facts()), True)
    dead.report("HB501", "may be missing", node)
    assert context.found == []
    dead.report("HB505", "no such field", node)
    assert len(context.found) == 1
