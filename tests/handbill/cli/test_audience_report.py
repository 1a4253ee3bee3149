"""Sentences about two audiences."""

from __future__ import annotations

import pytest

from handbill.cli.audience_report import _sentence
from handbill.language.reasoning.question import Impossible, Unknown
from handbill.language.reasoning.reasoner import Answer, Found
from handbill.language.reasoning.relation import Kind, Relation

SOME = Found({("customer", "orders"): 3})


@pytest.mark.parametrize(
    ("kind", "lost", "sentence"),
    [
        ("equal", Impossible(), "a and b have the same customers"),
        ("widened", Impossible(), "a is contained in b"),
        ("narrowed", SOME, "a contains b"),
        ("disjoint", SOME, "a and b have no customer in common"),
        ("mixed", SOME, "a and b overlap"),
        ("unknown", Unknown("it is hard"), "how a lies to b is not known"),
    ],
)
def test_each_relation_has_a_sentence(kind: Kind, lost: Answer, sentence: str) -> None:
    assert _sentence("a", "b", Relation(kind, lost, SOME, SOME)) == sentence


def test_nobody_at_all() -> None:
    nobody = Relation("equal", Impossible(), Impossible(), Impossible())
    assert _sentence("a", "b", nobody) == "nobody can be in a or in b"
