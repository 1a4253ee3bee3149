"""One message on one channel in one locale: its parts, compiled by the channel's contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handbill.diagnostics.diagnostic import SourceRange
from handbill.language.expressions.checked import value_of
from handbill.language.mail.settings import LinkTags, MailSettings
from handbill.language.scope import ValueRoot
from handbill.language.template import CompiledTemplate, TemplateKind
from handbill.lower.compiling import Compiling
from handbill.lower.duties import check_duties
from handbill.lower.length import longest_string
from handbill.lower.localised import check_versions, localised_text
from handbill.lower.text_value import NO_TEXT, text_value
from handbill.lower.utm import lower_link_tags
from handbill.plan.ir import Expression, Op, Text
from handbill.plan.model import Parts
from handbill.plan.types import StringType
from handbill.resolve.traced import Traced
from handbill.schema.models.channel import Duty, PartDocument
from handbill.schema.models.limits import EffectiveLinks
from handbill.source.located import Path
from handbill.source.text import SourceText

DERIVED_TEXT = "text"
HIDDEN_IN_HTML = "preheader"
"""A text part that layouts show as `{{ preheader }}`: mail clients read it from the HTML."""
ONE_LINE = "subject"
"""A text part that travels in a header."""


@dataclass(frozen=True, slots=True)
class Written:
    """The parts as they were written: effective values, and where each stands. `duties` are what
    the channel expects of a message of this class."""

    parts: Mapping[str, Any]
    path: Path
    traced: Traced
    locales: tuple[str, ...]
    links: EffectiveLinks = field(default_factory=EffectiveLinks)
    duties: tuple[Duty, ...] = ()


def lower_parts(
    contract: Mapping[str, PartDocument], written: Written, compiling: Compiling
) -> Parts:
    """Part name → template. A part that failed is left out; its findings are in `compiling`.

    A message that has HTML and no text part of its own gets one, derived from the HTML.
    """
    tags = lower_link_tags(written.links, written.traced, compiling, written.locales)
    parts: dict[str, tuple[Op, ...]] = {}
    has_html = any(part.kind == "html" for part in contract.values())
    for name, part in contract.items():
        if part.kind != "html" and written.parts.get(name) is not None:
            tagged = part.kind == "url" or (has_html and name == DERIVED_TEXT)
            mail = MailSettings(tags if tagged else LinkTags())
            ops = _plain_part(name, part, written, compiling, mail)
            if ops is not None:
                parts[name] = ops
    for name, part in contract.items():
        if part.kind == "html":
            preheader = _preheader(parts, written, compiling)
            mail = _mail_settings(preheader, tags, written, compiling)
            bound = _with_preheader(preheader, compiling)
            compiled = _html_part(written, bound, mail)
            if compiled is not None and compiled.ops is not None:
                parts[name] = compiled.ops
                text = parts.setdefault(DERIVED_TEXT, compiled.text or ())
                where = _html_place(written)
                check_duties(written.duties, compiled.page, text, where, compiling)
    return parts


def _mail_settings(
    preheader: Expression, tags: LinkTags, written: Written, compiling: Compiling
) -> MailSettings:
    return MailSettings(
        tags=tags,
        alt_text="alt_text" in written.duties,
        preheader=preheader,
        locale=compiling.scope.locale,
    )


def _plain_part(
    name: str, part: PartDocument, written: Written, compiling: Compiling, mail: MailSettings
) -> tuple[Op, ...] | None:
    value, path = written.parts[name], (*written.path, name)
    if isinstance(value, int):
        return (Text(str(value)),)
    source = localised_text(value, written.traced, path, compiling, written.locales)
    if source is None:
        return None
    return compiling.template(source, _kind(name, part), mail=mail)


def _kind(name: str, part: PartDocument) -> TemplateKind:
    if part.kind in ("url", "image"):
        return TemplateKind.URL
    return TemplateKind.HEADER if name == ONE_LINE else TemplateKind.TEXT


def _html_part(
    written: Written, compiling: Compiling, mail: MailSettings
) -> CompiledTemplate | None:
    source = _html_source(written, compiling)
    if source is None:
        return None
    blocks: dict[str, SourceText] = {}
    places: dict[str, SourceRange] = {}
    for name in written.parts.get("blocks") or {}:
        path = (*written.path, "blocks", name)
        block = _template_at(path, written, compiling)
        if block is not None:
            blocks[name], places[name] = block, written.traced.key_range(path)
    where = _html_place(written)
    return compiling.compiled(source, TemplateKind.HTML, blocks, places, mail, where)


def _html_place(written: Written) -> SourceRange:
    return written.traced.range((*written.path, "template" if _names_file(written) else "body"))


def _names_file(written: Written) -> bool:
    return written.parts.get("template") is not None


def _html_source(written: Written, compiling: Compiling) -> SourceText | None:
    if _names_file(written):
        return _template_at((*written.path, "template"), written, compiling)
    body = written.parts.get("body")
    if body is None:
        return None
    path = (*written.path, "body")
    return localised_text(body, written.traced, path, compiling, written.locales)


def _template_at(path: Path, written: Written, compiling: Compiling) -> SourceText | None:
    """The file that the value at `path` names, in the compiling's locale where that has its own."""
    origin = written.traced.origin(path)
    name, library = origin.text.text, compiling.templates
    target = library.path_of(name, origin.root)
    found = library.at(library.localised(target))
    check_versions(target, compiling, written.locales, origin.range)
    if found is None:
        near = library.suggest(name, f"{origin.root}/templates/x" if origin.root else "")
        hint = f"did you mean {near}?" if near else f"write {target}"
        compiling.report("HB452", f"there is no template {target}", origin.range, hint)
    return found


def _preheader(parts: Parts, written: Written, compiling: Compiling) -> Expression:
    """Layouts may say `{{ preheader }}`; without one it is the empty text."""
    value = text_value(parts.get(HIDDEN_IN_HTML, ()))
    if value is not None:
        return value
    compiling.report(
        "HB450",
        f"a {HIDDEN_IN_HTML} cannot hold a loop: the mail's HTML repeats it",
        written.traced.range((*written.path, HIDDEN_IN_HTML)),
        "write it without {% for %} and {% set %}",
    )
    return NO_TEXT


def _with_preheader(value: Expression, compiling: Compiling) -> Compiling:
    return compiling.binding(
        HIDDEN_IN_HTML, ValueRoot(value_of(value, StringType(longest_string(value))))
    )
