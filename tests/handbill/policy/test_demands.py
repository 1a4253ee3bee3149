from __future__ import annotations

from policy_world import (
    HELLO,
    PLATFORM,
    TENANT,
    Change,
    another_shop,
    campaign,
    platform,
    tenant_file,
)

from handbill.policy.demands import required_owners
from handbill.policy.owners import ownership_of

OWNED = {
    PLATFORM: platform(more='owners: ["@shop/platform"]\n'),
    TENANT: tenant_file('owners: ["@ann", "@fresh-fields/marketing"]\n'),
    **another_shop('owners: ["@corner/shop"]\n'),
}
WORDS = {HELLO: campaign(subject="Triple points")}


def demanded(change: Change, *approved: str) -> dict[str, tuple[tuple[str, ...], bool]]:
    review = change.judged(approved)
    return {each.owned: (each.because, each.approved) for each in review.demands}


def test_the_tenants_owners_for_its_plans() -> None:
    change = Change(OWNED, WORDS)
    because = ("its campaign hello changes", f"{HELLO} is edited")
    assert demanded(change) == {"tenant fresh-fields": (because, False)}
    assert demanded(change, "ANN") == {"tenant fresh-fields": (because, True)}
    assert demanded(change, "@corner/shop") == {"tenant fresh-fields": (because, False)}


def test_by_effect_and_not_by_path_alone() -> None:
    limits = OWNED[PLATFORM] + "limits: {per_customer: 1 per 7 days}\n"
    found = demanded(Change(OWNED, {PLATFORM: limits}))
    assert set(found) == {"tenant corner-shop", "tenant fresh-fields", "the platform"}
    assert found["tenant corner-shop"][0] == ("its campaign news changes, through handbill.yaml",)
    assert found["the platform"][0] == ("handbill.yaml is edited",)


def test_an_edit_without_effect_still_asks_who_owns_the_file() -> None:
    change = Change(OWNED, {"channels/email/NOTES.md": "Notes\n"})
    assert demanded(change) == {"the platform": (("channels/email/NOTES.md is edited",), False)}


def test_a_tenants_own_data() -> None:
    seeds = tenant_file('owners: ["@ann"]\n').replace("qa@handbill", "test@handbill")
    found = demanded(Change(OWNED, {TENANT: seeds}))
    assert found["tenant fresh-fields"][0][0] == "its own data change"


def test_the_bases_owners_are_asked() -> None:
    mine = {TENANT: tenant_file('owners: ["@mallory"]\n'), **WORDS}
    review = Change(OWNED, mine).judged(["@mallory"])
    assert [each.code for each in review.diagnostics] == ["HB707"]
    assert review.missing == (("@ann", "@fresh-fields/marketing"),)


def test_a_new_tenant_is_the_platforms_whomever_it_names() -> None:
    shop = another_shop('owners: ["@mallory"]\n')
    before = {PLATFORM: OWNED[PLATFORM]}
    assert not demanded(Change(before, shop), "@mallory")["tenant corner-shop"][1]
    assert demanded(Change(before, shop), "@shop/platform")["tenant corner-shop"][1]


def test_a_new_tenant_brings_its_own_where_the_platform_has_no_owners() -> None:
    shop = another_shop('owners: ["@corner/shop"]\n')
    assert not demanded(Change({}, shop))["tenant corner-shop"][1]
    assert demanded(Change({}, shop), "@corner/shop")["tenant corner-shop"][1]


def test_nobody_is_asked_where_nobody_owns() -> None:
    change = Change({}, WORDS)
    assert change.judged().demands == ()
    assert change.head.compiled is not None
    assert required_owners(change.diff, [HELLO], ownership_of(change.head.compiled.documents)) == ()
