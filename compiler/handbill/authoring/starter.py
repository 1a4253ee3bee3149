"""The starter that ships with Handbill: channels, vocabulary, personas and a blueprint, ready to be
changed. They are this project's own samples; a test compares the two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from handbill.schema.contracts import ChannelContract
from handbill.schema.models.channel import ChannelDocument
from handbill.source.yaml import load_document

ROOT = files("handbill.authoring") / "starter"
FOLDERS = ("blueprints", "channels", "personas", "schemas")


def starter_files() -> dict[str, bytes]:
    """Path → bytes of what a new repository begins with, but for what is written about the retailer."""
    found: dict[str, bytes] = {}
    for folder in FOLDERS:
        found.update(_below(ROOT / folder, folder))
    return found


def contract_in(files: Mapping[str, bytes], channel: str) -> ChannelContract:
    """The contract of a channel of the starter."""
    path = f"channels/{channel}/channel.yaml"
    document, _ = load_document(path, files[path])
    assert document is not None
    return ChannelContract(channel, ChannelDocument.model_validate(document.value))


def starter_bytes(path: str) -> bytes:
    return (ROOT / path).read_bytes()


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        inner = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _below(entry, inner)
        else:
            yield inner, entry.read_bytes()
