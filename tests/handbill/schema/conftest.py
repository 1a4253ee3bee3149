"""Documents checked the way the pipeline does, against an email and an sms channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.schema.check import check_document
from handbill.schema.contracts import ChannelContract, read_contracts
from handbill.source.layout import classify
from handbill.source.located import LocatedDocument
from handbill.source.yaml import load_document

CHANNELS = {
    "channels/email/channel.yaml": """
address: email
parts:
  subject: {kind: text, max: 150, required: true}
  preheader: {kind: text}
  html: {kind: html, required: true}
""",
    "channels/sms/channel.yaml": """
address: phone
parts:
  body: {kind: text, max: 480, required: true}
""",
    "channels/push/channel.yaml": """
address: token
parts:
  title: {kind: text, required: true}
  image: {kind: image}
  ttl: {kind: int, max: 86400}
  priority: {kind: enum, values: [normal, high]}
""",
}
Load = Callable[[str, str], LocatedDocument]
Findings = Callable[[str, str], list[Diagnostic]]


@pytest.fixture
def load() -> Load:
    """Parses a document that is valid YAML."""

    def read(path: str, text: str) -> LocatedDocument:
        document, found = load_document(path, text.encode())
        assert document is not None, found
        return document

    return read


@pytest.fixture
def contracts(load: Load) -> Mapping[str, ChannelContract]:
    documents = {path: load(path, text) for path, text in CHANNELS.items()}
    places = {path: place for path in CHANNELS if (place := classify(path))}
    return read_contracts(documents, places)


@pytest.fixture
def findings(load: Load, contracts: Mapping[str, ChannelContract]) -> Findings:
    """What the schema stage says about one document."""

    def check(path: str, text: str) -> list[Diagnostic]:
        place = classify(path)
        assert place is not None
        return list(check_document(load(path, text), place, contracts))

    return check


@pytest.fixture
def codes(findings: Findings) -> Callable[[str, str], list[str]]:
    return lambda path, text: [one.code for one in findings(path, text)]


@pytest.fixture
def hints(findings: Findings) -> Callable[[str, str], list[str | None]]:
    return lambda path, text: [one.hint for one in findings(path, text)]
