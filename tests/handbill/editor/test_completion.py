"""What fits where the cursor stands."""

from __future__ import annotations

import pytest
from aimed_world import BLUEPRINT, MJML, SAMPLES, WINBACK, around, marked

from handbill.editor.completion import Proposal, complete

TENANT = "tenants/fresh-fields/tenant.yaml"
TEST = "tenants/fresh-fields/tests/winback.yaml"


def at(text: str, path: str = WINBACK) -> dict[str, Proposal]:
    plain, offset = marked(text)
    return {each.label: each for each in complete(plain, offset, around(path))}


@pytest.mark.parametrize(
    ("text", "path", "some"),
    [
        ("¦", WINBACK, {"uses", "trigger", "message"}),
        ("status: ¦", WINBACK, {"draft", "active", "paused"}),
        ("uses: w¦", WINBACK, {"winback", "weekly-ad"}),
        ("uses: winback\nwith: {¦", WINBACK, {"discount"}),
        ("with:\n  ¦", WINBACK, {"discount"}),
        ("audience: ¦", WINBACK, {"everyone", "customer", "params"}),
        ("audience:\n  exclude: {x: \"not customer.¦", WINBACK, {"state", "store", "lifetime_orders"}),
        ("audience: customer.store.¦", WINBACK, {"name", "city"}),
        ("audience: customer.orders_90d | ¦", WINBACK, {"default", "round"}),
        ("audience: customer.store is ¦", WINBACK, {"defined"}),
        ("offer: ¦", WINBACK, {"comeback", "basket-10"}),
        ("category: ¦", WINBACK, {"promotions", "safety"}),
        ("message: {email: {template: ¦", WINBACK, {"double-points.mjml", "group/recall.mjml"}),
        ('message:\n  email:\n    subject: "Hi {{ offer.¦', WINBACK, {"summary", "terms"}),
        ('message:\n  email:\n    subject: "Hi {{ params.¦', WINBACK, {"discount"}),
        ('message:\n  email:\n    subject: "Hi {{ tenant.¦', WINBACK, {"name", "currency"}),
        ('message:\n  email:\n    subject: "Hi {{ brand.colors.¦', WINBACK, {"primary"}),
        ("deliver: {order: [¦", WINBACK, {"email", "sms"}),
        ("<p>{{ ¦", MJML, {"customer", "offer", "unsubscribe_url"}),
        ("<p>{% ¦", MJML, {"if", "for", "include"}),
        ('<p>{% include "¦', MJML, {"platform/email/base.mjml"}),
        ("group: ¦", TENANT, {"harvest-co"}),
        ("campaign: ¦", TEST, {"winback", "recall"}),
        ("customers: {a: {persona: ¦", TEST, {"regular", "newcomer"}),
        ("open: [¦", BLUEPRINT, {"message", "trigger"}),
        ("open:\n  - ¦", BLUEPRINT, {"message", "trigger"}),
    ],
)  # fmt: skip
def test_what_fits(text: str, path: str, some: set[str]) -> None:
    assert some <= at(text, path).keys()


def test_a_rule_has_no_filters_of_messages_and_a_message_has_them() -> None:
    assert "title" not in at("audience: customer.state | ¦")
    assert "title" in at('message:\n  email: {subject: "{{ customer.state | ¦')


def test_what_is_typed_is_replaced() -> None:
    assert at("sta¦")["status"].replaces == 3
    assert at("audience: customer.sto¦")["store"].replaces == 3
    assert at('message: {email: {template: "doub¦')["double-points.mjml"].replaces == 4


def test_a_map_goes_on_in_the_next_line_and_in_braces_it_does_not() -> None:
    assert at("mess¦")["message"].text == "message:\n  "
    assert at("message:\n  em¦")["email"].text == "email:\n    "
    assert at("message: {em¦")["email"].text == "email: "
    assert at("audience: customer.points | def¦")["default"].text == "default()"


def test_nothing_fits_outside_and_in_free_text() -> None:
    assert at("¦", "README.md") == {}
    assert at("¦", "schemas/customer.schema.json") == {}
    assert at("Hello ¦", MJML) == {}
    assert at('message:\n  email: {subject: "Hello ¦') == {}


def test_every_place_of_the_samples_is_answered() -> None:
    for path in (WINBACK, BLUEPRINT, MJML, TENANT, "handbill.yaml", TEST):
        text = (SAMPLES / path).read_text("utf-8")
        for offset in range(0, len(text), 9):
            complete(text, offset, around(path))
