"""Pages to open in a browser: one sample of every message that was received, and the numbers."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from handbill.cli.demo.receipt_book import Received
from handbill.cli.demo.show import message_page

_MESSAGES = """
SELECT m.id, o.tenant, r.campaign, m.channel, m.locale, m.variant
FROM messages m JOIN occurrences o ON o.id = m.occurrence JOIN runs r ON r.id = m.run
WHERE m.state = 'accepted' ORDER BY m.n
"""


_SERVED = re.compile(r'(?<=src=")http://127\.0\.0\.1:\d+/assets/')
_STORED = "../store/assets/"
_Mixture = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """One received message of a campaign, channel, locale and variant; `count` had that mixture."""

    tenant: str
    campaign: str
    channel: str
    locale: str
    variant: str
    received: Received
    count: int

    @property
    def file(self) -> str:
        """Its page below `messages/`; no name or locale holds a dot, so no two share one."""
        parts = (self.tenant, self.campaign, self.channel, self.locale, self.variant)
        return ".".join(parts) + ".html"


def choose_samples(ledger: Path, received: Iterable[Received]) -> list[Sample]:
    """The first message of each mixture, in order of tenant and campaign."""
    by_id = {each.message: each for each in received}
    with closing(sqlite3.connect(f"{ledger.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(_MESSAGES).fetchall()
    first: dict[_Mixture, Received] = {}
    counts: dict[_Mixture, int] = {}
    for identity, tenant, campaign, channel, locale, variant in rows:
        key = (tenant, campaign, channel, locale, variant)
        if identity in by_id:
            first.setdefault(key, by_id[identity])
            counts[key] = counts.get(key, 0) + 1
    return [Sample(*key, first[key], counts[key]) for key in sorted(first)]


def write_messages(folder: Path, samples: Iterable[Sample]) -> None:
    """One page a sample below `folder/messages`, with the pictures that the demo's store holds: they
    show when nobody serves them any more."""
    target = folder / "messages"
    target.mkdir()
    for sample in samples:
        page = _SERVED.sub(_STORED, message_page(sample.received))
        (target / sample.file).write_text(page, encoding="utf-8")
