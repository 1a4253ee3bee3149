"""`message` has the fields that the channels' contracts say."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from jsonschema import Draft202012Validator

from handbill.schema.contracts import ChannelContract
from handbill.schema.message import compose_message_schema
from handbill.source.yaml import load_document

Contracts = Mapping[str, ChannelContract]


def accepts(contracts: Contracts, text: str, complete: bool = False) -> bool:
    document, _ = load_document("a.yaml", text.encode())
    assert document
    schema = compose_message_schema(contracts, complete=complete)
    Draft202012Validator.check_schema(schema)
    return bool(Draft202012Validator(schema).is_valid(document.value))


@pytest.mark.parametrize(
    "text",
    [
        'email: {subject: "x", template: a.html, blocks: {hero: b.html}}',
        'email: {body: {en-US: "<p>x</p>"}}',
        "sms: {body: x}",
        "push: {title: x, ttl: 60, priority: high, image: 'https://x'}",
        "{}",
    ],
)
def test_accepted(contracts: Contracts, text: str) -> None:
    assert accepts(contracts, text)


@pytest.mark.parametrize(
    "text",
    [
        "fax: {body: x}",
        "email: {html: x}",
        "email: {template: a.txt}",
        "email: {template: {en-US: a.html}}",
        "sms: {subject: x}",
        "push: {ttl: 86401}",
        "push: {ttl: soon}",
        "push: {priority: low}",
        "push: {title: {english: x}}",
        "sms: x",
    ],
)
def test_refused(contracts: Contracts, text: str) -> None:
    assert not accepts(contracts, text)


def test_what_a_channel_requires_counts_after_all_layers_only(contracts: Contracts) -> None:
    text = 'email: {preheader: "x"}'
    assert accepts(contracts, text)
    assert not accepts(contracts, text, complete=True)
    assert accepts(contracts, 'email: {subject: "x"}', complete=True)
