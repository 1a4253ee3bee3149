"""Every field has a law, and laws are found for every path."""

from __future__ import annotations

import pytest

from handbill.schema.laws import CAMPAIGN_LAWS, RETAILER_LAWS, Law, law_of
from handbill.schema.models.campaign import CampaignDocument
from handbill.schema.models.effective import EffectiveCampaign
from handbill.schema.models.platform import PlatformDocument
from handbill.schema.models.tenant import RetailerDefaults


@pytest.mark.parametrize(
    ("path", "law"),
    [
        (("status",), Law.ATOM),
        (("with", "discount"), Law.ATOM),
        (("with", "discount", "deep", 0), Law.ATOM),
        (("audience",), Law.MERGE),
        (("audience", "exclude", "staff"), Law.ADD),
        (("limits", "per_customer"), Law.STRICTEST),
        (("limits", "quiet_hours", "sms"), Law.UNION),
        (("holdout",), Law.LARGEST),
        (("messages", "main", "email"), Law.MERGE),
        (("messages", "main", "email", "subject", "en-US"), Law.ATOM),
        (("messages", "main", "email", "blocks"), Law.MERGE),
        (("messages", "main", "email", "blocks", "hero"), Law.ATOM),
        (("experiment", "variants", "a", "weight"), Law.ATOM),
    ],
)
def test_the_law_of_a_path(path: tuple[str | int, ...], law: Law) -> None:
    found = law_of(CAMPAIGN_LAWS, path)
    assert found and found.law is law


def test_what_only_groups_fields_has_none() -> None:
    assert law_of(CAMPAIGN_LAWS, ("limits",)) is None
    assert law_of(CAMPAIGN_LAWS, ("unknown",)) is None


def names(
    model: type[CampaignDocument | EffectiveCampaign | PlatformDocument | RetailerDefaults],
) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def test_every_field_of_a_campaign_has_a_law_and_no_other() -> None:
    assert names(EffectiveCampaign) == {path[0] for path in CAMPAIGN_LAWS}
    assert {name.replace("message", "messages") for name in names(CampaignDocument)} == names(
        EffectiveCampaign
    )
    of_campaigns = {"blueprints"}
    of_the_platform = {"policies", "review"}
    laws = {path[0] for path in RETAILER_LAWS}
    assert (names(RetailerDefaults) - of_campaigns) | of_the_platform == laws
    assert names(PlatformDocument) >= of_the_platform


def test_tightening_fields_are_never_closed_by_a_blueprint() -> None:
    assert all(one.unlocked for one in CAMPAIGN_LAWS.values() if one.law.tightens)
    assert not any(law.tightens for law in (Law.MERGE, Law.ATOM))
