"""Whose approval a change needs: of the tenants whose plans it changes, and of the files that it edits.

By effect, and not by path alone: a blueprint that a tenant uses changes the tenant's plans, so the tenant's
owners are asked, whoever owns the blueprint.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from handbill.diagnostics.diagnostic import Diagnostic, Related, Severity
from handbill.diff.model import ReleaseDiff
from handbill.policy.approvals import Approvals
from handbill.policy.model import Demand, Reach
from handbill.policy.owners import Owned, Ownership
from handbill.policy.places import Places, beginning
from handbill.policy.scope import Effects, effects_of
from handbill.policy.wording import listed, one_of
from handbill.source.layout import tenant_of


def required_owners(
    diff: ReleaseDiff,
    changed_paths: Collection[str],
    ownership: Ownership,
    reach: Collection[Reach] = (),
    approvals: Approvals | None = None,
) -> tuple[Demand, ...]:
    """One demand for each of the tenant, group, blueprint and platform that has owners and is touched,
    by name. `changed_paths` start at the configuration's folder, old names of moved files included."""
    given = approvals or Approvals(frozenset())
    reasons: dict[str, tuple[Owned, list[str]]] = {}
    effects = effects_of(diff)
    for tenant in effects.tenants:
        owned = ownership.of_tenant(tenant)
        reasons[owned.name] = (owned, [_effect(tenant, effects, changed_paths, reach)])
    edited: dict[str, list[str]] = {}
    for path in sorted(set(changed_paths)):
        owned = ownership.of_path(path)
        reasons.setdefault(owned.name, (owned, []))
        edited.setdefault(owned.name, []).append(path)
    return tuple(
        Demand(
            name,
            owned.by,
            (*because, *_edits(edited.get(name, ()))),
            given.by_one_of(owned.by),
        )
        for name, (owned, because) in sorted(reasons.items())
        if owned.by
    )


def _effect(tenant: str, effects: Effects, changed: Iterable[str], reach: Iterable[Reach]) -> str:
    """`its campaigns a and b change, through blueprints/winback/blueprint.yaml`."""
    campaigns = effects.campaigns.get(tenant, ())
    what = f"its campaign {campaigns[0]} changes" if len(campaigns) == 1 else ""
    if len(campaigns) > 1:
        what = f"its campaigns {listed(campaigns)} change"
    through = [each.path for each in reach if tenant in each.tenants]
    if not through or any(tenant_of(path) == tenant for path in changed):
        return what or "its own data change"
    return f"{what or 'its own data change'}, through {listed(through)}"


def _edits(paths: Collection[str]) -> Iterator[str]:
    if paths:
        yield f"{listed(sorted(paths))} {'is' if len(paths) == 1 else 'are'} edited"


def check_demands(
    demands: Iterable[Demand], ownership: Ownership, places: Places, effects: Effects
) -> Iterator[Diagnostic]:
    """An error for each demand that nobody has met."""
    by_name = {owned.name: owned for owned in (ownership.platform, *ownership.folders.values())}
    for demand in demands:
        if demand.approved:
            continue
        owned = by_name.get(demand.owned)
        tenant = demand.owned.removeprefix("tenant ") if "tenant " in demand.owned else None
        campaigns = effects.campaigns.get(tenant, ()) if tenant else ()
        where = places.of(places.named(tenant, campaigns[0])) if tenant and campaigns else None
        listing = owned.place if owned is not None else None
        yield Diagnostic(
            "HB707",
            f"an owner of {demand.owned} must approve this change",
            where or listing or beginning("handbill.yaml"),
            Severity.ERROR,
            hint=f"ask {one_of(demand.owners)} to approve",
            notes=demand.because,
            related=(Related("the owners", listing),) if where and listing else (),
            tenant=tenant,
        )
