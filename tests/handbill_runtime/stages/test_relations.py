"""Rows of other datasets: read in rules and messages, left out when nobody can say what they mean."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from corner_shop import CAMPAIGN, CUSTOMERS, NOON, Shop, VirtualClock
from purchases_shop import DAY, ROWS, bought, campaign, found, opened, with_purchases

from handbill.cli.data_report import report_tenant
from handbill_runtime.errors import DataFault
from handbill_runtime.ledger.sqlite import open_ledger
from handbill_runtime.stages.audience import candidates
from handbill_runtime.stages.customers import open_customers


@pytest.fixture
def store(shop: Shop) -> Shop:
    return with_purchases(shop)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("customer.purchases | count == 2", ["ann"]),
        ("customer.purchases | within('60 days') | count == 0", ["bob"]),
        ("customer.purchases | map(attribute='total') | sum > 50", ["bob"]),
        ("customer.purchases | selectattr('total', '>', 20) | count >= 1", ["ann", "bob"]),
        ("customer.purchases | count > 5", []),
    ],
)
def test_rules_ask_about_rows(store: Shop, rule: str, expected: list[str]) -> None:
    campaign(store, rule)
    assert list(found(store)) == expected


def test_messages_carry_their_rows_in_order_of_time(store: Shop) -> None:
    subject = "{% for one in customer.purchases[:2] %}{{ one.total }} {% endfor %}"
    campaign(store, "everyone", subject)
    store.customers(CUSTOMERS + "cat,Cat,cat@shop.example,email.promotions,1\n")
    rows = {name: one.row for name, one in found(store).items()}
    place = [need.path for need in store.plan().fields].index(("purchases",))
    assert rows["ann"][place] == ((3000,), (1250,))
    assert rows["bob"][place] == ((9999,),)
    assert rows["cat"][place] == ()


def test_what_only_rules_read_is_not_carried(store: Shop) -> None:
    campaign(store, "customer.purchases | count == 2")
    (ann,) = found(store).values()
    assert [need.path for need in store.plan().fields] == [("first_name",)]
    assert ann.row == ("Ann",)


def test_a_message_says_what_was_bought(store: Shop, tmp_path: Path, mail_server: object) -> None:
    subject = (
        "You spent {{ customer.purchases | map(attribute='total') | sum }} at "
        "{{ (customer.purchases | last).store.name | default('us') }}"
    )
    campaign(store, "customer.purchases | count > 0", subject)
    ledger = open_ledger(str(tmp_path / "ledger.db"))
    ledger.take_lease("test", NOON)
    report = store.go(ledger, VirtualClock())
    ledger.close()
    assert report.channels["email"].accepted == 2
    subjects = sorted(str(mail["subject"]) for mail in mail_server.mails())  # type: ignore[attr-defined]
    assert subjects == ["You spent 42.50 at Main Street", "You spent 99.99 at Main Street"]


def test_rows_that_nobody_can_use_are_left_out_and_counted(store: Shop) -> None:
    twice = "('bob', 7, TIMESTAMP '2026-12-04 09:00', 1.0, NULL, NULL)"
    wrong = "('bob', 8, TIMESTAMP '2026-12-04 09:00', -5.0, NULL, NULL)"
    nobody = "(NULL, 9, TIMESTAMP '2026-12-04 09:00', 5.0, NULL, NULL)"
    bought(store, ", ".join([ROWS, twice, twice, wrong, nobody]))
    campaign(store, "customer.purchases | map(attribute='total') | sum > 99")
    with opened(store) as customers:
        assert customers.quarantined == {
            "purchases: customer_id": 1,
            "purchases: total": 1,
            "purchases: customer_id, line not unique": 2,
        }
    assert list(found(store)) == ["bob"]


def test_a_customer_with_more_rows_than_may_be_is_left_out(store: Shop) -> None:
    many = [f"('bob', {n}, TIMESTAMP '2026-12-04 09:00', 1.0, NULL, NULL)" for n in range(10, 13)]
    bought(store, ", ".join([ROWS, *many]))
    campaign(store, "customer.purchases | count > 0")
    assert list(found(store)) == ["ann"]
    with opened(store) as customers:
        assert customers.quarantined == {"purchases: too many rows": 1}
        assert sum(customers.count_by_zone(store.plan().plan).values()) == 1


def test_too_many_rows_keep_nobody_from_campaigns_that_do_not_read_them(store: Shop) -> None:
    many = [f"('bob', {n}, TIMESTAMP '2026-12-04 09:00', 1.0, NULL, NULL)" for n in range(10, 13)]
    bought(store, ", ".join([ROWS, *many]))
    campaign(store, "customer.purchases | count > 0")
    campaign(store, "everyone", name="plain")
    assert list(found(store)) == ["ann"]
    assert list(found(store, "plain")) == ["ann", "bob"]
    with opened(store) as customers:
        assert sum(customers.count_by_zone(store.plan("plain").plan).values()) == 2


def test_rows_are_the_same_whichever_campaigns_are_due_together(store: Shop) -> None:
    """One reads when, one how much: a purchase of no amount is none, for both of them."""
    bought(store, ROWS + ", ('bob', 8, TIMESTAMP '2026-12-04 09:00', NULL, NULL, NULL)")
    campaign(store, "customer.purchases | within('7 days') | count > 0")
    alone = store.compiled().tenant
    assert list(found(store)) == ["ann", "bob"]
    campaign(store, "customer.purchases | map(attribute='total') | sum > 0", name="spent")
    tenant = store.compiled().tenant
    assert len(tenant.plans) == len(alone.plans) + 1
    root = f"file://{store.root}/data/{{tenant}}"
    for due in (None, [tenant.plans["points"]]):
        with open_customers(tenant, root, NOON, due) as customers:
            chunks = list(candidates(tenant.plans["points"], customers, DAY))
            assert [one.recipient.customer for chunk in chunks for one in chunk] == ["ann"]
            assert customers.quarantined == {"purchases: total": 1}
            table = customers.relations.for_rules()["customer", "purchases"].relation
            query = f"SELECT column_name FROM (DESCRIBE {table})"
            names = {name for rows in customers.fetch(query, 99) for (name,) in rows}
            assert ("total" in names) == (due is None)


@pytest.mark.parametrize("zone", ["customer.timezone", "(customer.purchases | last).zone"])
def test_the_zone_of_a_customer_or_of_a_row_is_asked_for(store: Shop, zone: str) -> None:
    """In the evening in UTC it is the next day in Tokyo."""
    evening = "TIMESTAMP '2026-12-04 20:00'"
    bought(
        store,
        f"('ann', 1, {evening}, 1.0, NULL, NULL), ('bob', 1, {evening}, 1, NULL, 'Asia/Tokyo')",
    )
    store.customers(
        """
        id,first_name,email,consent,orders,timezone
        ann,,ann@shop.example,email.promotions,0,
        bob,,bob@shop.example,email.promotions,0,Asia/Tokyo
        """
    )
    last = "(customer.purchases | last)"
    campaign(store, f"{last} is defined and {last}.bought_at | local_date({zone}) == run.date")
    assert list(found(store)) == ["bob"]


def test_a_missing_file_stops_the_campaigns_that_read_it_and_no_other(store: Shop) -> None:
    (store.root / "data/corner/purchases.parquet").unlink()
    campaign(store, "customer.purchases | count > 0")
    campaign(store, "customer.orders > 1", name="plain")
    assert list(found(store, "plain")) == ["ann"]
    with pytest.raises(DataFault) as caught:
        found(store)
    assert caught.value.code == "HB940"
    assert "no purchases" in caught.value.message


def test_stale_and_damaged_files_are_faults(store: Shop) -> None:
    campaign(store, "customer.purchases | count > 0")
    path = bought(store, ROWS)
    old = (NOON - timedelta(days=3)).timestamp()
    os.utime(path, (old, old))
    with pytest.raises(DataFault) as caught:
        found(store)
    assert caught.value.code == "HB942"
    path.write_bytes(b"PAR1 not at all")
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    with pytest.raises(DataFault) as caught:
        found(store)
    assert caught.value.code == "HB941"


def test_many_customers_get_their_rows_batch_by_batch(store: Shop) -> None:
    count = 2_500
    people = "id,first_name,email,consent,orders\n" + "".join(
        f"c{n:04d},,c{n}@shop.example,email.promotions,1\n" for n in range(count)
    )
    store.customers(people)
    rows = [
        f"('c{n:04d}', 1, TIMESTAMP '2026-12-01', {n % 1000}, NULL, NULL)" for n in range(count)
    ]
    bought(store, ", ".join(rows))
    campaign(
        store, "everyone", "{% for one in customer.purchases[:1] %}{{ one.total }}{% endfor %}"
    )
    place = [need.path for need in store.plan().fields].index(("purchases",))
    with opened(store) as customers:
        chunks = list(candidates(store.plan(), customers, DAY))
    assert [len(chunk) for chunk in chunks] == [1000, 1000, 500]
    everyone = [one for chunk in chunks for one in chunk]
    assert all(
        one.row[place] == ((int(one.recipient.customer[1:]) % 1000 * 100,),) for one in everyone
    )


def test_data_check_leaves_out_what_a_run_leaves_out(store: Shop) -> None:
    wrong = "('bob', 8, TIMESTAMP '2026-12-04 09:00', NULL, NULL, NULL)"
    unplaced = "('bob', 9, NULL, 1.0, NULL, NULL)"
    bought(store, ", ".join([ROWS, wrong, unplaced]))
    store.customers("id,email,consent,orders\nann,ann@shop.example,,3\nbob,,,x\n")
    store.campaign("points", CAMPAIGN.replace("everyone", '"customer.purchases | count > 0"'))
    amount = "purchases", "total", 1
    orders = "customers", "orders", 1
    assert both(store) == ({("purchases", "bought_at", 1)}, {amount, orders})
    campaign(store, "customer.purchases | map(attribute='total') | sum > 0", name="spent")
    assert both(store) == ({("purchases", "bought_at", 1), amount}, {orders})
    campaign(store, "customer.orders > 0", name="plain")
    assert both(store) == ({("purchases", "bought_at", 1), amount, orders}, set())


Reasons = set[tuple[str, str, int]]


def both(store: Shop) -> tuple[Reasons, Reasons]:
    """What `data check` says is left out, as a run says; and what would be, were it read."""
    tenant = store.compiled().tenant
    plans = [one.plan for one in tenant.plans.values()]
    folder = store.root / "data/corner"
    reports = report_tenant(tenant.tenant, tenant.tables, folder, plans)
    left_out = {
        (one.dataset, reason.columns, reason.rows) for one in reports for reason in one.quarantined
    }
    with opened(store) as customers:
        found: Reasons = set()
        for reason, rows in customers.quarantined.items():
            dataset, colon, columns = reason.partition(": ")
            found.add((dataset, columns, rows) if colon else ("customers", reason, rows))
    assert left_out == found
    unread = {
        (one.dataset, reason.columns, reason.rows) for one in reports for reason in one.unread
    }
    return left_out, unread
