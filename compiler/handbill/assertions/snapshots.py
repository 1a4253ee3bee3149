"""Stored messages: a text file per customer of a test, below the tenant's tests/snapshots/.

The file says everything that left, part by part, so that its diff in a pull request is what the
customer will see change. Only `handbill test --update` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handbill.assertions.judge import Difference
from handbill.assertions.outcome import Outcome
from handbill.assertions.suite import CampaignTest
from handbill.assertions.word_diff import HEADING
from handbill.source.tree import SourceTree


def snapshot_path(test: CampaignTest, customer: str) -> str:
    return f"{snapshot_folder(test.tenant)}{test.name}/{customer}.txt"


def snapshot_folder(tenant: str) -> str:
    return f"tenants/{tenant}/tests/snapshots/"


def snapshot_of(outcome: Outcome) -> str:
    """Every part of every message, under a line with its name."""
    return "".join(f"{HEADING}{name}\n{text.rstrip()}\n\n" for name, text in _parts(outcome))


def _parts(outcome: Outcome) -> Iterator[tuple[str, str]]:
    for message in outcome.messages:
        for name, text in sorted(message.parts.items()):
            yield f"{message.channel}.{name} ({message.locale})", text


def compare_snapshot(stored: str | None, outcome: Outcome) -> Difference | None:
    """What differs from the file; None where nothing does."""
    actual = snapshot_of(outcome)
    if stored is None:
        return Difference("snapshot", "a stored one", "none yet: handbill test --update")
    if stored.replace("\r\n", "\n") == actual:
        return None
    return Difference("snapshot", stored, actual, words=True)


def stored_snapshots(tree: SourceTree, tenant: str) -> Mapping[str, str]:
    """Path → content, of one tenant."""
    folder = snapshot_folder(tenant)
    return {
        path: tree.read(path).decode("utf-8", "replace")
        for path in tree.paths
        if path.startswith(folder)
    }
