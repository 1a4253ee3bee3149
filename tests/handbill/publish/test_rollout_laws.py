"""At every moment of a random rollout every tenant runs plans that it may run, and a stop, whenever it
comes, returns everybody."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from rollout_world import ORDERS, World

from handbill.publish import rollout as stepping
from handbill.publish.publication import Outcome
from handbill.publish.rings import going, within
from handbill.publish.rollback import rollback
from handbill.store.errors import StoreUnavailable

TENANTS = ("ann", "ben", "cat", "dan", "eve")
TEXTS = st.dictionaries(st.sampled_from(TENANTS), st.sampled_from("ABC"), min_size=1)


class Killed(BaseException):
    """The process is gone: nothing of it catches this."""


class Rollouts(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.world = World(self.folder / "store")
        self.count = 0

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize(texts=TEXTS)
    def first(self, texts: dict[str, str]) -> None:
        self._commit(texts)
        self.settled = self.world.runs()
        self.allowed = {name: {text} for name, text in self.settled.items()}

    @rule(texts=TEXTS, at_once=st.booleans())
    def commit(self, texts: dict[str, str], at_once: bool) -> None:
        before = self.world.runs()
        if self._rollout() is None:
            self.settled = before
        self._commit(texts, at_once)
        self.allowed = {
            name: {before.get(name), texts.get(name)} for name in before.keys() | texts.keys()
        }
        self.target = texts
        if at_once:
            assert self.world.runs() == texts

    @rule()
    def advance(self) -> None:
        self.world.advance()

    @rule(minutes=st.sampled_from([1, 30, 60]))
    def time_passes(self, minutes: int) -> None:
        self.world.pass_minutes(minutes)

    @rule(bad=st.booleans())
    def runtimes_follow(self, bad: bool) -> None:
        self.world.follow(refuses="HB931" if bad else "")

    @rule()
    def tend(self) -> None:
        going_on, before = self._rollout(), self.world.runs()
        done = self.world.tend()
        if done is not None and done.outcome is Outcome.STOPPED:
            assert going_on is not None
            self._returned()
        elif done is None:
            assert self.world.runs() == before

    @precondition(lambda self: self._rollout() is not None)
    @rule()
    def stop(self) -> None:
        self.world.stop("enough")
        self._returned()

    @precondition(lambda self: self._rollout() is not None)
    @rule()
    def roll_back(self) -> None:
        done = rollback(self.world.publisher)
        if done.outcome is Outcome.PUBLISHED:
            runs = self.world.runs()
            self.settled = runs
            self.allowed = {name: {text} for name, text in runs.items()}

    @precondition(lambda self: self._rollout() is not None)
    @rule(step=st.integers(1, 3), stops=st.booleans())
    def a_step_is_cut_off(self, step: int, stops: bool) -> None:
        """Nothing of the process survives; what it wrote so far does."""
        before = self.world.pointer
        publisher = _Dying(self.world, step).publisher
        with contextlib.suppress(Killed):
            if stops:
                stepping.stop(publisher, self.world.now)
            else:
                stepping.advance(publisher, self.world.now, ORDERS)
        if self._rollout() is None and stops:
            self._returned()
        elif stops:
            assert self.world.pointer == before

    @invariant()
    def everybody_runs_what_is_theirs(self) -> None:
        """`runs` proves each plan and channel behind the pointer."""
        if self.count == 0:
            return
        runs = self.world.runs()
        for name, allowed in self.allowed.items():
            assert runs.get(name) in allowed, (name, runs, self.allowed)
        assert runs.keys() <= self.allowed.keys()
        rollout = self._rollout()
        if rollout is not None:
            wanted = within(rollout.rings, rollout.reached)
            target = self.world.titles_of(rollout.target)
            for name in runs.keys() | target.keys():
                if wanted(name):
                    assert runs.get(name) == target.get(name)
            assert self.world.titles_of(rollout.base) == self.settled

    def _rollout(self):  # type: ignore[no-untyped-def]
        return going(self.world.pointer, self.world.now) if self.count else None

    def _returned(self) -> None:
        assert self.world.runs() == self.settled
        self.allowed = {name: {text} for name, text in self.settled.items()}

    def _commit(self, texts: dict[str, str], at_once: bool = False) -> None:
        self.count += 1
        self.world.commit(texts, f"{self.count:040d}", at_once=at_once)


class _Dying:
    """A publisher whose store kills the process at its n-th write."""

    def __init__(self, world: World, step: int) -> None:
        store = world.store
        left = step

        def dying(call):  # type: ignore[no-untyped-def]
            def counted(*arguments, **options):  # type: ignore[no-untyped-def]
                nonlocal left
                left -= 1
                if left == 0:
                    raise Killed
                return call(*arguments, **options)

            return counted

        for name in ("put", "create", "swap"):
            setattr(store, name, dying(getattr(store, name)))
        self.publisher = replace(world.publisher, store=store)


Rollouts.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestRollouts = Rollouts.TestCase


def test_a_store_that_fails_in_the_middle_is_the_old_release_or_the_new_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.commit({"ann": "A", "dan": "D"}, "1" * 40)
    world.commit({"ann": "A2", "dan": "D2"}, "2" * 40)
    store = world.store

    def refuse(*arguments: object, **options: object) -> bool:
        raise StoreUnavailable("the disk is full")

    store.swap = refuse  # type: ignore[method-assign]
    try:
        stepping.advance(replace(world.publisher, store=store), world.now, ORDERS)
        raise AssertionError("the store did not fail")
    except StoreUnavailable:
        assert world.runs() == {"ann": "A2", "dan": "D"}
    assert world.advance().outcome is Outcome.ADVANCED
