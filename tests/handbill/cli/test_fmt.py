"""`handbill fmt` on real folders: what it writes, what it leaves alone, and exit codes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from handbill.authoring.formatting import repository
from handbill.authoring.formatting.repository import FormattedFile, formatted_files, write
from handbill.cli.fmt import fmt

BASE = Path(__file__).parents[2] / "golden" / "base"
CAMPAIGN = "tenants/fresh-fields/campaigns/hello.yaml"
UGLY = "status: draft\ncategory:   promotions # why\nmessage: { sms: {body: Hello} }"
NEAT = 'category: promotions  # why\nstatus: draft\nmessage: {sms: {body: "Hello"}}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Formatted but for one campaign, which only its owner may read."""
    folder = tmp_path / "config"
    shutil.copytree(BASE, folder)
    assert ask(folder).exit_code == 0
    (folder / CAMPAIGN).write_text(UGLY, encoding="utf-8")
    (folder / CAMPAIGN).chmod(0o640)
    return folder


def ask(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(fmt, [*arguments, "--root", str(folder)], catch_exceptions=False)


def test_files_are_rewritten_once_and_keep_their_mode(folder: Path) -> None:
    result = ask(folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"rewritten: {CAMPAIGN}\n") and ": 1 rewritten" in result.stdout
    assert (folder / CAMPAIGN).read_text("utf-8") == NEAT
    assert (folder / CAMPAIGN).stat().st_mode & 0o777 == 0o640
    again = ask(folder)
    assert again.exit_code == 0 and "nothing rewritten" in again.stdout
    assert not [name for name in os.listdir((folder / CAMPAIGN).parent) if name.startswith(".")]


def test_check_and_diff_write_nothing(folder: Path) -> None:
    checked = ask(folder, "--check")
    assert checked.exit_code == 1 and f"would be rewritten: {CAMPAIGN}" in checked.stdout
    shown = ask(folder, "--diff")
    assert (
        shown.exit_code == 1 and " status: draft\n-category:   promotions # why\n" in shown.stdout
    )
    assert shown.stdout.startswith(f"--- a/{CAMPAIGN}\n+++ b/{CAMPAIGN}\n")
    assert (folder / CAMPAIGN).read_text("utf-8") == UGLY
    ask(folder)
    assert ask(folder, "--check", "--diff").exit_code == 0


def test_only_what_was_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no YAML file" in ask(folder, "schemas").stdout
    assert ask(folder, "--check", "environments").exit_code == 0
    assert ask(folder, "no-such").exit_code == 2
    monkeypatch.chdir(folder / "tenants" / "fresh-fields")
    assert CliRunner().invoke(fmt, ["campaigns/hello.yaml"]).exit_code == 0
    assert (folder / CAMPAIGN).read_text("utf-8") == NEAT


def test_a_file_that_cannot_be_read_is_left_alone(folder: Path) -> None:
    broken = folder / "tenants/fresh-fields/tenant.yaml"
    broken.write_text("name: x\nname: y\n")
    result = ask(folder)
    assert result.exit_code == 1 and "error[HB210]" in result.stderr
    assert "1 rewritten, 1 left alone" in result.stdout
    assert broken.read_text() == "name: x\nname: y\n"


def test_links_out_of_the_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(UGLY)
    (folder / "tenants/fresh-fields/campaigns/linked.yaml").symlink_to(outside)
    (folder / "tenants/elsewhere").symlink_to(tmp_path)
    ask(folder)
    assert outside.read_text() == UGLY
    linked = FormattedFile("tenants/fresh-fields/campaigns/linked.yaml", UGLY.encode(), b"x")
    with pytest.raises(OSError):
        write(folder, linked)


def test_what_somebody_has_edited_meanwhile_is_theirs(folder: Path) -> None:
    assert not write(folder, FormattedFile(CAMPAIGN, b"what it was", b"what it should be"))
    assert (folder / CAMPAIGN).read_text("utf-8") == UGLY


def test_a_folder_that_cannot_be_written_to_keeps_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        ask(folder)
    assert (folder / CAMPAIGN).read_text("utf-8") == UGLY
    assert os.listdir((folder / CAMPAIGN).parent) == ["hello.yaml"]


def test_what_was_left_alone_is_not_counted_as_rewritten(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: Any) -> Iterator[FormattedFile]:
        yield from formatted_files(*arguments)
        (folder / CAMPAIGN).write_text("status: paused\n", encoding="utf-8")

    monkeypatch.setattr(repository, "formatted_files", interrupted)
    result = ask(folder)
    assert f"left alone, since somebody is writing it: {CAMPAIGN}" in result.stderr
    assert result.stdout.endswith("nothing rewritten, 1 left alone\n")
    assert (folder / CAMPAIGN).read_text("utf-8") == "status: paused\n"
