"""`handbill why` on real files, as a user types it."""

from __future__ import annotations

import json
import pathlib
import shutil
import subprocess

import pytest
from click.testing import CliRunner, Result

from handbill.cli.why import why

BASE = pathlib.Path(__file__).parents[2] / "golden" / "base"
GROUP = """\
name: Harvest
limits: {per_customer: 2 per 7 days}
"""


@pytest.fixture
def root(tmp_path: pathlib.Path) -> pathlib.Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    tenant = tmp_path / "tenants" / "fresh-fields"
    (tmp_path / "groups" / "harvest").mkdir(parents=True)
    (tmp_path / "groups" / "harvest" / "group.yaml").write_text(GROUP)
    shutil.copytree(tenant, tmp_path / "tenants" / "other")
    with (tenant / "tenant.yaml").open("a") as file:
        file.write("group: harvest\n")
    return tmp_path


def ask(root: pathlib.Path, *words: str) -> Result:
    return CliRunner().invoke(why, [*words, "--root", str(root)])


def test_the_layers_behind_a_value(root: pathlib.Path) -> None:
    result = ask(root, "fresh-fields/hello", "limits.per_customer")
    assert result.exit_code == 0
    assert result.output == (
        'limits.per_customer: ["2 per 7 days"]\n'
        "  law: every layer's limit applies\n"
        "  platform  handbill.yaml:4:24              4 per 7 days  "
        "(a stricter one over the same time applies)\n"
        "  group     groups/harvest/group.yaml:2:24  2 per 7 days  (applies)\n"
    )


def test_the_same_as_json(root: pathlib.Path) -> None:
    result = ask(root, "fresh-fields/hello", "message.email.subject", "--output", "json")
    report = json.loads(result.output)
    assert report["version"] == 1
    assert (report["tenant"], report["campaign"]) == ("fresh-fields", "hello")
    (value,) = report["values"]
    assert value["value"] == "Double points this weekend"
    assert value["writings"] == [
        {
            "layer": "campaign",
            "file": "tenants/fresh-fields/campaigns/hello.yaml",
            "line": 6,
            "column": 20,
            "value": "Double points this weekend",
            "effect": "takes effect",
            "written": None,
        }
    ]


@pytest.mark.parametrize(
    "campaign", ["other/hello", "tenants/other/campaigns/hello.yaml", "./tenants/other/campaigns/hello.yaml"]
)  # fmt: skip
def test_a_campaign_is_named_by_tenant_or_by_file(root: pathlib.Path, campaign: str) -> None:
    result = ask(root, campaign, "trigger")
    assert result.output.startswith('trigger: {"at": "2026-12-05T10:00"}')
    assert "tenants/other/campaigns/hello.yaml:3:10" in result.output


def test_what_nobody_set(root: pathlib.Path) -> None:
    result = ask(root, "other/hello", "deliver")
    assert result.output == 'deliver: no layer sets it; by default {"mode": "first"}\n'
    assert ask(root, "other/hello", "starts").output == (
        "starts: no layer sets it; nothing holds by default\n"
    )


@pytest.mark.parametrize(
    ("campaign", "field", "said"),
    [
        ("hello", "trigger", "several tenants have `hello`: say fresh-fields/hello, other/hello"),
        ("other/helo", "trigger", "did you mean other/hello?"),
        ("nothing", "trigger", "say TENANT/CAMPAIGN"),
        ("other/hello", "reentri", "did you mean `reentry`?"),
        ("other/hello", "q", "fields look like message.email.subject"),
    ],
)
def test_questions_without_an_answer(
    root: pathlib.Path, campaign: str, field: str, said: str
) -> None:
    result = ask(root, campaign, field)
    assert result.exit_code == 1
    assert said in " ".join(result.output.replace("│", " ").split())


def test_a_campaign_with_errors_is_not_explained(root: pathlib.Path) -> None:
    campaign = root / "tenants" / "other" / "campaigns" / "hello.yaml"
    campaign.write_text(campaign.read_text().replace("promotions", "promotion"))
    result = ask(root, "other/hello", "trigger")
    assert result.exit_code == 1
    assert "handbill check" in result.output


def test_a_folder_that_is_no_configuration(tmp_path: pathlib.Path) -> None:
    assert ask(tmp_path, "a/b", "trigger").exit_code == 1


def test_long_values_are_cut(root: pathlib.Path) -> None:
    campaign = root / "tenants" / "other" / "campaigns" / "hello.yaml"
    long = "Double points " * 20
    campaign.write_text(campaign.read_text().replace("Double points this weekend", long))
    result = ask(root, "other/hello", "message.email.subject")
    assert max(map(len, result.output.splitlines()[:1])) < 110
    assert "…" in result.output


# ── who wrote it, and the other way round ────────────────────────────────────────────────────────

HELLO = "tenants/fresh-fields/campaigns/hello.yaml"


def commit_by(author: str, root: pathlib.Path) -> None:
    if not (root / ".git").exists():
        subprocess.run(["git", "init", "-q", root], check=True)
    for command in (
        ["add", "."],
        ["-c", "user.name=x", "-c", "user.email=x@x.example", "commit", "-q", "-m", "Edit",
         f"--author={author} <a@x.example>", "--date=2026-11-02T09:00:00Z"],
    ):  # fmt: skip
        subprocess.run(["git", "-C", root, *command], check=True)


def test_who_wrote_each_layer(root: pathlib.Path) -> None:
    commit_by("Ann", root)
    platform = root / "handbill.yaml"
    platform.write_text("# about\n" + platform.read_text())
    group = root / "groups" / "harvest" / "group.yaml"
    group.write_text(group.read_text().replace("2 per", "1 per"))
    lines = ask(root, "fresh-fields/hello", "limits.per_customer").output.splitlines()
    assert "handbill.yaml:5:24" in lines[2]
    assert lines[2].endswith(" Ann, 2026-11-02")
    assert lines[3].endswith("  not committed")
    result = ask(root, "fresh-fields/hello", "limits", "--rev", "HEAD", "--output", "json")
    writings = json.loads(result.output)["values"][0]["writings"]
    assert [each["written"]["author"] for each in writings] == ["Ann", "Ann"]
    assert writings[0]["written"]["summary"] == "Edit"


def test_a_line_and_the_campaigns_that_it_reaches(root: pathlib.Path) -> None:
    result = ask(root, "groups/harvest/group.yaml:2")
    assert result.exit_code == 0
    assert result.output == (
        "groups/harvest/group.yaml:2  limits.per_customer\n"
        "  reaches 1 campaign of 1 tenant\n"
        "  limits.per_customer, group: applies\n"
        "    fresh-fields/hello\n"
    )


def test_a_line_as_json_with_its_author(root: pathlib.Path) -> None:
    commit_by("Ben", root)
    result = ask(root, f"{HELLO}:6:9", "--output", "json")
    report = json.loads(result.output)
    assert (report["version"], report["file"], report["line"]) == (1, HELLO, 6)
    assert report["written"]["author"] == "Ben"
    assert report["what"] == ["message.email.subject", "message.email.template"]
    assert {
        "tenant": "fresh-fields",
        "campaign": "hello",
        "field": "message.email.subject",
        "of": "campaign",
        "layer": "campaign",
        "effect": "takes effect",
    } in report["reached"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("handbill.yaml:999",), 1, "lines"),
        (("nothing.yaml:1",), 1, "no configuration is read from nothing.yaml"),
        ((f"{HELLO}",), 2, "FILE:LINE"),
        ((f"{HELLO}x:1",), 1, f"did you mean {HELLO}?"),
    ],
)
def test_lines_that_say_nothing(
    root: pathlib.Path, words: tuple[str, ...], code: int, said: str
) -> None:
    result = ask(root, *words)
    assert result.exit_code == code
    assert said in result.output
