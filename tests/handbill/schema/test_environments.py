"""Two environments never share a ledger or a store."""

from __future__ import annotations

import pathlib

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.schema.documents import check_documents
from handbill.source.documents import load_documents
from handbill.source.working_tree import open_working_tree

ENVIRONMENT = """
data: {{root: "file:///data/{{tenant}}"}}
store: file:///{store}
ledger: sqlite:///{ledger}
public_url: https://x.example
assets_url: https://x.example/assets
providers: {{}}
"""


def checked(folder: pathlib.Path, **environments: str) -> tuple[list[str], list[Diagnostic]]:
    """`environments` is name → store and ledger."""
    (folder / "environments").mkdir()
    for name, places in environments.items():
        store, ledger = places.split()
        text = ENVIRONMENT.format(store=store, ledger=ledger)
        (folder / "environments" / f"{name}.yaml").write_text(text)
    tree, _ = open_working_tree(folder)
    assert tree
    sound, found = check_documents(load_documents(tree)[0])
    return [path.split("/")[1] for path in sound.documents], list(found)


def test_each_its_own(tmp_path: pathlib.Path) -> None:
    sound, found = checked(tmp_path, production="a a.db", staging="b b.db")
    assert (sound, found) == (["production.yaml", "staging.yaml"], [])


def test_the_same_ledger(tmp_path: pathlib.Path) -> None:
    sound, (found,) = checked(tmp_path, production="a l.db", staging="b /l.db")
    assert found.code == "HB321" and "ledger" in found.message
    assert found.range and (found.range.file, found.range.line) == ("environments/staging.yaml", 4)
    (related,) = found.related
    assert (related.range.file, related.range.line) == ("environments/production.yaml", 4)
    assert sound == ["production.yaml"]


def test_the_same_store(tmp_path: pathlib.Path) -> None:
    _, (found,) = checked(tmp_path, production="a a.db", staging="x/../a b.db")
    assert found.code == "HB321" and "store" in found.message
