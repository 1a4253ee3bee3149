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
    short = locale.partition("-")[0]
    message = f"this text has no {locale} version; this campaign sends in {', '.join(locales)}"
    if short in written and short not in locales:
        where = traced.key_range((*path, short))
        compiling.report("HB451", f"{message}, and not in `{short}`", where, f"{locale}:")
        return None
    compiling.report("HB451", message, traced.key_range(path), f'add {locale}: "…"')
    return None
