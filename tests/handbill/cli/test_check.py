"""`handbill check` on real folders and revisions: findings, filters, and exit codes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handbill.cli.check import check

BASE = Path(__file__).parents[2] / "golden" / "base"
CAMPAIGN = "tenants/fresh-fields/campaigns/hello.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(BASE, folder)
    return folder


def ask(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(check, ["--root", str(folder), *arguments], catch_exceptions=False)


def spoil(folder: Path, file: str = CAMPAIGN) -> None:
    path = folder / file
    path.write_text(path.read_text("utf-8") + "subjekt: oops\n", encoding="utf-8")


def test_a_clean_configuration(folder: Path) -> None:
    result = ask(folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "1 campaign of 1 tenant: no findings\n"


def test_a_mistake_is_shown_at_its_line_and_counted(folder: Path) -> None:
    spoil(folder)
    result = ask(folder)
    assert result.exit_code == 1
    assert f"--> {CAMPAIGN}:" in result.stderr and "subjekt: oops" in result.stderr
    assert "1 error" in result.stdout and "\x1b[" not in result.stderr


def test_json_is_for_programs(folder: Path) -> None:
    spoil(folder)
    result = ask(folder, "--output", "json")
    document = json.loads(result.stdout)
    assert document["version"] == 1 and result.exit_code == 1 and result.stderr == ""
    assert [each["range"]["file"] for each in document["diagnostics"]] == [CAMPAIGN]


def test_annotations_and_sarif_say_the_same_place(folder: Path) -> None:
    subprocess.run(["git", "init", "-q", str(folder.parent)], check=True)
    spoil(folder)
    (place,) = json.loads(ask(folder, "--output", "json").stdout)["diagnostics"]
    line, column = place["range"]["line"], place["range"]["column"]
    annotated = ask(folder, "--output", "github")
    assert annotated.exit_code == 1 and annotated.stderr == ""
    assert annotated.stdout.startswith(f"::error file=config/{CAMPAIGN},line={line},col={column},")
    (result,) = json.loads(ask(folder, "--output", "sarif").stdout)["runs"][0]["results"]
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == f"config/{CAMPAIGN}"
    assert location["region"]["startLine"] == line


def test_paths_show_only_what_concerns_them(folder: Path) -> None:
    spoil(folder)
    concerned = ["tenants", "tenants/fresh-fields", CAMPAIGN, str(folder / CAMPAIGN), str(folder)]
    for path in concerned:
        assert ask(folder, path).exit_code == 1, path
    for path in ("schemas", "handbill.yaml", "environments", "channels"):
        result = ask(folder, path)
        assert result.exit_code == 0 and "no findings" in result.stdout, path
    assert ask(folder, "schemas", CAMPAIGN).exit_code == 1


def test_paths_count_from_where_one_stands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(folder)
    monkeypatch.chdir(folder / "tenants" / "fresh-fields")
    runner = CliRunner()
    assert runner.invoke(check, ["campaigns"]).exit_code == 1
    assert runner.invoke(check, ["."]).exit_code == 1
    assert runner.invoke(check, ["tenant.yaml"]).exit_code == 0


@pytest.mark.parametrize("path", ["tenants/fresh-field", "nope.yaml", "tenants/fresh-fields/x"])
def test_a_mistyped_path_is_no_clean_bill(folder: Path, path: str) -> None:
    result = ask(folder, path)
    assert result.exit_code == 2 and f"there is no `{path}`" in result.stderr


def test_what_stands_elsewhere_is_not_checked(folder: Path, tmp_path: Path) -> None:
    for path in ("/etc", str(tmp_path.parent)):
        result = ask(folder, path)
        assert result.exit_code == 2 and f"there is no `{path}`" in result.stderr.replace("\n", "")


def test_a_revision_is_read_and_the_folder_is_not(folder: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "clean")
    spoil(folder)
    assert ask(folder, "--rev", "HEAD").exit_code == 0
    assert ask(folder, "--rev", "HEAD", CAMPAIGN).exit_code == 0
    assert ask(folder).exit_code == 1
    (folder / "tenants/fresh-fields/campaigns/new.yaml").write_text("")
    new = ask(folder, "--rev", "HEAD", "tenants/fresh-fields/campaigns/new.yaml")
    assert new.exit_code == 2 and "in revision HEAD" in new.stderr
    unknown = ask(folder, "--rev", "no-such-branch")
    assert unknown.exit_code == 1 and "error[HB103]" in unknown.stderr
    assert unknown.stdout == "1 error\n"


def test_outside_of_a_configuration_it_says_so(tmp_path: Path) -> None:
    result = ask(tmp_path)
    assert result.exit_code == 1 and "error[HB114]" in result.stderr


def test_what_can_be_proved_is_checked_too(folder: Path) -> None:
    path = folder / CAMPAIGN
    text = path.read_text("utf-8")
    rule = "customer.lifetime_orders >= 1"
    assert rule in text
    path.write_text(text.replace(rule, f"{rule} and customer.lifetime_orders < 1"), "utf-8")
    result = ask(folder)
    assert result.exit_code == 1
    assert "error[HB540]: nobody can be in this audience" in result.stderr
    spoil(folder)
    assert "HB540" not in ask(folder).stderr


def test_only_what_a_path_needs_is_checked(folder: Path) -> None:
    for name in ("green", "blue"):
        shutil.copytree(folder / "tenants/fresh-fields", folder / "tenants" / name)
    shutil.copy(folder / CAMPAIGN, folder / CAMPAIGN.replace("hello", "hallo"))
    assert ask(folder, str(folder / CAMPAIGN)).stdout == "1 campaign of 1 tenant: no findings\n"
    assert ask(folder, "tenants/green").stdout == "1 campaign of 1 tenant: no findings\n"
    assert ask(folder, "tenants/fresh-fields").stdout.startswith("2 campaigns of 1 tenant")
    assert ask(folder, "tenants").stdout.startswith("4 campaigns of 3 tenants")
    spoil(folder)
    assert ask(folder, CAMPAIGN).exit_code == 1
    assert ask(folder, CAMPAIGN.replace("hello", "hallo")).exit_code == 0
