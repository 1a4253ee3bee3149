"""`handbill run` as a real process: swapped under load, stopped, killed, doubled, misconfigured."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from market import ENVIRONMENT, Market
from processes import PATIENCE, Runtimes, lost_and_twice, on_publish, until

from handbill.store.receipts import read_receipts


@pytest.fixture
def runtimes(market: Market) -> Iterator[Runtimes]:
    market.clock.at = datetime.now(UTC)
    running = Runtimes(market)
    yield running
    running.close()


def test_it_waits_for_a_first_release_sends_swaps_and_ends_when_told(
    market: Market, runtimes: Runtimes, mail_server: Any
) -> None:
    process = runtimes.start()
    until(lambda: "waiting for a first release" in runtimes.said(), "the first look")
    assert " ERROR " not in runtimes.said()
    on_publish(market)
    market.publish()
    until(lambda: runtimes.settled(2), "two mails")
    on_publish(market, "Triple points", "second")
    pointer = market.publish()

    def active() -> int:
        receipt = read_receipts(market.store, ENVIRONMENT).receipts.get("one")
        return receipt.active.sequence if receipt and receipt.active else 0

    until(lambda: active() == pointer.sequence == 2, "the second release")
    until(lambda: runtimes.settled(4), "two more mails")
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert "stopping" in runtimes.said()
    subjects = Counter(str(mail["Subject"]) for mail in mail_server.mails())
    assert subjects == {"Double points": 2, "Triple points": 2}


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_what_is_on_its_way_is_finished_and_the_rest_is_left(
    market: Market, runtimes: Runtimes, mail_server: Any, signum: int
) -> None:
    market.crowd(300)
    on_publish(market)
    market.publish()
    process = runtimes.start()

    def stop_in_the_middle(address: str) -> str:
        if len(mail_server.received) + 1 == 60:
            process.send_signal(signum)
            # the batch is still on its way when the signal is handled
            until(lambda: "stopping" in runtimes.said(), "the signal to be heeded")
            time.sleep(0.2)
        return "250 queued"

    mail_server.on_data = stop_in_the_middle
    assert process.wait(PATIENCE) == 0
    states = Counter(runtimes.states().values())
    assert 60 <= states["accepted"] == len(mail_server.received) < 300
    assert set(states) <= {"accepted", "claimed", "planned"}
    runtimes.start()
    until(lambda: runtimes.settled(300), "the rest")
    assert lost_and_twice(runtimes, mail_server) == (0, 0)
    assert set(runtimes.states().values()) == {"accepted"}


POINTS = [
    "before:add_run:1",
    "after:add_messages:1",
    "after:claim:2",
    "after:mark_sending:2",
    "before:settle:1",
    "before:set_watermark:1",
]


@pytest.mark.parametrize("point", POINTS)
def test_killed_between_two_states_and_started_again(
    market: Market, runtimes: Runtimes, mail_server: Any, point: str
) -> None:
    market.crowd(120)
    on_publish(market)
    market.publish()
    assert runtimes.start(kill=point).wait(PATIENCE) == -signal.SIGKILL
    runtimes.start()
    until(lambda: runtimes.settled(120), "everybody")
    assert lost_and_twice(runtimes, mail_server) == (0, 0)
    uncertain = Counter(runtimes.states().values())["uncertain"]
    assert uncertain <= 50
    if "settle" not in point and "mark_sending" not in point:
        assert uncertain == 0


def test_a_planted_bug_is_found(market: Market, runtimes: Runtimes, mail_server: Any) -> None:
    """Recovery that sends again what was on its way: the same books must show it."""
    market.crowd(120)
    on_publish(market)
    market.publish()
    point = "before:settle:1"
    assert runtimes.start(kill=point, bug="resend").wait(PATIENCE) == -signal.SIGKILL
    runtimes.start(bug="resend")
    until(lambda: runtimes.settled(120), "everybody")
    assert lost_and_twice(runtimes, mail_server)[1] > 0


def test_of_two_runtimes_one_sends_and_the_other_takes_over(
    market: Market, runtimes: Runtimes, mail_server: Any
) -> None:
    market.crowd(300)
    market.publish()
    first = runtimes.start("one")
    until(lambda: "sending, with the ledger" in runtimes.said("one"), "the first to send")
    second = runtimes.start("two")
    until(lambda: "HB901" in runtimes.said("two"), "the second to find the ledger taken")
    on_publish(market, name="second")

    def kill_in_the_middle(address: str) -> str:
        if len(mail_server.received) + 1 == 120 and first.poll() is None:
            first.kill()
            first.wait()
        return "250 queued"

    mail_server.on_data = kill_in_the_middle
    market.publish()
    assert first.wait(PATIENCE) == -signal.SIGKILL
    before = len(mail_server.received)
    until(lambda: runtimes.settled(300), "the second to finish")
    assert second.poll() is None and len(mail_server.received) > before
    assert lost_and_twice(runtimes, mail_server) == (0, 0)
    assert Counter(runtimes.states().values())["uncertain"] <= 50
    receipts = read_receipts(market.store, ENVIRONMENT).receipts
    assert {name: each.active is not None for name, each in receipts.items()} == {
        "one": True,
        "two": True,
    }


def test_swaps_under_load_mix_nothing(market: Market, runtimes: Runtimes, mail_server: Any) -> None:
    """Ten edits while a thousand mails leave: what a message says is what its plan says."""
    market.crowd(250)
    said: dict[str, str] = {}

    def publish(round_: int) -> None:
        for name in ("a", "b", "c", "d"):
            on_publish(market, f"{name}{round_}", name)
        market.publish()
        release = market.compiled().release
        assert release is not None
        for tenant in release.release.tenants.values():
            for pack in [release.packs[tenant]]:
                for digest, data in pack.items():
                    for subject in re.findall(rb'"([abcd]\d+)"', data):
                        said.setdefault(digest, subject.decode())

    market.remove("tenants/corner/campaigns/points.yaml")
    publish(0)
    process = runtimes.start()
    until(lambda: len(mail_server.received) > 10, "the first mails")
    for round_ in range(1, 11):
        publish(round_)
    until(lambda: runtimes.settled(1000), "a thousand mails")
    process.terminate()
    assert process.wait(PATIENCE) == 0
    with closing(sqlite3.connect(market.ledger)) as ledger:
        rows = ledger.execute(
            "SELECT m.id, m.plan, o.identity FROM messages m JOIN occurrences o ON o.id = occurrence"
        ).fetchall()
    recorded = {message: (plan, identity) for message, plan, identity in rows}
    subjects = {
        str(mail["Message-ID"]).strip("<>").split("@")[0]: str(mail["Subject"])
        for mail in mail_server.mails()
    }
    assert len(subjects) == len(mail_server.received) == 1000
    assert all(said[recorded[message][0]] == subject for message, subject in subjects.items())
    plans: dict[str, set[str]] = {}
    for plan, identity in recorded.values():
        plans.setdefault(identity, set()).add(plan)
    assert {name: len(each) for name, each in plans.items()} == dict.fromkeys("abcd", 1)


def test_a_spoiled_release_is_refused_and_status_says_why(
    market: Market, runtimes: Runtimes, mail_server: Any
) -> None:
    market.publish()
    process = runtimes.start()
    until(lambda: "active: " in runtimes.said(), "the first release")
    process.send_signal(signal.SIGSTOP)
    on_publish(market, name="second")
    pointer = market.publish()
    release = market.compiled().release
    assert release is not None and release.digest == pointer.release
    path = market.pack_file(release.release.tenants["corner"])
    data = path.read_bytes()
    path.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    process.send_signal(signal.SIGCONT)

    def refused() -> bool:
        told = read_receipts(market.store, ENVIRONMENT).receipts.get("one")
        return told is not None and told.refused is not None

    until(refused, "the refusal")
    asked = status(market)
    assert asked.returncode == 1
    assert "one: behind, number 1 active" in asked.stdout
    assert "error[HB805]" in asked.stdout and "= help: publish again" in asked.stdout
    assert process.poll() is None and runtimes.states() == {}
    path.write_bytes(data)
    until(lambda: runtimes.settled(2), "the mails of the mended release")
    assert status(market).returncode == 0


def status(market: Market) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "handbill.cli.main", "status", "--env", ENVIRONMENT]
    command += ["--store", market.store.url, "--trust", market.trust]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_cold_start_with_the_store_away_sends(
    market: Market, runtimes: Runtimes, mail_server: Any
) -> None:
    market.points("trigger: {at: 2099-12-05T12:00}")
    market.publish()
    first = runtimes.start()
    until(lambda: "sending, with the ledger" in runtimes.said(), "the first start")
    on_publish(market)
    market.publish()
    until(lambda: "number 2" in runtimes.said(), "the second release")
    first.kill()
    first.wait()
    shutil.move(market.root / "store", market.root / "away")
    runtimes.start()
    until(lambda: runtimes.settled(2), "two mails")
    assert "HB804" in runtimes.said() and "the last good release goes on" in runtimes.said()


def test_another_ledger_ends_the_session_on_the_old_one(
    market: Market, runtimes: Runtimes, mail_server: Any
) -> None:
    market.publish()
    runtimes.start("one", "--new-ledger")
    until(lambda: "sending, with the ledger" in runtimes.said(), "the first session")
    market.environment(ledger="other.db")
    market.publish()
    until(lambda: "other.db" in runtimes.said(), "the second session")
    on_publish(market, name="second")
    market.publish()

    def sent() -> bool:
        with closing(sqlite3.connect(market.root / "other.db", timeout=30)) as ledger:
            return bool(ledger.execute("SELECT count(*) FROM messages").fetchone()[0] == 2)

    until(sent, "two mails by the other ledger")
    assert runtimes.states() == {}


def test_links_that_cannot_be_served_end_it(market: Market, runtimes: Runtimes) -> None:
    market.publish()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = runtimes.start("one", "--listen", f"127.0.0.1:{port}")
        assert process.wait(PATIENCE) == 1
    assert "error[HB960]" in runtimes.said() and "Traceback" not in runtimes.said()


def test_a_ledger_that_cannot_be_opened_ends_it(market: Market, runtimes: Runtimes) -> None:
    market.ledger.write_text("this is no ledger, whatever its name says" * 100)
    market.publish()
    process = runtimes.start()
    assert process.wait(PATIENCE) == 1
    assert "error[HB902]" in runtimes.said() and "Traceback" not in runtimes.said()


def test_a_ledger_that_vanished_ends_it_until_a_new_one_is_meant(
    market: Market, runtimes: Runtimes, mail_server: Any
) -> None:
    on_publish(market)
    market.publish()
    first = runtimes.start()
    until(lambda: runtimes.settled(2), "two mails")
    first.terminate()
    first.wait()
    for path in market.root.glob("ledger.db*"):
        path.unlink()
    second = runtimes.start()
    assert second.wait(PATIENCE) == 1
    assert "error[HB904]" in runtimes.said() and "--new-ledger" in runtimes.said()
    assert not market.ledger.exists() and len(mail_server.received) == 2
    runtimes.start("one", "--new-ledger")
    until(lambda: runtimes.settled(2), "the same two mails again")
    assert len(mail_server.received) == 4
