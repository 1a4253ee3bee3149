"""The VS Code extension holds together: what its manifest names is in its code, and nothing leaks."""

from __future__ import annotations

import json
import pathlib
import re
import shutil
import subprocess
from typing import Any

from handbill.cli.main import COMMANDS
from handbill.editor.features import PREVIEW

FOLDER = pathlib.Path(__file__).parents[2] / "editors" / "vscode"
CODE = (FOLDER / "extension.js").read_text("utf-8")


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "package.json").read_text("utf-8"))
    return found


def test_every_command_is_registered_and_every_registered_one_is_declared() -> None:
    contributed = {each["command"] for each in manifest()["contributes"]["commands"]}
    registered = set(re.findall(r'registerCommand\("([\w.]+)"', CODE))
    assert contributed == registered
    shown = {
        each["command"] for menu in manifest()["contributes"]["menus"].values() for each in menu
    }
    assert shown <= contributed


def test_it_starts_a_command_that_there_is() -> None:
    settings = manifest()["contributes"]["configuration"]["properties"]
    program, command = settings["handbill.command"]["default"]
    assert program == "handbill"
    assert command in COMMANDS
    assert set(settings) == {"handbill.command"}
    assert 'getConfiguration("handbill").get("command")' in CODE


def test_it_asks_the_server_for_what_the_server_answers() -> None:
    assert f'SERVER_PREVIEW = "{PREVIEW}"' in CODE
    contributed = {each["command"] for each in manifest()["contributes"]["commands"]}
    assert PREVIEW not in contributed, "the client registers the server's commands itself"


def test_the_entry_point_exists_and_parses() -> None:
    main = FOLDER / manifest()["main"]
    assert main.is_file()
    node = shutil.which("node")
    if node is not None:
        subprocess.run([node, "--check", main], check=True)
    assert "enableScripts: false" in CODE


def test_what_it_requires_is_locked_by_digest_and_names_no_host() -> None:
    lock = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))
    wanted = manifest()["dependencies"]
    required = set(re.findall(r'require\("([\w-]+)[/"]', CODE)) - {"vscode", "node"}
    assert required == set(wanted)
    assert lock["packages"][""]["dependencies"] == wanted
    for path, package in lock["packages"].items():
        assert "resolved" not in package, path
        assert path == "" or package["integrity"].startswith("sha512-"), path
