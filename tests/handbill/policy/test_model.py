from __future__ import annotations

from handbill.policy.model import Demand, Judgement, Named, Review


def test_missing_approvals_are_told_once() -> None:
    asked = Judgement("a", "approve", "applies", (Named("t", "c"),), None, "", ("@ann",))
    denied = Judgement("b", "deny", "applies", (), None, "")
    demands = (Demand("tenant t", ("@ann",), ()), Demand("tenant u", ("@bob",), (), True))
    assert Review((asked, denied), demands, ()).missing == (("@ann",),)
    assert str(Named("t", "c", "file")) == "t/c"
