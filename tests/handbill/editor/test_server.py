"""The language server as an editor meets it: a process, asked over stdio."""

from __future__ import annotations

import pathlib
import shutil

import pytest
from editor_world import copy_of_base, editor_on, run
from lsprotocol import types

HELLO = "tenants/fresh-fields/campaigns/hello.yaml"
SOUND = """\
category: promotions
status: active
trigger: {at: 2026-12-05T10:00}
audience: customer.lifetime_orders >= 1
message:
  email: {subject: "Double points this weekend", template: hello.html}
"""
EMOJI = SOUND.replace("Double points this weekend", "🎉🎉 Hello {{ customer.frist_name }}")


@pytest.fixture
def root(tmp_path: pathlib.Path) -> pathlib.Path:
    return copy_of_base(tmp_path)


@pytest.mark.parametrize(
    ("encodings", "start"),
    [((), 43), (("utf-16",), 43), (("utf-32", "utf-16"), 41), (("utf-8",), 47)],
)
def test_a_mistake_stands_where_the_editor_counts_it(
    root: pathlib.Path, encodings: tuple[str, ...], start: int
) -> None:
    async def work() -> None:
        async with editor_on(root, *encodings) as editor:
            editor.open(HELLO, EMOJI)
            (found,) = await editor.codes(HELLO, "HB505")
            assert found.range.start == types.Position(5, start)
            assert found.range.end == types.Position(5, start + len("frist_name"))
            assert found.severity == types.DiagnosticSeverity.Error
            assert found.source == "handbill"
            assert found.message == (
                "`customer` has no field `frist_name`\nhelp: did you mean `customer.first_name`?"
            )
            assert found.code_description is not None
            assert found.code_description.href.endswith("HB5-expressions.md#hb505")

    run(work)


def test_what_is_mended_is_told_to_be_gone(root: pathlib.Path) -> None:
    async def work() -> None:
        async with editor_on(root) as editor:
            editor.open(HELLO, EMOJI)
            await editor.codes(HELLO, "HB505")
            editor.type(HELLO, SOUND)
            await editor.codes(HELLO)
            editor.type(HELLO, SOUND.replace("promotions", "promotion"))
            (found,) = await editor.codes(HELLO, "HB431")
            assert found.range.start == types.Position(0, 10)

    run(work)


def test_half_a_line_crashes_nothing(root: pathlib.Path) -> None:
    """Every prefix of a campaign is opened, and the last one is answered."""

    async def work() -> None:
        async with editor_on(root) as editor:
            editor.open(HELLO, "")
            for length in range(0, len(SOUND), 7):
                editor.type(HELLO, SOUND[:length])
            editor.type(HELLO, SOUND + 'owner: "somebody\n')
            (found,) = await editor.codes(HELLO, "HB222")
            assert found.range.start == types.Position(6, 7)
            assert editor.logged == []

    run(work)


def test_bytes_that_are_no_text_and_files_of_nobody(
    root: pathlib.Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "notes.yaml"
    elsewhere.write_text("a: [")

    async def work() -> None:
        async with editor_on(root) as editor:
            item = types.TextDocumentItem(elsewhere.as_uri(), "yaml", 1, "a: [")
            editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
            untitled = types.TextDocumentItem("untitled:Untitled-1", "yaml", 1, "a: [")
            editor.client.text_document_did_open(types.DidOpenTextDocumentParams(untitled))
            editor.open(HELLO, "\ufffd\0\0\ud83d binary")
            (found,) = await editor.until(HELLO, lambda found: len(found) == 1)
            assert found.code in ("HB201", "HB202")
            assert set(editor.told) == {editor.uri(HELLO)}
            assert editor.logged == []

    run(work)


def test_a_change_in_the_folder_is_read_when_the_editor_says_so(root: pathlib.Path) -> None:
    async def work() -> None:
        async with editor_on(root) as editor:
            editor.open(HELLO)
            tenant = root / "tenants/fresh-fields/tenant.yaml"
            tenant.write_text(tenant.read_text() + "colour: red\n")
            changes = [types.FileEvent(tenant.as_uri(), types.FileChangeType.Changed)]
            editor.client.workspace_did_change_watched_files(
                types.DidChangeWatchedFilesParams(changes)
            )
            await editor.codes("tenants/fresh-fields/tenant.yaml", "HB301")
            tenant.write_text(tenant.read_text().replace("colour: red\n", ""))
            editor.saved(HELLO)
            await editor.codes("tenants/fresh-fields/tenant.yaml")

    run(work)


def test_a_folder_that_vanishes_takes_its_findings_along(root: pathlib.Path) -> None:
    async def work() -> None:
        async with editor_on(root) as editor:
            editor.open(HELLO, EMOJI)
            await editor.codes(HELLO, "HB505")
            moved = root.with_name("moved")
            shutil.move(root, moved)
            editor.saved(HELLO)
            await editor.codes(HELLO)
            shutil.move(moved, root)
            editor.saved(HELLO)
            await editor.codes(HELLO, "HB505")
            assert editor.logged == []

    run(work)


def test_what_takes_longer_is_found_when_nobody_types(root: pathlib.Path) -> None:
    """Nobody can be in this audience: that takes a proof."""
    nobody = SOUND.replace(">= 1", ">= 9 and customer.lifetime_orders < 3")

    async def work() -> None:
        async with editor_on(root) as editor:
            editor.open(HELLO, nobody)
            (found,) = await editor.until(HELLO, lambda found: len(found) == 1)
            assert "nobody" in found.message
            editor.type(HELLO, SOUND)
            await editor.codes(HELLO)

    run(work)
