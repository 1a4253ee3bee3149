"""What the server answers to which message of the protocol: one small function each."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from lsprotocol import types

from handbill.diagnostics.diagnostic import SourceRange
from handbill.editor.aim import aim_at
from handbill.editor.completion import Proposal, complete
from handbill.editor.definition import definition
from handbill.editor.hover import hover
from handbill.editor.positions import Positions
from handbill.editor.server import Aimed, EditorServer, NothingToShow, Outside
from handbill.source.layout import DocumentKind

PREVIEW = "handbill.preview"
"""Answers {title, html}, or {message} where there is nothing to show; argument: the file's URI."""
OPEN_PREVIEW = "handbill.openPreview"
"""Writes the page to a file and asks the editor to open it; argument: the file's URI."""
WATCHED = "**/*.{yaml,json,mjml,html,csv}"
TRIGGERS = (".", "|", " ", "{", '"', "/", ":")
KINDS = {
    "field": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.EnumMember,
    "reference": types.CompletionItemKind.Reference,
    "file": types.CompletionItemKind.File,
    "filter": types.CompletionItemKind.Function,
    "member": types.CompletionItemKind.Field,
    "name": types.CompletionItemKind.Variable,
}
_CAMPAIGNS = (DocumentKind.CAMPAIGN, DocumentKind.BLUEPRINT, DocumentKind.TEST)


def make_server(outside: Outside) -> EditorServer:
    """A server that answers everything it can; to be started by the command."""
    server = EditorServer(outside)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(ls: EditorServer, params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        ls.reread((document.uri,))
        ls.has(document.uri, document.text, document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(ls: EditorServer, params: types.DidChangeTextDocumentParams) -> None:
        document = ls.workspace.get_text_document(params.text_document.uri)
        ls.has(params.text_document.uri, document.source, params.text_document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(ls: EditorServer, params: types.DidCloseTextDocumentParams) -> None:
        ls.closed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(ls: EditorServer, params: types.DidSaveTextDocumentParams) -> None:
        ls.reread((params.text_document.uri,))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def watched(ls: EditorServer, params: types.DidChangeWatchedFilesParams) -> None:
        ls.reread(tuple(each.uri for each in params.changes))

    @server.feature(types.INITIALIZED)
    def initialized(ls: EditorServer, params: types.InitializedParams) -> None:
        _watch(ls)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(ls: EditorServer, params: types.HoverParams) -> types.Hover | None:
        aimed = ls.aimed(params.text_document.uri, params.position)
        return _hover(aimed) if aimed else None

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=list(TRIGGERS))
    )
    async def completed(ls: EditorServer, params: types.CompletionParams) -> types.CompletionList:
        aimed = ls.aimed(params.text_document.uri, params.position)
        proposals = complete(aimed.text, aimed.offset, aimed.around) if aimed else ()
        positions = Positions(aimed.text, aimed.desk.encoding) if aimed else Positions("")
        offset = aimed.offset if aimed else 0
        items = [describe_item(each, positions, offset) for each in proposals]
        return types.CompletionList(is_incomplete=False, items=items)

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def defined(ls: EditorServer, params: types.DefinitionParams) -> types.Location | None:
        aimed = ls.aimed(params.text_document.uri, params.position)
        return _definition(aimed) if aimed else None

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.Empty]),
    )
    async def acted(ls: EditorServer, params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        aimed = ls.aimed(uri, params.range.start)
        place = aimed.around.place if aimed else None
        if aimed is None or place is None or place.kind not in _CAMPAIGNS:
            return []
        if aimed.around.campaign is None:
            return []
        title = "Show what customers get"
        return [
            types.CodeAction(title, command=types.Command(title, OPEN_PREVIEW, arguments=[uri]))
        ]

    @server.command(PREVIEW)
    async def preview(ls: EditorServer, uri: str) -> dict[str, str]:
        try:
            page = await ls.page(uri)
        except NothingToShow as reason:
            return {"message": str(reason)}
        return {"title": page.title, "html": page.html}

    @server.command(OPEN_PREVIEW)
    async def open_preview(ls: EditorServer, uri: str) -> str | None:
        try:
            page = await ls.page(uri)
        except NothingToShow as reason:
            ls.window_show_message(types.ShowMessageParams(types.MessageType.Info, str(reason)))
            return None
        folder = Path(tempfile.mkdtemp(prefix="handbill-preview-"))
        file = folder / f"{page.title.replace('/', '.')}.html"
        await asyncio.to_thread(file.write_text, page.html, encoding="utf-8")
        ls.window_show_document(types.ShowDocumentParams(file.as_uri(), external=True))
        return str(file)

    return server


def _watch(ls: EditorServer) -> None:
    """Asks to be told of files that others change, where the editor can."""
    workspace = ls.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if watching is None or not watching.dynamic_registration:
        return
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)])
    registration = types.Registration("watched", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    ls.client_register_capability(types.RegistrationParams([registration]))


def _hover(aimed: Aimed) -> types.Hover | None:
    aim = aim_at(aimed.text, aimed.offset, aimed.around)
    text = hover(aim, aimed.around) if aim else None
    if aim is None or text is None:
        return None
    content = types.MarkupContent(types.MarkupKind.Markdown, text)
    return types.Hover(content, aimed.range(aim.start, aim.end))


def _definition(aimed: Aimed) -> types.Location | None:
    aim = aim_at(aimed.text, aimed.offset, aimed.around)
    found: SourceRange | None = definition(aim, aimed.around) if aim else None
    return aimed.desk.place().location(found) if found else None


def describe_item(one: Proposal, positions: Positions, offset: int) -> types.CompletionItem:
    """A proposal in the words of the protocol; `offset` is the cursor's, in code points."""
    about = types.MarkupContent(types.MarkupKind.Markdown, one.about) if one.about else None
    start, end = positions.position(offset - one.replaces), positions.position(offset)
    return types.CompletionItem(
        one.label,
        kind=KINDS[one.sort],
        detail=one.detail or None,
        documentation=about,
        text_edit=types.TextEdit(types.Range(start, end), one.text),
    )
