from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from handbill.authoring.overlay import Overlay
from handbill.source.working_tree import open_working_tree

BASE = Path(__file__).parents[2] / "golden" / "base"
NEW = "tenants/corner-shop/tenant.yaml"


@pytest.fixture(scope="module")
def overlay() -> Overlay:
    tree, _ = open_working_tree(BASE)
    assert tree is not None
    files = {NEW: b"name: Corner\n", "handbill.yaml": b"{}\n", "README.md": b"no part of it"}
    return Overlay(tree, "corner-shop", files)


def test_shared_files_and_ones_own_and_nobody_elses(overlay: Overlay) -> None:
    assert NEW in overlay.paths and "channels/email/channel.yaml" in overlay.paths
    assert not [path for path in overlay.paths if path.startswith("tenants/fresh-fields")]
    assert "README.md" not in overlay.paths
    assert list(overlay.paths) == sorted(overlay.paths)


def test_added_files_lie_over_those_that_are_there(overlay: Overlay) -> None:
    assert overlay.read("handbill.yaml") == b"{}\n"
    assert b"contract" not in overlay.read(NEW)
    with pytest.raises(KeyError):
        overlay.read("tenants/fresh-fields/tenant.yaml")


def test_ids_are_gits(overlay: Overlay) -> None:
    data = b"name: Corner\n"
    assert overlay.blob_id(NEW) == hashlib.sha1(b"blob 13\0" + data).hexdigest()
    shared = "channels/email/channel.yaml"
    assert overlay.blob_id(shared) == overlay.tree.blob_id(shared)
