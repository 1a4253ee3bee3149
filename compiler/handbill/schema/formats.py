"""The format that a configuration is written in: `format` of handbill.yaml, 1 where it says nothing.

A newer format may mean anything, so a tool that does not know it says just that.
"""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.source.documents import Documents
from handbill.source.layout import PLATFORM_FILE

FORMAT = 1
"""The newest that this tool knows."""


def format_of(loaded: Documents) -> int:
    """What handbill.yaml says; 1 where it says nothing, or nothing that could be a format."""
    document = loaded.documents.get(PLATFORM_FILE)
    said = document.value.get("format") if document and isinstance(document.value, dict) else None
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else FORMAT


def check_format(loaded: Documents) -> tuple[Diagnostic, ...]:
    """One error where the configuration is newer than this tool, and else nothing."""
    found = format_of(loaded)
    if found <= FORMAT:
        return ()
    document = loaded.documents[PLATFORM_FILE]
    return (
        Diagnostic(
            "HB756",
            f"this configuration has format {found}, and this Handbill knows formats up to {FORMAT}",
            document.range_of(("format",)),
            hint="install a newer Handbill: pip install --upgrade handbill",
            notes=("nothing was checked, since what the files mean may have changed",),
        ),
    )
