"""Mails of the small grocer of `template_world`: MJML and HTML with everything a message gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from template_world import SCOPE, Templates, run

from handbill.language.expressions.checked import value_of
from handbill.language.mail.settings import PLAIN, LinkTags, MailSettings
from handbill.language.scope import Scope, ValueRoot
from handbill.language.template import CompiledTemplate, TemplateKind, compile_template
from handbill.plan.ir import Const, Expression, Field
from handbill.plan.types import StringType
from handbill.source.text import SourceText

UTM = LinkTags((("utm_campaign", "soup & more"), ("utm_source", "mail")), ("fresh.example",))
NAME = Field(("customer", "name"), StringType(40))


def mail(
    text: str,
    settings: MailSettings = PLAIN,
    files: Mapping[str, str] | None = None,
    file: str = "main.mjml",
) -> CompiledTemplate:
    """The file t/FILE as a mail."""
    preheader: Expression = settings.preheader or Const(StringType(0), "")
    scope = Scope({**SCOPE.roots, "preheader": ValueRoot(value_of(preheader, StringType(80)))})
    source = SourceText.of_file(f"t/{file}", text)
    return compile_template(source, scope, TemplateKind.HTML, Templates(files or {}), mail=settings)


def html(
    text: str,
    settings: MailSettings = PLAIN,
    files: Mapping[str, str] | None = None,
    file: str = "main.mjml",
    **customer: object,
) -> str:
    """What Ann gets of a mail without errors; whitespace between tags left out."""
    result = mail(text, settings, files, file)
    assert result.ops is not None, result.diagnostics
    return re.sub(r">\s+<", "><", run(result.ops, **customer))


def text(source: str, settings: MailSettings = PLAIN, **customer: object) -> str:
    """The text part that Ann gets."""
    result = mail(source, settings)
    assert result.text is not None, result.diagnostics
    return run(result.text, **customer)


def document(body: str, head: str = "") -> str:
    head = f"<mj-head>{head}</mj-head>" if head else ""
    return f"<mjml>{head}<mj-body>{body}</mj-body></mjml>"


def column(content: str, head: str = "") -> str:
    """A mail of one section with one column."""
    return document(f"<mj-section><mj-column>{content}</mj-column></mj-section>", head)


def words(content: str, head: str = "") -> str:
    return column(f"<mj-text>{content}</mj-text>", head)


def findings(
    source: str,
    settings: MailSettings = PLAIN,
    files: Mapping[str, str] | None = None,
    file: str = "main.mjml",
) -> list[tuple[str, str]]:
    """Each finding as its code and the characters it underlines, of one line."""
    texts = {f"t/{file}": source} | {f"t/{each}": body for each, body in (files or {}).items()}
    found = []
    for diagnostic in mail(source, settings, files, file).diagnostics:
        where = diagnostic.range
        assert where is not None
        lines = texts[where.file].split("\n")
        end = where.end_column - 1 if where.line == where.end_line else None
        found.append((diagnostic.code, lines[where.line - 1][where.column - 1 : end]))
    return found
