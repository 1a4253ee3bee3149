"""`handbill upgrade`: what an older configuration lacks is added, comments and meaning kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handbill.authoring.upgrade import upgraded_files
from handbill.cli.upgrade import upgrade
from handbill.pipeline import compile_tree
from handbill.schema.deprecations import DEPRECATIONS
from handbill.source.working_tree import open_working_tree

BASE = Path(__file__).parents[2] / "golden" / "base"
OLD = """\
# yaml-language-server: $schema=schemas/documents/platform.schema.json
# The platform.
categories:
  # everything that is advertising
  promotions: {class: marketing}  # asked for
  service: {class: transactional}
# At most so much.
limits: {per_customer: 4 per 7 days}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "handbill.yaml").write_text(OLD)
    return tmp_path


def ask(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(upgrade, [*arguments, "--root", str(folder)], catch_exceptions=False)


def digest(folder: Path) -> str:
    tree, found = open_working_tree(folder)
    assert tree is not None
    compiled = compile_tree(tree, found)
    assert compiled.release is not None and not compiled.has_errors
    return compiled.release.digest


def test_a_format_is_added_and_nothing_else_changes(folder: Path) -> None:
    before = digest(folder)
    checked = ask(folder, "--check")
    assert checked.exit_code == 1 and "would be rewritten: handbill.yaml" in checked.stdout
    assert (folder / "handbill.yaml").read_text() == OLD
    done = ask(folder)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("format: handbill.yaml says which format the files have.")
    assert done.stdout.endswith("rewritten: handbill.yaml\n")
    lines = OLD.splitlines(keepends=True)
    expected = "".join([*lines[:2], "format: 1\n", *lines[2:]])
    assert (folder / "handbill.yaml").read_text() == expected
    assert digest(folder) == before


def test_it_is_done_once(folder: Path) -> None:
    ask(folder)
    for flags in ([], ["--check"]):
        again = ask(folder, *flags)
        assert (again.exit_code, again.stdout) == (0, "format 1: nothing to do\n")


def test_a_newer_format_is_not_touched(folder: Path) -> None:
    (folder / "handbill.yaml").write_text(f"format: 9\n{OLD}")
    refused = ask(folder)
    assert refused.exit_code == 1 and "error[HB756]" in refused.stderr
    assert (folder / "handbill.yaml").read_text() == f"format: 9\n{OLD}"


def test_files_that_cannot_be_read_are_told(folder: Path) -> None:
    (folder / "tenants/fresh-fields/tenant.yaml").write_text("name: [\n")
    done = ask(folder)
    assert done.exit_code == 1 and "rewritten: handbill.yaml" in done.stdout
    assert "tenants/fresh-fields/tenant.yaml" in done.stderr
    shutil.rmtree(folder / "tenants")
    (folder / "handbill.yaml").unlink()
    assert "HB114" in ask(folder).stderr


def test_what_cannot_be_rewritten_is_left_alone(folder: Path) -> None:
    text = (
        "? categories # why\n: {promotions: {class: marketing}, service: {class: transactional}}\n"
    )
    (folder / "handbill.yaml").write_text(text)
    refused = ask(folder)
    assert refused.exit_code == 1 and "error[HB762]" in refused.stderr
    assert (folder / "handbill.yaml").read_text() == text


def test_every_step_is_explained_and_named_once() -> None:
    names = [step.name for step in DEPRECATIONS]
    assert len(set(names)) == len(names)
    assert all(len(step.explanation) > 40 for step in DEPRECATIONS)


def test_this_projects_own_configuration_can_be_upgraded() -> None:
    tree, _ = open_working_tree(Path(__file__).parents[3])
    assert tree is not None
    assert [each.file.path for each in upgraded_files(tree) if each.file.after is None] == []
