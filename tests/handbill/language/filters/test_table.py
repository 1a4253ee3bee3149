"""The tables of filters and tests, and what is in none of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from expression_world import Words

from handbill.language.expression import check_text, compile_expression
from handbill.language.expressions.facts import Facts
from handbill.language.filters.operators import OPERATORS
from handbill.language.filters.signature import Signature
from handbill.language.filters.table import (
    FILTERS,
    FOREIGN_FILTERS,
    FOREIGN_TESTS,
    NEVER,
    TESTS,
)
from handbill.language.scope import RecordRoot, Scope
from handbill.language.syntax.parse import parse_template
from handbill.language.vocabulary.vocabulary import Record
from handbill.plan.ir import Operation
from handbill.source.text import SourceText

EVERYTHING = (*OPERATORS, *FILTERS.values(), *TESTS.values())


def all_there(scope: Scope) -> Scope:
    """The scope with every customer field required."""
    root = scope.roots["customer"]
    assert isinstance(root, RecordRoot)
    fields = {name: replace(member, required=True) for name, member in root.record.fields.items()}
    aliases = {"points": fields["points"], "spend": fields["spend"]}
    return replace(
        scope,
        roots={**scope.roots, "customer": replace(root, record=Record({**fields, **aliases}))},
        facts=Facts(),
    )


def test_every_operation_has_a_signature() -> None:
    """Of AND … JOIN none is left out: what the plan can do, the language says."""
    assert {each for entry in EVERYTHING for each in entry.operations} == set(Operation)


@pytest.mark.parametrize("entry", EVERYTHING, ids=lambda entry: f"{entry.kind} {entry.name}")
def test_every_example_compiles(entry: Signature, scope: Scope) -> None:
    here = all_there(scope)
    if entry.templates_only:
        source = SourceText.of_file("t", "{{ " + entry.example + " }}")
        tree, found = parse_template(source)
        assert tree is not None, found
        checked = check_text(tree.body[0].nodes[0], source, here)  # type: ignore[attr-defined]
        assert checked.diagnostics == ()
    else:
        compiled = compile_expression(SourceText.of_file("r", entry.example), here, None)
        assert compiled.diagnostics == ()
    assert entry.name.split("[")[0].split(" ")[-1] in entry.example or entry.kind == "operator"


def test_hints_for_foreign_names_lead_somewhere() -> None:
    assert not set(FOREIGN_FILTERS) & set(FILTERS)
    assert not set(NEVER) & set(FILTERS)
    assert not set(FOREIGN_TESTS) & set(TESTS)
    known = {*FILTERS, "~"}
    assert {better.split("(")[0].split(" ")[0] for better in FOREIGN_FILTERS.values()} <= known


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        (
            "customer.email | uper",
            "HB506 at 18-22: there is no filter `uper` → did you mean `upper`?",
        ),
        ("customer.email | size", "→ did you mean `count`?"),
        ("customer.email | safe", "→ every hole is escaped for where it stands: remove `| safe`"),
        ("customer.email | xyzzy", "HB506 at 18-23: there is no filter `xyzzy`"),
        ("customer.email | a.b", "HB506"),
        (
            "customer.email | title",
            "HB517 at 18-23: `title` writes text for readers: it works in messages, not in rules → customer.email",
        ),
        (
            "customer.points is none",
            "HB506 at 20-24: there is no test `none` → customer.points is not defined",
        ),
        ("customer.email is empty", "→ customer.email == ''"),
        ("customer.is_employee is false", "→ not customer.is_employee"),
        ("customer.points is defned", "→ did you mean `is defined`?"),
        ("customer.points is xyzzy", "→ tests: defined, divisibleby, even, odd"),
        (
            "customer.email | upper(1)",
            "HB508 at 18-23: `upper` takes no arguments, and here are 1 → upper",
        ),
        (
            "customer.email | truncate",
            "HB508 at 18-26: `truncate` takes 1 argument, and here are 0 → truncate(n)",
        ),
        ("customer.spend | round(1, 2)", "takes 0 to 1 arguments"),
        (
            "customer.email | truncate(n=3)",
            "HB508 at 29-30: `truncate` takes no named arguments → truncate(n)",
        ),
        (
            "customer.email | truncate(*customer.lucky)",
            "HB503 at 1-43: arguments are written out one by one",
        ),
        (
            "customer.points | default(0, true)",
            "HB508 at 30-34: `default` replaces what is missing, and an empty text is not missing → customer.points | default(0)",
        ),
        ("customer.points | default", "HB508"),
    ],
)
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)
