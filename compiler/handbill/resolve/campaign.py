"""One campaign of one tenant: gathered, settled, checked, and split into its variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.resolve.defaults import rules_of
from handbill.resolve.gather import Gathered, gather, permitted
from handbill.resolve.layers import Layer
from handbill.resolve.links import follow_links
from handbill.resolve.model import (
    ONLY,
    OwnLimits,
    ResolvedAudience,
    ResolvedCampaign,
    ResolvedOffer,
    ResolvedVariant,
)
from handbill.resolve.own_limits import own_limits
from handbill.resolve.places import Places
from handbill.resolve.references import identity_of
from handbill.resolve.retailer import Source
from handbill.resolve.setting import Setting
from handbill.resolve.settle import Settled, settle
from handbill.resolve.typed import typed
from handbill.resolve.writes import campaign_writes
from handbill.schema.check import check_effective
from handbill.schema.models.effective import EffectiveCampaign
from handbill.source.located import Value


@dataclass(slots=True)
class _Resolving:
    """What is shared while one campaign is resolved. A text that several variants share is checked
    for each of them and reported once."""

    setting: Setting
    gathered: Gathered
    audiences: Mapping[str, ResolvedAudience]
    found: list[Diagnostic] = field(default_factory=list)
    broken: bool = False

    def report(self, diagnostics: Sequence[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            mine = replace(diagnostic, tenant=self.setting.tenant)
            if mine not in self.found:
                self.found.append(mine)

    @property
    def failed(self) -> bool:
        return self.broken or has_errors(self.found)

    def places(self, settled: Settled) -> Places:
        return Places(settled.traced, self.gathered.document)

    def check_all(self, settled: Mapping[str, Settled]) -> dict[str, Mapping[str, ResolvedOffer]]:
        """Everything that must hold of an effective campaign; the offers that each variant gives."""
        return {variant: self._check(each) for variant, each in settled.items()}

    def _check(self, settled: Settled) -> Mapping[str, ResolvedOffer]:
        contracts = self.setting.contracts
        self.report(check_effective(settled.value, self.places(settled), contracts))
        links = follow_links(self.setting, self.gathered, settled, self.audiences)
        self.report(links.diagnostics)
        self.broken = self.broken or links.broken
        return links.offers

    def variants(
        self, settled: Mapping[str, Settled], offers: Mapping[str, Mapping[str, ResolvedOffer]]
    ) -> dict[str, ResolvedVariant]:
        """The variants as later stages read them."""
        variants = {}
        for name, each in settled.items():
            effective, wrong = typed(EffectiveCampaign, each.value, self.places(each))
            self.report(wrong)
            if effective is not None:
                experiment = effective.experiment
                variants[name] = ResolvedVariant(
                    name=name,
                    weight=experiment.variants[name].weight if experiment else 1,
                    effective=effective,
                    params=_params(each),
                    offers=offers[name],
                    traced=each.traced,
                )
        return variants


def resolve_campaign(
    setting: Setting, name: str, files: Sequence[Source]
) -> tuple[ResolvedCampaign | None, tuple[Diagnostic, ...]]:
    """The campaign that `files` (the group's first, then the tenant's) make for the tenant.

    None with no error among the findings: a shared file it needs is broken and was reported.
    """
    gathered, refused = gather(setting, files)
    if gathered is None:
        return None, tuple(replace(each, tenant=setting.tenant) for each in refused)
    resolving = _Resolving(setting, gathered, setting.audiences(gathered.blueprint))
    resolving.report(refused)
    base, found = settle(setting, gathered)
    resolving.report(found)
    settled = _settle_variants(resolving, base) or {ONLY: base}
    offers = {} if has_errors(found) else resolving.check_all(settled)
    variants = {} if resolving.failed else resolving.variants(settled, offers)
    if resolving.failed:
        return None, tuple(resolving.found)
    campaign = _campaign(resolving, name, base, variants)
    if not any(each.removes_limits for each in (base, *settled.values())):
        campaign = replace(campaign, own_limits=_own_limits(base, campaign))
    return campaign, tuple(resolving.found)


def _settle_variants(resolving: _Resolving, base: Settled) -> dict[str, Settled]:
    """The campaign once more for each variant of its experiment, in the experiment's order."""
    experiment = base.value.get("experiment")
    variants = experiment.get("variants") if isinstance(experiment, dict) else None
    settled: dict[str, Settled] = {}
    for variant in variants if isinstance(variants, dict) else ():
        origin = base.traced.origin(("experiment",)).below(("variants", variant))
        writes, refused = permitted(
            list(campaign_writes(origin.document, origin.path, Layer.VARIANT, origin.root)),
            resolving.setting,
            resolving.gathered.closure,
            resolving.gathered.writes,
        )
        resolving.report(refused)
        settled[variant], found = settle(resolving.setting, resolving.gathered, writes)
        resolving.report(found)
    return settled


def _params(settled: Settled) -> dict[str, Value]:
    return {name: parameter.value for name, parameter in settled.parameters.items()}


def _own_limits(base: Settled, campaign: ResolvedCampaign) -> OwnLimits:
    capped = base.traced if _has_messages(base) else next(iter(campaign.variants.values())).traced
    category = base.category or None
    return own_limits(category, capped.cells, base.traced.cells, campaign.rules)


def _has_messages(base: Settled) -> bool:
    return "messages" in base.value


def _campaign(
    resolving: _Resolving, name: str, base: Settled, variants: Mapping[str, ResolvedVariant]
) -> ResolvedCampaign:
    first = next(iter(variants.values()))
    effective = (
        EffectiveCampaign.model_validate(base.value) if _has_messages(base) else first.effective
    )
    channels = dict.fromkeys(
        channel
        for variant in variants.values()
        for message in variant.effective.messages.values()
        for channel in message
    )
    return ResolvedCampaign(
        tenant=resolving.setting.tenant,
        name=name,
        root=resolving.gathered.root,
        identity=identity_of(name, effective.was),
        blueprint=resolving.gathered.blueprint,
        category=resolving.setting.retailer.categories[effective.category],
        effective=effective,
        rules=rules_of(base.traced.cells, channels),
        params=_params(base),
        audiences=resolving.audiences,
        variants=variants,
        traced=base.traced,
    )
