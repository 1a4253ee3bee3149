"""What a merged campaign names elsewhere: its category, its offers, the audiences it is built on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import Diagnostic, Related
from handbill.resolve.catalogue import Found
from handbill.resolve.gather import Gathered
from handbill.resolve.model import ResolvedAudience, ResolvedOffer
from handbill.resolve.named import expressions_of, visible
from handbill.resolve.offers import instantiate_offer, offers_named_in
from handbill.resolve.references import audiences_named_in, missing_name
from handbill.resolve.setting import Setting
from handbill.resolve.settle import Settled
from handbill.source.layout import DocumentKind
from handbill.source.located import Path
from handbill.source.text import SourceText


@dataclass(frozen=True, slots=True)
class Links:
    """What was found under the names. `broken`: one of them is a file that cannot be read, which
    was reported with that file."""

    offers: Mapping[str, ResolvedOffer]
    diagnostics: tuple[Diagnostic, ...]
    broken: bool


def follow_links(
    setting: Setting,
    gathered: Gathered,
    settled: Settled,
    audiences: Mapping[str, ResolvedAudience],
) -> Links:
    """Look every name of the campaign up."""
    offers, wrong, broken_offer = _offers(setting, gathered, settled)
    missing, broken_audience = _audiences(setting, gathered, settled, audiences)
    found = (*_category(setting, settled), *wrong, *missing)
    return Links(offers, found, broken_offer or broken_audience)


def _category(setting: Setting, settled: Settled) -> Iterator[Diagnostic]:
    known, name = setting.retailer.categories, settled.category
    if "category" not in settled.value:
        return
    where = settled.traced.range(("category",))
    if name not in known:
        hint = f"add it to `categories` of tenants/{setting.tenant}/tenant.yaml"
        yield missing_name("HB431", "category", name, known, where, hint)
    elif known[name].class_ == "transactional" and "offer" in settled.value:
        yield Diagnostic(
            code="HB437",
            message=f"a campaign of category `{name}` is transactional and cannot carry an offer",
            range=settled.traced.key_range(("offer",)),
            notes=("an offer makes it marketing, which needs consent",),
            related=(Related("its category", where),),
            hint="take the offer out, or choose a marketing category",
        )


def _offers(
    setting: Setting, gathered: Gathered, settled: Settled
) -> tuple[dict[str, ResolvedOffer], list[Diagnostic], bool]:
    known = visible(setting.catalogue, DocumentKind.OFFER, setting.shelves(gathered.blueprint))
    offers: dict[str, ResolvedOffer] = {}
    found: list[Diagnostic] = []
    broken = False
    for name, below in offers_named_in(settled.value.get("offer")):
        user = settled.traced.origin(("offer", *below))
        if name not in known:
            hint = f"write tenants/{setting.tenant}/offers/{name}.yaml"
            found.append(missing_name("HB433", "offer", name, known, user.range, hint))
        elif name not in offers:
            offer, wrong = instantiate_offer(known[name], settled.parameters, user)
            found.extend(wrong)
            broken = broken or known[name].document is None
            if offer is not None:
                offers[name] = offer
    return offers, found, broken


def _audiences(
    setting: Setting,
    gathered: Gathered,
    settled: Settled,
    audiences: Mapping[str, ResolvedAudience],
) -> tuple[list[Diagnostic], bool]:
    texts = [settled.traced.text(path) for path in _expression_paths(settled)]
    known = visible(setting.catalogue, DocumentKind.AUDIENCE, setting.shelves(gathered.blueprint))
    return follow_audiences(setting.tenant, texts, known, audiences)


def follow_audiences(
    tenant: str,
    texts: Sequence[SourceText],
    known: Mapping[str, Found],
    audiences: Mapping[str, ResolvedAudience],
) -> tuple[list[Diagnostic], bool]:
    """Every `audiences.NAME` of the expressions, through the named audiences they lead to: what is
    missing, and whether one of them is broken."""
    waiting = list(texts)
    seen: set[str] = set()
    found: list[Diagnostic] = []
    while waiting:
        for name, where in audiences_named_in(waiting.pop()):
            if name not in known:
                hint = f"write tenants/{tenant}/audiences/{name}.yaml"
                found.append(missing_name("HB432", "audience", name, known, where, hint))
            elif name not in seen:
                seen.add(name)
                if name in audiences:
                    waiting.extend(origin.text for origin in expressions_of(audiences[name]))
    return found, any(known[name].document is None for name in seen)


def _expression_paths(settled: Settled) -> Iterator[Path]:
    """Where the campaign's rules stand."""
    audience = settled.value.get("audience")
    if isinstance(audience, dict):
        yield from (("audience", each) for each in ("include", "rank") if each in audience)
        exclude = audience.get("exclude")
        for name in exclude if isinstance(exclude, dict) else ():
            yield ("audience", "exclude", name)
    offer = settled.value.get("offer")
    for index, case in enumerate(offer if isinstance(offer, list) else ()):
        if isinstance(case, dict) and "when" in case:
            yield ("offer", index, "when")
