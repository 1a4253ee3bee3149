"""Unsaved documents over a folder, as one tree."""

from __future__ import annotations

import pathlib

import pytest
from editor_world import copy_of_base

from handbill.editor.unsaved import Snapshot, with_unsaved
from handbill.source.working_tree import open_working_tree

HELLO = "tenants/fresh-fields/campaigns/hello.yaml"


@pytest.fixture
def snapshot(tmp_path: pathlib.Path) -> Snapshot:
    root = copy_of_base(tmp_path)
    (root / "tenants/fresh-fields/campaigns/linked.yaml").symlink_to(root / HELLO)
    tree, found = open_working_tree(root)
    assert tree is not None
    return Snapshot(tree, found)


def test_a_document_lies_over_its_file(snapshot: Snapshot) -> None:
    tree, found = with_unsaved(snapshot, {HELLO: b"a: b\n"})
    assert tree.read(HELLO) == b"a: b\n"
    assert tree.paths == snapshot.tree.paths
    assert tree.blob_id(HELLO) != snapshot.blob_id(HELLO)
    assert tree.blob_id("handbill.yaml") == snapshot.tree.blob_id("handbill.yaml")
    assert tree.revision == "working tree"
    assert found == snapshot.found


def test_the_same_bytes_have_the_same_id(snapshot: Snapshot) -> None:
    tree, _ = with_unsaved(snapshot, {HELLO: snapshot.tree.read(HELLO)})
    assert tree.blob_id(HELLO) == snapshot.blob_id(HELLO)


def test_a_new_document_is_there_and_one_of_nobody_is_not(snapshot: Snapshot) -> None:
    new = "tenants/fresh-fields/campaigns/a-new-one.yaml"
    tree, _ = with_unsaved(snapshot, {new: b"a: b\n", "README.md": b"x"})
    assert new in tree.paths
    assert list(tree.paths) == sorted(tree.paths)
    assert "README.md" not in tree.paths
    assert "README.md" not in tree.files


def test_what_the_folder_refuses_stays_refused(snapshot: Snapshot) -> None:
    linked = "tenants/fresh-fields/campaigns/linked.yaml"
    tree, found = with_unsaved(snapshot, {linked: b"a: b\n"})
    assert linked not in tree.paths
    assert linked in tree.refused
    assert [each.code for each in found] == ["HB105"]


def test_a_document_that_grows_too_large(snapshot: Snapshot) -> None:
    tree, found = with_unsaved(snapshot, {HELLO: b"#" * 300_000})
    assert HELLO not in tree.paths
    assert HELLO in tree.refused
    assert [each.code for each in found] == ["HB105", "HB110"]
    with pytest.raises(KeyError):
        tree.snapshot.tree.read("nothing.yaml")
