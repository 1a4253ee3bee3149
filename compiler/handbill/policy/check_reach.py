"""Every send of a configuration proved reachable: what never leaves is told at the campaign's line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.diagnostics.merge import merge_tenants
from handbill.pipeline import Compiled
from handbill.policy.places import Places
from handbill.policy.reachable import Unreachable, Why, unreachable_of
from handbill.policy.released import JudgedPlan, each_plan

NEAR: Mapping[Why, tuple[str, ...]] = {
    Why.HOURS: ("window", "trigger", "expires"),
    Why.LIFE: ("ends", "starts", "trigger"),
    Why.OFFER: ("offer", "trigger"),
}
"""Where a campaign's file is pointed at, the first that it writes."""


def check_reach(
    compiled: Compiled, concerns: Callable[[str], bool] | None = None
) -> tuple[Diagnostic, ...]:
    """Drafts too: they are checked before they are released. With `concerns` only the campaigns of
    whose files it says yes."""
    if compiled.release is None:
        return ()
    places = Places(compiled.repository)
    return merge_tenants(list(_found(each_plan(compiled.release, places.wanted(concerns)), places)))


def _found(
    plans: Iterable[tuple[tuple[str, str], JudgedPlan]], places: Places
) -> Iterator[Diagnostic]:
    for (tenant, campaign), judged in plans:
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
