"""What somebody who types waits for: from a keystroke in an editor to the findings that it makes.

The real server process over stdio, asked as an editor asks. Every keystroke makes a mistake or mends it,
so that an answer is sent for each; what is measured ends when the answer has arrived.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from benchmarks.fleet import write_fleet
from benchmarks.measure import spread
from benchmarks.outcome import Line, Outcome, Ratio, Setting

TITLE = "a keystroke among {tenants} retailers with {campaigns} campaigns each"
GOAL = 0.1
"""Seconds."""
SERVER = (sys.executable, "-m", "handbill.cli.main", "lsp", "--stdio")
MISTAKE = "nothing_of_this_name: 1\n"
KINDS = {
    "a campaign of its own": "/campaigns/",
    "the retailer's file": "/tenant.yaml",
}
"""What is typed in → a part of its path."""


@dataclass(slots=True)
class _Editor:
    root: Path
    client: LanguageClient = field(default_factory=lambda: LanguageClient("bench", "1"))
    told: dict[str, asyncio.Event] = field(default_factory=dict)

    async def start(self) -> None:
        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.told.setdefault(params.uri, asyncio.Event()).set()

        await self.client.start_io(*SERVER)
        await self.client.initialize_async(types.InitializeParams(types.ClientCapabilities()))
        self.client.initialized(types.InitializedParams())

    async def type(self, uri: str, number: int, text: str) -> float:
        """Seconds until an answer about the file has come."""
        heard = self.told.setdefault(uri, asyncio.Event())
        heard.clear()
        started = perf_counter()
        if number == 0:
            item = types.TextDocumentItem(uri, "yaml", number, text)
            self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        else:
            name = types.VersionedTextDocumentIdentifier(number, uri)
            change = types.TextDocumentContentChangeWholeDocument(text)
            self.client.text_document_did_change(types.DidChangeTextDocumentParams(name, [change]))
        await heard.wait()
        return perf_counter() - started

    async def stop(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()


def measure_keystroke(setting: Setting) -> Outcome:
    tenants, campaigns, repetitions = (2, 3, 2) if setting.quick else (1_000, 100, 40)
    root = setting.folder / "configuration"
    write_fleet(setting.sample, root, tenants, campaigns)
    seconds = asyncio.run(_measure(root, repetitions))
    lines = [Line(name, spread(found), "s") for name, found in seconds.items()]
    ratios = [
        Ratio(f"{name} ÷ 100 ms", spread(seconds[name]).scaled(1 / GOAL), at_most=1.0)
        for name in map(_typed, KINDS)
    ]
    title = TITLE.format(tenants=tenants, campaigns=campaigns)
    compared = (
        "`handbill lsp` as an editor starts it, the time until the findings of a keystroke have come. "
        "Every keystroke makes a mistake or mends it. The first answer reads the shared files and one "
        "retailer and compiles it from nothing.",
    )
    return Outcome("keystroke", title, compared, lines, ratios)


async def _measure(root: Path, repetitions: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {}
    for kind, part in KINDS.items():
        editor = _Editor(root)
        await editor.start()
        path = next(each for each in sorted(root.glob("tenants/*/**/*.yaml")) if part in str(each))
        text = path.read_text("utf-8")
        uri, typed = path.as_uri(), _typed(kind)
        seconds[f"first answer, {kind}"] = [await editor.type(uri, 0, text + MISTAKE)]
        for number in range(1, 2 * repetitions + 1):
            ending = MISTAKE if number % 2 == 0 else f"# {number}\n"
            seconds.setdefault(typed, []).append(await editor.type(uri, number, text + ending))
        await editor.stop()
    return seconds


def _typed(kind: str) -> str:
    return f"a keystroke, {kind}"
