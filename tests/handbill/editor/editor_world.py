"""An editor for tests: the real server process over stdio, and pygls' own client."""

from __future__ import annotations

import asyncio
import contextlib
import pathlib
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

T = TypeVar("T")
BASE = pathlib.Path(__file__).parents[2] / "golden" / "base"
WAIT = 40.0
"""Seconds after which a test gives up; nothing is measured."""
COMMAND = (sys.executable, "-c", "from handbill.cli.main import main; main()", "lsp", "--stdio")


def copy_of_base(folder: pathlib.Path) -> pathlib.Path:
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    return folder


class Editor:
    """What an editor knows: the documents that it has open, and what it was told."""

    def __init__(self, root: pathlib.Path, client: LanguageClient) -> None:
        self.root, self.client = root, client
        self.told: dict[str, list[types.Diagnostic]] = {}
        self.logged: list[str] = []
        self.shown: list[str] = []
        self.versions: dict[str, int] = {}
        self.answer: types.InitializeResult | None = None
        self._news = asyncio.Condition()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        async def published(params: types.PublishDiagnosticsParams) -> None:
            async with self._news:
                self.told[params.uri] = list(params.diagnostics)
                self._news.notify_all()

        @client.feature(types.WINDOW_LOG_MESSAGE)
        def logged(params: types.LogMessageParams) -> None:
            self.logged.append(params.message)

        @client.feature(types.WINDOW_SHOW_DOCUMENT)
        def shown(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            self.shown.append(params.uri)
            return types.ShowDocumentResult(True)

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def registered(params: types.RegistrationParams) -> None:
            return None

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def open(self, path: str, text: str | None = None) -> None:
        if text is None:
            text = (self.root / path).read_text("utf-8")
        self.versions[path] = 1
        item = types.TextDocumentItem(self.uri(path), "yaml", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, path: str, text: str) -> None:
        self.versions[path] += 1
        name = types.VersionedTextDocumentIdentifier(self.versions[path], self.uri(path))
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(name, [change]))

    def saved(self, path: str) -> None:
        name = types.TextDocumentIdentifier(self.uri(path))
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(name))

    def close(self, path: str) -> None:
        name = types.TextDocumentIdentifier(self.uri(path))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(name))

    async def until(
        self, path: str, holds: Callable[[list[types.Diagnostic]], bool]
    ) -> list[types.Diagnostic]:
        """Waits until what was told of a file is so."""

        def so() -> bool:
            return self.uri(path) in self.told and holds(self.told[self.uri(path)])

        async with self._news:
            try:
                await asyncio.wait_for(self._news.wait_for(so), WAIT)
            except TimeoutError:
                raise AssertionError(f"told {self.told}, logged {self.logged}") from None
        return self.told[self.uri(path)]

    async def codes(self, path: str, *codes: str) -> list[types.Diagnostic]:
        """Waits until these are the codes of a file's findings, in whatever order."""
        return await self.until(
            path, lambda found: sorted(str(each.code) for each in found) == sorted(codes)
        )


@contextlib.asynccontextmanager
async def editor_on(
    root: pathlib.Path, *encodings: str, folder: pathlib.Path | None = None
) -> AsyncIterator[Editor]:
    client = LanguageClient("test", "1")
    editor = Editor(root, client)
    await client.start_io(*COMMAND)
    general = types.GeneralClientCapabilities(position_encodings=list(encodings) or None)
    editor.answer = await client.initialize_async(
        types.InitializeParams(
            types.ClientCapabilities(
                general=general,
                workspace=types.WorkspaceClientCapabilities(
                    did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(True)
                ),
            ),
            root_uri=(folder or root).as_uri(),
        )
    )
    client.initialized(types.InitializedParams())
    try:
        yield editor
    finally:
        await asyncio.wait_for(client.shutdown_async(None), WAIT)
        client.exit(None)
        await client.stop()


def run(work: Callable[[], Coroutine[Any, Any, T]] | Awaitable[T]) -> T:
    async def main() -> T:
        return await (work() if callable(work) else work)

    return asyncio.run(main())


def at(text: str, mark: str, after: int = 0) -> types.Position:
    """Where the first `mark` of an ASCII text stands, and so many characters on."""
    before = text[: text.index(mark) + after]
    return types.Position(before.count("\n"), len(before) - (before.rfind("\n") + 1))
