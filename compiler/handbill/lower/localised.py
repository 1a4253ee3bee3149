"""Texts by locale: a string serves every locale, a map must have each that the campaign sends in.

A locale that has no text of its own gets that of another only where the retailer says so, by
`locale_fallback`. Customers of a locale that a campaign does not send in go the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange
from handbill.diagnostics.suggest import closest
from handbill.language.filters.localized import known_locales
from handbill.lower.compiling import Compiling
from handbill.resolve.model import ResolvedTenant
from handbill.resolve.traced import Traced
from handbill.schema.models.tenant import TenantDocument
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
    for each in (locale, *compiling.templates.fallback):
        if each in written:
            return traced.text((*path, each))
    short = locale.partition("-")[0]
    message = f"this text has no {locale} version; this campaign sends in {', '.join(locales)}"
    if short in written and short not in locales:
        where = traced.key_range((*path, short))
        compiling.report("HB451", f"{message}, and not in `{short}`", where, f"{locale}:")
        return None
    compiling.report("HB451", message, traced.key_range(path), f'add {locale}: "…"')
    return None


def check_versions(
    target: str, compiling: Compiling, locales: Sequence[str], where: SourceRange
) -> None:
    """Warns where a template has files for some locales, and this one reads the common file.

    The first locale is meant to: the common file is written in it.
    """
    library, locale = compiling.templates, compiling.scope.locale
    if locale == locales[0] or library.localised(target) != target:
        return
    having = [each for each in locales if library.in_locale(each).localised(target) != target]
    if not having:
        return
    stem, _, ending = target.rpartition(".")
    name = target.rpartition("/")[2]
    message = f"{name} has a version in {', '.join(having)} and none in {locale}"
    finding = Diagnostic(
        "HB645",
        f"{message}: who reads {locale} gets {name} itself",
        where,
        Severity.WARNING,
        hint=f"write {stem}.{locale}.{ending}",
    )
    compiling.add([finding])


# ── fallback ─────────────────────────────────────────────────────────────────────────────────────


def chain_of(locale: str, tenant: TenantDocument) -> tuple[str, ...]:
    """The locales whose texts stand in for the locale's, in order."""
    return tuple(dict.fromkeys(tenant.locale_fallback.get(locale, ())))


def fallbacks(locales: Sequence[str], tenant: TenantDocument) -> Mapping[str, str]:
    """What customers of a locale that is not among `locales` get, where the retailer says so."""
    found = {}
    for locale in sorted(tenant.locale_fallback):
        instead = next((each for each in chain_of(locale, tenant) if each in locales), None)
        if locale not in locales and instead is not None:
            found[locale] = instead
    return found


def check_locales(tenant: ResolvedTenant) -> Iterator[Diagnostic]:
    """Whether every locale of the tenant is one, and every fallback leads to one that it sends in."""
    document = tenant.document
    yield from unknown_locales(tenant.traced, (("locale",), ("locales",), ("locale_fallback",)))
    spoken = document.locales or [document.locale]
    for locale, chain in sorted(document.locale_fallback.items()):
        others = [each for each in chain if each != locale]
        if any(each in spoken for each in others) or (others and locale in spoken):
            continue  # a language that is sent in may take its texts from any other
        yield Diagnostic(
            "HB644",
            f"{locale} falls back to nothing: this tenant sends in {', '.join(spoken)}",
            tenant.traced.range(("locale_fallback", locale)),
            hint=f"{locale}: [{spoken[0]}]" + _or_send(others),
            notes=(f"who reads {locale} would get {spoken[0]} all the same",),
        )


def _or_send(others: Sequence[str]) -> str:
    return f", or add {others[0]} to `locales`" if others else ""


def unknown_locales(traced: Traced, paths: Sequence[Path]) -> Iterator[Diagnostic]:
    """Locales, written below `paths`, for which nobody knows how to write a date or a number."""
    for path in paths:
        if path not in traced:
            continue
        for locale, where in _written(traced, path):
            if locale not in known_locales():
                near = closest(locale, known_locales())
                hint = f"did you mean {near}?" if near else "language and region, as in en-US"
                message = f"there is no locale {locale}: its dates and numbers are not known"
                yield Diagnostic("HB643", message, where, hint=hint)


def _written(traced: Traced, path: Path) -> Iterator[tuple[str, SourceRange]]:
    value = traced.origin(path).value
    match value:
        case str():
            yield value, traced.range(path)
        case list():
            yield from ((str(each), traced.range((*path, n))) for n, each in enumerate(value))
        case Mapping():
            for key, chain in value.items():
                yield str(key), traced.key_range((*path, key))
                if isinstance(chain, list):
                    for n, each in enumerate(chain):
                        yield str(each), traced.range((*path, key, n))
