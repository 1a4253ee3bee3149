"""The generated repository: valid, the same each time, and without repetition."""

from __future__ import annotations

from pathlib import Path

from benchmarks.generate import generate

from handbill.pipeline import compile_tree
from handbill.source.working_tree import open_working_tree

SAMPLE = Path(__file__).parents[2]


def texts(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): path.read_text() for path in root.rglob("tenants/**/*.yaml")
    }


def test_it_compiles_and_no_two_campaigns_are_alike(tmp_path: Path) -> None:
    generate(SAMPLE, tmp_path / "one", tenants=3, campaigns=4)
    written = texts(tmp_path / "one")
    assert len(written) == 3 * (4 + 1)
    assert len(set(written.values())) == len(written)
    tree, found = open_working_tree(tmp_path / "one")
    assert tree is not None
    compiled = compile_tree(tree, found)
    assert compiled.diagnostics == ()
    assert compiled.release is not None
    assert len(compiled.release.release.tenants) == 3


def test_a_seed_gives_the_same_repository(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        generate(SAMPLE, tmp_path / name, tenants=1, campaigns=2, seed=seed)
    assert texts(tmp_path / "one") == texts(tmp_path / "two") != texts(tmp_path / "three")
