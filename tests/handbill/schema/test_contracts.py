"""What the compiler knows about a repository's channels."""

from __future__ import annotations

from collections.abc import Mapping

from handbill.schema.contracts import ChannelContract, read_contracts
from handbill.source.layout import classify
from handbill.source.yaml import load_document


def test_fields_of_a_message(contracts: Mapping[str, ChannelContract]) -> None:
    assert contracts["email"].fields == ("subject", "preheader", "template", "body", "blocks")
    assert contracts["email"].html == "html"
    assert contracts["sms"].fields == ("body",)
    assert contracts["sms"].html is None
    assert contracts["push"].parts["ttl"].max == 86_400


def test_a_broken_channel_is_left_to_the_checks() -> None:
    path = "channels/fax/channel.yaml"
    document, _ = load_document(path, b"address: phone\nparts: 5\n")
    place = classify(path)
    assert document and place
    assert read_contracts({path: document}, {path: place}) == {}
