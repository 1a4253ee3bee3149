"""A mail that its law, its provider or its readers would miss something in is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.lower.duties import on_every_way, on_some_way
from handbill.plan.ir import Branch, Const, Escape, Field, For, If, Op, Put, Set, Text
from handbill.plan.types import BoolType, ListType, StringType

if TYPE_CHECKING:
    from conftest import Configuration

CONTRACT = """\
    address: email
    parts:
      subject: {kind: text, max: 150, required: true}
      html: {kind: html, required: true}
      text: {kind: text, max: 9000}
    must_have: {marketing: [unsubscribe_link, postal_address, alt_text]}
    """
ADDRESS = "<p>{{ brand.postal_address }}</p>"
LINK = '<a href="{{ unsubscribe_url }}">Unsubscribe</a>'
STORE = "{% if customer.store is defined %}", "{% endif %}"


def strict(configuration: Configuration, html: str, category: str = "promotions") -> list[str]:
    """The codes of a mail with this HTML."""
    configuration.lay({"channels/email/channel.yaml": CONTRACT})
    configuration.lay({"tenants/fresh-fields/templates/hello.html": html})
    return configuration.campaign(category=category).compile().codes


@pytest.mark.parametrize(
    ("html", "codes"),
    [
        (f"{ADDRESS}{LINK}", []),
        (f"<p>12 Orchard Way,\n Albany NY 12207</p>{LINK}", []),
        (f"{ADDRESS}{STORE[0]}<b>a</b>{LINK}{{% else %}}{LINK}{STORE[1]}", []),
        (LINK, ["HB591"]),
        (ADDRESS, ["HB590"]),
        ("<p>Hello</p>", ["HB590", "HB591"]),
        (f"{ADDRESS}{LINK.join(STORE)}", ["HB590"]),
        (f"{ADDRESS.join(STORE)}{LINK}", ["HB591"]),
        (f"{ADDRESS}{{% for d in customer.departments | default([]) %}}{LINK}{{% endfor %}}", ["HB590"]),
        (f'{ADDRESS}<div style="display:none">{LINK}</div>', ["HB590"]),
        (f"{ADDRESS}<!-- {LINK[:9]} -->", ["HB590"]),
        (f'{ADDRESS}<a href="{{{{ unsubscribe_url }}}}"></a>', ["HB590"]),
        (f'{ADDRESS}{LINK}<img src="https://freshfields.example/a.png">', ["HB592"]),
    ],
)  # fmt: skip
def test_marketing(configuration: Configuration, html: str, codes: list[str]) -> None:
    assert [code for code in strict(configuration, html) if code != "HB627"] == codes


def test_other_classes_by_their_own_list(configuration: Configuration) -> None:
    assert strict(configuration, "<p>Your receipt</p>", "service") == []


def test_what_is_missing_only_in_the_text_part(configuration: Configuration) -> None:
    configuration.lay({"channels/email/channel.yaml": CONTRACT})
    configuration.lay({"tenants/fresh-fields/templates/hello.html": ADDRESS + LINK})
    message = '{email: {subject: "Hi", template: hello.html, text: "Hi. {{ unsubscribe_url }}"}}'
    (found,) = configuration.campaign(message=message).compile().findings
    assert found.code == "HB591"
    assert found.message == (
        "this mail does not show the retailer's postal address in its text part"
    )


def test_who_lacks_it_is_said(configuration: Configuration) -> None:
    configuration.lay({"channels/email/channel.yaml": CONTRACT})
    configuration.lay({"tenants/fresh-fields/templates/hello.html": ADDRESS + LINK.join(STORE)})
    (found,) = configuration.campaign().compile().findings
    assert found.message == "some customers get this mail without a way to unsubscribe"
    assert found.hint == f"{LINK}, outside every `if` and `for`"


HERE, ELSEWHERE = Text("here"), Text("elsewhere")
GOLD = Field(("customer", "gold"), BoolType())
ITEMS = Field(("customer", "near"), ListType(StringType(9), 3))


@pytest.mark.parametrize(
    ("ops", "every", "some"),
    [
        ((HERE,), True, True),
        ((ELSEWHERE, HERE), True, True),
        ((ELSEWHERE,), False, False),
        ((Set("a", GOLD), Put(Const(StringType(1), "x"), Escape.NONE)), False, False),
        ((If((Branch(GOLD, (HERE,)),), (HERE,)),), True, True),
        ((If((Branch(GOLD, (HERE,)),), ()),), False, True),
        ((If((Branch(GOLD, ()),), (HERE,)),), False, True),
        ((For("d", ITEMS, 3, (HERE,), ()),), False, True),
        ((For("d", ITEMS, 3, (), (HERE,)),), False, True),
    ],
)
def test_ways(ops: tuple[Op, ...], every: bool, some: bool) -> None:
    assert on_every_way(ops, lambda op: op == HERE) is every
    assert on_some_way(ops, lambda op: op == HERE) is some
