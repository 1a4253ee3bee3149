"""`handbill compile`: a digest that depends on nothing but the configuration, and packs on disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handbill.cli.compile import compile as compile_command
from handbill.store.folder import FolderStore
from handbill.store.release import read_release, read_tenant

BASE = Path(__file__).parents[2] / "golden" / "base"
CAMPAIGN = "tenants/fresh-fields/campaigns/hello.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(BASE, folder)
    return folder


def ask(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        compile_command, ["--root", str(folder), *arguments], catch_exceptions=False
    )


def test_the_digest_is_the_whole_answer(folder: Path) -> None:
    result = ask(folder)
    assert result.exit_code == 0 and result.stderr == ""
    assert result.stdout.startswith("sha256:") and len(result.stdout.strip()) == 71
    assert ask(folder).stdout == result.stdout


def test_a_comment_changes_nothing_and_a_word_does(folder: Path) -> None:
    before = ask(folder).stdout
    path = folder / CAMPAIGN
    path.write_text("# a note\n" + path.read_text("utf-8"), encoding="utf-8")
    assert ask(folder).stdout == before
    text = path.read_text("utf-8")
    assert "Double points" in text
    path.write_text(text.replace("Double points", "Triple points"), encoding="utf-8")
    assert ask(folder).stdout != before


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_nor_do_hash_seed_zone_language_or_place(folder: Path, tmp_path: Path, seed: str) -> None:
    moved = tmp_path / f"elsewhere-{seed}"
    shutil.copytree(folder, moved)
    environment = {
        **os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Apia", "LC_ALL": "C", "LANG": "C",
    }  # fmt: skip
    command = [sys.executable, "-m", "handbill.cli.main", "compile", "--root", str(moved)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == ask(folder).stdout


def test_out_holds_the_release_whole(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    digest = ask(folder, "--out", str(out)).stdout.strip()
    stored = read_release(FolderStore(out), digest)
    tenant = read_tenant(FolderStore(out), stored.release.tenants["fresh-fields"])
    assert set(tenant.plans) == {"hello"}


def test_a_tenant_with_errors_is_left_out_and_the_others_compile(
    folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder / "tenants" / "fresh-fields", folder / "tenants" / "north")
    both = ask(folder)
    assert both.exit_code == 0, both.stderr
    (folder / CAMPAIGN).write_text("category: [", encoding="utf-8")
    result = ask(folder, "--out", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "left out: fresh-fields" in result.stderr and "error[HB2" in result.stderr
    stored = read_release(FolderStore(tmp_path / "out"), result.stdout.strip())
    assert set(stored.release.tenants) == {"north"}


def test_where_nothing_compiles_there_is_no_digest(folder: Path) -> None:
    unknown = ask(folder, "--rev", "no-such-branch")
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "no release: 1 error" in unknown.stderr


def test_a_folder_that_cannot_be_written_is_no_bug(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("")
    result = ask(folder, "--out", str(tmp_path / "in-the-way" / "out"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[HB802]" in result.stderr and "= help:" in result.stderr


def test_the_sizes_of_its_messages(folder: Path) -> None:
    contract = folder / "channels/sms/channel.yaml"
    text = contract.read_text("utf-8")
    contract.write_text(text.replace("max: 480", "max: 480, max_segments: 2"), encoding="utf-8")
    path = folder / CAMPAIGN
    path.write_text(path.read_text("utf-8") + '  sms: {body: "Double points"}\n', encoding="utf-8")
    *lines, digest = ask(folder, "--sizes").stdout.splitlines()
    assert lines == ["fresh-fields hello  email ≤ 1 KB, sms ≤ 1 segment"]
    assert digest == ask(folder).stdout.strip()
