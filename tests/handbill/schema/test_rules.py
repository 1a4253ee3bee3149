"""Rules of one document beyond its schema."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Codes = Callable[[str, str], list[str]]
CAMPAIGN = "tenants/ff/campaigns/a.yaml"
TENANT = """
name: Fresh Fields
locale: en-US
timezone: America/New_York
currency: USD
channels:
  email: {provider: mail, from: "Fresh <hello@mail.shop.example>"}
data:
  customers: {key: id, address: {email: email}}
"""
VENDOR = """
driver: http
request: {path: "/x", body: {to: "{{ message.address }}"}}
responses: {accepted: [200]}
"""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("starts: 2026-12-05T10:00\nends: 2026-12-06T10:00", []),
        ("starts: 2026-12-05T10:00\nends: 2026-12-05T10:00", ["HB313"]),
        ("offer: [{use: a}, {when: customer.x, use: b}]", ["HB314"]),
        ("offer: [{when: customer.x, use: b}, {use: a}]", []),
        ("message: {email: {template: a.html, body: '<p>'}}", ["HB315"]),
        ("deliver: {order: [email, fax]}", ["HB310"]),
        ("experiment: {variants: {a: {weight: 1, offer: [{use: x}, {use: y}]}, b: {weight: 1, message: {email: {template: a.html, body: 'x'}}}}}", ["HB314", "HB315"]),
    ],
)  # fmt: skip
def test_campaigns(codes: Codes, text: str, wanted: list[str]) -> None:
    assert codes(CAMPAIGN, text) == wanted
    assert codes("blueprints/b/blueprint.yaml", text) == wanted


def test_a_groups_defaults_are_campaign_fields(codes: Codes) -> None:
    path, text = "groups/g/group.yaml", "name: G\nblueprints: {b: {offer: [{use: x}, {use: y}]}}"
    assert codes(path, text) == ["HB314"]
    assert codes(path, "name: G\nblueprints: {b: null}") == []


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (("", ""), []),
        (("email: {provider", "fax: {provider"), ["HB310"]),
        (("address: {email: email}", "address: {}"), ["HB316"]),
        (("address: {email: email}", "address: {email: email, fax: fax}"), ["HB310"]),
        (("customers:", "people:"), ["HB302"]),
        (("currency: USD", "currency: USD\nlocales: [es-US]"), ["HB317"]),
        (("currency: USD", "currency: USD\nlocales: [en-US, es-US]"), []),
        (("currency: USD", 'currency: USD\nseeds: ["emial:qa@x.example"]'), ["HB310"]),
        (("currency: USD", 'currency: USD\nseeds: ["telegram:x"]'), ["HB310"]),
        (("currency: USD", "currency: USD\nchannel_order: [email, telegram]"), ["HB310"]),
        (("currency: USD", 'currency: USD\nlimits: {quiet_hours: {fax: "21:00-08:00"}}'), ["HB310"]),
        (("currency: USD", "currency: USD\ncategories: {a: {class: safety}}"), ["HB304"]),
        (("currency: USD", "currency: USD\ncategories: {a: {channels: {email: {from: nobody}}}}"), ["HB305"]),
        (("currency: USD", "currency: USD\ncategories: {a: {channels: {fax: {provider: x}}}}"), ["HB310"]),
    ],
)  # fmt: skip
def test_tenants(codes: Codes, change: tuple[str, str], wanted: list[str]) -> None:
    assert (
        codes("tenants/ff/tenant.yaml", TENANT.replace(*change) if change[0] else TENANT) == wanted
    )


def test_the_platform(codes: Codes) -> None:
    text = "categories: {a: {class: marketing, quiet_hours: {fax: '21:00-08:00'}}}"
    assert codes("handbill.yaml", text) == ["HB310"]


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        ("{from: 2026-12-01, to: 2026-12-01}", []),
        ("{from: 2026-12-02, to: 2026-12-01}", ["HB313"]),
        ("{from: 2026-12-02}", ["HB302"]),
        ("{for: 3 days, to: 2026-12-01}", ["HB308"]),
    ],
)
def test_offers(codes: Codes, dates: str, wanted: list[str]) -> None:
    text = f"reward: {{points: 50}}\nvalid: {dates}\nsummary: 'x'\nterms: 'y'"
    assert codes("tenants/ff/offers/a.yaml", text) == wanted


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ("{body: {kind: text}}", []),
        ("{a: {kind: html}, b: {kind: html}}", ["HB318"]),
        ("{html: {kind: html}, body: {kind: text}}", ["HB318"]),
        ("{p: {kind: enum}}", ["HB318"]),
        ("{p: {kind: html, max_segments: 2, lead: 3}}", ["HB629", "HB629"]),
        ("{p: {kind: url, warn_over: 9}}", ["HB629"]),
        ("{p: {kind: text, max_segments: 2, lead: 3, warn_over: 9}}", []),
        ("{p: {kind: video}}", ["HB304"]),
        ("{}", ["HB307"]),
    ],
)
def test_channels(codes: Codes, parts: str, wanted: list[str]) -> None:
    assert codes("channels/x/channel.yaml", f"address: token\nparts: {parts}") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (VENDOR, []),
        ("driver: smtp", []),
        ("driver: smtp\nidempotency: X-Id", ["HB319"]),
        ("driver: http", ["HB302", "HB302"]),
        (VENDOR.replace("{path:", "{form: {}, path:"), ["HB319"]),
        (VENDOR.replace('body: {to: "{{ message.address }}"}', "headers: {}"), ["HB319"]),
        (VENDOR.replace("[200]", "[200, 2xx, 500-599]"), []),
        (VENDOR.replace("[200]", "[99]"), ["HB306"]),
        (VENDOR.replace("[200]", "[2x]"), ["HB305"]),
        (VENDOR.replace("[200]", "[]"), ["HB307"]),
        (VENDOR.replace("{to:", "{deep: [{a: null, b: [1, true]}], to:"), []),
        ("driver: fax", ["HB304"]),
    ],
)
def test_vendors(codes: Codes, text: str, wanted: list[str]) -> None:
    assert codes("channels/x/v.yaml", text) == wanted


def test_environments(codes: Codes) -> None:
    text = """
recipients: allowlist
data: {root: "file:///data/{tenant}"}
store: file:///store
ledger: sqlite:///l.db
public_url: https://x.example
assets_url: https://x.example/assets
providers: {}
"""
    assert codes("environments/e.yaml", text) == ["HB302"]
    text += 'allowlist: ["email:me@x.example"]\n'
    assert codes("environments/e.yaml", text) == []
    for host in (f"{'x' * 60}.example", "x.example/~us"):
        longer = text.replace("public_url: https://x.example", f"public_url: https://{host}")
        assert codes("environments/e.yaml", longer) == ["HB630"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("store: file:///store", "store: file://store"),
        ("ledger: sqlite:///l.db", "ledger: postgres://db/l"),
        ("file:///data", "s3://data"),
        ("smtp://localhost", "ftp://localhost"),
    ],
)
def test_urls_that_this_version_cannot_open(codes: Codes, before: str, after: str) -> None:
    text = """
data: {root: "file:///data/{tenant}"}
store: file:///store
ledger: sqlite:///l.db
public_url: https://x.example
assets_url: https://x.example/assets
providers: {mail: {contract: smtp, url: "smtp://localhost"}}
"""
    assert codes("environments/e.yaml", text) == []
    assert codes("environments/e.yaml", text.replace(before, after)) == ["HB320"]
