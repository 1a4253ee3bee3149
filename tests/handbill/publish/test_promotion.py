"""What staging runs is production's by its digest: proved, copied, bound, and never compiled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rollout_world import CANARY, FREEZE, LAST, World, titles
from sample_release import environment

from handbill.lower.bringing_out import BringingOut, Rings
from handbill.plan.model import Environment
from handbill.plan.pointer import Held
from handbill.publish.orders import NO_FIRST, NO_ORDERS, Orders
from handbill.publish.promotion import Source, promote
from handbill.publish.publication import Outcome, Publication
from handbill.publish.publisher import Publisher
from handbill.store.folder import FolderStore
from handbill.store.paths import part_path

OLD = titles(ann="A", dan="D")
NEW = titles(ann="A2", dan="D2")


class Two:
    """`staging` publishes and runs in a store of its own; `target` is production's."""

    def __init__(self, folder: Path) -> None:
        self.staging = World(folder / "staging", orders=NO_ORDERS)
        self.target = World(folder / "production")

    def promote(
        self,
        orders: Orders = NO_ORDERS,
        into: Environment | None = None,
        sequence: int | None = None,
        despite_health: bool = False,
    ) -> Publication:
        source = Source(self.staging.store, "production", self.staging.publisher.trust, sequence)
        self.target.now = self.staging.now
        return promote(
            self.target.publisher,
            source,
            into or environment(),
            orders,
            despite_health=despite_health,
        )


@pytest.fixture
def two(tmp_path: Path) -> Two:
    found = Two(tmp_path)
    found.staging.commit(OLD, "1" * 40)
    found.staging.follow()
    return found


def test_the_release_is_the_same_and_whole_in_its_new_store(two: Two) -> None:
    done = two.promote(Orders(by="ann"))
    assert done.outcome is Outcome.PUBLISHED and two.target.runs() == OLD
    pointer = two.target.pointer
    assert (pointer.release, pointer.commit) == (two.staging.pointer.release, "1" * 40)
    assert (pointer.promoted, pointer.by) == ("production 1", "ann")
    assert pointer.why == "promoted from production, number 1"
    assert pointer.statement is None, "nothing was compiled"
    assert two.promote().outcome is Outcome.UNCHANGED


def test_what_staging_does_not_run_healthily_is_refused_unless_told(two: Two) -> None:
    two.staging.commit(NEW, "2" * 40)
    for prepare, said in (
        (lambda: None, "the runtime `web-1` does not run it"),
        (lambda: two.staging.follow(trouble=("ann", "HB951")), "`ann` has trouble on `web-1`"),
        (lambda: two.staging.follow(ended=True), "no runtime of `production` is there"),
    ):
        prepare()
        refused = two.promote()
        assert refused.outcome is Outcome.REFUSED and refused.diagnostics[0].code == "HB896"
        assert said in refused.diagnostics[0].message
    assert two.promote(despite_health=True).outcome is Outcome.PUBLISHED
    assert two.target.runs() == NEW


def test_an_earlier_number_is_taken_only_when_told(two: Two) -> None:
    two.staging.commit(NEW, "2" * 40)
    two.staging.follow()
    refused = two.promote(sequence=1)
    assert "runs number 2 now" in refused.diagnostics[0].message
    two.promote(sequence=1, despite_health=True)
    assert two.target.runs() == OLD


def test_a_step_of_a_rollout_is_no_release(two: Two) -> None:
    rings = BringingOut(Rings((CANARY, LAST)))
    two.staging.orders = Orders(rings)
    two.staging.commit(NEW, "2" * 40)
    two.staging.follow()
    assert two.promote().diagnostics[0].code == "HB897"


def test_the_targets_rings_and_freezes_hold(two: Two) -> None:
    two.promote()
    two.staging.commit(NEW, "2" * 40)
    two.staging.follow()
    two.promote(Orders(BringingOut(Rings((CANARY, LAST)))))
    assert two.target.runs() == OLD | titles(ann="A2")
    two.target.advance()
    assert two.target.runs() == NEW
    two.staging.commit(OLD | titles(ann="A3"), "3" * 40)
    two.staging.pass_minutes(24 * 60)
    two.staging.follow()
    waiting = two.promote(Orders(BringingOut(freezes=(replace(FREEZE, exempt=()),))))
    assert waiting.outcome is Outcome.WAITING and two.target.runs() == NEW


def test_plans_are_bound_to_the_targets_providers(two: Two) -> None:
    refused = two.promote(into=environment(mail="smtp"))
    assert refused.outcome is Outcome.REFUSED
    assert {each.code for each in refused.diagnostics} >= {"HB820"}


def test_a_new_environment_has_to_be_meant(two: Two) -> None:
    refused = two.promote(Orders(first=NO_FIRST))
    assert refused.diagnostics[0].code == "HB847"
    digest = two.staging.pointer.release
    assert digest in (refused.diagnostics[0].hint or "")
    assert two.promote(Orders(first=digest)).outcome is Outcome.PUBLISHED


def test_held_tenants_stay_marked(two: Two) -> None:
    two.staging.commit({"ann": "A2"}, "2" * 40, failed=["dan"])
    two.staging.follow()
    two.promote()
    assert two.target.pointer.held == (Held(tenant="dan", since="2" * 40),)
    assert two.target.runs() == titles(ann="A2", dan="D")


def test_a_runtime_of_the_target_has_to_execute_it(two: Two) -> None:
    two.promote()
    two.target.follow("old-1", operations=99)
    two.staging.commit(NEW, "2" * 40)
    two.staging.follow()
    refused = two.promote()
    assert refused.outcome is Outcome.REFUSED and refused.diagnostics[0].code == "HB895"


def test_a_damaged_source_is_refused(two: Two) -> None:
    root = two.staging.root
    from handbill.store.release import read_release

    stored = read_release(FolderStore(root), two.staging.pointer.release)
    path = root / part_path(stored.release.tenants["ann"])
    path.write_bytes(path.read_bytes()[:-1])
    from handbill.store.errors import PackDamaged

    with pytest.raises(PackDamaged):
        two.promote()


def test_an_empty_source(tmp_path: Path) -> None:
    two = Two(tmp_path)
    assert two.promote().diagnostics[0].code == "HB810"
    assert isinstance(two.target.publisher, Publisher)
