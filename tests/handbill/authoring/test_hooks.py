"""The pre-commit hooks: the file at the top is made from the table, is what pre-commit takes, and each
command runs as pre-commit would run it."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from handbill.authoring.hooks import HOOKS, Hook, hooks_manifest, pre_commit_config
from handbill.cli.main import COMMANDS, handbill

ROOT = Path(__file__).parents[3]
BASE = ROOT / "tests" / "golden" / "base"
MANIFEST = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "name", "entry", "language"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "pattern": "^[a-z0-9-]+$"},
            "name": {"type": "string"},
            "description": {"type": "string"},
            "entry": {"type": "string"},
            "language": {"enum": ["python", "system"]},
            "files": {"type": "string", "format": "regex"},
            "pass_filenames": {"type": "boolean"},
        },
    },
}
"""What pre-commit's documentation says of a hook, of the keys that are used here
(https://pre-commit.com/#creating-new-hooks)."""


def test_the_manifest_is_the_tables(pytestconfig: pytest.Config) -> None:
    path = ROOT / ".pre-commit-hooks.yaml"
    if pytestconfig.getoption("--update-golden"):
        path.write_text(hooks_manifest(), encoding="utf-8")
    assert path.read_text("utf-8") == hooks_manifest()


def test_pre_commit_takes_both_files() -> None:
    Draft202012Validator(MANIFEST).validate(yaml.safe_load(hooks_manifest()))
    config = yaml.safe_load(pre_commit_config())
    (repository,) = config["repos"]
    assert repository["repo"] == "local"
    Draft202012Validator(MANIFEST).validate(repository["hooks"])


@pytest.mark.parametrize("hook", HOOKS, ids=[hook.id for hook in HOOKS])
def test_its_command_runs(hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    program, command, *arguments = shlex.split(hook.entry)
    assert program == "handbill" and command in COMMANDS
    files = ["tenants/fresh-fields/campaigns/hello.yaml"] if hook.names_files else []
    done = CliRunner().invoke(handbill, [command, *arguments, *files])
    assert done.exit_code == 0, done.output


def test_they_are_for_the_files_of_a_configuration() -> None:
    formatted = next(hook for hook in HOOKS if hook.id == "handbill-fmt")
    for path in ("handbill.yaml", "tenants/a/campaigns/b.yaml", "personas/regular.yaml"):
        assert all(re.search(hook.files, path) for hook in HOOKS), path
    for path in ("README.md", ".github/workflows/test.yml", "docs/handbill.yaml"):
        assert not any(re.search(hook.files, path) for hook in HOOKS), path
    assert not re.search(formatted.files, "tenants/a/templates/b.mjml")
