"""Questions and replies as bytes."""

from __future__ import annotations

from asking import question, rule

from handbill.language.reasoning.question import (
    Impossible,
    Possible,
    Unknown,
    all_of,
    negation,
    question_bytes,
    question_of,
    reply_bytes,
    reply_of,
)


def test_a_question_survives_the_way() -> None:
    asked = question("customer.purchases | within('30 days', attribute='day') | count >= 3")
    assert question_of(question_bytes(asked)) == asked
    assert question_bytes(question_of(question_bytes(asked))) == question_bytes(asked)


def test_replies_survive_the_way() -> None:
    for reply in (Impossible(), Unknown("it is so"), Possible((1, None, "ü", ["a", "b"], True))):
        assert reply_of(reply_bytes(reply)) == reply


def test_conditions_are_joined_in_order() -> None:
    one, other = rule("customer.orders > 1"), rule("customer.is_staff")
    assert all_of((one,)) is one
    assert all_of((one, negation(other))).arguments == (one, negation(other))  # type: ignore[union-attr]
