"""Requests to a push gateway about hostile customers: the JSON, the path and the headers that are meant."""

from __future__ import annotations

import datetime
import json
from urllib.parse import unquote

import pytest
from browser_addresses import read_address
from corpus_files import FAMILIES
from read_back import HARMLESS, address_with, on_one_line
from retailer import Retailer

from handbill_runtime.drivers.body import Request, RequestContract
from handbill_runtime.drivers.driver import Endpoint, Envelope


@pytest.mark.parametrize("family", FAMILIES)
def test_the_body_is_the_same_object(retailer: Retailer, family: str) -> None:
    harmless = json.loads(request(retailer, HARMLESS).content)["data"]
    for value in FAMILIES[family]:
        body = json.loads(request(retailer, value).content)
        name = on_one_line(value)
        assert body == {
            "to": "ann's phone",
            "data": {
                "title": f"For {name}",
                "body": f"Hi {name}",
                "link": address_with(harmless["link"], value),
                "picture": address_with(harmless["picture"], value),
                "label": f"New: For {name} (fresh-fields)",
                "both": [f"For {name}", f"Hi {name}"],
            },
        }


@pytest.mark.parametrize("family", FAMILIES)
def test_path_and_headers_are_the_same(retailer: Retailer, family: str) -> None:
    headers = request(retailer, HARMLESS).headers
    for value in FAMILIES[family]:
        sent = request(retailer, value)
        assert sent.headers == headers
        address = read_address(sent.url)
        assert (address.host, address.path[:2]) == ("push.example", ("v1", "send"))
        assert [unquote(each) for each in address.path[2:]] == [f"For {on_one_line(value)}"]
        assert address.query is address.fragment is None


def request(retailer: Retailer, value: str) -> Request:
    vendor = retailer.push.vendors["gateway"]
    endpoint = Endpoint("gate", "https://push.example/v1", "secret", vendor)
    parts = {
        part: render(value)
        for (campaign, channel, part), render in retailer.parts.items()
        if (campaign, channel) == ("hello", "push")
    }
    envelope = Envelope(
        id="0" * 64,
        tenant="fresh-fields",
        campaign="hello",
        address="ann's phone",
        sender="",
        workspace="",
        parts=parts,
        unsubscribe_url="",
        date=datetime.datetime(2026, 12, 5, 10, tzinfo=datetime.UTC),
    )
    return RequestContract(vendor).fill(endpoint, envelope)
