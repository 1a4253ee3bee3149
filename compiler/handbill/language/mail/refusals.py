"""What is wrong with one template, collected: each finding at its place in the author's own file."""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.language.mail.tree import Element, Words
from handbill.language.templates.marked import MarkedTemplate


class Refusals:
    """`found` grows in the order in which the template is read."""

    def __init__(self, marked: MarkedTemplate) -> None:
        self.marked = marked
        self.found: list[Diagnostic] = []

    def report(
        self,
        code: str,
        message: str,
        at: tuple[int, int],
        hint: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """`at` is a stretch of the marked text."""
        where = self.marked.place(*at).range
        self.found.append(Diagnostic(code, message, where, severity, hint=hint))

    def loose(self, words: Words, where: str) -> None:
        """Words that stand where only tags may; their first line is shown."""
        lead = len(words.raw) - len(words.raw.lstrip())
        start = words.start + lead
        end = start + len(words.raw.strip().split("\n")[0])
        message = f"text stands directly in {where}, where mail programs move it about"
        self.report("HB580", message, (start, end), "put it into <mj-text>")


def tag_range(element: Element) -> tuple[int, int]:
    """Where the opening tag stands in the marked text."""
    return element.start, element.end
