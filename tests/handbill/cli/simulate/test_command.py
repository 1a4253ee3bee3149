"""`handbill simulate` as its user runs it: what it takes, what it refuses, what it leaves behind."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from period_world import WEEK, Period

from handbill.cli.simulate.model import Simulation


def test_two_runs_say_the_same(period: Period) -> None:
    assert period.run().stdout == period.run().stdout


def test_nothing_is_written_but_what_was_asked_for(period: Period, tmp_path: Path) -> None:
    before = sorted(path for path in tmp_path.rglob("*"))
    out = tmp_path / "period.json"
    result = period.run("--output", "json", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert sorted(tmp_path.rglob("*")) == sorted([*before, out])
    assert msgspec.json.decode(out.read_bytes(), type=Simulation).sends


def test_only_the_retailers_that_are_asked_for(period: Period) -> None:
    assert period.run("--tenant", "fresh-fields").exit_code == 0
    result = period.run("--tenant", "fresh-field")
    assert result.exit_code == 2
    assert "did you mean fresh-fields?" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "2026-11-01"), "--to must be later than --from"),
        (("--to", "2029-11-01"), "at most 400 days"),
        (("--env", "stagin"), "did you mean staging?"),
        (("--customers", "/nowhere/at/all"), "there is no folder"),
        (("--from", "tomorrow"), "is not a time"),
    ],
)
def test_what_cannot_be_simulated_is_refused(
    period: Period, arguments: tuple[str, ...], said: str
) -> None:
    result = period.run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_customers_or_an_environment_must_be_said(period: Period) -> None:
    from click.testing import CliRunner

    from handbill.cli.simulate.command import simulate

    result = CliRunner().invoke(simulate, ["--root", str(period.config), *WEEK])
    assert result.exit_code == 2
    assert "say --env, or --customers" in result.stderr


def test_a_retailer_with_errors_is_left_out_and_the_rest_is_told(period: Period) -> None:
    period.edit("tenants/fresh-fields/campaigns/hello.yaml", "lifetime_orders", "lifetime_order")
    result = period.run()
    assert "left out because of errors: fresh-fields" in result.stderr
    assert result.exit_code == 1
    period.edit("handbill.yaml", "categories:", "categorie:")
    broken = period.run()
    assert broken.exit_code == 1
    assert "nothing can be simulated" in broken.stderr


def test_a_revision_that_is_none_is_refused(period: Period) -> None:
    result = period.run("--rev", "nowhere")
    assert result.exit_code == 1
    assert "error[" in result.stderr


def test_a_period_in_which_too_much_falls_due_is_refused_at_once(period: Period) -> None:
    period.edit(
        "tenants/fresh-fields/campaigns/hello.yaml",
        "trigger: {at: 2026-12-05T10:00}",
        'trigger: {cron: "* * * * *", timezone: tenant}\nreentry: always',
    )
    result = period.run()
    assert result.exit_code == 2
    assert "something falls due at 10080 moments of this period" in " ".join(result.stderr.split())
