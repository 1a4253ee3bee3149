"""What a run left in its ledger, as what came of each customer."""

from __future__ import annotations

from tested_base import Base, anything, reached


def test_the_offer_is_the_one_that_was_chosen(base: Base) -> None:
    for name, summary in (("ten", "10% off"), ("five", "5% off")):
        base.write(
            f"tenants/fresh-fields/offers/{name}.yaml",
            f"""
            reward: {{percent: 10}}
            valid: {{from: 2026-12-01, to: 2026-12-04}}
            summary: "{summary}"
            terms: "Soon over."
            """,
        )
    base.campaign("offer: [{when: customer.lifetime_orders >= 5, use: ten}, {use: five}]")
    base.edit(
        "tenants/fresh-fields/campaigns/hello.yaml",
        "Double points this weekend",
        "{{ offer.summary }}",
    )
    base.test(
        reached("few") + reached("many").replace("orders: 3", "orders: 8"),
        anything("few", "many"),
        now="2026-12-04T10:00",
    )
    outcomes = base.outcomes()
    assert (outcomes["few"].offer, outcomes["many"].offer) == ("five", "ten")
    assert outcomes["many"].messages[0].parts["subject"] == "10% off"
    base.edit(
        "tenants/fresh-fields/tests/hello.yaml", "now: 2026-12-04T10:00", "now: 2026-12-05T10:00"
    )
    assert base.outcomes()["few"].because == "offer_ended"


def test_variants_follow_from_the_customers_id(base: Base) -> None:
    base.campaign(
        """
        experiment:
          variants:
            plain: {weight: 50}
            bold: {weight: 50, message: {email: {subject: "DOUBLE POINTS"}}}
        """
    )
    names = [f"c{number}" for number in range(8)]
    base.test("".join(map(reached, names)), anything(*names))
    outcomes = base.outcomes()
    assert {outcome.variant for outcome in outcomes.values()} == {"plain", "bold"}
    for outcome in outcomes.values():
        subject = outcome.messages[0].parts["subject"]
        assert subject.isupper() == (outcome.variant == "bold")


def test_a_variant_is_known_of_who_is_held_out(base: Base) -> None:
    base.campaign("holdout: 100%")
    base.test(reached("ann"), anything("ann"), "holdouts: true")
    outcome = base.outcomes()["ann"]
    assert (outcome.variant, outcome.messages, outcome.note) == ("only", (), "")
