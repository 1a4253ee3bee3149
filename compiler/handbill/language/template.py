"""A template of a message, compiled: Jinja's syntax in, plan operations and findings out.

In order: parse, put layouts, blocks and includes together, check and fold every expression (`drafting`), then give
every hole the escape of where it stands (`mail` for HTML and MJML, `escape_plain`). Nothing of Jinja is executed. Where a
step finds errors the next ones still run as far as they can, and there are no operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, assert_never

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange, has_errors
from handbill.language.expressions.reads import expressions_of, fields_in
from handbill.language.html.escape_plain import (
    Escaped,
    escape_address,
    escape_line,
    escape_text_part,
    escape_value,
)
from handbill.language.html.split_holes import split_holes
from handbill.language.html.text_links import LinkWithValue, links_with_values
from handbill.language.mail.compose import compose_mail
from handbill.language.mail.link_tags import tag_text_links
from handbill.language.mail.settings import PLAIN, MailSettings
from handbill.language.scope import Scope
from handbill.language.templates.asset_paths import AssetLoader, place_assets, place_whole_asset
from handbill.language.templates.bindings import State
from handbill.language.templates.draft import Draft, DraftText
from handbill.language.templates.drafting import Drafter, TooLarge
from handbill.language.templates.foreign_tags import foreign_tags
from handbill.language.templates.layers import TemplateLoader, is_mjml, unknown_block
from handbill.plan.ir import Op
from handbill.source.text import SourceText

__all__ = ["CompiledTemplate", "TemplateKind", "TemplateLoader", "compile_template", "fields_read"]


class TemplateKind(StrEnum):
    """What the finished text is."""

    HTML = "html"
    TEXT = "text"
    HEADER = "header"
    """One line: a subject, a title."""
    URL = "url"
    """One complete address."""
    VALUE = "value"
    """A member of a vendor's request, which its driver encodes."""


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """`ops` is None when there were errors. `reads` are paths with their root. `text` is the text part
    of a mail, None for anything else. `links` are those in the text that hold a customer's value.
    `drafts` are the template as its authors wrote it, put together: for places."""

    ops: tuple[Op, ...] | None
    diagnostics: tuple[Diagnostic, ...]
    text: tuple[Op, ...] | None = None
    links: tuple[LinkWithValue, ...] = ()
    drafts: tuple[Draft, ...] = field(default=(), repr=False)
    page: tuple[Op, ...] = field(default=(), repr=False)
    """The operations of a mail with constants kept apart: to be read, not to be sent."""

    @property
    def reads(self) -> frozenset[tuple[str, ...]]:
        return fields_read((*(self.ops or ()), *(self.text or ())))


def compile_template(
    source: SourceText,
    scope: Scope,
    kind: TemplateKind,
    templates: TemplateLoader,
    blocks: Mapping[str, SourceText] | None = None,
    blocks_at: Mapping[str, SourceRange] | None = None,
    mail: MailSettings = PLAIN,
) -> CompiledTemplate:
    """Compiles `source` with the names of `scope`.

    `blocks` replace the template's named blocks; `blocks_at` says where the message names them (for
    errors). `templates` finds what is included and extended. `mail` is for templates of kind HTML; of
    it, its link tags are for every kind.
    """
    blocks = blocks or {}
    drafter = Drafter(templates)
    drafts = _drafts(drafter, source, scope, blocks, blocks_at or {})
    found = _once(drafter.found)
    if drafts is None:
        return CompiledTemplate(None, found)
    found = (*found, *_once(foreign_tags(drafts, scope)))
    drafts, misplaced = _with_assets(drafts, kind, templates)
    found = (*found, *_once(misplaced))
    if kind is TemplateKind.HTML:
        return _mail(tuple(drafts), source, mail, found)
    tagged, untagged = tag_text_links(tuple(drafts), mail.tags)
    ops, more = _escaped(tagged, kind, source)
    diagnostics = (*found, *untagged, *more)
    if has_errors(diagnostics):
        return CompiledTemplate(None, diagnostics)
    links = _links_in_text(tagged) if kind in _PROSE else ()
    return CompiledTemplate(ops, diagnostics, links=links, drafts=tuple(drafts))


def _with_assets(
    drafts: list[Draft], kind: TemplateKind, assets: AssetLoader
) -> tuple[list[Draft], list[Diagnostic]]:
    """Pictures are shown by HTML, and by a part that is one address."""
    match kind:
        case TemplateKind.HTML:
            return place_assets(drafts, assets)
        case TemplateKind.URL:
            return place_whole_asset(drafts, assets)
        case _:
            return drafts, []


_PROSE = frozenset({TemplateKind.TEXT, TemplateKind.HEADER})


def _links_in_text(drafts: tuple[Draft, ...]) -> tuple[LinkWithValue, ...]:
    if all(isinstance(draft, DraftText) for draft in drafts):
        return ()
    return links_with_values(split_holes(drafts, choices=True))


def _mail(
    drafts: tuple[Draft, ...],
    source: SourceText,
    settings: MailSettings,
    found: tuple[Diagnostic, ...],
) -> CompiledTemplate:
    if any(each.code == "HB589" for each in found):  # half of one kind, half of the other
        return CompiledTemplate(None, found)
    mail = compose_mail(drafts, settings, source.whole, mjml=is_mjml(source))
    diagnostics = (*found, *mail.diagnostics)
    if mail.html is None or has_errors(diagnostics):
        return CompiledTemplate(None, diagnostics)
    return CompiledTemplate(mail.html, diagnostics, mail.text, mail.links, drafts, mail.page)


def _once(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each finding once: a loop that is written out and a shared include repeat theirs."""
    result: list[Diagnostic] = []
    for diagnostic in found:
        if diagnostic not in result:
            result.append(diagnostic)
    return tuple(result)


def _drafts(
    drafter: Drafter,
    source: SourceText,
    scope: Scope,
    blocks: Mapping[str, SourceText],
    blocks_at: Mapping[str, SourceRange],
) -> list[Draft] | None:
    layers = drafter.reader.read(source, blocks)
    if layers is None:
        return None
    for name, override in blocks.items():
        if not any(body.source is not override for body in layers.blocks.get(name, ())):
            at = blocks_at.get(name, override.whole)
            drafter.found.append(unknown_block(name, layers, blocks, at))
    drafter.including.append(source.file)
    try:
        return drafter.template(layers, State(scope))
    except TooLarge as refusal:
        drafter.report("HB557", str(refusal), refusal.place)
        return None


def _escaped(
    drafts: tuple[Draft, ...],
    kind: Literal[TemplateKind.TEXT, TemplateKind.HEADER, TemplateKind.URL, TemplateKind.VALUE],
    source: SourceText,
) -> Escaped:
    match kind:
        case TemplateKind.HEADER:
            return escape_line(drafts)
        case TemplateKind.URL:
            return escape_address(drafts, source.whole)
        case TemplateKind.TEXT:
            return escape_text_part(drafts)
        case TemplateKind.VALUE:
            return escape_value(drafts)
        case _:
            assert_never(kind)


def fields_read(ops: Iterable[Op]) -> frozenset[tuple[str, ...]]:
    """The fields that operations read, of the customer and of the context, with their root."""
    return frozenset(path for each in expressions_of(ops) for path in fields_in(each))
