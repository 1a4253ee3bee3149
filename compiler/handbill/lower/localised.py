"""Texts by locale: a string serves every locale, a map must have each that the campaign sends in."""

from __future__ import annotations

from handbill.lower.compiling import Compiling
from handbill.resolve.traced import Traced
from handbill.source.located import Path
from handbill.source.text import SourceText


def localised_text(
    written: object, traced: Traced, path: Path, compiling: Compiling, locales: tuple[str, ...]
) -> SourceText | None:
    """The text of the compiling's locale, or None (reported) where the map lacks it.

    `written` is the effective value at `path`. A missing locale is an error for every locale of the
    campaign, so a map never falls back silently to another language.
    """
    if not isinstance(written, dict):
        return traced.text(path)
    locale = compiling.scope.locale
    if locale in written:
        return traced.text((*path, locale))
    compiling.report(
        "HB451",
        f"this text has no {locale} version",
        traced.key_range(path),
        f'{locale}: "…", beside {", ".join(sorted(written))}; this campaign sends in '
        f"{', '.join(locales)}",
    )
    return None
