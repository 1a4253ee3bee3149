"""The options of `handbill publish --from`: what goes together, and where the source is."""

from __future__ import annotations

import pytest
import rich_click as click
from click.testing import CliRunner

from handbill.cli.promoting import Promoting, promoting_options


@click.command()
@promoting_options
def command(promoting: Promoting) -> None:
    click.echo(repr(promoting))


@pytest.mark.parametrize(
    "arguments", [("--from-store", "file:///s"), ("--sequence", "1"), ("--despite-health",)]
)
def test_without_a_source_they_make_no_sense(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 2 and "go with --from" in done.output


def test_together_they_are_one_value() -> None:
    arguments = ("--from", "staging", "--from-store", "file:///s", "--sequence", "3")
    done = CliRunner().invoke(command, [*arguments, "--despite-health"], catch_exceptions=False)
    assert done.output.strip() == repr(Promoting("staging", "file:///s", 3, True))
    assert CliRunner().invoke(command, ()).output.strip() == repr(Promoting())


@pytest.fixture
def two(published, tmp_path):  # type: ignore[no-untyped-def]
    """`staging` has a release; `live`, in a store of its own, has none."""
    staging = (published.folder / "environments" / "staging.yaml").read_text("utf-8")
    other = staging.replace(published.store.as_uri(), (tmp_path / "live").as_uri())
    other = other.replace("handbill/ledger.db", "handbill/live.db")
    (published.folder / "environments" / "live.yaml").write_text(other, encoding="utf-8")
    published.git("add", "-A")
    published.git("commit", "-q", "-m", "a second environment")
    assert published.publish().exit_code == 0
    return published


def test_despite_health_needs_its_reason(two) -> None:  # type: ignore[no-untyped-def]
    wanted = ("--from", "staging", "--despite-health")
    refused = two.publish(*wanted, environment="live")
    assert refused.exit_code == 2 and "--despite-health needs --reason" in refused.stderr
    done = two.publish(*wanted, "--reason", "nobody runs staging", environment="live")
    assert done.exit_code == 0, done.stderr


def test_a_source_in_another_store_is_named_by_its_url(two, tmp_path) -> None:  # type: ignore[no-untyped-def]
    wanted = ("--from", "staging", "--despite-health", "--reason", "moved")
    moved = tmp_path / "moved"
    two.store.rename(moved)
    gone = two.publish(*wanted, environment="live")
    assert gone.exit_code == 1 and "error[HB8" in gone.stderr
    done = two.publish(*wanted, "--from-store", moved.as_uri(), environment="live")
    assert done.exit_code == 0, done.stderr


def test_a_promoted_release_verifies_as_sound(two) -> None:  # type: ignore[no-untyped-def]
    from handbill.cli.verify import verify

    wanted = ("--from", "staging", "--despite-health", "--reason", "nobody runs staging")
    assert two.publish(*wanted, environment="live").exit_code == 0
    place = ["--env", "live", "--repo", str(two.folder), "--trust", f"{two.key}.pub"]
    done = CliRunner().invoke(verify, place, catch_exceptions=False)
    assert done.exit_code == 0, done.stdout
    assert done.stdout.endswith("live is sound\n")
