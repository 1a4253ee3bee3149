from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handbill.cli.owners import owners
from handbill.policy.code_owners import MARK

BASE = Path(__file__).parents[2] / "golden" / "base"
EXPECTED = f"{MARK}\n*                     @shop/platform\n/tenants/fresh-fields/ @ann\n"


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(owners, ["--root", str(folder), *arguments], catch_exceptions=False)


def configuration(folder: Path) -> Path:
    shutil.copytree(BASE, folder)
    with (folder / "handbill.yaml").open("a") as file:
        file.write('owners: ["@shop/platform"]\n')
    with (folder / "tenants/fresh-fields/tenant.yaml").open("a") as file:
        file.write('owners: ["@ann"]\n')
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration at the top of a git repository."""
    made = configuration(tmp_path / "repository")
    subprocess.run(["git", "init", "-q", str(made)], check=True)
    return made


def test_it_is_shown(folder: Path) -> None:
    assert run(folder).output.split() == EXPECTED.split()
    assert not (folder / ".github").exists()


def test_it_is_written_and_checked(folder: Path) -> None:
    missing = run(folder, "--check")
    assert missing.exit_code == 1 and "HB715" in missing.output and "is not there" in missing.output
    assert run(folder, "--write").output == ".github/CODEOWNERS written\n"
    assert run(folder, "--check").exit_code == 0
    assert run(folder, "--write").output == ".github/CODEOWNERS is up to date\n"
    assert (folder / ".github/CODEOWNERS").read_text("utf-8") == run(folder).output


def test_drift_is_shown_line_by_line(folder: Path) -> None:
    run(folder, "--write")
    file = folder / ".github/CODEOWNERS"
    file.write_text(file.read_text("utf-8").replace("@ann", "@mallory"), encoding="utf-8")
    drifted = run(folder, "--check")
    assert drifted.exit_code == 1
    assert "missing: /tenants/fresh-fields/ @ann" in drifted.output
    assert "too much: /tenants/fresh-fields/ @mallory" in drifted.output


def test_what_somebody_wrote_by_hand_is_kept(folder: Path) -> None:
    file = folder / ".github/CODEOWNERS"
    file.parent.mkdir()
    file.write_text("* @somebody\n", encoding="utf-8")
    refused = run(folder, "--write")
    assert refused.exit_code == 1 and "HB716" in refused.output
    assert file.read_text("utf-8") == "* @somebody\n"


def test_it_stands_at_the_top_of_the_git_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    inner = configuration(tmp_path / "config")
    assert run(inner, "--write").exit_code == 0
    text = (tmp_path / ".github/CODEOWNERS").read_text("utf-8")
    assert "/config/tenants/fresh-fields/ @ann" in text


def test_a_folder_that_cannot_be_named(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    refused = run(configuration(tmp_path / "a[b]"))
    assert refused.exit_code == 1 and "HB716" in refused.output


def test_a_file_that_names_owners_and_cannot_be_read_is_told(folder: Path) -> None:
    """Else its lines would silently be missing."""
    (folder / "tenants/fresh-fields/tenant.yaml").write_text("name: [\n", encoding="utf-8")
    refused = run(folder, "--write")
    assert refused.exit_code == 1 and "tenants/fresh-fields/tenant.yaml" in refused.output
    assert not (folder / ".github").exists()


def test_mistakes_elsewhere_do_not_matter(folder: Path) -> None:
    (folder / "tenants/fresh-fields/campaigns/hello.yaml").write_text("a: b\n", encoding="utf-8")
    assert run(folder).exit_code == 0


def test_a_folder_without_a_configuration(tmp_path: Path) -> None:
    assert MARK in run(tmp_path).output or run(tmp_path).exit_code == 1
