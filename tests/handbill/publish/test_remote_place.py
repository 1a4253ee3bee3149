from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.publish.remote_place import RemotePlace, find_remote


@pytest.mark.parametrize(
    ("text", "protocol"),
    [
        ("https://git.example/config.git", "https"),
        ("HTTPS://git.example/config.git", "https"),
        ("ssh://git@git.example:2222/config.git", "ssh"),
        ("git@git.example:team/config.git", "ssh"),
        ("http://localhost:8080/config.git", "http"),
        ("http://[::1]/config.git", "http"),
        ("file:///srv/config.git", "file"),
    ],
)
def test_what_may_be_fetched_from(text: str, protocol: str) -> None:
    assert find_remote(text, None) == RemotePlace(text, protocol)


def test_a_folder_of_this_machine(tmp_path: Path) -> None:
    assert find_remote(str(tmp_path), None) == RemotePlace(str(tmp_path), "file")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("http://git.example/config.git", "not encrypted"),
        ("git://git.example/config.git", "fetched by `git`"),
        ("ext::sh -c id", "neither a URL"),
        ("ext://x", "fetched by `ext`"),
        ("--upload-pack=id", "not the address"),
        ("-oProxyCommand=id", "not the address"),
        ("https://git.example/a\nb", "not the address"),
        ("", "not the address"),
        ("/nowhere/at/all", "not there"),
        ("origin", "neither a URL"),
        ("https://[::1", "cannot be read"),
        ("https://ana:secret@git.example/config.git", "password or token"),
        ("https://ghp_token@git.example/config.git", "password or token"),
        ("ssh://git:secret@git.example/config.git", "password or token"),
    ],
)
def test_what_may_not(text: str, says: str) -> None:
    refused = find_remote(text, None)
    assert isinstance(refused, Diagnostic) and refused.code == "HB855"
    assert says in refused.message
    assert "secret" not in refused.message and "ghp_" not in refused.message


def test_a_remote_by_its_name(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path / "config")], check=True)
    for name, url in (("origin", "https://git.example/c.git"), ("near", "../near.git")):
        command = ["git", "-C", str(tmp_path / "config"), "remote", "add", name, url]
        subprocess.run(command, check=True)
    repository = tmp_path / "config"
    assert find_remote("origin", repository) == RemotePlace("https://git.example/c.git", "https")
    missing = find_remote("near", repository)
    assert isinstance(missing, Diagnostic) and "not there" in missing.message
    (tmp_path / "near.git").mkdir()
    assert find_remote("near", repository) == RemotePlace(str(tmp_path / "near.git"), "file")
    unknown = find_remote("upstream", repository)
    assert isinstance(unknown, Diagnostic) and "not a remote of" in unknown.message
