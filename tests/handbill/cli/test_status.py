"""`handbill status`: what is published, what runs, what was refused and why, all from real stores."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parents[2] / "handbill_runtime"))

from market import ENVIRONMENT, Market

from handbill.cli.status import status
from handbill.pipeline import compile_tree
from handbill.publish.keys import generate_key
from handbill.publish.publishing import publish
from handbill.source.working_tree import open_working_tree
from handbill.store.receipts import TroubleReceipt


@pytest.fixture
def market(tmp_path: Path) -> Market:
    market = Market(tmp_path)
    market.clock.at = datetime.now(UTC)
    return market


def ask(market: Market, *more: str, trust: str = "") -> Result:
    options = ["--env", ENVIRONMENT, "--store", market.store.url]
    trusted = ["--trust", trust or market.trust]
    return CliRunner().invoke(status, [*options, *trusted, *more], catch_exceptions=False)


def edit(market: Market, subject: str) -> None:
    market.points(
        f"""
        trigger: {{at: 2026-12-05T12:00}}
        message: {{email: {{subject: "{subject}", template: mail.html}}}}
        """
    )


def test_nothing_is_published(market: Market) -> None:
    (market.root / "store").mkdir()
    result = ask(market)
    assert (result.exit_code, result.stdout) == (0, "test: nothing is published\n")


def test_a_runtime_that_runs_what_is_published_is_current(market: Market) -> None:
    pointer = market.publish()
    market.follower().start()
    result = ask(market)
    first, second = result.stdout.splitlines()
    assert first == (
        f"test: number 1, {pointer.release[:19]}, commit {pointer.commit[:12]}, "
        f"issued {pointer.issued}"
    )
    assert second.startswith("one: current, number 1 active since 20") and result.exit_code == 0


def test_one_that_is_behind_makes_the_exit_code_one(market: Market) -> None:
    market.publish()
    market.follower("one").start()
    edit(market, "Triple points")
    market.publish()
    market.follower("two").start()
    result = ask(market)
    assert result.exit_code == 1
    assert "one: behind, number 1 active" in result.stdout
    assert "two: current, number 2 active" in result.stdout


def test_a_runtime_that_has_ended_is_waited_for_no_more(market: Market) -> None:
    market.publish()
    ended = market.follower("one")
    ended.start()
    edit(market, "Triple points")
    market.publish()
    assert ask(market).exit_code == 1
    ended.end()
    result = ask(market)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].startswith("one: ended at 20")
    assert result.stdout.splitlines()[1].endswith("number 1 was active")


def test_a_refusal_stands_beside_what_runs_with_its_way_out(market: Market) -> None:
    market.publish()
    follower = market.follower()
    follower.start()
    edit(market, "Triple points")
    pointer = market.publish()
    release = market.compiled().release
    assert release is not None and release.digest == pointer.release
    market.pack_file(release.release.tenants["corner"]).unlink()
    follower.refresh()
    result = ask(market)
    assert result.exit_code == 1
    assert "one: behind, number 1 active since" in result.stdout
    assert "  refused at 20" in result.stdout
    assert "  error[HB804]: the pack sha256:" in result.stdout
    assert "    = help: publish again: it is then written anew" in result.stdout


def test_a_runtime_that_never_had_a_sound_release(market: Market) -> None:
    market.publish()
    market.pointer_file.write_text("nonsense")
    market.follower().start()
    result = ask(market)
    assert result.exit_code == 1
    assert result.stdout.startswith("test: the pointer is not sound\n  error[HB811]:")
    assert "one: nothing active\n" in result.stdout


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda market: market.pointer_file.write_text("{}"), "HB811"),
        (lambda market: market.pointer_file.write_bytes(b""), "HB811"),
    ],
)
def test_a_pointer_that_is_not_sound(market: Market, spoil: object, code: str) -> None:
    market.publish()
    market.follower().start()
    spoil(market)  # type: ignore[operator]
    result = ask(market)
    assert result.exit_code == 1 and f"error[{code}]" in result.stdout
    assert "one: behind" in result.stdout


def test_another_key_is_not_believed(market: Market) -> None:
    market.publish()
    result = ask(market, trust=str(generate_key().public))
    assert result.exit_code == 1 and "error[HB812]" in result.stdout
    assert "= help: trust the key that signs it" in result.stdout


def test_an_expired_pointer_is_told_beside_what_it_says(market: Market) -> None:
    market.clock.at = datetime.now(UTC) - timedelta(days=31)
    market.publish()
    result = ask(market)
    assert result.exit_code == 1
    assert "test: number 1" in result.stdout and "error[HB815]" in result.stdout


def test_a_receipt_that_cannot_be_read(market: Market) -> None:
    market.publish()
    market.follower().start()
    receipt = market.pointer_file.parent / "receipts" / "one"
    receipt.write_text("nonsense")
    result = ask(market)
    assert result.exit_code == 1
    assert "one: unknown\n  error[HB860]" in result.stdout


def test_held_tenants_are_named(market: Market) -> None:
    market.tenant("north")
    market.points("trigger: {at: 2026-12-05T12:00}", tenant="north")
    market.publish()
    market.campaign("points", "category: promotions\nstatus: active\n", tenant="north")
    edit(market, "Triple points")
    tree, _ = open_working_tree(market.root / "repository")
    assert tree is not None
    compiled = compile_tree(tree)
    assert compiled.release is not None and compiled.release.failed == ("north",)
    publish(market.publisher(), compiled.release, compiled.environments[ENVIRONMENT])
    assert ", held: north" in ask(market).stdout


def test_json_holds_it_all(market: Market) -> None:
    pointer = market.publish()
    follower = market.follower()
    follower.start()
    document = json.loads(ask(market, "--output", "json").stdout)
    assert (document["version"], document["problem"], document["unreadable"]) == (1, None, {})
    assert document["published"]["release"] == pointer.release
    assert document["runtimes"]["one"]["active"]["sequence"] == 1
    assert document["runtimes"]["one"]["current"] is True
    market.pointer_file.write_text("nonsense")
    (market.pointer_file.parent / "receipts" / "two").write_text("nonsense")
    follower.refresh()
    document = json.loads(ask(market, "--output", "json").stdout)
    assert document["problem"]["code"] == "HB811" and document["problem"]["hint"]
    assert document["runtimes"]["one"]["current"] is False
    assert document["runtimes"]["one"]["refused"]["code"] == "HB811"
    assert document["unreadable"]["two"]["code"] == "HB860"


def test_the_store_is_found_through_the_environments_file(market: Market) -> None:
    market.publish()
    options = ["--env", ENVIRONMENT, "--repo", str(market.root / "repository")]
    result = CliRunner().invoke(status, [*options, "--trust", market.trust])
    assert result.exit_code == 0 and result.stdout.startswith("test: number 1")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--env", "No!", "--store", "/tmp/x"], "HB801"),
        (["--env", "test", "--store", "ftp://bucket"], "HB801"),
        (["--env", "test", "--store", "/tmp/x", "--trust", "no-such-file.pub"], "HB830"),
    ],
)
def test_what_cannot_be_looked_at(market: Market, options: list[str], code: str) -> None:
    trusted = [] if "--trust" in options else ["--trust", market.trust]
    result = CliRunner().invoke(status, [*options, *trusted])
    assert result.exit_code == 1 and f"error[{code}]" in result.stderr


def test_a_store_that_is_away_is_not_an_empty_one(market: Market) -> None:
    market.publish()
    shutil.rmtree(market.root / "store")
    result = ask(market)
    assert result.exit_code == 1
    assert "error[HB804]: there is no store at" in result.stdout and "mounted" in result.stdout


def test_a_pointer_that_is_gone_is_not_one_that_never_was(market: Market) -> None:
    market.publish()
    market.pointer_file.unlink()
    result = ask(market)
    assert result.exit_code == 1 and "error[HB804]: the pointer of `test` is gone" in result.stdout


def test_what_a_receipt_says_moves_no_cursor(market: Market) -> None:
    market.publish()
    follower = market.follower()
    follower.start()
    follower.tell((TroubleReceipt(tenant="a", code="HB1", message="x\x1b[2J\nall is well"),))
    shown = ask(market).stdout
    assert "\x1b" not in shown and "x [2J all is well" in shown


def test_what_tenants_cannot_do_is_shown(market: Market) -> None:
    market.publish()
    follower = market.follower()
    follower.start()
    follower.tell(
        (
            TroubleReceipt(
                tenant="corner", code="HB940", message="no customers", hint="put it there"
            ),
        )
    )
    result = ask(market)
    assert "  error[HB940]: corner: no customers\n    = help: put it there\n" in result.stdout
    assert result.exit_code == 0  # it runs what is published
    (trouble,) = json.loads(ask(market, "--output", "json").stdout)["runtimes"]["one"]["troubles"]
    assert trouble["tenant"] == "corner"
    follower.end()
    assert "HB940" not in ask(market).stdout
