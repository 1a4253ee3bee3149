"""`status --wait` ends when enough runtimes run what is published, or when the time is over."""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parents[2] / "handbill_runtime"))

from market import ENVIRONMENT, Market

from handbill.cli.status import status
from handbill_runtime.follow.follower import Follower


@pytest.fixture
def market(tmp_path: Path) -> Market:
    market = Market(tmp_path)
    market.clock.at = datetime.now(UTC)
    return market


def ask(market: Market, *more: str) -> Result:
    options = ["--env", ENVIRONMENT, "--store", market.store.url, "--trust", market.trust]
    return CliRunner().invoke(status, [*options, *more], catch_exceptions=False)


def started(market: Market, *names: str) -> list[Follower]:
    followers = [market.follower(name) for name in names]
    for follower in followers:
        follower.start()
    return followers


def publish_again(market: Market) -> None:
    market.points("trigger: {at: 2026-12-05T12:00}\npriority: 70")
    market.publish()


def test_it_waits_for_the_last_of_those_who_are_asked_for(market: Market) -> None:
    market.publish()
    one, two, _ = started(market, "one", "two", "three")
    publish_again(market)
    one.refresh()
    assert ask(market, "--wait", "30%", "--timeout", "0").exit_code == 0
    late = threading.Timer(0.5, two.refresh)
    late.start()
    waited = ask(market, "--wait", "60%", "--timeout", "30")
    late.join()
    assert waited.exit_code == 0
    assert waited.stdout.splitlines()[-1] == "reached: 2 of 3 runtimes run what is published"


def test_it_gives_up_in_time_and_says_who_is_behind(market: Market) -> None:
    market.publish()
    started(market, "one")
    publish_again(market)
    result = ask(market, "--wait", "100%", "--timeout", "0.2")
    assert result.exit_code == 1 and "one: behind" in result.stdout
    assert result.stdout.splitlines()[-1] == "not reached: 0 of 1 runtimes run what is published"
    document = json.loads(
        ask(market, "--wait", "100%", "--timeout", "0", "--output", "json").stdout
    )
    assert document["reached"] is False and document["runtimes"]["one"]["live"] is True


def test_nobody_waits_for_one_that_ended_or_fell_silent(market: Market) -> None:
    market.publish()
    ended, _ = started(market, "ended", "one")
    ended.end()
    path = market.root / "store" / "environments" / ENVIRONMENT / "receipts"
    market.clock.at = datetime.now(UTC) - timedelta(days=1)
    started(market, "silent")
    import os

    before = market.clock.at.timestamp()
    os.utime(path / "silent", (before, before))
    market.clock.at = datetime.now(UTC)
    result = ask(market, "--wait", "100%", "--timeout", "0")
    assert result.exit_code == 0 and "silent: silent since" in result.stdout
    assert result.stdout.splitlines()[-1] == "reached: 1 of 1 runtimes run what is published"


def test_an_earlier_number_may_be_waited_for(market: Market) -> None:
    market.publish()
    started(market, "one")
    publish_again(market)
    assert ask(market, "--wait", "100%", "--sequence", "1", "--timeout", "0").exit_code == 0
    assert ask(market, "--wait", "100%", "--sequence", "2", "--timeout", "0").exit_code == 1


def test_nothing_is_reached_where_no_runtime_is_there(market: Market) -> None:
    market.publish()
    result = ask(market, "--wait", "1%", "--timeout", "0")
    assert result.exit_code == 1 and "not reached: no runtime is there" in result.stdout


@pytest.mark.parametrize("share", ["0%", "101%", "most", "-5", "nan"])
def test_a_share_is_a_percentage(market: Market, share: str) -> None:
    result = ask(market, f"--wait={share}")
    assert result.exit_code == 2 and "write 99%" in result.stderr


def test_what_no_waiting_mends_is_told_at_once(market: Market) -> None:
    options = ["--env", ENVIRONMENT, "--store", market.store.url, "--trust", "no-such.pub"]
    result = CliRunner().invoke(status, [*options, "--wait", "99%", "--timeout", "86400"])
    assert result.exit_code == 1 and "error[HB830]" in result.stderr


def test_a_time_that_is_no_number_does_not_wait_for_ever(market: Market) -> None:
    assert ask(market, "--wait", "99%", "--timeout", "nan").exit_code == 2


def test_a_number_alone_is_not_enough(market: Market) -> None:
    assert ask(market, "--sequence", "1").exit_code == 2
