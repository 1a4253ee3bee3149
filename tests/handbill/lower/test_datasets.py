"""What a tenant declares under `data`, held against the vocabulary before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.plan.model import Column
from handbill.plan.types import StringType

if TYPE_CHECKING:
    from conftest import Configuration

TENANT = "tenants/fresh-fields/tenant.yaml"
STORES = "  stores: {key: id, file: data/stores.csv}\n"
CUSTOMERS = "  customers: {key: id, address: {email: email, sms: phone}}\n"
ORDERS = """{"type": "object", "required": ["day", "number"], "properties": {
    "day": {"type": "string", "format": "date"},
    "number": {"type": "string", "maxLength": 9}}}"""


def test_a_dataset_as_the_plan_holds_it(configuration: Configuration) -> None:
    configuration.replace(TENANT, "customers: {key: id", "customers: {key: id, fresh: 2 days")
    customers, stores = (
        configuration.compile().tenant().datasets[name] for name in ("customers", "stores")
    )
    assert (customers.key, customers.fresh_seconds, customers.table) == (("id",), 172_800, None)
    assert customers.addresses == {"email": "email", "sms": "phone"}
    assert [each.name for each in customers.columns] == sorted(
        each.name for each in customers.columns
    )
    assert Column(name="store", type=StringType(40), references="stores") in customers.columns
    assert stores.table is not None
    assert [(each.name, each.required) for each in stores.columns] == [
        ("city", False), ("id", True), ("name", True),
    ]  # fmt: skip


def test_a_table_of_the_data_root_with_several_keys(configuration: Configuration) -> None:
    configuration.lay({"schemas/data/orders.schema.json": ORDERS})
    configuration.replace(TENANT, STORES, STORES + "  orders: {key: [day, number]}\n")
    orders = configuration.compile().tenant().datasets["orders"]
    assert (orders.key, orders.table) == (("day", "number"), None)


@pytest.mark.parametrize(
    ("old", "new", "code", "at", "message", "hint"),
    [
        (
            "customers: {key: id,", "customers: {key: email,", "HB455", "15:20",
            "the key of the customers is `id`: what was sent is remembered by it", "key: id",
        ),
        (
            "customers: {key: id,", "customers: {key: [id, email],", "HB455", "15:20",
            "the key of the customers is `id`: what was sent is remembered by it", "key: id",
        ),
        (
            "sms: phone", "sms: phon", "HB454", "15:53",
            "customers have no field `phon` to hold their sms address", "did you mean `phone`?",
        ),
        (
            "sms: phone", "sms: whereabouts", "HB454", "15:53",
            "customers have no field `whereabouts` to hold their sms address",
            "declare `whereabouts` as a text with maxLength",
        ),
        (
            "sms: phone", "sms: is_employee", "HB454", "15:53",
            "`customer.is_employee` is no text, so it cannot hold an address for sms",
            "declare `is_employee` as a text with maxLength",
        ),
        (
            "data/stores.csv", "data/store.csv", "HB424", "16:27",
            "there is no table tenants/fresh-fields/data/store.csv", "did you mean data/stores.csv?",
        ),
        (
            "data/stores.csv", "data/x/customers-of-old.csv", "HB424", "16:27",
            "there is no table tenants/fresh-fields/data/x/customers-of-old.csv", "a CSV file below data/",
        ),
        (
            "  stores:", "  stalls: {key: id}\n  stores:", "HB457", "16:3",
            "nothing says what the columns of `stalls` are",
            "declare them in schemas/data/stalls.schema.json",
        ),
    ],
)  # fmt: skip
def test_each_mistake_at_its_place(
    configuration: Configuration, old: str, new: str, code: str, at: str, message: str, hint: str
) -> None:
    outcome = configuration.replace(TENANT, old, new).compile()
    finding = outcome.only()
    assert (finding.code, finding.message, finding.hint) == (code, message, hint)
    assert str(finding.range) == f"{TENANT}:{at}"
    assert outcome.compiled.release.failed == ("fresh-fields",)


@pytest.mark.parametrize(
    ("key", "hint"),
    [("nam", "did you mean `name`?"), ("number", "declare `number` in its schema")],
)
def test_a_key_that_is_no_column(configuration: Configuration, key: str, hint: str) -> None:
    configuration.replace(TENANT, STORES, f"  stores: {{key: {key}}}\n")
    finding = configuration.compile().only()
    assert (finding.code, finding.hint) == ("HB455", hint)


def test_a_tenant_without_customers(configuration: Configuration) -> None:
    finding = configuration.replace(TENANT, CUSTOMERS, "").compile().only()
    assert (finding.code, finding.message) == ("HB302", "`data` needs `customers`")


def test_a_channel_without_an_address(configuration: Configuration) -> None:
    finding = configuration.replace(TENANT, ", sms: phone", "").compile().only()
    assert finding.code == "HB316"


def test_a_field_of_another_table_needs_that_table(configuration: Configuration) -> None:
    outcome = (
        configuration.replace(TENANT, STORES, "")
        .campaign(
            audience="customer.store is defined",
            message="{sms: {body: \"{{ customer.store.name }} in {{ customer.store.city | default('-') }}\"}}",
        )
        .compile()
    )
    finding = outcome.only()
    assert finding.code == "HB458"
    assert finding.message.startswith("`customer.store` needs the dataset `stores`")
    assert finding.hint == "add below `data`: stores: {key: id, file: data/stores.csv}"
    assert outcome.compiled.release.failed == ("fresh-fields",)


def test_a_row_is_found_by_one_key(configuration: Configuration) -> None:
    configuration.replace(TENANT, STORES, "  stores: {key: [id, name]}\n")
    finding = configuration.campaign(audience="customer.store is defined").compile().only()
    assert finding.code == "HB458"
    assert "by one key, and that has several" in finding.message


def test_who_does_not_ask_for_the_table_does_not_need_it(configuration: Configuration) -> None:
    outcome = configuration.replace(TENANT, STORES, "").compile()
    assert outcome.findings == ()
