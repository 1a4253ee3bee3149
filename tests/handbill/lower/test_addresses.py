"""Which address of the retailer was perhaps meant. What is refused at all: see the links."""

from __future__ import annotations

import pytest

from handbill.lower.addresses import refused_address, refused_host

DOMAINS = ["freshfields.example", "ff.example"]


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("www.freshfeilds.example", "www.freshfields.example"),
        ("freshfields.com", "freshfields.example"),
        ("www.freshfields.co.uk", "www.freshfields.example"),
        ("freshfields.example.", "freshfields.example"),
        ("shop.freshfield.example", "shop.freshfields.example"),
        ("bit.ly", None),
        ("evil.example", None),
        ("example", None),
    ],
)
def test_the_host_that_was_meant(host: str, near: str | None) -> None:
    refused = refused_host(host, DOMAINS)
    assert refused is not None and refused.written == host
    add = f"add {host} to brand.link_domains of the tenant"
    assert refused.hint == (
        f"did you mean {near}? Else {add}" if near else f"{add}, or mend the link"
    )


def test_the_retailer_s_own_hosts() -> None:
    assert refused_host("www.freshfields.example", DOMAINS) is None
    assert refused_address("https://ff.example:8443/a", DOMAINS, picture=False) is None


def test_where_there_are_no_domains() -> None:
    refused = refused_host("bit.ly", [])
    assert refused is not None and "there are none" in refused.message
