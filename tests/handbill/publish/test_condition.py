from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.publish.condition import STORE_SECONDS, STUCK_SECONDS, Condition
from handbill.publish.events import Handled, Renewed, Trouble
from handbill.publish.publication import Outcome, Publication

HANDLED = Handled("c" * 40, None, Publication(Outcome.PUBLISHED, None), (), 0.1, 0.1)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_ready_is_branch_store_and_a_commit() -> None:
    clock = Clock()
    condition = Condition(60, clock)
    is_ready, body = condition.report()
    assert not is_ready and len(body["problems"]) == 3
    condition.branch_seen()
    condition.record(HANDLED)
    is_ready, body = condition.report()
    assert is_ready and body["problems"] == []
    assert (body["commit"], body["outcome"]) == ("c" * 40, "published")
    clock.now += STORE_SECONDS + 1
    condition.branch_seen()
    assert condition.report()[1]["problems"] == ["the store did not answer lately"]
    condition.store_seen()
    clock.now += 1
    is_ready, body = condition.report()
    assert is_ready and body["store_seen_seconds_ago"] == 1.0
    assert body["handled_seconds_ago"] == STORE_SECONDS + 2
    clock.now += 60
    condition.record(Renewed(Publication(Outcome.RENEWED, None)))
    assert condition.report()[1]["problems"] == ["the branch was not seen lately"]


def test_trouble_is_told_until_a_commit_is_handled() -> None:
    condition = Condition(60, Clock())
    condition.branch_seen()
    condition.record(HANDLED)
    condition.record(Trouble(Diagnostic("HB802", "the disk is full"), 1.0))
    assert condition.report() == (False, condition.report()[1])
    assert condition.report()[1]["problems"] == ["HB802: the disk is full"]
    condition.record(Handled("d" * 40, None, None, (), 0.1, 0.1))
    is_ready, body = condition.report()
    assert is_ready and body["outcome"] == "not published"


def test_a_loop_that_stands_still_is_not_alive() -> None:
    clock = Clock()
    condition = Condition(60, clock)
    clock.now += STUCK_SECONDS - 1
    assert condition.is_alive
    clock.now += 2
    assert not condition.is_alive
    condition.turned()
    assert condition.is_alive
