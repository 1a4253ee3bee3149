from __future__ import annotations

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve.model import ResolvedRepository
from handbill.resolve.places import Places, as_written
from handbill.source.located import LocatedDocument

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]
Parse = Callable[[str, str], LocatedDocument]
WINBACK = "tenants/green/campaigns/winback.yaml"
TEXT = """\
uses: winback
experiment:
  variants:
    a: {weight: 1}
    b: {weight: 1, message: {email: {subject: "Hey"}}}
"""


def test_parts_stand_where_they_were_written(resolve: Resolve, parse: Parse) -> None:
    campaign = resolve({WINBACK: TEXT})[0].tenants["green"].campaigns["winback"]
    places = Places(campaign.traced, parse(WINBACK, TEXT))
    assert str(places.range_of(("trigger", "cron"))) == "blueprints/winback/blueprint.yaml:6:17"
    assert str(places.key_range_of(("trigger",))) == "blueprints/winback/blueprint.yaml:6:1"
    assert str(places.range_of(("trigger", "cron", "no", "such"))).endswith(":6:17")
    subject = ("experiment", "variants", "b", "messages", "main", "email", "subject")
    assert str(places.range_of(subject)) == f"{WINBACK}:5:47"
    scalar = places.scalar_of(subject)
    assert scalar is not None and scalar.source == '"Hey"'


def test_what_nobody_wrote_stands_at_the_start_of_the_campaign(
    resolve: Resolve, parse: Parse
) -> None:
    campaign = resolve()[0].tenants["green"].campaigns["winback"]
    places = Places(campaign.traced, parse(WINBACK, "uses: winback"))
    assert str(places.range_of(("window",))) == f"{WINBACK}:1:1"
    assert str(places.key_range_of(())) == f"{WINBACK}:1:1"
    assert places.scalar_of(("window",)) is None


def test_only_a_variants_messages_are_written_otherwise() -> None:
    assert as_written(("experiment", "variants", "b", "messages", "main")) == (
        "experiment", "variants", "b", "message",
    )  # fmt: skip
    assert as_written(("messages", "main", "email")) == ("messages", "main", "email")
