"""Everything that check finds: of files, tests, proofs and policies alike."""

from __future__ import annotations

import shutil
from pathlib import Path

from handbill.cli.findings import findings_of
from handbill.pipeline import Compiled, compile_tree
from handbill.source.working_tree import open_working_tree

BASE = Path(__file__).parents[2] / "golden" / "base"
CAMPAIGN = "tenants/fresh-fields/campaigns/hello.yaml"


def compiled(folder: Path) -> Compiled:
    tree, found = open_working_tree(folder)
    assert tree is not None
    return compile_tree(tree, found)


def codes(folder: Path) -> set[str]:
    return {each.code for each in findings_of(compiled(folder))}


def test_a_sound_configuration_has_none(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    assert codes(tmp_path) == set()


def test_proofs_and_policies_speak_too(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    path = tmp_path / CAMPAIGN
    text = path.read_text("utf-8")
    before = "customer.lifetime_orders >= 1"
    assert before in text
    path.write_text(text.replace(before, f"{before} and customer.lifetime_orders < 1"), "utf-8")
    assert any(code.startswith("HB5") for code in codes(tmp_path))
    platform = tmp_path / "handbill.yaml"
    policy = "policies:\n  - {name: none, level: deny, when: plan.subject_length > 2}\n"
    platform.write_text(platform.read_text("utf-8") + policy, encoding="utf-8")
    assert "HB700" in codes(tmp_path)


def test_where_nothing_compiles_its_findings_are_left() -> None:
    assert findings_of(Compiled(None, None, None, {}, ())) == ()
