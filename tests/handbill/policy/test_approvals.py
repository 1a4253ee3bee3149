from __future__ import annotations

from handbill.policy.approvals import approvals_of


def test_handles_are_compared_without_case_and_at() -> None:
    approvals = approvals_of(["@Fresh-Fields/Legal", "ann", " "])
    assert approvals.by_one_of(["@fresh-fields/legal"])
    assert approvals.by_one_of(["@bob", "@Ann"])
    assert not approvals.by_one_of(["@bob"])


def test_nobody_can_approve_for_nobody() -> None:
    assert not approvals_of(["@ann"]).by_one_of([])
    assert not approvals_of(["", "@"]).by_one_of(["@"])
