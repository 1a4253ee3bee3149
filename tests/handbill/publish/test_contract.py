"""Which runtimes cannot execute what is about to be theirs."""

from __future__ import annotations

from sample_release import compiled

from handbill.plan.ir import OPERATION_SET
from handbill.plan.model import PLAN_FORMAT
from handbill.publish.contract import OURS, needs_of, unable
from handbill.store.receipts import RECEIPT_FORMAT, Receipt


def _receipt(name: str, formats: tuple[int, ...], operations: tuple[int, ...]) -> Receipt:
    return Receipt(
        format=RECEIPT_FORMAT,
        runtime=name,
        environment="production",
        written="2026-12-05T10:00:00.000Z",
        formats=formats,
        operations=operations,
    )


LIVE = {
    "good": _receipt("good", (PLAN_FORMAT,), (OPERATION_SET - 1, OPERATION_SET)),
    "old": _receipt("old", (PLAN_FORMAT,), (OPERATION_SET - 1,)),
    "older": _receipt("older", (PLAN_FORMAT - 1,), (OPERATION_SET - 1,)),
    "silent": _receipt("silent", (), ()),
}


def test_what_a_release_needs_is_what_its_plans_say() -> None:
    release = compiled({"ann": "A", "dan": {"hello": "D", "again": "E"}})
    roots = release.release.tenants.values()
    assert needs_of(roots, release.packs.__getitem__) == OURS


def test_who_lacks_something_is_named_and_who_does_not_say_is_not_asked() -> None:
    old, older = unable("production", LIVE, OURS)
    assert old.code == older.code == "HB895"
    assert (
        f"`old` of `production` cannot execute this release: it lacks operation set {OPERATION_SET}"
        in old.message
    )
    assert f"plan format {PLAN_FORMAT} and operation set {OPERATION_SET}" in older.message
    assert "--ignore-runtime old" in (old.hint or "")


def test_dead_ones_may_be_left_out_and_nothing_needs_nothing() -> None:
    assert [each.hint for each in unable("production", LIVE, OURS, ["old", "older"])] == []
    assert unable("production", LIVE, frozenset()) == ()
