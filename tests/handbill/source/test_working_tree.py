"""Reading a folder as it stands."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable

import pytest

from handbill.source.working_tree import open_working_tree

Write = Callable[[str, str], pathlib.Path]


@pytest.fixture
def root(tmp_path: pathlib.Path, write: Write) -> pathlib.Path:
    write("handbill.yaml", "categories: {a: {class: marketing}}\n")
    write("tenants/ff/tenant.yaml", "name: First\n")
    return tmp_path


def test_no_folder(tmp_path: pathlib.Path) -> None:
    tree, (found,) = open_working_tree(tmp_path / "absent")
    assert (tree, found.code) == (None, "HB101")


def test_only_what_handbill_reads(root: pathlib.Path, write: Write) -> None:
    write("tests/x.yaml", "")
    write("tenants/ff/notes.txt", "")
    write("tenants/ff/.cache/a.yaml", "")
    write("tenants/ff/campaigns/.#sale.yaml", "")
    tree, found = open_working_tree(root)
    assert tree and found == ()
    assert tree.paths == ("handbill.yaml", "tenants/ff/tenant.yaml")


def test_a_snapshot_does_not_change(root: pathlib.Path, write: Write) -> None:
    tree, _ = open_working_tree(root)
    write("tenants/ff/tenant.yaml", "name: Second\n")
    assert tree and tree.read("tenants/ff/tenant.yaml") == b"name: First\n"


def test_links_are_not_followed(root: pathlib.Path, write: Write) -> None:
    secret = write("elsewhere/secret.yaml", "name: Secret\n")
    (root / "tenants" / "ff" / "campaigns").mkdir()
    (root / "tenants" / "ff" / "campaigns" / "a.yaml").symlink_to(secret)
    (root / "groups").symlink_to(root / "elsewhere")
    tree, found = open_working_tree(root)
    assert sorted(one.range.file for one in found if one.range) == [
        "groups",
        "tenants/ff/campaigns/a.yaml",
    ]
    assert {one.code for one in found} == {"HB105"}
    assert tree and len(tree.paths) == 2


def test_pipes_are_refused(root: pathlib.Path) -> None:
    os.mkfifo(root / "tenants" / "ff" / "pipe.yaml")
    _, (found,) = open_working_tree(root)
    assert found.code == "HB107"


def test_large_files(root: pathlib.Path, write: Write) -> None:
    write("tenants/ff/templates/a.html", "x" * 300_000)
    tree, (found,) = open_working_tree(root)
    assert found.code == "HB110"
    assert tree and "tenants/ff/templates/a.html" not in tree.paths


def test_misspelt_folders_are_looked_into_and_others_are_not(
    root: pathlib.Path, write: Write
) -> None:
    write("tenant/ff/tenant.yaml", "name: x\n")
    write("vendored/ff/tenant.yaml", "name: x\n")
    _, (found,) = open_working_tree(root)
    assert found.range and found.range.file == "tenant/ff/tenant.yaml"


def test_assets_are_read_when_asked_for(root: pathlib.Path, write: Write) -> None:
    write("assets/logo.svg", "<svg/>")
    tree, _ = open_working_tree(root)
    assert tree and tree.read("assets/logo.svg") == b"<svg/>"
    assert tree.blob_id("assets/logo.svg") == "950ddbbd87f70356e400dbd9eb234b9447dfccab"
    with pytest.raises(KeyError):
        tree.read("assets/absent.svg")
