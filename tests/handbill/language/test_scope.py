"""Scopes are values: what is derived leaves the original alone."""

from __future__ import annotations

from handbill.language.expressions.facts import Facts
from handbill.language.scope import ConstantRoot, Scope


def test_assuming_and_binding() -> None:
    outer = Scope({"tenant": ConstantRoot({"name": "A"})})
    inner = outer.assuming(Facts.of(("customer", "a"))).binding("item", ConstantRoot(3))
    assert set(inner.roots) == {"tenant", "item"}
    assert set(outer.roots) == {"tenant"}
    assert inner.facts.defined == {("customer", "a")}
    assert outer.facts.defined == frozenset()
    assert (inner.locale, inner.currency) == ("en-US", "USD")
