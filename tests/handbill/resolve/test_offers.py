from __future__ import annotations

from collections.abc import Callable

from handbill.resolve.catalogue import Found
from handbill.resolve.layers import Layer, Origin
from handbill.resolve.offers import instantiate_offer, offers_named_in
from handbill.resolve.parameters import Parameter
from handbill.source.layout import classify
from handbill.source.located import LocatedDocument

Parse = Callable[[str, str], LocatedDocument]
FILE = "blueprints/b/offers/o.yaml"
OFFER = """\
reward: {percent: {param: discount}, up_to: 20}
valid: {for: 7 days}
summary: "{{ offer.reward.percent }}% off"
terms: "One order."
"""


def found(parse: Parse, text: str = OFFER) -> Found:
    place = classify(FILE)
    assert place is not None
    return Found(FILE, place, parse(FILE, text))


def campaign(parse: Parse, discount: int) -> tuple[dict[str, Parameter], Origin]:
    document = parse("tenants/t/campaigns/c.yaml", f"offer: o\nwith: {{discount: {discount}}}")
    given = Origin(Layer.CAMPAIGN, "tenants/t", ("with", "discount"), document)
    user = Origin(Layer.CAMPAIGN, "tenants/t", ("offer",), document)
    return {"discount": Parameter(discount, (given,))}, user


def test_a_campaigns_parameters_are_filled_in(parse: Parse) -> None:
    parameters, user = campaign(parse, 15)
    offer, diagnostics = instantiate_offer(found(parse), parameters, user)
    assert offer is not None and not diagnostics
    assert offer.document.reward.model_dump() == {"percent": 15, "up_to": 20}
    assert offer.root == "blueprints/b"
    assert str(offer.traced.range(("reward", "percent"))) == "tenants/t/campaigns/c.yaml:2:18"
    assert str(offer.traced.range(("reward", "up_to"))) == f"{FILE}:1:45"
    assert str(offer.traced.text(("summary",)).range(3, 8)) == f"{FILE}:3:14"


def test_a_parameter_that_is_not_given_names_offer_and_campaign(parse: Parse) -> None:
    _, user = campaign(parse, 15)
    offer, (missing,) = instantiate_offer(found(parse), {}, user)
    assert offer is None
    assert (missing.code, str(missing.range)) == ("HB444", f"{FILE}:1:19")
    assert str(missing.related[0].range) == "tenants/t/campaigns/c.yaml:1:8"


def test_a_value_that_the_offer_cannot_take_is_told_where_it_was_given(parse: Parse) -> None:
    parameters, user = campaign(parse, 150)
    offer, (wrong,) = instantiate_offer(found(parse), parameters, user)
    assert offer is None
    assert (wrong.code, str(wrong.range)) == ("HB306", "tenants/t/campaigns/c.yaml:2:18")


def test_a_broken_file_is_not_reported_again(parse: Parse) -> None:
    parameters, user = campaign(parse, 15)
    place = classify(FILE)
    assert place is not None
    assert instantiate_offer(Found(FILE, place, None), parameters, user) == (None, ())


def test_both_forms_name_offers() -> None:
    assert list(offers_named_in("a")) == [("a", ())]
    assert list(offers_named_in([{"when": "x", "use": "a"}, {"use": "b"}])) == [
        ("a", (0, "use")),
        ("b", (1, "use")),
    ]
    assert list(offers_named_in(None)) == []
