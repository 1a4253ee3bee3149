"""Chains of names that stand for expressions: bounded however they are made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.expression import compile_expression
from handbill.language.expressions.inlining import MAX_CHAIN
from handbill.language.scope import NamedAudience, RecordRoot, Scope
from handbill.source.text import SourceText


def found(text: str, scope: Scope) -> tuple[Diagnostic, ...]:
    return compile_expression(SourceText.of_file("r", text), scope, None).diagnostics


def with_fields(scope: Scope, link: str, number: int) -> Scope:
    """f0, which uses f1, and so on; the last is a declared field."""
    root = scope.roots["customer"]
    assert isinstance(root, RecordRoot)
    texts = [link.format(f"customer.f{n + 1}") for n in range(number - 1)] + ["customer.orders"]
    computed = {f"f{n}": SourceText.of_file(f"f{n}", text) for n, text in enumerate(texts)}
    return replace(scope, roots={**scope.roots, "customer": replace(root, computed=computed)})


def with_audiences(scope: Scope, number: int) -> Scope:
    texts = [f"audiences.a{n + 1}" for n in range(number - 1)] + ["customer.orders > 3"]
    audiences = {
        f"a{n}": NamedAudience(SourceText.of_file(f"a{n}", text)) for n, text in enumerate(texts)
    }
    return replace(scope, audiences=audiences)


@pytest.mark.parametrize("link", ["{}", "{} + 1"])
@pytest.mark.parametrize("number", [MAX_CHAIN + 1, 300])
def test_a_chain_of_fields_is_bounded(link: str, number: int, scope: Scope) -> None:
    assert found("customer.f0 > 3", with_fields(scope, link, MAX_CHAIN)) == ()
    (said,) = found("customer.f0 > 3", with_fields(scope, link, number))
    assert said.code == "HB502" and said.range is not None
    assert said.range.file == f"f{MAX_CHAIN - 1}"
    assert said.message == f"this is used by a chain of {MAX_CHAIN} others: f0 → f1 → f2 → …"


@pytest.mark.parametrize("number", [MAX_CHAIN + 1, 300])
def test_a_chain_of_audiences_is_bounded(number: int, scope: Scope) -> None:
    assert found("audiences.a0", with_audiences(scope, MAX_CHAIN)) == ()
    (said,) = found("audiences.a0", with_audiences(scope, number))
    assert said.code == "HB502" and "chain of 32 others" in said.message


def test_few_links_make_a_tree_that_is_too_deep(scope: Scope) -> None:
    (said,) = found("customer.f0 > 3", with_fields(scope, "{} + 1 + 2 + 3", 20))
    assert (said.code, said.message) == (
        "HB502",
        "this field has 43 levels, with those that it uses",
    )


def test_links_that_are_each_as_deep_as_they_may_be(scope: Scope) -> None:
    link = "(" * 30 + "{}" + " if customer.orders > 3 else 1)" * 30
    assert {each.code for each in found("customer.f0 > 3", with_fields(scope, link, 30))} == {
        "HB502"
    }
