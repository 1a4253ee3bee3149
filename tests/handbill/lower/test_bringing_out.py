"""Rings and freezes as the publisher goes by them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handbill.lower.bringing_out import BringingOut, lower_bringing_out
from handbill.plan.pointer import Ring
from handbill.schema.models.environment import EnvironmentDocument
from handbill.source.yaml import load_document

ENVIRONMENT = """
data: {root: "file:///data/{tenant}"}
store: file:///store
ledger: sqlite:///ledger.db
public_url: https://go.shop.example
assets_url: https://cdn.shop.example
providers: {}
"""


def _lowered(text: str) -> BringingOut:
    document, _ = load_document("environments/live.yaml", f"{ENVIRONMENT}{text}".encode())
    assert document is not None
    return lower_bringing_out(EnvironmentDocument.model_validate(document.value))


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def test_without_either_a_change_reaches_everybody() -> None:
    assert _lowered("") == BringingOut()


def test_rings_with_what_they_hold_and_who_is_in_their_groups() -> None:
    rings = _lowered(
        """
rollout:
  hold: 1 hour
  healthy: {runtimes: 99%}
  rings:
    - {name: canary, tenants: [fresh]}
    - {name: harbor, groups: [harbor], hold: 10 minutes}
    - {name: everyone, share: 100%}
"""
    ).rings
    assert rings is not None and rings.healthy == 990_000
    assert rings.with_members({"bay": "harbor", "quay": "harbor", "farm": "harvest"}) == (
        Ring(name="canary", tenants=("fresh",), hold=3600),
        Ring(name="harbor", tenants=("bay", "quay"), groups=("harbor",), hold=600),
        Ring(name="everyone", share=1_000_000, hold=3600),
    )


def test_a_freeze_is_in_its_own_zone_and_its_end_is_no_part_of_it() -> None:
    found = _lowered(
        """
freeze:
  - {from: 2026-11-26T18:00, to: 2026-12-01T06:00, timezone: America/New_York, reason: Cyber Week, except: [fresh]}
"""
    )
    freeze = found.freeze_at(_utc(2026, 11, 26, 23))
    assert freeze is not None
    assert (freeze.reason, freeze.exempt) == ("Cyber Week", ("fresh",))
    assert freeze.until == "2026-12-01T06:00 America/New_York"
    assert found.freeze_at(_utc(2026, 11, 26, 22, 59)) is None
    assert found.freeze_at(_utc(2026, 12, 1, 10, 59)) == freeze
    assert found.freeze_at(_utc(2026, 12, 1, 11)) is None


@pytest.mark.parametrize(
    ("start", "end", "instants"),
    [
        # clocks go back at 06:00 UTC: 01:30 comes twice, 05:30 and 06:30 UTC
        ("2026-11-01T01:30", "2026-11-01T01:45", (_utc(2026, 11, 1, 5, 30), _utc(2026, 11, 1, 6, 45))),
        # clocks go forward at 07:00 UTC: 02:30 never comes
        ("2026-03-08T02:30", "2026-03-08T02:45", (_utc(2026, 3, 8, 6, 30), _utc(2026, 3, 8, 7, 45))),
        ("2026-03-07T12:00", "2026-03-08T12:00", (_utc(2026, 3, 7, 17), _utc(2026, 3, 8, 16))),
    ],
)  # fmt: skip
def test_a_clock_change_makes_a_freeze_longer_and_never_shorter(
    start: str, end: str, instants: tuple[datetime, datetime]
) -> None:
    text = f"freeze: [{{from: {start}, to: {end}, timezone: America/New_York, reason: Sale}}]"
    (freeze,) = _lowered(text).freezes
    assert (freeze.starts, freeze.ends) == instants


def test_of_two_freezes_the_stricter_holds() -> None:
    found = _lowered(
        """
freeze:
  - {from: 2026-11-01T00:00, to: 2026-12-31T00:00, timezone: UTC, reason: Season, except: [a, b]}
  - {from: 2026-11-20T00:00, to: 2026-12-01T00:00, timezone: UTC, reason: Week, except: [b, c]}
"""
    )
    both = found.freeze_at(_utc(2026, 11, 25))
    one = found.freeze_at(_utc(2026, 12, 5))
    assert both is not None and (both.reason, both.exempt) == ("Season", ("b",))
    assert one is not None and one.exempt == ("a", "b")
