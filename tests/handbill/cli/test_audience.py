"""`handbill audience` on real files: who can be in, and how two audiences lie to one another."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handbill.cli.audience import audience

BASE = Path(__file__).parents[2] / "golden" / "base"
CAMPAIGN = """category: promotions
trigger: {{at: 2026-12-05T10:00}}
audience:
  include: {include}
  exclude: {{{exclude}}}
message: {{sms: {{body: "Hi"}}}}
"""


def write(
    folder: Path, name: str, include: str, exclude: str = "", tenant: str = "fresh-fields"
) -> None:
    path = folder / "tenants" / tenant / "campaigns" / f"{name}.yaml"
    path.write_text(CAMPAIGN.format(include=include, exclude=exclude), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(BASE, folder)
    write(folder, "many", "customer.lifetime_orders > 10")
    write(
        folder,
        "more",
        "customer.lifetime_orders > 20",
        "staff: customer.is_employee | default(false)",
    )
    return folder


def ask(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(audience, [*arguments, "--root", str(folder)])


def test_one_audience(folder: Path) -> None:
    result = ask(folder, "more")
    assert result.exit_code == 0
    assert result.output == (
        "fresh-fields/more\n"
        '  in:                {"is_employee": false, "lifetime_orders": 21}\n'
        '  not in:            {"is_employee": false, "lifetime_orders": 0}\n'
        '  excluded by staff: {"is_employee": true, "lifetime_orders": 21}\n'
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("more", "many"), "fresh-fields/more is contained in fresh-fields/many"),
        (("many", "more"), "fresh-fields/many contains fresh-fields/more"),
        (("many", "fresh-fields/many"), "fresh-fields/many and fresh-fields/many have the same customers"),
        (("many", "customer.lifetime_orders < 5"),
         "fresh-fields/many and `customer.lifetime_orders < 5` have no customer in common"),
        (("many", "customer.is_employee | default(false)"),
         "fresh-fields/many and `customer.is_employee | default(false)` overlap"),
        (("many", "customer.lifetime_orders > 10 and customer.id | length > 0 or customer.lifetime_orders > 10"),
         "fresh-fields/many and the rule have the same customers"),
    ],
)  # fmt: skip
def test_two_audiences(folder: Path, arguments: tuple[str, ...], sentence: str) -> None:
    result = ask(folder, *arguments)
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == sentence


def test_audiences_without_anybody(folder: Path) -> None:
    write(folder, "none", "customer.lifetime_orders < 0")
    result = ask(folder, "none", "customer.lifetime_orders > 100000")
    assert result.output.startswith("nobody can be in fresh-fields/none or in ")
    assert result.output.count(": ") >= 3 and result.output.count("nobody\n") == 3


def test_json_is_for_programs(folder: Path) -> None:
    document = json.loads(ask(folder, "more", "many", "--output", "json").output)
    assert document["version"] == 1
    assert (document["from"], document["to"]) == ("fresh-fields/more", "fresh-fields/many")
    assert document["relation"] == "widened"
    assert document["answers"]["lost"] == {"answer": "nobody"}
    assert document["answers"]["kept"]["example"]["lifetime_orders"] == 21
    single = json.loads(ask(folder, "more", "--output", "json").output)
    assert set(single["answers"]) == {"in", "not in", "excluded by staff"}


def test_what_is_not_known_is_said(folder: Path) -> None:
    write(folder, "ends", "customer.email | default('') | lower | endswith('@x.example')")
    rule = "customer.email | default('') | endswith('@x.example')"
    result = ask(folder, "ends", rule, "--seconds", "0.2")
    assert "is not known" in result.output and "unknown, because " in result.output
    document = json.loads(ask(folder, "ends", rule, "--seconds", "0.2", "--output", "json").output)
    assert document["relation"] == "unknown"
    assert document["answers"]["gained"]["answer"] == "unknown"


def test_the_same_campaign_earlier(folder: Path) -> None:
    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "one")
    write(folder, "many", "customer.lifetime_orders > 5")
    result = ask(folder, "many", "--since", "HEAD")
    assert result.output.splitlines()[:2] == [
        "fresh-fields/many@HEAD is contained in fresh-fields/many",
        "  only in fresh-fields/many@HEAD: nobody",
    ]
    write(folder, "many", "customer.lifetime_orders > 5\n  limit: 10")
    assert "their limits differ" in ask(folder, "many", "--since", "HEAD").output


def test_released_campaigns_too(folder: Path) -> None:
    path = folder / "tenants/fresh-fields/campaigns/many.yaml"
    path.write_text("status: active\n" + path.read_text(), encoding="utf-8")
    assert ask(folder, "many", "more").exit_code == 0


def test_what_it_refuses(folder: Path) -> None:
    assert ask(folder, "many", "more", "--since", "HEAD").exit_code == 2
    assert "there is no campaign `mony`" in ask(folder, "mony").output
    refused = ask(folder, "many", "customer.lifetime_order > 3")
    assert refused.exit_code == 1 and "error[HB505]" in refused.output
    assert "1 | customer.lifetime_order > 3" in refused.output
    shutil.copytree(folder / "tenants/fresh-fields", folder / "tenants/other")
    refused = ask(folder, "fresh-fields/many", "other/many")
    assert refused.exit_code == 1 and "no customer in common" in " ".join(refused.output.split())
    write(folder, "broken", "customer.no_such_field > 3")
    refused = ask(folder, "fresh-fields/many")
    assert refused.exit_code == 1 and "has errors" in refused.output
    empty = folder / "empty"
    empty.mkdir()
    assert ask(empty, "many").exit_code == 1


RELATION = BASE.parent / "language/relation-in-a-message/input"


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        ("customer.purchases | count >= 3", "customer.purchases | map(attribute='total') | sum > 3"),
        ("customer.purchases | count >= 3", "customer.purchases | selectattr('online') | count >= 3"),
        ("customer.purchases | selectattr('online') | count >= 3",
         "customer.purchases | map(attribute='total') | sum > 3"),
    ],
)  # fmt: skip
def test_audiences_that_read_different_members_of_a_relation(
    folder: Path, rule: str, other: str
) -> None:
    shutil.copytree(RELATION, folder, dirs_exist_ok=True)
    write(folder, "one", rule)
    write(folder, "two", other)
    for pair in (("one", "two"), ("two", "one")):
        result = ask(folder, *pair)
        assert result.exit_code == 0, result.exception
        assert '"purchases": [{"' in result.output


@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf", "0", "601"])
def test_seconds_are_a_number_in_range(folder: Path, seconds: str) -> None:
    result = ask(folder, "many", "--seconds", seconds)
    assert result.exit_code == 2 and "0.1<=x<=600" in result.output
