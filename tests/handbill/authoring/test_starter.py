"""The starter that ships is this project's own: the same bytes, so that what is tested here is what a
new repository gets. `--update-golden` copies them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbill.authoring.senders import STARTER
from handbill.authoring.starter import contract_in, starter_bytes, starter_files
from handbill.authoring.workflows import WORKFLOWS

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "compiler/handbill/authoring/starter"
PARTS = (
    "channels/*/*.yaml",
    "channels/email/templates/*.mjml",
    "channels/email/templates/department-*.html",
    "schemas/customer.schema.json",
    "schemas/data/*.schema.json",
    "personas/[!c]*.yaml",
    "blueprints/winback/**/*.*",
)
"""All channels but the older layout in HTML; the vocabulary but the generated schemas; the personas that
need no products; one blueprint."""


def test_the_workflows_are_this_projects(pytestconfig: pytest.Config) -> None:
    for name in WORKFLOWS:
        own = (ROOT / ".github" / "workflows" / name).read_bytes()
        if pytestconfig.getoption("--update-golden"):
            (FOLDER / "workflows" / name).write_bytes(own)
        assert starter_bytes(f"workflows/{name}") == own, name


def ours() -> dict[str, bytes]:
    paths = {path for part in PARTS for path in ROOT.glob(part) if path.is_file()}
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}


def test_the_starter_is_what_this_project_uses(pytestconfig: pytest.Config) -> None:
    expected = ours()
    if pytestconfig.getoption("--update-golden"):
        for path in set(starter_files()) - set(expected):
            (FOLDER / path).unlink()
        for path, data in expected.items():
            (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
            (FOLDER / path).write_bytes(data)
    found = starter_files()
    assert sorted(found) == sorted(expected)
    assert [path for path in found if found[path] != expected[path]] == []


def test_every_channel_has_a_sender() -> None:
    files = starter_files()
    assert {path.split("/")[1] for path in files if path.startswith("channels/")} == {*STARTER}
    for channel, sender in STARTER.items():
        assert contract_in(files, channel).known and sender.channel == channel


def test_it_is_in_the_wheel() -> None:
    """Hatch takes all files of the package; a .gitignore pattern would leave some out."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'packages = ["compiler/handbill"' in text
    assert not [path for path in FOLDER.rglob("*") if path.name.startswith(".")]
