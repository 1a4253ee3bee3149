"""Diagnostics for GitHub Actions: workflow commands that become annotations on a pull request.

The syntax and its escapes are those of GitHub's "Workflow commands for GitHub Actions" and of the
`core.error` that its toolkit documents. GitHub keeps ten annotations of each level of a step; a
tenth that would hide others says how many they are instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange
from handbill.diagnostics.ranking import ranked
from handbill.diagnostics.render_text import safe

MAX_OF_A_LEVEL = 10
"""Annotations of one level that GitHub shows of one step."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_PLURALS = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.NOTE: "notes"}


def render_github(
    diagnostics: Iterable[Diagnostic], folder: str = "", rest: str = "handbill check lists them all"
) -> str:
    """One command a line, the gravest first, at most ten of each level; empty for none.

    `folder` is where the configuration stands in the git repository ("" at its top): GitHub knows
    files by their path from there. `rest` says where those are that have no room.
    """
    everything = ranked(diagnostics)
    lines: list[str] = []
    for severity in Severity:
        of_level = [each for each in everything if each.severity is severity]
        lines += _at_most_ten(of_level, severity, folder, rest)
    return "".join(f"{line}\n" for line in lines)


def _at_most_ten(
    diagnostics: Sequence[Diagnostic], severity: Severity, folder: str, rest: str
) -> list[str]:
    if len(diagnostics) <= MAX_OF_A_LEVEL:
        return [annotation(each, folder) for each in diagnostics]
    shown = [annotation(each, folder) for each in diagnostics[: MAX_OF_A_LEVEL - 1]]
    more = f"{len(diagnostics) - len(shown)} more {_PLURALS[severity]}"
    return [*shown, command(_COMMANDS[severity], f"{more}: {rest}", {"title": more})]


def annotation(diagnostic: Diagnostic, folder: str = "") -> str:
    """The command of one diagnostic: its notes and its hint are further lines of the message."""
    lines = [diagnostic.message, *diagnostic.notes]
    if diagnostic.hint:
        lines.append(f"help: {diagnostic.hint}")
    properties = _place(diagnostic.range, folder) if diagnostic.range else {}
    message = "\n".join(safe(line) for line in lines)
    return command(
        _COMMANDS[diagnostic.severity], message, {**properties, "title": diagnostic.code}
    )


def _place(place: SourceRange, folder: str) -> dict[str, str]:
    """GitHub's last column is inside the range. It refuses columns where a range ends on another
    line than it begins, so such a one is marked at its beginning."""
    begins = {
        "file": f"{folder.strip('/')}/{place.file}".lstrip("/"),
        "line": str(place.line),
        "col": str(place.column),
    }
    if place.end_line != place.line:
        return begins
    last = max(place.column, place.end_column - 1)
    return {**begins, "endLine": str(place.end_line), "endColumn": str(last)}


def command(name: str, message: str, properties: dict[str, str] | None = None) -> str:
    """`::name key=value,…::message` on one line, with everything escaped that would end a part."""
    written = ",".join(
        f"{key}={escaped_property(text)}" for key, text in (properties or {}).items()
    )
    return f"::{name} {written}".rstrip() + f"::{escaped_message(message)}"


def escaped_message(text: str) -> str:
    """`%`, CR and LF as the runner undoes them; a lone surrogate as its escape."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text: str) -> str:
    """As in a message, and `:` and `,` besides."""
    return escaped_message(text).replace(":", "%3A").replace(",", "%2C")
