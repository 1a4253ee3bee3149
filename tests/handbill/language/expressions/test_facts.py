"""The algebra of what is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handbill.language.expressions.facts import IMPOSSIBLE, NOTHING, Facts, Interval

A, B, C = ("customer", "a"), ("customer", "b"), ("item",)
facts = st.builds(
    lambda defined, low, size, nonzero: Facts(frozenset(defined), {A: Interval(low, low + size)}, frozenset(nonzero)),
    st.sets(st.sampled_from([A, B, C])),
    st.integers(-5, 5),
    st.integers(0, 5),
    st.sets(st.sampled_from([A, B])),
)  # fmt: skip


def test_prefixes_are_defined_too() -> None:
    assert Facts.of(("customer", "store", "name")).defined == {
        ("customer", "store"),
        ("customer", "store", "name"),
    }
    assert Facts.of(C).defined == {C}


def test_both() -> None:
    left = Facts(frozenset([A]), {A: Interval(0, 9)})
    right = Facts(frozenset([B]), {A: Interval(5, 20)}, frozenset([A]))
    assert left.both(right) == Facts(frozenset([A, B]), {A: Interval(5, 9)}, frozenset([A]))


def test_either() -> None:
    left = Facts(frozenset([A, B]), {A: Interval(0, 3), B: Interval(1, 1)})
    right = Facts(frozenset([B]), {A: Interval(5, 9)})
    assert left.either(right) == Facts(frozenset([B]), {A: Interval(0, 9)})
    assert IMPOSSIBLE.either(left) == left
    assert left.either(IMPOSSIBLE) == left


def test_contradictions_do_not_invent_bounds() -> None:
    low, high = Facts(ranges={A: Interval(0, 3)}), Facts(ranges={A: Interval(7, 9)})
    assert low.both(high).ranges[A] == Interval(7, 9)


def test_a_local_name_ends() -> None:
    known = Facts(frozenset([A, C]), {A: Interval(0, 1), C: Interval(0, 1)}, frozenset([A, C]))
    assert known.without("item") == Facts(frozenset([A]), {A: Interval(0, 1)}, frozenset([A]))


@given(facts, facts)
def test_laws(left: Facts, right: Facts) -> None:
    assert left.both(NOTHING) == left
    assert left.either(right) == right.either(left)
    assert left.either(left) == left
    assert left.both(right).defined >= left.defined
    assert left.either(right).defined <= left.defined
    assert left.both(IMPOSSIBLE).impossible
