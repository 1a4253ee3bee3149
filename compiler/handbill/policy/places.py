"""Where a finding about a campaign is shown: at its own file, as near as possible to what is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import SourceRange
from handbill.language.expressions.reads import Path
from handbill.policy.model import Named
from handbill.policy.released import Wanted
from handbill.policy.vocabulary import PLAN
from handbill.resolve.model import ResolvedCampaign, ResolvedRepository

CHANGED_AT: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "audience": (("audience", "include"),),
    "messages": (("messages", "main"),),
    "channels": (("messages", "main"),),
    "sends_moved": (("trigger",),),
    "kind": (("status",),),
}
"""Field of `change` → where a campaign writes what changed."""
WRITTEN_AT: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "status": (("status",),),
    "category": (("category",),),
    "class": (("category",),),
    "priority": (("priority",),),
    "locales": (("locales",),),
    "variants": (("experiment", "variants"),),
    "offers": (("offer",),),
    "everyone": (("audience", "include"),),
    "exclusions": (("audience", "exclude"), ("audience", "include")),
    "limit": (("audience", "limit"), ("audience", "include")),
    "sms_segments": (("messages", "main", "sms"),),
    "push_bytes": (("messages", "main", "push"),),
    "html_kb": (("messages", "main", "email"),),
    "subject_length": (("messages", "main", "email", "subject"),),
    "channels": (("messages", "main"),),
    "trigger": (("trigger",),),
    "recurring": (("trigger",),),
    "timezone": (("trigger",),),
    "missed": (("trigger",),),
    "sends_on": (("trigger",),),
    "starts": (("starts",),),
    "ends": (("ends",),),
    "reentry": (("reentry",),),
    "campaign_holdout": (("holdout",),),
    "caps": (("limits",),),
    "deliver": (("deliver",),),
    "expires_hours": (("expires",),),
}
"""Field of `plan` → where a campaign writes what decides it, the nearest first."""


@dataclass(frozen=True, slots=True)
class Places:
    """The campaigns of a repository; None where only a store is known: then nothing has a place."""

    repository: ResolvedRepository | None
    _campaigns: dict[tuple[str, str], ResolvedCampaign] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.repository is not None:
            tenants = {**self.repository.partial, **self.repository.tenants}
            for name, tenant in tenants.items():
                for campaign, resolved in tenant.campaigns.items():
                    self._campaigns[name, campaign] = resolved

    def wanted(self, concerns: Callable[[str], bool] | None) -> Wanted | None:
        """The campaigns of whose files `concerns` says yes; None for all of them."""
        if concerns is None:
            return None
        return lambda tenant, campaign: concerns(self.named(tenant, campaign).file)

    def named(self, tenant: str, campaign: str) -> Named:
        resolved = self._campaigns.get((tenant, campaign))
        return Named(tenant, campaign, file_of(resolved) if resolved else "")

    def of(self, subject: Named, reads: Iterable[Path] = ()) -> SourceRange | None:
        """The line of the campaign's own file that decides what is read, else the file's first."""
        wanted = [
            written
            for path in sorted(reads)
            for written in (WRITTEN_AT if path[0] == PLAN else CHANGED_AT).get(path[1], ())
        ]
        return self._first(subject, wanted)

    def of_campaign(self, subject: Named, fields: Iterable[str]) -> SourceRange | None:
        """The first of the fields that the campaign's own file writes, else the file's first line."""
        return self._first(subject, [(name,) for name in fields])

    def _first(self, subject: Named, wanted: Iterable[Path]) -> SourceRange | None:
        resolved = self._campaigns.get((subject.tenant, subject.campaign))
        if resolved is None:
            return beginning(subject.file) if subject.file else None
        found = (written_at(resolved, path) for path in wanted)
        return next((each for each in found if each is not None), beginning(file_of(resolved)))


def file_of(campaign: ResolvedCampaign) -> str:
    return f"{campaign.root}/campaigns/{campaign.name}.yaml"


def beginning(file: str) -> SourceRange:
    return SourceRange(file, 1, 1, 1, 1)


def written_at(campaign: ResolvedCampaign, path: Path) -> SourceRange | None:
    """The place of a value in the campaign's own file; None where another file decides it."""
    if path not in campaign.traced:
        return None
    try:
        origin = campaign.traced.origin(path)
    except KeyError:
        return None
    if origin.file != file_of(campaign):
        return None
    return origin.range if origin.range.line == origin.range.end_line else origin.key_range
