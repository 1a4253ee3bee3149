"""`handbill publish` from a real repository, through the whole compiler, into a real store."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from handbill.cli.publish import publish

WEEKEND = "Double points this weekend"


def test_a_revision_is_published_once(published) -> None:  # type: ignore[no-untyped-def]
    first = published.publish()
    assert first.exit_code == 0, first.output
    commit = published.git("rev-parse", "HEAD")
    assert first.stdout.startswith("published number 1 to staging (sha256:")
    assert f"commit {commit[:12]})" in first.stdout and "added: fresh-fields" in first.stdout
    again = published.publish()
    assert again.exit_code == 0 and again.stdout.startswith("unchanged: staging runs this already")
    published.subject(WEEKEND, "Triple points")
    changed = published.publish()
    assert (
        changed.stdout.startswith("published number 2")
        and "changed: fresh-fields" in changed.stdout
    )


def test_the_working_tree_is_not_published(published) -> None:  # type: ignore[no-untyped-def]
    published.publish()
    campaign = published.folder / "tenants/fresh-fields/campaigns/hello.yaml"
    campaign.write_text("broken: [")
    assert published.publish().stdout.startswith("unchanged")


def test_a_mistake_holds_its_tenant_and_is_shown_at_its_line(published) -> None:  # type: ignore[no-untyped-def]
    published.publish()
    published.edit("tenants/fresh-fields/campaigns/hello.yaml", "lifetime_orders", "lifetime_order")
    result = published.publish()
    assert result.exit_code == 1
    assert "--> tenants/fresh-fields/campaigns/hello.yaml:4:" in result.stderr
    assert "warning[HB825]: `fresh-fields` is held" in result.stderr
    assert "held: fresh-fields (since" in result.stdout


def test_json_says_what_was_done(published) -> None:  # type: ignore[no-untyped-def]
    body = published.published()
    assert (body["version"], body["outcome"], body["added"]) == (1, "published", ["fresh-fields"])
    assert body["pointer"]["sequence"] == 1 and body["packs"] == 3
    assert body["pointer"]["commit"] == published.git("rev-parse", "HEAD")
    assert published.published()["outcome"] == "unchanged"


def test_an_older_revision_is_refused_with_the_way_back(published) -> None:  # type: ignore[no-untyped-def]
    published.subject(WEEKEND, "Triple points")
    published.publish()
    result = published.publish("--rev", "HEAD~1")
    assert result.exit_code == 1 and "error[HB823]" in result.stderr
    assert "handbill rollback --env staging" in result.stderr
    assert result.stdout.startswith("not published: staging runs a later commit, number 1")


def test_an_unbound_provider_fails_the_publish_and_not_the_compile(published) -> None:  # type: ignore[no-untyped-def]
    published.edit("environments/staging.yaml", "  mail:", "  post:")
    result = published.publish()
    assert result.exit_code == 1
    assert "error[HB820]: `fresh-fields` sends email through `mail`" in result.stderr
    assert "error[HB824]" in result.stderr
    assert result.stdout == "not published: nothing was ever published to staging\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--rev", "nowhere"], "HB103"),
        (["--store", "ftp://bucket"], "HB801"),
        (["--key", "/nowhere/key"], "HB830"),
        (["--trust", "/nowhere/key.pub"], "HB830"),
        (["--watch", "--branch", "develop"], "HB850"),
    ],
)
def test_what_cannot_be_done_is_said(published, arguments: list[str], code: str) -> None:  # type: ignore[no-untyped-def]
    result = published.publish(*arguments)
    assert result.exit_code == 1 and f"error[{code}]" in result.stderr
    assert not published.store.exists()


def test_an_environment_that_is_not_there(published) -> None:  # type: ignore[no-untyped-def]
    result = published.publish(environment="production")
    assert result.exit_code == 1 and "error[HB822]" in result.stderr
    assert "`staging`" in result.stderr


def test_a_key_is_asked_for(published) -> None:  # type: ignore[no-untyped-def]
    result = CliRunner().invoke(publish, ["--env", "staging", "--repo", str(published.folder)])
    assert result.exit_code == 2 and "--key" in result.output


def test_a_key_that_others_can_read_is_warned_about(published) -> None:  # type: ignore[no-untyped-def]
    published.key.chmod(0o644)
    result = published.publish()
    assert result.exit_code == 0 and "warning[HB832]" in result.stderr


def test_another_key_takes_over_only_where_the_old_one_is_trusted(  # type: ignore[no-untyped-def]
    published, tmp_path: Path
) -> None:
    from handbill.publish.keys import generate_key, write_key

    published.publish()
    old, published.key = published.key, tmp_path / "new.key"
    write_key(published.key, generate_key())
    published.subject(WEEKEND, "Triple points")
    refused = published.publish()
    assert refused.exit_code == 1 and "error[HB812]" in refused.stderr
    taken = published.publish("--trust", f"{old}.pub")
    assert taken.exit_code == 0 and taken.stdout.startswith("published number 2")


@pytest.mark.parametrize("output", ["text", "json"])
def test_a_branch_is_followed_until_the_signal(published, output: str) -> None:  # type: ignore[no-untyped-def]
    command = [
        str(Path(sys.executable).with_name("handbill")),
        *("publish", "--env", "staging", "--repo", str(published.folder)),
        *("--key", str(published.key), "--watch", "--first", "--output", output),
    ]
    follower = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert follower.stdout is not None and follower.stderr is not None
    try:
        lines = [follower.stdout.readline()]
        if output == "text":
            lines.append(follower.stdout.readline())
        commit = published.subject(WEEKEND, "Triple points")
        lines.append(follower.stdout.readline())
    finally:
        follower.send_signal(signal.SIGTERM)
        _, errors = follower.communicate(timeout=60)
    assert follower.returncode == 0
    assert errors.startswith("following main into staging")
    if output == "json":
        events: list[dict[str, Any]] = [json.loads(line) for line in lines]
        assert [event["event"] for event in events] == ["handled", "handled"]
        assert events[1]["commit"] == commit and events[1]["changed"] == ["fresh-fields"]
        assert events[1]["compile_ms"] > 0
    else:
        assert "published number 1 to staging" in lines[0] and "added:" in lines[1]
        assert lines[2].startswith(commit[:12]) and "published number 2" in lines[2]
