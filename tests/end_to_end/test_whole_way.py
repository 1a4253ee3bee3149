"""From a commit to what the customers received, in real processes: keygen, publish, run, receivers."""

from __future__ import annotations

import email
import email.policy
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from handbill.cli.demo.processes import Processes, free_ports
from handbill.cli.demo.receipt_book import ReceiptBook, Received
from handbill.cli.demo.reconcile import Reconciliation, reconcile

if TYPE_CHECKING:
    from conftest import World

ROOT = Path(__file__).parents[2]
SATURDAY, SUNDAY = "2026-12-05T15:00Z", "2026-12-06T15:00Z"
"""10:00 in New York, 07:00 in Los Angeles."""
MAIL = {
    "tenants/fresh-fields/campaigns/hello.yaml": """\
        category: promotions
        status: active
        trigger: {cron: "0 10 * * *", timezone: tenant}
        reentry: always
        audience: {include: customer.lifetime_orders >= 1, exclude: {staff: customer.is_employee | default(false)}}
        message:
          email:
            subject: "Soup season, {{ customer.first_name | default('neighbor') }} & co"
            template: hello.html
        """,
}
HOOK = {
    "tenants/corner/tenant.yaml": """\
        name: The Corner
        locale: fr-CA
        timezone: America/New_York
        currency: CAD
        brand: {postal_address: "840, 3e Avenue, Québec", link_domains: [corner.example]}
        channels: {webhook: {provider: counter}}
        channel_order: [webhook]
        data: {customers: {key: id, address: {webhook: phone}}}
        """,
    "tenants/corner/campaigns/cartons.yaml": """\
        category: promotions
        status: active
        trigger: {at: 2026-12-05T10:00, timezone: tenant}
        audience: customer.spend_90d | default(0) > 50
        message:
          webhook:
            title: "Carte de {{ customer.first_name | default('client') }}"
            body: "{{ customer.spend_90d | default(0) | money }} en 90 jours, dès le {{ run.date | date }}"
            link: "https://corner.example/carte"
        """,
}
SHOPPERS = """\
    id,consent,lifetime_orders,first_name,email,is_employee
    a,email.promotions,3,Ann <3,ann@shop.example,
    b,email.promotions|sms.promotions,9,,bo@shop.example,false
    c,email.promotions,0,Cy,cy@shop.example,
    d,sms.promotions,5,Di,di@shop.example,
    e,email.promotions,5,Ed,ed@shop.example,true
    f,email.promotions,5,Flo,,
    """
CARDS = """\
    id,consent,lifetime_orders,first_name,phone,spend_90d
    x,webhook.promotions,1,Zoé,card-17,1234.5
    y,webhook.promotions,1,,card-18,50.00
    """


@dataclass(frozen=True)
class Way:
    """The world after two days of runs, with an edit between, and what every step said."""

    world: World
    books: tuple[Path, Path]
    published: list[dict[str, Any]]
    ran: list[dict[str, Any]]

    def received(self, channel: str) -> list[Received]:
        found = []
        for path in self.books:
            book = ReceiptBook(path)
            found += [each for each in book.all() if each.channel == channel]
            book.close()
        return found

    def mails(self) -> list[EmailMessage]:
        read = (
            email.message_from_string(each.body, policy=email.policy.default)
            for each in self.received("email")
        )
        return list(read)

    def reconciled(self, *books: Path) -> Reconciliation:
        counts = []
        for path in books or self.books:
            book = ReceiptBook(path)
            counts.append(book.counts())
            book.close()
        return reconcile(self.world.ledger, counts)


@pytest.fixture(scope="module")
def way(
    make_world: Callable[[Path], World], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Way]:
    folder = tmp_path_factory.mktemp("way")
    world, ports = make_world(folder), free_ports()
    books = (folder / "mail.db", folder / "http.db")
    world.write(MAIL | HOOK)
    shutil.copytree(ROOT / "channels" / "webhook", world.repository / "channels" / "webhook")
    world.environment(
        f'{{mail: {{contract: smtp, url: "smtp://127.0.0.1:{ports.smtp}"}}, '
        f'text: {{contract: twilio, url: "http://127.0.0.1:{ports.http}/twilio", secret: "env:TOKEN"}}, '
        f'counter: {{contract: json, url: "http://127.0.0.1:{ports.http}/counter", secret: "env:TOKEN"}}}}'
    )
    world.customers("fresh-fields", SHOPPERS)
    world.customers("corner", CARDS)
    processes = Processes(folder)
    try:
        processes.start_receivers(ports, *books)
        way = Way(world, books, [], [])
        world.commit("Two shops")
        way.published.append(world.publish())
        way.ran.append(world.run(SATURDAY))
        way.ran.append(world.run(SATURDAY))
        world.replace("tenants/fresh-fields/campaigns/hello.yaml", "Soup season", "Cider season")
        world.commit("Cider instead of soup")
        way.published.append(world.publish())
        way.ran.append(world.run(SUNDAY))
        yield way
    finally:
        processes.close()


def test_what_is_published(way: Way) -> None:
    first, second = way.published
    assert (first["outcome"], first["added"]) == ("published", ["corner", "fresh-fields"])
    assert (second["outcome"], second["changed"]) == ("published", ["fresh-fields"])
    assert second["pointer"]["sequence"] == 2


def test_the_mail_is_what_was_written(way: Way) -> None:
    mails = {each["To"]: each for each in way.mails()[:2]}
    assert set(mails) == {"ann@shop.example", "bo@shop.example"}
    ann, bo = mails["ann@shop.example"], mails["bo@shop.example"]
    assert ann["Subject"] == "Soup season, Ann <3 & co"
    assert bo["Subject"] == "Soup season, neighbor & co"
    assert ann["From"] == "Fresh Fields <hello@mail.freshfields.example>"
    html, text = ann.get_body(("html",)), ann.get_body(("plain",))
    assert html is not None and text is not None
    assert "<h1>Hello Ann &lt;3</h1>" in html.get_content()
    lines = text.get_content().splitlines()
    assert lines[:3] == ["Hello Ann <3", "", "Every point counts twice this weekend."]
    assert "12 Orchard Way, Albany NY 12207" in text.get_content()
    assert ann["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (link,) = [each.strip("<>") for each in ann["List-Unsubscribe"].split(", ")]
    assert f'<a href="{link}">' in html.get_content()


def test_the_request_is_what_was_written(way: Way) -> None:
    (received,) = way.received("webhook")
    assert json.loads(received.body) == {
        "id": received.message,
        "to": "card-17",
        "title": "Carte de Zoé",
        "body": "1\xa0234,50\xa0$ en 90 jours, dès le 5 décembre 2026",
        "link": "https://corner.example/carte",
    }


def test_who_got_nothing_and_why(way: Way) -> None:
    fresh = way.ran[0]["fresh-fields"]
    assert (fresh["considered"], fresh["not_included"]) == (6, 1)
    assert fresh["excluded"] == {"exclude:staff": 1}
    assert fresh["suppressed"] == {"no_address": 1, "no_consent": 1}
    assert fresh["channels"]["email"]["accepted"] == 2


def test_the_same_hour_again_sends_nothing(way: Way) -> None:
    assert way.ran[1] == {}
    assert len(way.received("email")) == 4


def test_the_edit_is_what_the_next_day_gets(way: Way) -> None:
    assert set(way.ran[2]) == {"fresh-fields"}
    assert [each["Subject"].partition(",")[0] for each in way.mails()] == [
        "Soup season", "Soup season", "Cider season", "Cider season",
    ]  # fmt: skip


def test_ledger_and_books_agree(way: Way) -> None:
    check = way.reconciled()
    assert check == Reconciliation(accepted=5, received=5, lost=0, twice=0, unknown=0)
    assert check.clean


def altered(way: Way, folder: Path, statement: str) -> Reconciliation:
    """The reconciliation with the mail receiver's book changed behind everybody's back."""
    book = folder / "altered.db"
    with sqlite3.connect(way.books[0]) as whole, sqlite3.connect(book) as copy:
        whole.backup(copy)
        copy.execute(statement)
    return way.reconciled(book, way.books[1])


def test_a_lost_message_is_seen(way: Way, tmp_path: Path) -> None:
    check = altered(way, tmp_path, "DELETE FROM received WHERE place = 2")
    assert (check.lost, check.twice, check.unknown, check.clean) == (1, 0, 0, False)


def test_a_message_that_came_twice_is_seen(way: Way, tmp_path: Path) -> None:
    again = (
        "INSERT INTO received (message, channel, recipient, summary, body) "
        "SELECT message, channel, recipient, summary, body FROM received WHERE place = 1"
    )
    check = altered(way, tmp_path, again)
    assert (check.lost, check.twice, check.unknown, check.clean) == (0, 1, 0, False)


def test_a_message_that_nobody_sent_is_seen(way: Way, tmp_path: Path) -> None:
    check = altered(way, tmp_path, "UPDATE received SET message = 'other' WHERE place = 1")
    assert (check.lost, check.twice, check.unknown, check.clean) == (1, 0, 1, False)
