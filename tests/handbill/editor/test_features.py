"""What the server answers to an editor's questions, over stdio."""

from __future__ import annotations

import pathlib
from collections.abc import Awaitable, Callable

import pytest
from editor_world import Editor, at, copy_of_base, editor_on, run
from lsprotocol import types

from handbill.editor.features import OPEN_PREVIEW, PREVIEW

HELLO = "tenants/fresh-fields/campaigns/hello.yaml"
TEXT = """\
category: promotions
status: active
trigger: {at: 2026-12-05T10:00}
audience: customer.lifetime_orders >= 1
message:
  email: {subject: "Double points this weekend", template: hello.html}
"""


def asking(root: pathlib.Path, text: str, ask: Callable[[Editor], Awaitable[None]]) -> None:
    async def work() -> None:
        async with editor_on(root) as editor:
            editor.open(HELLO, text + "nothing: 1\n")
            await editor.until(HELLO, lambda found: len(found) > 0)
            editor.type(HELLO, text)
            await editor.until(HELLO, lambda found: not any(each.code == "HB301" for each in found))
            await ask(editor)
            assert editor.logged == []

    run(work)


@pytest.fixture
def root(tmp_path: pathlib.Path) -> pathlib.Path:
    return copy_of_base(tmp_path)


def name(editor: Editor) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(editor.uri(HELLO))


def test_hovering_completing_and_going_to_what_is_meant(root: pathlib.Path) -> None:
    async def ask(editor: Editor) -> None:
        client = editor.client
        where = at(TEXT, "lifetime_orders", 4)
        shown = await client.text_document_hover_async(types.HoverParams(name(editor), where))
        assert shown is not None
        assert isinstance(shown.contents, types.MarkupContent)
        assert shown.contents.value.startswith("**customer.lifetime_orders**: a whole number")
        assert shown.range == types.Range(
            at(TEXT, "lifetime_orders"), at(TEXT, "lifetime_orders", len("lifetime_orders"))
        )
        found = await client.text_document_definition_async(
            types.DefinitionParams(name(editor), where)
        )
        assert isinstance(found, types.Location)
        assert found.uri == editor.uri("schemas/customer.schema.json")
        template = await client.text_document_definition_async(
            types.DefinitionParams(name(editor), at(TEXT, "hello.html", 2))
        )
        assert isinstance(template, types.Location)
        assert template.uri == editor.uri("tenants/fresh-fields/templates/hello.html")

    asking(root, TEXT, ask)


def test_completing_a_line_that_is_not_finished(root: pathlib.Path) -> None:
    half = TEXT + 'owner: "🎉\n'
    typed = half.replace("audience: customer.lifetime_orders >= 1", "audience: customer.life")

    async def ask(editor: Editor) -> None:
        editor.type(HELLO, typed)
        where = at(typed, "customer.life", len("customer.life"))
        found = await editor.client.text_document_completion_async(
            types.CompletionParams(name(editor), where)
        )
        assert isinstance(found, types.CompletionList)
        (item,) = [each for each in found.items if each.label == "lifetime_orders"]
        assert isinstance(item.text_edit, types.TextEdit)
        assert item.text_edit.range.start == at(typed, "life", 0)
        assert item.text_edit.range.end == where

    asking(root, TEXT, ask)


def test_the_preview_of_what_is_not_saved(root: pathlib.Path) -> None:
    text = TEXT.replace("Double points", "Triple points")

    async def ask(editor: Editor) -> None:
        client = editor.client
        page = await client.workspace_execute_command_async(
            types.ExecuteCommandParams(PREVIEW, [editor.uri(HELLO)])
        )
        assert page["title"] == "fresh-fields/hello"
        assert "Triple points this weekend" in page["html"]
        elsewhere = await client.workspace_execute_command_async(
            types.ExecuteCommandParams(PREVIEW, [editor.uri("handbill.yaml")])
        )
        assert "no campaign" in elsewhere["message"]
        (action,) = await client.text_document_code_action_async(  # type: ignore[misc]
            types.CodeActionParams(
                name(editor),
                types.Range(types.Position(0, 0), types.Position(0, 0)),
                types.CodeActionContext([]),
            )
        )
        assert action.title == "Show what customers get"
        assert OPEN_PREVIEW in str(action.command)  # the client takes it for a bare command
        file = await client.workspace_execute_command_async(
            types.ExecuteCommandParams(OPEN_PREVIEW, [editor.uri(HELLO)])
        )
        assert "Triple points" in pathlib.Path(file).read_text("utf-8")
        assert editor.shown == [pathlib.Path(file).as_uri()]

    asking(root, text, ask)


def test_what_the_server_can_do(root: pathlib.Path) -> None:
    async def work() -> None:
        async with editor_on(root) as editor:
            assert editor.answer is not None
            able = editor.answer.capabilities
            assert able.position_encoding == "utf-16"
            assert able.hover_provider
            assert able.definition_provider
            assert able.completion_provider is not None
            assert able.execute_command_provider is not None
            assert set(able.execute_command_provider.commands) == {PREVIEW, OPEN_PREVIEW}

    run(work)
