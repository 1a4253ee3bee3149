from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from handbill.pipeline import compile_tree
from handbill.source.working_tree import open_working_tree

BASE = Path(__file__).parents[2] / "golden" / "base"


@pytest.mark.parametrize(
    ("policies", "found"),
    [
        ('{name: a, when: plan.everyone, level: approve, by: ["@ann"]}', []),
        ("{name: a, when: plan.everyone, level: deny}", []),
        ("{name: a, when: plan.everyone, level: approve}", [("HB302", 5)]),
        ('{name: a, when: plan.everyone, level: warn, by: ["@ann"]}', [("HB704", 5)]),
        ("{name: a, when: plan.everyone, level: warn}\n  - {name: a, when: plan.everyone, level: deny}",
         [("HB704", 6)]),
        ('{name: a, when: plan.everyone, level: approve, by: ["ann@shop.example"]}', [("HB305", 5)]),
        ("{name: a, when: plan.everyone, level: refuse}", [("HB304", 5)]),
        ("{name: a, level: deny}", [("HB302", 5)]),
    ],
)  # fmt: skip
def test_policies(policies: str, found: list[tuple[str, int]], tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    platform = tmp_path / "handbill.yaml"
    text = "categories:\n  promotions: {class: marketing}\n  service: {class: transactional}\n"
    platform.write_text(f"{text}policies:\n  - {policies}\n", encoding="utf-8")
    tree, _ = open_working_tree(tmp_path)
    assert tree is not None
    made = compile_tree(tree)
    assert [(each.code, each.range and each.range.line) for each in made.diagnostics] == found
