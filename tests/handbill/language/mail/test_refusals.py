"""What is collected stands where its author wrote it."""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Severity
from handbill.language.mail.refusals import Refusals, tag_range
from handbill.language.mail.tree import Element, Words
from handbill.language.templates.draft import DraftText, Place
from handbill.language.templates.marked import mark_template
from handbill.source.text import SourceText

SOURCE = SourceText.of_file("a.mjml", "<mjml>\n  loose words\n  and more</mjml>")
START, END = 6, len(SOURCE.text) - 7


def refusals() -> Refusals:
    return Refusals(mark_template((DraftText(SOURCE.text, Place(SOURCE, 0, len(SOURCE.text))),)))


def test_a_finding_stands_where_its_author_wrote_it() -> None:
    found = refusals()
    element = Element("mjml", (), 0, 6, END)
    found.report("HB580", "no", tag_range(element), "yes")
    found.report("HB585", "hm", (9, 14), severity=Severity.WARNING)
    first, second = found.found
    assert (first.code, first.message, first.hint) == ("HB580", "no", "yes")
    assert first.range is not None and (first.range.line, first.range.end_column) == (1, 7)
    assert second.range is not None and (second.range.line, second.range.column) == (2, 3)
    assert (first.severity, second.severity) == (Severity.ERROR, Severity.WARNING)


def test_of_loose_words_the_first_line_is_shown() -> None:
    found = refusals()
    found.loose(Words(SOURCE.text[START:END], START, END), "<mjml>")
    (only,) = found.found
    assert only.message.startswith("text stands directly in <mjml>")
    assert only.range is not None
    assert (only.range.line, only.range.column, only.range.end_column) == (2, 3, 14)
