"""Paths of pictures in what a template writes, wherever their letters come from."""

from __future__ import annotations

import pytest

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.language.templates.asset_paths import (
    is_asset_path,
    place_assets,
    place_whole_asset,
)
from handbill.language.templates.draft import (
    Draft,
    DraftBranch,
    DraftFor,
    DraftIf,
    DraftPut,
    DraftText,
    Place,
)
from handbill.plan.ir import Const, Field
from handbill.plan.types import BoolType, ListType, StringType
from handbill.source.text import SourceText

FILE = "tenants/ff/templates/a.html"


class Shelf:
    """Knows every picture but those that are called `no…`."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, SourceRange]] = []

    def asset(self, path: str, from_file: str, where: SourceRange) -> str | Diagnostic:
        self.asked.append((path, from_file, where))
        if "/no" in path:
            return Diagnostic("HB490", "there is none", where)
        return f"https://asset.invalid/{path.rpartition('/')[2]}"


def text(written: str, file: str = FILE) -> DraftText:
    return DraftText(written, Place(SourceText.of_file(file, written), 0, len(written)))


def hole(value: str) -> DraftPut:
    source = SourceText.of_file(FILE, "{{ x }}")
    return DraftPut(Const(StringType(len(value)), value), Place(source, 3, 4))


def shown(drafts: list[Draft]) -> str:
    parts = []
    for draft in drafts:
        if isinstance(draft, DraftText):
            parts.append(draft.text)
        elif isinstance(draft, DraftPut) and isinstance(draft.expression, Const):
            parts.append(str(draft.expression.value))
        else:
            parts.append("?")
    return "".join(parts)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="assets/a.png">', '<img src="https://asset.invalid/a.png">'),
        ("<img src='assets/a.png'>", "<img src='https://asset.invalid/a.png'>"),
        ('<td background = "group/assets/a.png">', '<td background = "https://asset.invalid/a.png">'),
        (
            '<mj-section background-url="platform/email/assets/a.png">',
            '<mj-section background-url="https://asset.invalid/a.png">',
        ),
        ('<img src="assets/x/a.png"><img src="assets/b.png">',
         '<img src="https://asset.invalid/a.png"><img src="https://asset.invalid/b.png">'),
        ('<img src=" assets/a.png ">', '<img src=" https://asset.invalid/a.png ">'),
        ('<img data-src="assets/a.png">', '<img data-src="assets/a.png">'),
        ('<img src="https://ff.example/assets/a.png">', '<img src="https://ff.example/assets/a.png">'),
        ("<p>assets/a.png</p>", "<p>assets/a.png</p>"),
    ],
)  # fmt: skip
def test_paths_in_attributes(html: str, expected: str) -> None:
    drafts, found = place_assets([text(html)], Shelf())
    assert (shown(drafts), found) == (expected, [])


def test_every_piece_keeps_its_place() -> None:
    drafts, _ = place_assets([text('<img src="assets/a.png" alt="">')], Shelf())
    for draft in drafts:
        if isinstance(draft, DraftText):
            assert draft.place.text == draft.text
    (put,) = [draft for draft in drafts if isinstance(draft, DraftPut)]
    assert put.place.text == "assets/a.png"


def test_constants_are_part_of_a_path() -> None:
    shelf = Shelf()
    pieces: list[Draft] = [
        text('<img src="assets/'),
        hole("a"),
        text('.png" alt="'),
        hole("A"),
        text('">'),
    ]
    drafts, found = place_assets(pieces, shelf)
    assert shown(drafts) == '<img src="https://asset.invalid/a.png" alt="A">'
    assert found == []
    assert [path for path, _, _ in shelf.asked] == ["assets/a.png"]


def test_a_customers_value_is_not() -> None:
    value = DraftPut(Field(("customer", "x"), StringType(9)), hole("x").place)
    pieces: list[Draft] = [text('<img src="assets/'), value, text('.png">')]
    drafts, found = place_assets(pieces, Shelf())
    assert (drafts, found) == (pieces, [])


def test_the_file_that_wrote_the_path_counts() -> None:
    shelf = Shelf()
    pieces: list[Draft] = [
        text("<p>"),
        text('<img src="assets/a.png">', "channels/email/templates/b.html"),
    ]
    place_assets(pieces, shelf)
    assert [file for _, file, _ in shelf.asked] == ["channels/email/templates/b.html"]


def test_branches_and_loops() -> None:
    image = text('<img src="assets/a.png">')
    yes, items = Const(BoolType(), True), Const(ListType(StringType(1), 1), ("a",))
    choice = DraftIf((DraftBranch(yes, (image,), image.place),), (image,), image.place)
    loop = DraftFor("i", items, 1, (image,), (image,), image.place)
    (first, second), _ = place_assets([choice, loop], Shelf())
    assert isinstance(first, DraftIf) and isinstance(second, DraftFor)
    for body in (first.branches[0].body, first.otherwise, second.body, second.otherwise):
        assert "asset.invalid" in shown(list(body))


def test_what_is_wrong_is_found_where_it_stands() -> None:
    html = '<p>\n<img src="assets/no.png"><a href="assets/a.png">x</a>'
    drafts, found = place_assets([text(html)], Shelf())
    assert shown(drafts) == html
    assert [(each.code, each.range and each.range.column) for each in found] == [
        ("HB490", 11),
        ("HB498", 35),
    ]


def test_a_part_that_is_one_path() -> None:
    drafts, found = place_whole_asset([text("assets/a.png")], Shelf())
    assert (shown(drafts), found) == ("https://asset.invalid/a.png", [])
    for other in ("https://ff.example/a.png", "assets/", "see assets/a.png"):
        assert place_whole_asset([text(other)], Shelf())[0] == [text(other)]
    assert place_whole_asset([], Shelf()) == ([], [])
    _, (finding,) = place_whole_asset([text("assets/no.png")], Shelf())
    assert finding.code == "HB490"


def test_what_a_path_is() -> None:
    assert is_asset_path("assets/a.png") and is_asset_path("platform/assets/a.png")
    assert not is_asset_path("asset/a.png") and not is_asset_path("assets/")
