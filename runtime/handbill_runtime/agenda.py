"""What each campaign has been looked at for, in the ledger and in memory: nothing due is lost or
repeated, and a plan of which nothing falls due soon costs nothing to look at.

The ledger's watermark of a campaign and zone moves when an occurrence begins. Between occurrences
only memory moves: it is written down when another plan takes the campaign over, so that an edited
cron fires from its edit on, whether or not the runtime was restarted since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handbill.plan.model import CronTrigger
from handbill.plan.outline import PlanOutline
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.schedule import Due, due_occurrences, next_look, zones_of


@dataclass(slots=True)
class _Campaign:
    """What this process knows of one campaign, under one plan and one set of zones."""

    plan: str
    zones: tuple[str, ...]
    looked: dict[str, datetime] = field(default_factory=dict)
    """Zone → up to when a cron was looked at."""
    idle_until: datetime | None = None


@dataclass(slots=True)
class Agenda:
    """Asked at every tick; `mark` follows once what was due has begun."""

    ledger: Ledger
    _known: dict[tuple[str, str], _Campaign] = field(default_factory=dict)

    def due(
        self, plan: PlanOutline, zones: Collection[str], now: datetime, since: datetime
    ) -> tuple[Due, ...]:
        """What is due at `now`, oldest first. `zones`: where customers live, for plans that need
        it. A campaign that the ledger has never seen is due from `since` on."""
        if plan.status != "active":
            return ()
        looked_at = zones_of(plan, zones)
        campaign = self._campaign(plan, looked_at)
        if campaign.idle_until is not None and now < campaign.idle_until:
            return ()
        watermarks = self._watermarks(plan, campaign, since)
        dues = due_occurrences(plan, watermarks, now)
        if not dues:
            campaign.idle_until = next_look(plan, looked_at, now)
        if isinstance(plan.trigger, CronTrigger):
            for zone in looked_at:
                if all(zone not in due.zones for due in dues):
                    # a clock that was set back does not take back what was handled
                    campaign.looked[zone] = max(now, watermarks[zone] or now)
        return dues

    def mark(self, plan: PlanOutline, dues: Iterable[Due]) -> None:
        """Everything in `dues` has begun, durably."""
        newest: dict[str, datetime] = {}
        for due in dues:
            for zone, instant in due.zones.items():
                newest[zone] = max(instant, newest.get(zone, instant))
        campaign = self._known.get((plan.tenant, plan.identity))
        with self.ledger.transaction():
            for zone, instant in newest.items():
                self.ledger.set_watermark(plan.tenant, plan.identity, zone, instant)
                if campaign is not None and zone in campaign.looked:
                    campaign.looked[zone] = max(instant, campaign.looked[zone])

    def _campaign(self, plan: PlanOutline, zones: tuple[str, ...]) -> _Campaign:
        digest = plan.digest
        key = (plan.tenant, plan.identity)
        known = self._known.get(key)
        if known is not None and known.plan != digest:
            with self.ledger.transaction():
                for zone, at in known.looked.items():
                    self.ledger.set_watermark(*key, zone, at)
        if known is None or (known.plan, known.zones) != (digest, zones):
            looked = known.looked if known is not None and known.plan == digest else {}
            known = self._known[key] = _Campaign(digest, zones, looked)
        return known

    def _watermarks(
        self, plan: PlanOutline, campaign: _Campaign, since: datetime
    ) -> Mapping[str, datetime | None]:
        """Per zone up to when everything was handled. For a cron the first look is noted, so that
        a restart does not lose what comes due in between."""
        watermarks: dict[str, datetime | None] = {
            zone: campaign.looked.get(zone)
            or self.ledger.watermark(plan.tenant, plan.identity, zone)
            for zone in campaign.zones
        }
        if isinstance(plan.trigger, CronTrigger):
            # a zone that is new to a campaign joins where the campaign is
            known = [at for at in watermarks.values() if at is not None]
            first = min(known, default=since)
            for zone, at in watermarks.items():
                if at is None:
                    watermarks[zone] = first
                    self.ledger.set_watermark(plan.tenant, plan.identity, zone, first)
        return watermarks
