"""What the compiler knows about a repository's channels."""

from __future__ import annotations

from collections.abc import Mapping

from jsonschema import Draft202012Validator

from handbill.schema.contracts import ChannelContract, read_contracts
from handbill.schema.message import compose_message_schema
from handbill.source.layout import classify
from handbill.source.yaml import load_document


def test_fields_of_a_message(contracts: Mapping[str, ChannelContract]) -> None:
    assert contracts["email"].fields == ("subject", "preheader", "template", "body", "blocks")
    assert contracts["email"].html == "html"
    assert contracts["sms"].fields == ("body",)
    assert contracts["sms"].html is None
    assert contracts["push"].parts["ttl"].max == 86_400


def test_a_broken_channel_is_there_but_not_known() -> None:
    path = "channels/fax/channel.yaml"
    document, _ = load_document(path, b"address: phone\nparts: 5\n")
    place = classify(path)
    assert document and place
    for documents in ({path: document}, {}):
        contract = read_contracts(documents, {path: place})["fax"]
        assert not contract.known
        assert contract.fields == ()
        message = compose_message_schema({"fax": contract}, complete=True)
        assert Draft202012Validator(message).is_valid({"fax": {"anything": 1}})
