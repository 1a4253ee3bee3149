"""Both back ends are asked, and a difference between them is never passed over."""

from __future__ import annotations

import pytest
from tested_base import Base, anything, reached

from handbill.cli.rehearsal import both_back_ends
from handbill.cli.rehearsal.both_back_ends import BackEndsDisagree
from handbill.plan.row import compile_expression


def test_what_both_say_is_said(base: Base) -> None:
    base.campaign("audience: (customer.lifetime_orders >= 5 or customer.tier is defined)")
    base.test(reached("ann") + reached("bea", "tier: gold"), anything("ann", "bea"))
    outcomes = base.outcomes()
    assert (outcomes["ann"].because, outcomes["bea"].because) == ("audience.include", "")


def test_a_back_end_that_differs_is_a_bug(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: Python takes every rule for its opposite."""

    def spoilt(rule, fields):
        function = compile_expression(rule, fields)
        return lambda row, context: not function(row, context)

    base.test(reached("ann"), anything("ann"))
    monkeypatch.setattr(both_back_ends, "compile_expression", spoilt)
    with pytest.raises(BackEndsDisagree, match=r"hello: SQL .*ann"):
        base.outcomes()


def test_a_clause_that_is_long_is_not_repeated(base: Base) -> None:
    states = ", ".join(f"'{letter}{other}'" for letter in "ABCDEFG" for other in "ABCDEFG")
    base.campaign(f'audience: "customer.state is defined and customer.state in [{states}]"')
    base.test(reached("ann", "state: ZZ") + reached("bea"), anything("ann", "bea"))
    outcomes = base.outcomes()
    assert outcomes["ann"].note == ""
    assert outcomes["bea"].note == "`customer.state is defined` does not hold"
