"""The generated platform: sound, the same each time, of every kind, and without repetition."""

from __future__ import annotations

from pathlib import Path

from benchmarks.fleet import commit_all, git, write_fleet

from handbill.diagnostics.diagnostic import has_errors
from handbill.pipeline import compile_revision

SAMPLE = Path(__file__).parents[2]


def test_a_revision_of_it_compiles(tmp_path: Path) -> None:
    files = write_fleet(SAMPLE, tmp_path, tenants=2, campaigns=14)
    commit = commit_all(tmp_path)
    assert len(git(tmp_path, "ls-files").splitlines()) == files
    compiled = compile_revision(tmp_path, commit)
    assert not has_errors(compiled.diagnostics)
    assert compiled.release is not None and compiled.repository is not None
    assert sorted(compiled.release.release.tenants) == ["shop-0000", "shop-0001"]
    grouped = compiled.repository.tenants["shop-0000"].campaigns
    assert "recall" in grouped and len(grouped) == 15
    written = [path.read_text() for path in tmp_path.glob("tenants/*/*/*") if path.is_file()]
    assert len(set(written)) == len(written)
    kinds = {path.suffix for path in tmp_path.glob("tenants/*/templates/*")}
    assert kinds == {".html", ".mjml"}
    assert any(campaign.blueprint for campaign in grouped.values())
    assert any(len(campaign.variants) == 2 for campaign in grouped.values())


def test_a_seed_gives_the_same_commit_tree(tmp_path: Path) -> None:
    trees = []
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        write_fleet(SAMPLE, tmp_path / name, tenants=1, campaigns=3, seed=seed)
        commit_all(tmp_path / name)
        trees.append(git(tmp_path / name, "rev-parse", "HEAD^{tree}"))
    assert trees[0] == trees[1] != trees[2]
