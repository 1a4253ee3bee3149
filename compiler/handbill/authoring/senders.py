"""How a retailer sends on the channels of a configuration: by which provider, and from whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handbill.source.layout import DocumentKind, classify
from handbill.source.located import Value
from handbill.source.tree import SourceTree
from handbill.source.yaml import load_document

ADDRESS_FIELDS = {
    "email": "email",
    "phone": "phone",
    "token": "push_token",
    "reference": "card_number",
}
"""What a channel's address is → the field of the starter's vocabulary that holds it."""
PHONE = "+15185550100"
"""A number that nobody has."""


@dataclass(frozen=True, slots=True)
class Sender:
    """`provider` is a name that the environments know, `address` the customer's field. Which of `from`
    and `workspace` are written is decided by what the vendor's requests read."""

    channel: str
    provider: str
    address: str
    has_from: bool = False
    has_workspace: bool = False


STARTER = {
    "email": Sender("email", "mail", "email", has_from=True),
    "sms": Sender("sms", "text", "phone", has_from=True, has_workspace=True),
    "push": Sender("push", "fcm", "push_token", has_workspace=True),
    "webhook": Sender("webhook", "counter", "card_number"),
}
"""The starter's channels, with the providers that `handbill init` writes into the environments."""


def sender_text(sender: Sender, email_from: str) -> str:
    return email_from if sender.channel == "email" else PHONE


def senders_of(tree: SourceTree) -> dict[str, Sender]:
    """Channel → how to send on it, for the channels that every environment has a provider for."""
    vendors = {
        place.name: (place.channel, path)
        for path in tree.paths
        if (place := classify(path)) and place.kind is DocumentKind.VENDOR and place.channel
    }
    found: dict[str, Sender] | None = None
    for environment in _documents(tree, DocumentKind.ENVIRONMENT):
        here = dict(_senders_in(tree, environment, vendors))
        found = here if found is None else {name: found[name] for name in found if name in here}
    return found or {}


def _senders_in(
    tree: SourceTree, environment: Mapping[str, Value], vendors: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[str, Sender]]:
    providers = environment.get("providers")
    for name, provider in providers.items() if isinstance(providers, dict) else ():
        contract = provider.get("contract") if isinstance(provider, dict) else None
        if not isinstance(contract, str) or contract not in vendors:
            continue
        channel, path = vendors[contract]
        text = tree.read(path).decode("utf-8", "replace")
        yield (
            channel,
            Sender(
                channel,
                str(name),
                _address(tree, channel),
                has_from="driver: smtp" in text or "sender.from" in text,
                has_workspace="sender.workspace" in text,
            ),
        )


def _address(tree: SourceTree, channel: str) -> str:
    path = f"channels/{channel}/channel.yaml"
    document = load_document(path, tree.read(path))[0] if path in tree.paths else None
    kind = document.value.get("address") if document and isinstance(document.value, dict) else None
    return ADDRESS_FIELDS.get(str(kind), str(kind or channel))


def _documents(tree: SourceTree, kind: DocumentKind) -> Iterator[Mapping[str, Value]]:
    for path in tree.paths:
        place = classify(path)
        if place and place.kind is kind:
            document = load_document(path, tree.read(path))[0]
            if document and isinstance(document.value, dict):
                yield document.value
