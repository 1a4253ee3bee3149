"""Only documents that obey their schema go on."""

from __future__ import annotations

import pathlib

from handbill.schema.documents import check_documents
from handbill.source.documents import load_documents
from handbill.source.working_tree import open_working_tree


def test_unsound_documents_are_left_out(tmp_path: pathlib.Path) -> None:
    campaigns = tmp_path / "tenants" / "ff" / "campaigns"
    campaigns.mkdir(parents=True)
    (campaigns / "good.yaml").write_text("status: draft\n")
    (campaigns / "bad.yaml").write_text("stauts: draft\n")
    tree, _ = open_working_tree(tmp_path)
    assert tree
    loaded, _ = load_documents(tree)
    sound, found = check_documents(loaded)
    assert list(sound.documents) == ["tenants/ff/campaigns/good.yaml"]
    assert sound.places == loaded.places
    assert [one.code for one in found] == ["HB301"]
