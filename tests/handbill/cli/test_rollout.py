"""`handbill rollout`, and publishing with rings, freezes and environments from a real repository."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from handbill.cli.rollout import rollout
from handbill.plan.ir import OPERATION_SET
from handbill.plan.model import PLAN_FORMAT
from handbill.publish.keys import generate_key
from handbill.store.folder import FolderStore
from handbill.store.instant import utc_text
from handbill.store.receipts import RECEIPT_FORMAT, ActiveReceipt, Receipt, write_receipt

WEEKEND = "Double points this weekend"
RINGS = """rollout:
  rings:
    - {name: canary, tenants: [fresh-fields]}
    - {name: everyone, share: 100%}
"""
LONG = "from: 2020-01-01T00:00, to: 2199-01-01T00:00, timezone: UTC, reason: Cyber Week"


@pytest.fixture
def ringed(published):  # type: ignore[no-untyped-def]
    """Two tenants; the canary is the first of them. The first release is out."""
    tenants = published.folder / "tenants"
    shutil.copytree(tenants / "fresh-fields", tenants / "second-shop")
    environment = published.folder / "environments" / "staging.yaml"
    environment.write_text(environment.read_text("utf-8") + RINGS, encoding="utf-8")
    published.git("add", "-A")
    published.git("commit", "-q", "-m", "two shops, two rings")
    assert published.publish().exit_code == 0
    return published


def _rollout(world, *arguments: str) -> Result:  # type: ignore[no-untyped-def]
    place = ["--env", "staging", "--repo", str(world.folder)]
    return CliRunner().invoke(
        rollout, [arguments[0], *place, *arguments[1:]], catch_exceptions=False
    )


def _moved(world, *arguments: str) -> Result:  # type: ignore[no-untyped-def]
    return _rollout(world, *arguments, "--key", str(world.key))


def _edit_both(world, text: str) -> None:  # type: ignore[no-untyped-def]
    for tenant in ("fresh-fields", "second-shop"):
        path = world.folder / "tenants" / tenant / "campaigns" / "hello.yaml"
        path.write_text(path.read_text("utf-8").replace(WEEKEND, text), encoding="utf-8")
    world.git("add", "-A")
    world.git("commit", "-q", "-m", "an edit")


def _runtime(world, name: str = "web-1", operations: int = OPERATION_SET) -> None:  # type: ignore[no-untyped-def]
    pointer = world.published("--rev", "HEAD")["pointer"]
    now = utc_text(datetime.now(UTC), milliseconds=True)
    write_receipt(
        FolderStore(world.store),
        Receipt(
            format=RECEIPT_FORMAT,
            runtime=name,
            environment="staging",
            written=now,
            active=ActiveReceipt(
                sequence=pointer["sequence"],
                release=pointer["release"],
                commit=pointer["commit"],
                at=now,
            ),
            formats=(PLAN_FORMAT,),
            operations=(operations,),
        ),
        generate_key().private,
    )


def test_a_change_comes_out_ring_by_ring_and_history_says_who_and_why(ringed) -> None:  # type: ignore[no-untyped-def]
    trust = f"{ringed.key}.pub"
    none = _rollout(ringed, "status", "--trust", trust)
    assert none.exit_code == 1 and "HB848" in none.stderr
    _edit_both(ringed, "Triple points")
    first = ringed.publish()
    assert (
        "rollout: ring 1 of 2, canary" in first.stdout and "changed: fresh-fields" in first.stdout
    )
    _runtime(ringed)
    status = _rollout(ringed, "status", "--trust", trust)
    assert "1 canary       reached" in status.stdout and "not yet: second-shop" in status.stdout
    assert "runtimes: 1 of 1 have it" in status.stdout and "next ring: 2" in status.stdout
    body = json.loads(_rollout(ringed, "status", "--trust", trust, "--output", "json").stdout)
    assert body["version"] == 1 and body["waiting_tenants"] == ["second-shop"]
    done = _moved(ringed, "advance", "--reason", "looks good", "--by", "ann")
    assert done.exit_code == 0 and "everybody is reached" in done.stdout
    back = _moved(ringed, "stop", "--reason", "wrong prices", "--by", "bo")
    assert back.exit_code == 0 and back.stdout.startswith("stopped: staging")
    history = ringed.history().stdout
    assert "ann: looks good" in history and "bo: wrong prices" in history
    assert "rollout stopped, back to 1" in history and "rollout: ring 1 of 2, canary" in history
    assert _moved(ringed, "advance").exit_code == 1


def test_at_once_is_for_all_or_for_one_and_says_so(ringed) -> None:  # type: ignore[no-untyped-def]
    _edit_both(ringed, "Triple points")
    without = ringed.publish("--at-once")
    assert without.exit_code == 2 and "--reason" in without.stderr
    assert ringed.publish("--tenant", "second-shop").exit_code == 2
    one = ringed.publish("--at-once", "--tenant", "second-shop", "--reason", "legal", "--by", "ann")
    assert "changed: second-shop" in one.stdout
    assert ringed.publish("--at-once", "--reason", "all of it").exit_code == 0
    history = ringed.history().stdout
    assert "ann: at once to second-shop: legal" in history and "at once: all of it" in history


def test_a_freeze_holds_back_what_is_merged(published) -> None:  # type: ignore[no-untyped-def]
    published.publish()
    environment = published.folder / "environments" / "staging.yaml"
    environment.write_text(
        f"{environment.read_text('utf-8')}freeze: [{{{LONG}}}]\n", encoding="utf-8"
    )
    published.subject(WEEKEND, "Triple points")
    waiting = published.publish()
    assert waiting.exit_code == 0 and "waiting: staging is frozen" in waiting.stdout
    assert "warning[HB846]" in waiting.stderr and "Cyber Week" in waiting.stderr
    assert published.publish("--despite-freeze").exit_code == 2
    done = published.publish("--despite-freeze", "--reason", "a wrong price")
    assert done.stdout.startswith("published number 2")
    assert "despite the freeze until 2199-01-01T00:00 UTC (Cyber Week): a wrong price" in (
        published.history().stdout
    )
    assert published.rollback("--reason", "no").exit_code == 0


def test_a_new_environment_is_asked_for_by_its_digest(published) -> None:  # type: ignore[no-untyped-def]
    from handbill.cli.publish import publish

    place = ["--env", "staging", "--repo", str(published.folder), "--key", str(published.key)]

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(publish, [*place, *arguments], catch_exceptions=False)

    refused = run()
    assert refused.exit_code == 1 and "error[HB847]" in refused.stderr
    digest = refused.stderr.split("add --first ")[1].split()[0]
    assert not published.store.exists() or not list(published.store.rglob("pointer"))
    other = run("--first", f"sha256:{'0' * 64}")
    assert other.exit_code == 1 and "HB847" in other.stderr
    assert run("--first", digest).exit_code == 0
    assert run().stdout.startswith("unchanged")


def test_a_runtime_that_cannot_execute_it_is_named(published) -> None:  # type: ignore[no-untyped-def]
    published.publish()
    _runtime(published, "old-1", operations=OPERATION_SET + 1)
    published.subject(WEEKEND, "Triple points")
    refused = published.publish()
    assert (
        refused.exit_code == 1 and "error[HB895]" in refused.stderr and "`old-1`" in refused.stderr
    )
    assert published.publish("--ignore-runtime", "old-1").exit_code == 0
    back = published.rollback()
    assert back.exit_code == 1 and "HB895" in back.stderr
    assert published.rollback("--ignore-runtime", "old-1").exit_code == 0


def test_production_gets_what_staging_runs(published, tmp_path) -> None:  # type: ignore[no-untyped-def]
    staging = (published.folder / "environments" / "staging.yaml").read_text("utf-8")
    other = staging.replace(published.store.as_uri(), (tmp_path / "live").as_uri())
    other = other.replace("handbill/ledger.db", "handbill/live.db")
    (published.folder / "environments" / "live.yaml").write_text(other, encoding="utf-8")
    published.git("add", "-A")
    published.git("commit", "-q", "-m", "a second environment")
    published.publish()
    unwell = published.publish("--from", "staging", environment="live")
    assert unwell.exit_code == 1 and "error[HB896]" in unwell.stderr
    _runtime(published)
    published.subject(WEEKEND, "Not in staging yet")
    done = published.publish("--from", "staging", "--by", "ann", environment="live")
    assert done.exit_code == 0, done.stderr
    release = published.published()["pointer"]["release"]
    text = published._run(*_history("live", published)).stdout
    assert "from staging, number 1" in text and "ann: promoted from staging, number 1" in text
    assert release[:19] not in text
    for wrong in (("--from", "live"), ("--sequence", "1"), ("--from", "staging", "--watch")):
        assert published.publish(*wrong, environment="live").exit_code == 2
    unknown = published.publish("--from", "nowhere", environment="live")
    assert unknown.exit_code == 1 and "HB822" in unknown.stderr


def _history(environment: str, world):  # type: ignore[no-untyped-def]
    from handbill.cli.history import history

    return history, environment, "--trust", f"{world.key}.pub"
