from handbill.resolve.fields import (
    ATOMS,
    LETTERS,
    campaign_field,
    campaign_law,
    retailer_law,
)
from handbill.resolve.layers import Layer
from handbill.schema.laws import Law


def test_each_path_has_the_law_of_its_field() -> None:
    assert campaign_law(("limits",)) is Law.MERGE
    assert campaign_law(("limits", "quiet_hours", "sms")) is Law.UNION
    assert campaign_law(("audience", "exclude", "staff")) is Law.ADD
    assert campaign_law(("messages", "main", "email", "subject")) is Law.ATOM
    assert campaign_law(("messages", "main", "email", "blocks")) is Law.MERGE
    assert retailer_law(("categories", "safety", "class")) is Law.ATOM
    assert retailer_law(("timezone",)) is Law.MERGE


def test_a_channels_own_rules_follow_the_law_of_the_field() -> None:
    assert campaign_law(("channels", "sms", "window")) is Law.ATOM
    assert campaign_law(("channels", "sms", "limits", "per_customer")) is Law.STRICTEST


def test_every_layer_has_its_letter_and_no_unknown_one() -> None:
    assert set(LETTERS) == set(Layer)
    field = campaign_field(("category",))
    assert field is not None and field.layers == {"B", "C"}


def test_atoms_are_those_that_replace_whole() -> None:
    assert ("trigger",) in ATOMS
    assert ("messages",) not in ATOMS
