"""Every send of a configuration proved reachable: what never leaves is told at the campaign's line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.diagnostics.merge import merge_tenants
from handbill.pipeline import Compiled
from handbill.policy.places import Places
from handbill.policy.reachable import Unreachable, Why, unreachable_of
from handbill.policy.released import JudgedPlan, plans_of

NEAR: Mapping[Why, tuple[str, ...]] = {
    Why.HOURS: ("window", "trigger", "expires"),
    Why.LIFE: ("ends", "starts", "trigger"),
    Why.OFFER: ("offer", "trigger"),
}
"""Where a campaign's file is pointed at, the first that it writes."""


def check_reach(compiled: Compiled) -> tuple[Diagnostic, ...]:
    """Drafts too: they are checked before they are released."""
    if compiled.release is None:
        return ()
    places = Places(compiled.repository)
    return merge_tenants(list(_found(plans_of(compiled.release), places)))


def _found(plans: Mapping[tuple[str, str], JudgedPlan], places: Places) -> Iterator[Diagnostic]:
    for (tenant, campaign), judged in plans.items():
        for each in unreachable_of(judged):
            yield _finding(each, tenant, campaign, places)


def _finding(found: Unreachable, tenant: str, campaign: str, places: Places) -> Diagnostic:
    return Diagnostic(
        found.why.value,
        f"`{campaign}` {found.says}",
        places.of_campaign(places.named(tenant, campaign), NEAR[found.why]),
        Severity.ERROR if found.certain else Severity.WARNING,
        hint=found.hint,
        notes=found.notes,
        tenant=tenant,
    )
