"""Which offer a customer gets, and what `offer.…` is then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Configuration

OFFERS = "tenants/fresh-fields/offers"
PERCENT = """\
    reward: {percent: 10}
    condition: {basket: 40}
    valid: {for: 7 days}
    summary: "{{ offer.reward.percent }}% off over ${{ offer.condition.basket }}"
    terms: "Until {{ offer.expires | date('medium') }}, {{ params.place }}"
    """
LARGER = """\
    reward: {percent: 12.5, up_to: 30}
    condition: {basket: 60.50}
    valid: {from: 2026-12-01, to: 2026-12-31}
    summary: "{{ offer.reward.percent }}% off"
    terms: "Once"
    """
CHOICE = "[{when: customer.lifetime_orders > 5, use: larger}, {use: percent}]"


@pytest.fixture
def offers(configuration: Configuration) -> Configuration:
    return configuration.lay({f"{OFFERS}/percent.yaml": PERCENT, f"{OFFERS}/larger.yaml": LARGER})


def said(text: str) -> str:
    return f'{{sms: {{body: "{text}"}}}}'


def test_one_offer_is_folded_into_the_text(offers: Configuration) -> None:
    outcome = offers.campaign(
        offer="percent",
        with_="{place: online}",
        message=said("{{ offer.name }}: {{ offer.summary }}. {{ offer.terms }}."),
    ).compile()
    (choice,) = outcome.plan().variants[0].offers
    assert (choice.offer, choice.when, choice.not_after) == ("percent", None, None)
    assert outcome.rendered("sms", offer=1)["body"] == (
        "percent: 10% off over $40. Until Dec 8, 2026, online."
    )


def test_the_first_that_matches(offers: Configuration) -> None:
    outcome = offers.campaign(
        offer=CHOICE,
        with_="{place: in store}",
        message=said(
            "{{ offer.name }}|{{ offer.summary }}|{{ offer.terms }}|"
            "{{ offer.expires | date('medium') }}"
        ),
    ).compile()
    first, second = outcome.plan().variants[0].offers
    assert (first.offer, first.not_after, second.offer) == ("larger", "2026-12-31", "percent")
    assert first.when is not None
    assert outcome.rendered("sms", offer=1)["body"] == "larger|12.5% off|Once|Dec 31, 2026"
    assert outcome.rendered("sms", offer=2)["body"] == (
        "percent|10% off over $40|Until Dec 8, 2026, in store|Dec 8, 2026"
    )


@pytest.mark.parametrize(
    ("hole", "first", "second"),
    [
        ("{{ offer.reward.percent }}", "12.5", "10.0"),
        ("{{ offer.condition.basket | round(0) }}", "61", "40"),
        ("{{ offer.reward.percent + 1 }}", "13.5", "11.0"),
    ],
)
def test_whole_and_broken_numbers_go_together(
    offers: Configuration, hole: str, first: str, second: str
) -> None:
    outcome = offers.campaign(offer=CHOICE, with_="{place: here}", message=said(hole)).compile()
    assert outcome.rendered("sms", offer=1)["body"] == first
    assert outcome.rendered("sms", offer=2)["body"] == second


def test_amounts_of_the_same_scale(offers: Configuration) -> None:
    for name, amount in (("small", "5.50"), ("big", "17.25")):
        offers.lay(
            {
                f"{OFFERS}/{name}.yaml": f"reward: {{amount: {amount}}}\nvalid: {{for: 36 hours}}\n"
                "summary: S\nterms: T\n"
            }
        )
    choice = "[{when: customer.lifetime_orders > 5, use: big}, {use: small}]"
    message = said("{{ offer.reward.amount | money }} {{ offer.expires | date('medium') }}")
    outcome = offers.campaign(offer=choice, message=message).compile()
    assert outcome.rendered("sms", offer=1)["body"] == "$17.25 Dec 2, 2026"
    assert outcome.rendered("sms", offer=2)["body"] == "$5.50 Dec 2, 2026"


def test_points_and_the_same_value_everywhere(offers: Configuration) -> None:
    for name, points in (("few", "100"), ("many", "500")):
        offers.lay(
            {
                f"{OFFERS}/{name}.yaml": f"reward: {{points: {points}}}\nvalid: {{for: 1 day}}\n"
                "summary: Same\nterms: '{{ offer.reward.points }}'\n"
            }
        )
    choice = "[{when: customer.lifetime_orders > 5, use: many}, {use: few}]"
    message = said("{{ offer.summary }} {{ offer.reward.points }} {{ offer.terms }}")
    outcome = offers.campaign(offer=choice, message=message).compile()
    assert outcome.rendered("sms", offer=1)["body"] == "Same 500 500"
    assert outcome.rendered("sms", offer=2)["body"] == "Same 100 100"


def test_what_only_one_alternative_has_cannot_be_said(offers: Configuration) -> None:
    outcome = offers.campaign(
        offer=CHOICE, with_="{place: here}", message=said("{{ offer.reward.up_to }}")
    ).compile()
    assert outcome.only().code == "HB505"
    assert "up_to" in outcome.only().message


def test_alternatives_of_different_kinds_share_their_wording(offers: Configuration) -> None:
    offers.lay(
        {
            f"{OFFERS}/delivery.yaml": "reward: {delivery: free}\nvalid: {for: 2 days}\n"
            "summary: \"Free delivery for {{ customer.first_name | default('you') }}\"\nterms: T\n"
        }
    )
    outcome = offers.campaign(
        offer="[{when: customer.lifetime_orders > 5, use: delivery}, {use: percent}]",
        with_="{place: here}",
        message=said("{{ offer.summary }}"),
    ).compile()
    customer = {"first_name": "Ann"}
    assert outcome.rendered("sms", customer, offer=1)["body"] == "Free delivery for Ann"
    assert outcome.rendered("sms", customer, offer=2)["body"] == "10% off over $40"


def test_a_condition_is_checked_as_every_rule(offers: Configuration) -> None:
    outcome = offers.campaign(
        offer="[{when: customer.last_order_days > 5, use: larger}, {use: percent}]",
        with_="{place: here}",
    ).compile()
    finding = outcome.only()
    assert (finding.code, finding.range.line) == ("HB501", 6)


def test_what_the_audience_establishes_holds_in_conditions_and_wording(
    offers: Configuration,
) -> None:
    offers.lay(
        {
            f"{OFFERS}/named.yaml": "reward: {points: 5}\nvalid: {for: 2 days}\n"
            'summary: "For {{ customer.first_name }}"\nterms: T\n'
        }
    )
    outcome = offers.campaign(
        audience="customer.first_name is defined",
        offer="[{when: customer.first_name == 'Ann', use: named}, {use: larger}]",
        message=said("{{ offer.summary }}"),
    ).compile()
    assert outcome.rendered("sms", {"first_name": "Ann"}, offer=1)["body"] == "For Ann"


def test_the_first_day_and_the_conditions_are_there_for_texts(offers: Configuration) -> None:
    offers.lay(
        {
            f"{OFFERS}/listed.yaml": "reward: {points: 5}\ncondition: {stores: [a, b]}\n"
            "valid: {from: 2026-12-03, to: 2026-12-09}\n"
            "summary: \"{{ offer.condition.stores | join(', ') }} from {{ offer.starts | date }}\"\n"
            "terms: T\n"
        }
    )
    outcome = offers.campaign(offer="listed", message=said("{{ offer.summary }}")).compile()
    assert outcome.rendered("sms", {}, offer=1)["body"] == "a, b from December 3, 2026"


def test_a_mistake_in_an_offers_text_is_said_once_though_nobody_shows_it(
    offers: Configuration,
) -> None:
    offers.replace(f"{OFFERS}/larger.yaml", "Once", "{{ customer.nam }}")
    outcome = offers.campaign(
        offer="larger",
        message='{sms: {body: "a"}, email: {subject: "Hi", template: hello.html}}',
    ).compile()
    finding = outcome.only()
    assert (finding.code, finding.range.file) == ("HB505", f"{OFFERS}/larger.yaml")


def test_an_offers_text_holds_no_loop(offers: Configuration) -> None:
    loop = "{% for d in customer.departments | default([]) %}{{ d }}{% endfor %}"
    offers.replace(f"{OFFERS}/larger.yaml", "Once", loop)
    finding = offers.campaign(offer="larger").compile().only()
    assert finding.code == "HB450"
    assert finding.message == "an offer's terms cannot hold a loop"
    assert finding.range.file == f"{OFFERS}/larger.yaml"


def test_an_offers_words_in_every_locale(offers: Configuration) -> None:
    offers.replace(
        "tenants/fresh-fields/tenant.yaml",
        "locale: en-US",
        "locale: en-US\nlocales: [en-US, es-US]",
    )
    offers.replace(f"{OFFERS}/larger.yaml", '"Once"', '{en-US: "Once", es-US: "Una vez"}')
    outcome = offers.campaign(offer="larger", message=said("{{ offer.terms }}")).compile()
    assert outcome.rendered("sms", offer=1, locale="es-US")["body"] == "Una vez"
    offers.replace(f"{OFFERS}/larger.yaml", ', es-US: "Una vez"', "")
    finding = offers.compile().only()
    assert (finding.code, finding.range.file) == ("HB451", f"{OFFERS}/larger.yaml")


def test_a_variant_has_its_own_offer(offers: Configuration) -> None:
    outcome = offers.campaign(
        offer="percent",
        with_="{place: here}",
        message=said("{{ variant }} {{ offer.name }}"),
        experiment="{variants: {a: {weight: 1}, b: {weight: 3, offer: larger}}}",
    ).compile()
    assert [(each.name, each.weight) for each in outcome.plan().variants] == [("a", 1), ("b", 3)]
    assert outcome.rendered("sms", offer=1, variant="a")["body"] == "a percent"
    assert outcome.rendered("sms", offer=1, variant="b")["body"] == "b larger"


def test_a_blueprints_offer_has_the_campaigns_parameters(configuration: Configuration) -> None:
    configuration.lay(
        {
            "blueprints/back/blueprint.yaml": """\
                params:
                  discount: {type: integer, minimum: 5, maximum: 50}
                  word: {type: string, default: back}
                category: promotions
                trigger: {at: 2026-12-05T10:00}
                audience: everyone
                offer: comeback
                message: {sms: {body: "{{ offer.summary }}"}}
                """,
            "blueprints/back/offers/comeback.yaml": """\
                reward: {percent: {param: discount}}
                valid: {for: 10 days}
                summary: "{{ params.word }}: {{ offer.reward.percent }}% till {{ offer.expires | date }}"
                terms: T
                """,
            "tenants/fresh-fields/campaigns/back.yaml": (
                "uses: back\nstatus: active\nwith: {discount: 15}\n"
            ),
        }
    )
    body = configuration.compile().rendered("sms", offer=1, campaign="back")["body"]
    assert body == "back: 15% till December 11, 2026"
