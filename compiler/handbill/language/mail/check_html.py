"""HTML inside of MJML: the tags that stand in <mj-text>, <mj-table> and their like."""

from __future__ import annotations

import re

from handbill.diagnostics.suggest import closest
from handbill.language.mail.elements import CONTENT_HTML, MJML_TAGS, NOT_AVAILABLE, MjmlTag
from handbill.language.mail.refusals import Refusals, tag_range
from handbill.language.mail.tree import Element, Words

_ATTRIBUTE_NAME = re.compile(r"[a-z_][a-z0-9_:.\-]*\Z")


class HtmlChecks:
    """What is wrong goes to `refusals`."""

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals

    def check(self, element: Element, tag: MjmlTag) -> None:
        """All that stands in `element`, which is MJML's."""
        for child in element.children:
            if isinstance(child, Element):
                self._html(child, tag.name)
        if tag.name == "mj-table":
            self._table_words(element)

    def _html(self, element: Element, within: str) -> None:
        name = element.name
        if name not in CONTENT_HTML:
            self._refuse_html(element, within)
            return
        for item in element.attributes:
            if _ATTRIBUTE_NAME.match(item.name) is None:
                message = f"`{item.name}` cannot be an attribute's name"
                self._refusals.report("HB581", message, tag_range(element), 'name="value"')
        if name in ("table", "tbody", "thead", "tfoot", "tr"):
            self._table_words(element)
        for child in element.children:
            if isinstance(child, Element):
                self._html(child, within)

    def _refuse_html(self, element: Element, within: str) -> None:
        name = element.name
        if name in MJML_TAGS or name in NOT_AVAILABLE:
            message = f"<{name}> cannot stand in <{within}>, which holds HTML"
            self._refusals.report(
                "HB580", message, tag_range(element), f"close </{within}> before it"
            )
        elif name == "style":
            hint = "<mj-style> in <mj-head>"
            self._refusals.report(
                "HB580", "styles stand in the head of MJML", tag_range(element), hint
            )
        else:
            near = closest(name, CONTENT_HTML)
            message = f"a mail cannot have <{name}>"
            self._refusals.report(
                "HB580", message, tag_range(element), f"<{near}>" if near else "remove it"
            )

    def _table_words(self, element: Element) -> None:
        """Browsers move text that stands between the rows out of the table."""
        for child in element.children:
            if isinstance(child, Words) and child.raw.strip():
                self._refusals.loose(child, f"<{element.name}>")
