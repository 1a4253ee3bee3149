"""The scratch repository: whose commits are in it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from handbill.cli.demo.scratch import Ports, ScratchRepository, environment_yaml
from handbill.pipeline import compile_tree
from handbill.source.git import open_revision

SAMPLES = Path(__file__).parents[4]
BASE = SAMPLES / "tests" / "golden" / "base"
CAMPAIGN = "tenants/fresh-fields/campaigns/hello.yaml"
NOBODY = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1"}
"""A machine whose git does not know its user."""


@pytest.fixture
def scratch(tmp_path: Path) -> ScratchRepository:
    repository = ScratchRepository(tmp_path / "repository")
    repository.create(BASE, environment_yaml(tmp_path, Ports(1, 2, 3)))
    return repository


def git(scratch: ScratchRepository, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=scratch.path, env=NOBODY, check=True)


def add_campaign(scratch: ScratchRepository) -> None:
    (scratch.path / "tenants/fresh-fields/campaigns/mine.yaml").write_text("status: draft\n")


def test_its_commits_are_the_demos(scratch: ScratchRepository) -> None:
    text = (scratch.path / CAMPAIGN).read_text("utf-8")
    scratch.replace(CAMPAIGN, text, text + "\n# edited\n")
    scratch.commit("An edit")
    assert not scratch.holds_work()


def test_the_samples_compile_in_the_demos_environment(tmp_path: Path) -> None:
    scratch = ScratchRepository(tmp_path / "repository")
    commit = scratch.create(SAMPLES, environment_yaml(tmp_path, Ports(1, 2, 3)))
    tree, found = open_revision(scratch.path, commit)
    assert tree is not None
    compiled = compile_tree(tree, found)
    assert compiled.release is not None and compiled.release.failed == ()
    assert compiled.environments.keys() == {"demo"}


def test_a_text_that_is_there_twice_is_not_replaced(scratch: ScratchRepository) -> None:
    with pytest.raises(ValueError, match="exactly once"):
        scratch.replace(CAMPAIGN, "a", "b")


def test_somebody_without_a_git_identity_can_commit(scratch: ScratchRepository) -> None:
    add_campaign(scratch)
    git(scratch, "add", ".")
    git(scratch, "commit", "-qm", "mine")
    assert scratch.holds_work()


def test_an_edit_or_a_new_file_is_work(scratch: ScratchRepository) -> None:
    add_campaign(scratch)
    assert scratch.holds_work()


def test_a_commit_on_another_branch_is_work(scratch: ScratchRepository) -> None:
    git(scratch, "switch", "-qc", "mine")
    git(scratch, "commit", "-q", "--allow-empty", "-m", "mine")
    git(scratch, "switch", "-q", "main")
    assert scratch.holds_work()


def test_the_demos_commit_amended_is_work(scratch: ScratchRepository) -> None:
    git(scratch, "commit", "-q", "--amend", "-m", "better words")
    assert scratch.holds_work()


def test_a_repository_that_git_cannot_read_is_kept(scratch: ScratchRepository) -> None:
    (scratch.path / ".git" / "HEAD").write_text("nonsense")
    assert scratch.holds_work()


def test_nothing_and_a_beginning_are_no_work(tmp_path: Path) -> None:
    scratch = ScratchRepository(tmp_path / "repository")
    assert not scratch.holds_work()
    scratch.path.mkdir()
    assert not scratch.holds_work()
    git(scratch, "init", "-q")
    (scratch.path / "handbill.yaml").write_text("")
    assert not scratch.holds_work()


def test_another_repositorys_variables_change_nothing(
    scratch: ScratchRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a hook of the repository from which the demo is started."""
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    add_campaign(scratch)
    scratch.commit("The demo's")
    assert not list((other / ".git" / "refs" / "heads").iterdir())
