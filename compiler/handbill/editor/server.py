"""The language server: what the editor says goes to a desk, what is found goes back.

Compiling runs in one other thread, so that questions are answered meanwhile. It begins a moment after a
keystroke and gives up when the next one comes, unless nothing was said for too long. What needs more
time than a keystroke has (tests, proofs, policies) is examined when nobody types.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.editor.configuration import (
    Configuration,
    Look,
    Superseded,
    find_configuration,
    is_campaign,
)
from handbill.editor.desk import Desk, Document
from handbill.editor.positions import UTF_16, Positions
from handbill.editor.published import by_file
from handbill.editor.surroundings import Surroundings
from handbill.pipeline import Compiled

_T = TypeVar("_T")
Concerns = Callable[[str], bool]
QUIET = 0.01
"""Seconds after a keystroke before it is answered: pasted text arrives in pieces."""
PATIENCE = 1.0
"""Seconds without an answer after which one is finished although somebody types on."""
IDLE = 0.6
"""Seconds without a keystroke before everything is examined."""


class NothingToShow(Exception):
    """Why a campaign has no preview, in words for whoever asked."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What the command hands in, since it stands above the editor: everything that can be found in a
    configuration, of files that are asked about, and a campaign's messages as a page."""

    findings: Callable[[Compiled, Concerns], tuple[Diagnostic, ...]]
    preview: Callable[[Compiled, str, str], str]


@dataclass(frozen=True, slots=True)
class Aimed:
    """A place in a document, counted in code points."""

    desk: Desk
    text: str
    offset: int
    around: Surroundings

    def range(self, start: int, end: int) -> types.Range:
        positions = Positions(self.text, self.desk.encoding)
        return types.Range(positions.position(start), positions.position(end))


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    html: str


class EditorServer(LanguageServer):
    """One process of an editor; a desk for each configuration that it has files of open."""

    def __init__(self, outside: Outside) -> None:
        # Whole documents: pygls counts U+2028 and its like as line breaks, editors do not.
        super().__init__(
            "handbill",
            version("handbill"),
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
        )
        self.outside = outside
        self.desks: dict[Path, Desk] = {}
        self.compiling = ThreadPoolExecutor(1, "compile")
        self.examining = ThreadPoolExecutor(1, "examine")
        self._tasks: set[asyncio.Task[None]] = set()

    # ── documents ────────────────────────────────────────────────────────────────────────────────

    def desk_of(self, uri: str) -> tuple[Desk, str] | None:
        """The desk of a file and its path there; None where it is of no configuration."""
        file = to_fs_path(uri)
        root = find_configuration(Path(file)) if file else None
        if file is None or root is None:
            return self._desk_that_has(uri)
        if root not in self.desks:
            agreed = self.workspace.position_encoding or UTF_16
            self.desks[root] = Desk(Configuration(root), str(getattr(agreed, "value", agreed)))
        return self.desks[root], Path(file).relative_to(root).as_posix()

    def _desk_that_has(self, uri: str) -> tuple[Desk, str] | None:
        """Of a folder that has gone since."""
        for desk in self.desks.values():
            for path, document in desk.documents.items():
                if document.uri == uri:
                    return desk, path
        return None

    def has(self, uri: str, text: str, number: int | None) -> None:
        """A document as it is from now on."""
        if found := self.desk_of(uri):
            desk, path = found
            desk.documents[path] = Document(uri, path, text, number)
            self.ask(desk)

    def closed(self, uri: str) -> None:
        if found := self.desk_of(uri):
            desk, path = found
            desk.documents.pop(path, None)
            self.ask(desk)

    def reread(self, uris: tuple[str, ...]) -> None:
        """Files that were changed in their folder."""
        for uri in uris:
            if found := self.desk_of(uri):
                found[0].configuration.reread()
                self.ask(found[0])

    # ── questions ────────────────────────────────────────────────────────────────────────────────

    def aimed(self, uri: str, position: types.Position) -> Aimed | None:
        """The text, the place in it, and what is known around it; None before the first answer."""
        found = self.desk_of(uri)
        if found is None or found[0].look is None or found[0].look.tree is None:
            return None
        desk, path = found
        text = desk.text_of(path)
        offset = Positions(text, desk.encoding).offset(position)
        return Aimed(desk, text, offset, desk.around(path))

    async def page(self, uri: str) -> Page:
        """The preview of the campaign that a file makes. Raises NothingToShow."""
        found = self.desk_of(uri)
        if found is None or found[0].look is None:
            raise NothingToShow("this file is of no configuration that is open")
        desk, path = found
        around, look = desk.around(path), desk.look
        if around.tenant is None or around.campaign is None or look is None:
            raise NothingToShow("this file makes no campaign without errors; look at the findings")
        tenant, name = around.tenant.name, around.campaign.name
        html = await self._in(
            self.examining, partial(self.outside.preview, look.compiled, tenant, name)
        )
        return Page(f"{tenant}/{name}", html)

    # ── answers ──────────────────────────────────────────────────────────────────────────────────

    def ask(self, desk: Desk) -> None:
        desk.asked += 1
        if desk.examination is not None:
            desk.examination.cancel()
        if not desk.is_at_work:
            desk.is_at_work = True
            self._begin(self._work(desk))

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _work(self, desk: Desk) -> None:
        try:
            await self._answer(desk)
        except Exception as error:
            self._report(error)
        finally:
            desk.is_at_work = False
        desk.examination = self._begin(self._examine(desk))

    async def _answer(self, desk: Desk) -> None:
        """Until the last change is answered."""
        answered_at = monotonic()
        while desk.answered != desk.asked:
            await asyncio.sleep(QUIET)
            asked, texts = desk.asked, desk.texts()

            def superseded(asked: int = asked, since: float = answered_at) -> bool:
                waits = not desk.has_glanced and monotonic() - since >= PATIENCE
                return desk.asked != asked and not waits

            try:
                if desk.has_glanced or _is_wide(desk.look, texts):
                    glance = partial(desk.configuration.glance, texts, superseded)
                    self._tell_first(desk, await self._in(self.compiling, glance))
                look = await self._in(
                    self.compiling, partial(desk.configuration.look, texts, superseded)
                )
            except Superseded:
                continue
            except Exception as error:
                self._report(error)
                desk.answered = asked
                continue
            changed = {path for path in texts if not _is_same(desk.look, look, path)}
            desk.look, desk.answered, answered_at = look, asked, monotonic()
            desk.has_glanced = False
            kept = (each for each in desk.examined if _file(each) not in changed)
            desk.examined = tuple(kept) if look.tree is not None else ()
            self._tell(desk)

    async def _examine(self, desk: Desk) -> None:
        """What takes longer, of the documents that are open. The next keystroke cancels it; its thread
        ends at the next proof."""
        await asyncio.sleep(IDLE)
        look, asked, opened = desk.look, desk.asked, frozenset(desk.documents)
        if desk.asked != desk.answered or look is None or look.tree is None:
            return

        def concerns(file: str) -> bool:
            if desk.asked != asked:
                raise Superseded
            return file in opened

        try:
            found = await self._in(
                self.examining, lambda: self.outside.findings(look.compiled, concerns)
            )
        except Superseded:
            return
        except Exception as error:
            self._report(error)
            return
        known = set(map(id, look.diagnostics))
        if desk.asked == asked:
            desk.examined = tuple(each for each in found if id(each) not in known)
            self._tell(desk)

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    def _tell_first(self, desk: Desk, glance: Look) -> None:
        """What a glance says of the documents that are open; of all others what was said stays."""
        if glance.tree is None:
            return
        desk.look, desk.has_glanced = desk.look or glance, True
        said = by_file(glance.diagnostics, desk.place())
        kept = {path: each for path, each in desk.board.told.items() if path not in desk.documents}
        self._publish(desk, kept | {path: said[path] for path in desk.documents if path in said})

    def _tell(self, desk: Desk) -> None:
        assert desk.look is not None
        everything = (*desk.look.diagnostics, *desk.examined) if desk.look.tree else ()
        self._publish(desk, by_file(everything, desk.place()))

    def _publish(self, desk: Desk, now: Mapping[str, tuple[types.Diagnostic, ...]]) -> None:
        for path, found in desk.board.changes(now).items():
            document = desk.documents.get(path)
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(
                    desk.uri_of(path), found, document.version if document else None
                )
            )

    def _report(self, error: Exception) -> None:
        """A bug of Handbill ends an answer, never the server."""
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        places = "\n".join(
            f"  {Path(each.filename).name}:{each.lineno} {each.name}" for each in frames
        )
        text = f"error[HB000]: a bug in Handbill: {type(error).__name__}: {error}\n{places}"
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, text))


def _file(one: Diagnostic) -> str | None:
    return one.range.file if one.range else None


def _is_wide(before: Look | None, texts: Mapping[str, bytes]) -> bool:
    """Whether a change reaches more than the campaign that it stands in."""
    if before is None or before.tree is None:
        return True
    seen = before.tree
    return any(
        not is_campaign(path) and (path not in seen.paths or seen.read(path) != data)
        for path, data in texts.items()
    )


def _is_same(before: Look | None, now: Look, path: str) -> bool:
    if before is None or before.tree is None or now.tree is None:
        return False
    if path not in before.tree.paths or path not in now.tree.paths:
        return False
    return before.tree.blob_id(path) == now.tree.blob_id(path)
