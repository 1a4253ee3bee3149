"""One mail from its drafts: HTML operations and the text part.

In order: what is wrong with it as it was written; the preheader and link tags put in; MJML made HTML,
or a plain HTML template's styles written into its tags; and every hole of the result given its escape.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange, has_errors
from handbill.language.html.escape_html import escape_html, escape_marked
from handbill.language.html.split_holes import split_holes
from handbill.language.html.text_links import (
    LinkWithValue,
    TextLinks,
    leading_links,
    read_links,
)
from handbill.language.html.text_part import derive_text
from handbill.language.mail.check_values import refused_brace
from handbill.language.mail.convert import NotConverted, inlined, turns_bare, turns_in_comments
from handbill.language.mail.link_tags import tag_html_links
from handbill.language.mail.mjml import (
    Converted,
    check_source,
    convert,
    generated_only,
    not_converted,
    out_of_order,
    refused_selector,
    too_deep,
)
from handbill.language.mail.pictures import pictures_without_text
from handbill.language.mail.preheader import with_preheader
from handbill.language.mail.reading import start_tags
from handbill.language.mail.redraft import OutOfOrder, redraft
from handbill.language.mail.settings import MailSettings
from handbill.language.mail.styles import structural_selector, top_rules, wrong_brace
from handbill.language.mail.tables import with_table_bodies
from handbill.language.mail.tree import Tree, is_hopeless, parse_mjml
from handbill.language.templates.assembly import closed, turns_in, with_merged_bodies
from handbill.language.templates.draft import Draft, DraftPut
from handbill.language.templates.marked import MarkedTemplate, mark_template
from handbill.plan.ir import Op

_STYLE = re.compile(r"<style[^>]*>(.*?)</style", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mail:
    """`html` and `text` are None where there were errors."""

    html: tuple[Op, ...] | None
    text: tuple[Op, ...] | None
    diagnostics: tuple[Diagnostic, ...]
    page: tuple[Op, ...] = ()
    """`html` with constants kept apart, for whoever reads it again."""
    links: tuple[LinkWithValue, ...] = ()
    """Those in its text that hold a customer's value, as it was written."""


@lru_cache(maxsize=64)
def compose_mail(
    drafts: tuple[Draft, ...], settings: MailSettings, whole: SourceRange, mjml: bool
) -> Mail:
    """`mjml` tells the two kinds of template apart; `whole` is the template's place.

    Remembered: of a mail whose subject is edited everything else stays.
    """
    drafts = split_holes(drafts, choices=False)
    marked = mark_template(drafts)
    if not marked.text:
        return _empty(whole) if mjml else Mail((), (), (), ())
    hopeless = is_hopeless(marked.text)
    if hopeless is not None:
        return Mail(None, None, (too_deep(marked, hopeless),))
    links = read_links(drafts, html=True)
    check = check_source if mjml else _check_html
    found = [*check(drafts, marked, links)]
    leading = leading_links(links, drafts, marked)
    if settings.alt_text:
        found += pictures_without_text(marked)
    drafts, more = with_preheader(drafts, settings.preheader)
    found += more
    if has_errors(found):
        return Mail(None, None, tuple(found))
    drafts, more = tag_html_links(split_holes(drafts, choices=False), settings.tags)
    marked = mark_template(drafts)
    converted = convert(drafts, marked, settings.document) if mjml else _styled(drafts, marked)
    found += [*more, *converted.diagnostics]
    if converted.drafts is None:
        return Mail(None, None, tuple(found))
    ops, more = escape_html(converted.drafts)
    found += generated_only(more, marked)
    if has_errors(found):
        return Mail(None, None, tuple(found))
    html = closed(ops)
    page = _page(ops, html)
    if mjml:
        ops, _ = escape_marked(drafts, marked, read_links(drafts, html=True))
    text = derive_text(_page(ops, closed(ops)) if mjml else page)
    return Mail(html, text, tuple(found), page, leading)


def _page(ops: tuple[Op, ...], html: tuple[Op, ...]) -> tuple[Op, ...]:
    """The operations as they are read, constants apart; `html` where only that tells what it comes to:
    a choice between equal things is none."""
    page = with_merged_bodies(ops)
    return page if turns_in(page) == turns_in(html) else html


def _empty(whole: SourceRange) -> Mail:
    message = "this mail is empty: there is nothing in its template"
    hint = "<mjml><mj-body> … </mj-body></mjml>"
    return Mail(None, None, (Diagnostic("HB580", message, whole, hint=hint),))


# ── plain HTML ───────────────────────────────────────────────────────────────────────────────────


def _check_html(
    drafts: tuple[Draft, ...], marked: MarkedTemplate, links: TextLinks
) -> tuple[Diagnostic, ...]:
    _, found = escape_marked(drafts, marked, links)
    mjml = next(
        (
            tag
            for tag in start_tags(marked.text)
            if tag.name.startswith("mj-") or tag.name == "mjml"
        ),
        None,
    )
    if mjml is None:
        return found
    where = marked.place(mjml.start, mjml.end).range
    message = f"<{mjml.name}> is MJML, and this template is plain HTML"
    return (*found, Diagnostic("HB580", message, where, hint="name the file ….mjml"))


def _styled(drafts: tuple[Draft, ...], marked: MarkedTemplate) -> Converted:
    """With the rules of its `<style>` elements written into its tags."""
    for style in _STYLE.finditer(marked.text):
        wrong = wrong_brace(style[1])
        if wrong is not None:
            return Converted(None, (refused_brace(wrong, style.start(1), marked),))
    css = "\n".join(_STYLE.findall(marked.text))
    if not any(True for _ in top_rules(css)):
        return Converted(drafts, ())
    selector = structural_selector(css)
    if selector is not None and any(not isinstance(each, DraftPut) for each in marked.marks):
        at = marked.text.index("<style")
        return Converted(None, (refused_selector(selector, marked, (at, at + 6)),))
    tree = parse_mjml(marked.text, marked.prefix)
    if tree.too_deep is not None:
        return Converted(None, (too_deep(marked, tree.too_deep),))
    return _inlined(drafts, marked, tree)


def _inlined(drafts: tuple[Draft, ...], marked: MarkedTemplate, tree: Tree) -> Converted:
    prefix = marked.prefix
    text = turns_in_comments(with_table_bodies(marked.text, tree), prefix)
    try:
        html = turns_bare(inlined(text, prefix), prefix)
        return Converted(redraft(html, drafts, marked.marks, prefix), ())
    except NotConverted as refusal:
        return Converted(None, (not_converted(refusal, marked),))
    except OutOfOrder as refusal:
        return Converted(None, (out_of_order(refusal.mark, marked),))
