"""Links lead where the retailer says they may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.lower.links import foreign_host_in_html, foreign_host_in_url
from handbill.plan.ir import Branch, Const, For, If, Text
from handbill.plan.types import BoolType, ListType, StringType

if TYPE_CHECKING:
    from conftest import Configuration

YES = Const(BoolType(), True)
NAMES = Const(ListType(StringType(1), 1), ("a",))
HOME = ["shop.example"]


def link(address: str) -> Text:
    return Text(f'<a class="b" HREF="{address}">x</a>')


@pytest.mark.parametrize(
    ("address", "foreign"),
    [
        ("https://shop.example/a", None),
        ("https://www.shop.example", None),
        ("HTTPS://SHOP.EXAMPLE:8443/a", None),
        ("/relative", None),
        ("mailto:a@b.example", None),
        ("https://shop.example.evil.example/a", "shop.example.evil.example"),
        ("https://notshop.example/a", "notshop.example"),
        ("http://other.example", "other.example"),
    ],
)
def test_hosts(address: str, foreign: str | None) -> None:
    assert foreign_host_in_html((link(address),), HOME) == foreign
    if "://" in address:
        assert foreign_host_in_url((Text(address),), HOME) == foreign


def test_every_branch_and_loop_is_looked_into() -> None:
    bad = (link("https://bad.example/"),)
    good = (link("https://shop.example/"),)
    for ops in (
        (If((Branch(YES, good), Branch(YES, bad))),),
        (If((Branch(YES, good),), bad),),
        (For("n", NAMES, 1, bad),),
        (For("n", NAMES, 1, good, bad),),
    ):
        assert foreign_host_in_html(ops, HOME) == "bad.example"
    assert foreign_host_in_html((If((Branch(YES, good),), good),), HOME) is None


def test_a_campaign_with_a_foreign_link_is_refused(configuration: Configuration) -> None:
    configuration.campaign(
        message='{email: {subject: "Hi", body: "<p><a href=\'https://evil.example/x\'>go</a></p>"}}'
    )
    finding = configuration.compile().only()
    assert finding.code == "HB611"
    assert "evil.example" in finding.message
