from __future__ import annotations

from diff_world import BASE, compared

from handbill.diff.model import SharedChange

TENANT = "tenants/fresh-fields/tenant.yaml"
STORES = "tenants/fresh-fields/data/stores.csv"
CHANNEL = "channels/email/channel.yaml"


def shared(file: str, old: str, new: str) -> tuple[SharedChange, ...]:
    text = (BASE / file).read_text("utf-8")
    assert old in text
    return compared({}, {file: text.replace(old, new)}).shared


def told(change: SharedChange) -> list[tuple[str, str, str]]:
    return [(each.field, each.before, each.after) for each in change.fields]


def test_a_retailer_by_itself() -> None:
    (change,) = shared(TENANT, "email:qa@", "email:other@")
    assert (change.what, change.names) == ("tenant", ("fresh-fields",))
    assert told(change) == [("seeds", "email:qa@handbill.example", "email:other@handbill.example")]


def test_cells_of_a_table() -> None:
    (change,) = shared(STORES, "Riverfront", "Harbor")
    assert (change.what, change.names) == ("table", ("fresh-fields/stores",))
    assert told(change) == [("ff-troy-12, name", "Troy Riverfront", "Troy Harbor")]


def test_rows_of_a_table() -> None:
    (change,) = shared(STORES, "ff-troy-12,Troy Riverfront,Troy\n", "ff-utica-3,Genesee,Utica\n")
    assert told(change) == [
        ("ff-utica-3", "", "id ff-utica-3, name Genesee, city Utica"),
        ("ff-troy-12", "id ff-troy-12, name Troy Riverfront, city Troy", ""),
    ]


def test_what_is_declared_of_a_column() -> None:
    found = shared("schemas/data/stores.schema.json", '"maxLength": 40', '"maxLength": 30')
    assert any(
        field.startswith("data.stores.") and "at most 30" in after
        for change in found
        for field, _, after in told(change)
    )


def test_a_channel_by_its_contract_and_by_its_requests() -> None:
    contracts = [each for each in shared(CHANNEL, "max: 150", "max: 120") if each.what == "channel"]
    assert [told(each) for each in contracts] == [
        [("parts.subject", "text, required, at most 150", "text, required, at most 120")]
    ]
    (vendor,) = (
        each
        for each in shared("channels/sms/twilio.yaml", "Body", "Text")
        if each.what == "channel"
    )
    assert vendor.names == ("sms",)
