"""docs/plan.md: the plan, the digests and every published value are what the code computes."""

from __future__ import annotations

import doctest
import hashlib
import json
import pathlib
from typing import Any

import duckdb
import pytest
from pages import DOCS, UPDATE, Page, Table, filled, lay_out, output_of, read_page

from handbill.pipeline import compile_tree
from handbill.plan.canonical import digest_of
from handbill.plan.decisions import fraction, fraction_sql, message_id, variant_index
from handbill.plan.model import Variant
from handbill.source.working_tree import open_working_tree

PAGE = read_page(DOCS / "plan.md")
WIDTH = 110
VARIANTS = [
    Variant(name=n, weight=w, offers=(), messages={})
    for n, w in zip("abc", (50, 30, 20), strict=True)
]


def table(*header: str) -> Table:
    [found] = [each for each in PAGE.tables if each.header == header]
    assert len(found.rows) >= 3
    return found


def plain(cell: str) -> str:
    return "" if cell == "*(empty)*" else cell.strip("`")


def test_fractions() -> None:
    rows = table("salt", "customer id", "fraction", "of 2³²").rows
    for salt, customer, number, share in rows:
        assert fraction(plain(salt), plain(customer)) == int(number)
        assert f"{int(number) / 2**32:.6f}" == share
        by_hand = hashlib.md5(f"{plain(salt)}\x1f{plain(customer)}".encode()).hexdigest()[:8]
        assert int(by_hand, 16) == int(number)


def test_fractions_in_sql() -> None:
    formula = "CAST('0x' || left(md5(salt || chr(31) || id), 8) AS UBIGINT)"
    assert f"`{formula}`" in PAGE.text
    database = duckdb.connect()
    for salt, customer, number, _ in table("salt", "customer id", "fraction", "of 2³²").rows:
        given = [plain(salt), plain(customer)]
        row = database.execute(f"SELECT {formula} FROM (SELECT ? AS salt, ? AS id)", given)
        assert row.fetchone() == (int(number),)
        ours = database.execute(f"SELECT {fraction_sql(given[0], '?')}", given[1:])
        assert ours.fetchone() == (int(number),)


def test_variants() -> None:
    rows = table("salt", "customer id", "variant").rows
    for salt, customer, name in rows:
        place = variant_index(plain(salt), VARIANTS, plain(customer))
        assert VARIANTS[place].name == plain(name)
    assert {plain(row[2]) for row in rows} == {"a", "b", "c"}


def test_message_ids() -> None:
    rows = table("tenant, identity, occurrence, customer, channel, step", "message id").rows
    for parts, identifier in rows:
        array = json.loads(plain(parts))
        assert message_id(*array) == plain(identifier)
        text = json.dumps(array, ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == plain(identifier)


def test_python_examples() -> None:
    session = "\n".join(
        block.text
        for section in PAGE.sections
        for block in section.blocks
        if block.language == "python"
    )
    test = doctest.DocTestParser().get_doctest(session, {}, "plan.md", None, None)
    assert len(test.examples) >= 5
    assert doctest.DocTestRunner().run(test).failed == 0


# ── the example ──────────────────────────────────────────────────────────────────────────────────


def objects(folder: pathlib.Path) -> dict[str, dict[str, Any]]:
    """Digest → object of the release that the folder compiles to."""
    tree, found = open_working_tree(folder)
    assert tree is not None
    release = compile_tree(tree, found).release
    assert release is not None
    found_objects = {}
    for pack in release.packs.values():
        for digest, data in pack.items():
            assert digest_of(data) == digest
            found_objects[digest] = json.loads(data)
    return found_objects


def shown(value: Any, indent: int = 0) -> str:
    """JSON in which whatever fits stands on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= WIDTH or not isinstance(value, dict | list):
        return flat
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        inner = [f'{pad}"{key}": {shown(each, indent + 2)}' for key, each in value.items()]
        return "{\n" + ",\n".join(inner) + "\n" + " " * indent + "}"
    return (
        "[\n" + ",\n".join(pad + shown(each, indent + 2) for each in value) + f"\n{' ' * indent}]"
    )


def with_plan(page: Page, folder: pathlib.Path) -> str:
    """The page's text with the outputs and the plan that its example really has."""
    [section] = [each for each in page.sections if each.title == "An example"]
    [block] = [each for each in section.blocks if each.language == "json"]
    lay_out(section.files, folder / "plan")
    [plan] = [
        each for each in objects(folder / "plan").values() if each.get("campaign") == "points"
    ]
    lines = filled(page, folder / "outputs").split("\n")
    lines[block.line : block.line + block.text.count("\n")] = shown(plan).split("\n")
    return "\n".join(lines)


def test_the_example_is_real(tmp_path: pathlib.Path, pytestconfig: pytest.Config) -> None:
    text = with_plan(PAGE, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE


def test_what_changes_which_digests(tmp_path: pathlib.Path) -> None:
    """A comment changes nothing; a word changes one plan, its tenant and the release."""
    [section] = [each for each in PAGE.sections if each.title == "An example"]
    [(path, text)] = section.files.items()
    before, commented, edited = tmp_path / "before", tmp_path / "comment", tmp_path / "edit"
    lay_out({path: text}, before)
    lay_out({path: text.replace("# Our regulars first\n", "")}, commented)
    lay_out({path: text.replace("Hello", "Welcome")}, edited)
    assert text.startswith("# Our regulars first\n")
    assert output_of(["compile"], commented) == output_of(["compile"], before)
    old, new = objects(before), objects(edited)
    changed = sorted(old[digest]["object"] for digest in old.keys() - new.keys())
    assert changed == ["plan", "release", "tenant"]
