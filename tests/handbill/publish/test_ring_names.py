"""Rings and freezes name tenants and groups that are there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from handbill.pipeline import Compiled, compile_tree
from handbill.publish.ring_names import check_ring_names
from handbill.source.working_tree import open_working_tree

BASE = Path(__file__).parents[2] / "golden" / "base"


def _compiled(folder: Path, text: str) -> Compiled:
    shutil.copytree(BASE, folder)
    environment = folder / "environments" / "staging.yaml"
    environment.write_text(environment.read_text("utf-8") + text, encoding="utf-8")
    tree, found = open_working_tree(folder)
    assert tree is not None
    return compile_tree(tree, found)


@pytest.mark.parametrize(
    ("ring", "said"),
    [
        ("{name: a, tenants: [fresh-fields]}", None),
        ("{name: a, tenants: [fresh-feilds]}", ("there is no tenant `fresh-feilds`", "did you mean `fresh-fields`?")),
        ("{name: a, groups: [xyz]}", ("there is no group `xyz`", "delete it, or add groups/xyz/")),
    ],
)  # fmt: skip
def test_rings(tmp_path: Path, ring: str, said: tuple[str, str] | None) -> None:
    text = f"rollout:\n  rings:\n    - {ring}\n    - {{name: everyone, share: 100%}}\n"
    compiled = _compiled(tmp_path / "config", text)
    found = check_ring_names(compiled)
    assert [(each.message, each.hint) for each in found] == ([said] if said else [])
    assert all(each.code == "HB843" and each.range is not None for each in found)
    assert check_ring_names(compiled, lambda file: not file.startswith("environments/")) == ()


def test_a_freeze_excepts_tenants_that_are_there(tmp_path: Path) -> None:
    text = (
        "freeze: [{from: 2026-11-26T18:00, to: 2026-12-01T06:00, timezone: UTC, reason: Sale, "
        "except: [nobody]}]\n"
    )
    (found,) = check_ring_names(_compiled(tmp_path / "config", text))
    assert found.message == "there is no tenant `nobody`"


def test_of_nothing_nothing_is_said() -> None:
    assert check_ring_names(Compiled(None, None, None, {}, ())) == ()
