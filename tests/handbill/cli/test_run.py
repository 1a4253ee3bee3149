"""`handbill run --once` against receivers in processes of their own, and what it refuses to begin."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parents[2] / "handbill_runtime"))

from market import ENVIRONMENT, NOON, Market

from handbill.cli.demo.processes import Processes, free_ports
from handbill.cli.demo.receipt_book import ReceiptBook
from handbill.cli.run import default_name, default_state, run
from handbill.publish.keys import generate_key
from handbill_runtime.ledger.sqlite import SqliteLedger

PATIENCE = 60


class World:
    """A market whose mails arrive in `book`."""

    def __init__(self, root: Path) -> None:
        ports = free_ports()
        self.processes = Processes(root)
        self._book = root / "mails.db"
        self.processes.start_receivers(ports, self._book, root / "http.db")
        self.market = Market(
            root, f"smtp://127.0.0.1:{ports.smtp}", f"http://127.0.0.1:{ports.http}"
        )
        self.market.clock.at = datetime.now(UTC)

    def options(self, *more: str) -> list[str]:
        market = self.market
        place = ["--store", market.store.url, "--env", ENVIRONMENT, "--trust", market.trust]
        return [*place, "--state", str(market.root / "state"), "--name", "one", *more]

    def run(self, *more: str) -> Result:
        return CliRunner().invoke(run, self.options(*more), catch_exceptions=False)

    def mails(self) -> list[str]:
        book = ReceiptBook(self._book)
        try:
            return sorted(each.recipient for each in book.all())
        finally:
            book.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path)
    yield opened
    opened.processes.close()


def test_once_at_an_hour_runs_what_is_due_then_and_says_what_came_of_it(world: World) -> None:
    world.market.publish()
    result = world.run("--once", "--at", NOON.isoformat())
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "corner: 1 campaign, 2 customers considered",
        "  selected            2",
        "  not included        0",
        "  → email             2  2 accepted",
    ]
    assert world.mails() == ["ann@shop.example", "bob@shop.example"]
    again = world.run("--once", "--at", NOON.isoformat())
    assert (again.exit_code, again.stdout) == (0, "nothing was due\n")
    assert len(world.mails()) == 2


def test_before_its_hour_nothing_is_due(world: World) -> None:
    world.market.publish()
    result = world.run("--once", "--at", "2026-12-05T16:59:59")
    assert (result.exit_code, result.stdout, world.mails()) == (0, "nothing was due\n", [])


def test_once_without_an_hour_is_now(world: World) -> None:
    world.market.points("trigger: {at: publish}")
    world.market.publish()
    assert world.run("--once").exit_code == 0
    assert len(world.mails()) == 2


def test_since_replays_every_occurrence(world: World) -> None:
    world.market.points("trigger: {cron: '0 10 * * *', timezone: tenant}\nreentry: always\n")
    world.market.publish()
    period = ("--since", "2026-12-01T00:00Z", "--at", "2026-12-04T00:00+01:00")
    result = world.run("--once", *period, "--output", "json")
    document = json.loads(result.stdout)
    assert (document["version"], document["troubles"]) == (1, [])
    corner = document["tenants"]["corner"]
    assert corner["channels"]["email"]["accepted"] == len(world.mails()) == 6
    assert corner["campaigns"] == ["points"] and corner["selected"] == 6


def test_a_tenants_trouble_is_told_and_exits_with_one(world: World) -> None:
    world.market.tenant("north")
    world.market.points("trigger: {at: 2026-12-05T12:00}", tenant="north")
    world.market.publish()
    (world.market.root / "data" / "corner" / "customers.csv").unlink()
    result = world.run("--once", "--at", NOON.isoformat())
    assert result.exit_code == 1
    assert "error[HB940]: corner: `corner` has no customers" in result.stderr
    assert "= help: put the file there" in result.stderr
    assert "north: 1 campaign" in result.stdout and len(world.mails()) == 2
    told = json.loads(world.run("--once", "--at", NOON.isoformat(), "--output", "json").stdout)
    assert [each["code"] for each in told["troubles"]] == ["HB940"]


def test_a_provider_without_its_secret_is_told_and_exits_with_one(world: World) -> None:
    market = world.market
    market.customers("id,first_name,phone,consent,orders\nann,A,+15185550001,sms.promotions,1\n")
    market.points('trigger: {at: 2026-12-05T12:00}\nmessage: {sms: {body: "Hello. STOP to end"}}\n')
    market.publish()
    (market.root / "secret").unlink()
    result = world.run("--once", "--at", NOON.isoformat())
    assert result.exit_code == 1
    assert "error[HB922]: corner: the secret of provider `text` cannot be read" in result.stderr
    assert "1 waiting" in result.stdout


def test_a_signal_ends_it_between_batches(world: World) -> None:
    """Fifty an hour: the rest would take the night."""
    world.market.rate = "50 per 1 hour"
    world.market.environment()
    world.market.crowd(120)
    world.market.points("trigger: {at: publish}")
    world.market.publish()
    command = [sys.executable, "-m", "handbill.cli.main", "run", *world.options("--once")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    give_up = time.monotonic() + PATIENCE
    while len(world.mails()) < 50 and time.monotonic() < give_up:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1 and "Traceback" not in err
    assert "50 accepted, 70 waiting" in out and "stopped before everything was done" in err
    assert len(world.mails()) == 50


def test_a_ledger_in_use_is_refused(world: World) -> None:
    world.market.publish()
    ledger = SqliteLedger(world.market.ledger)
    ledger.take_lease("another", NOON)
    result = world.run("--once", "--at", NOON.isoformat())
    ledger.close()
    assert result.exit_code == 1 and "error[HB901]" in result.stderr
    assert "in use by another" in result.stderr and world.mails() == []


# ── what cannot begin ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def market(tmp_path: Path) -> Market:
    market = Market(tmp_path)
    market.clock.at = datetime.now(UTC)
    return market


def begin(market: Market, *more: str, **instead: str) -> Result:
    given = {
        "store": market.store.url, "env": ENVIRONMENT, "trust": market.trust,
        "state": str(market.root / "state"), "name": "one", **instead,
    }  # fmt: skip
    options = [part for name, value in given.items() for part in (f"--{name}", value)]
    return CliRunner().invoke(run, [*options, *more], catch_exceptions=False)


def test_nothing_published(market: Market) -> None:
    result = begin(market, "--once")
    assert result.exit_code == 1
    assert "error[HB804]: nothing was ever published to `test`" in result.stderr
    assert "= help: handbill publish --env test" in result.stderr
    assert not (market.root / "store").exists()


def test_a_release_that_is_not_sound(market: Market) -> None:
    market.publish()
    market.pointer_file.write_text("{}")
    result = begin(market, "--once")
    assert result.exit_code == 1 and "error[HB811]" in result.stderr


def test_a_release_that_somebody_else_signed(market: Market) -> None:
    market.publish(key=generate_key())
    result = begin(market, "--once")
    assert result.exit_code == 1 and "error[HB812]" in result.stderr
    assert "--trust" in result.stderr


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ({"env": "Test!"}, "HB801"),
        ({"env": "../../etc"}, "HB801"),
        ({"name": "my runtime"}, "HB801"),
        ({"store": "ftp://bucket"}, "HB801"),
        ({"trust": "no-such.pub"}, "HB830"),
        ({"trust": "ed25519:nonsense"}, "HB830"),
    ],
)
def test_what_could_never_work_is_told_at_once(
    market: Market, instead: dict[str, str], code: str
) -> None:
    for more in ((), ("--once",)):
        result = begin(market, *more, **instead)
        assert result.exit_code == 1 and f"error[{code}]" in result.stderr
        assert "= help:" in result.stderr


def test_a_runtime_that_stays_says_why_it_cannot(market: Market) -> None:
    market.ledger.mkdir()
    market.publish()
    result = begin(market)
    assert result.exit_code == 1 and "error[HB902]" in result.stderr
    taken = begin(market, "--listen", "nonsense")
    assert taken.exit_code == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--at", "2026-12-05"], "--at and --since go with --once"),
        (["--since", "2026-12-05"], "--at and --since go with --once"),
        (["--once", "--at", "noon"], "`noon` is not a time; write 2026-12-05T10:00Z"),
        (["--once", "--at", "0001-01-01T00:00+14:00"], "is not a time"),
        (["--once", "--at", "9999-12-31T23:59Z"], "is not in the years 1900 to 2199"),
        (["--once", "--since", "0002-01-01"], "is not in the years 1900 to 2199"),
        (["--once", "--at", "2026-12-05", "--since", "2026-12-06"], "--since is later than --at"),
        (["--once", "--since", "2199-01-01"], "--since is later than now"),
        (["--once", "--listen", "127.0.0.1:0"], "--listen goes with a runtime that stays"),
    ],
)
def test_options_that_do_not_go_together(market: Market, more: list[str], said: str) -> None:
    result = begin(market, *more)
    assert result.exit_code == 2 and said in " ".join(result.stderr.replace("│", " ").split())


def test_another_store_has_a_state_of_its_own(market: Market, tmp_path: Path) -> None:
    """Its releases count from one again, and are not taken for old ones."""
    market.points("trigger: {at: 2099-12-05T12:00}")
    for subject in ("one", "two", "three"):
        market.points(
            f"""
            trigger: {{at: 2099-12-05T12:00}}
            message: {{email: {{subject: "{subject}", template: mail.html}}}}
            """
        )
        market.publish()
    assert begin(market, "--once").exit_code == 0
    other = Market(tmp_path / "other", key=market.key)
    other.clock.at = datetime.now(UTC)
    other.points("trigger: {at: 2099-12-05T12:00}")
    other.publish()
    result = begin(market, "--once", store=other.store.url)
    assert result.exit_code == 0, result.stderr
    assert len(list((market.root / "state" / ENVIRONMENT).iterdir())) == 2


def test_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_state() == tmp_path / "handbill"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_state() == tmp_path / ".local" / "state" / "handbill"
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os, "getuid", lambda: 54_321)
    with pytest.raises(click.UsageError, match="name one with --state"):
        default_state()
    names: dict[str, Any] = {"till-4": "till-4", "_a b": "a-b", "": "runtime", "x" * 200: "x" * 100}
    for given, wanted in names.items():
        monkeypatch.setattr("socket.gethostname", lambda given=given: given)
        assert default_name() == wanted
