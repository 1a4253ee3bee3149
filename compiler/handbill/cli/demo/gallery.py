"""Pages to open in a browser: one sample of every message that was received, and the numbers."""

from __future__ import annotations

import base64
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


_PICTURE = re.compile(
    r'(?<=src=")http://127\.0\.0\.1:\d+/assets/([0-9a-f]{64}\.(?:png|jpg|gif|webp))'
)
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
    """One page a sample below `folder/messages`. It holds its pictures, for nobody serves them any
    more; they are those of `folder/store`."""
    target = folder / "messages"
    target.mkdir()
    for sample in samples:
        page = _PICTURE.sub(
            lambda found: _as_data(folder / "store/assets" / found[1]) or found[0],
            message_page(sample.received),
        )
        (target / sample.file).write_text(page, encoding="utf-8")


def _as_data(picture: Path) -> str | None:
    if not picture.is_file():
        return None
    kind = picture.suffix[1:].replace("jpg", "jpeg")
    return f"data:image/{kind};base64,{base64.b64encode(picture.read_bytes()).decode()}"
