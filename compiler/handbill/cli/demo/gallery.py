"""Pages to open in a browser: one sample of every message that was received, and the numbers."""

from __future__ import annotations

import email
import email.policy
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from handbill.cli.demo.receipt_book import Received

_MESSAGES = """
SELECT m.id, o.tenant, r.campaign, m.channel, m.locale, m.variant
FROM messages m JOIN occurrences o ON o.id = m.occurrence JOIN runs r ON r.id = m.run
WHERE m.state = 'accepted' ORDER BY m.n
"""


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
        """Its page below `messages/`."""
        parts = (self.tenant, self.campaign, self.channel, self.locale, self.variant)
        return "-".join(parts) + ".html"


def choose_samples(ledger: Path, received: Iterable[Received]) -> list[Sample]:
    """The first message of each mixture, in order of tenant and campaign."""
    by_id = {each.message: each for each in received}
    with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as connection:
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
    """One page a sample below `folder/messages`."""
    target = folder / "messages"
    target.mkdir()
    for sample in samples:
        (target / sample.file).write_text(message_page(sample), encoding="utf-8")


def message_page(sample: Sample) -> str:
    """A mail as its own HTML; anything else as a phone would show it."""
    if sample.channel == "email":
        message = email.message_from_string(sample.received.body, policy=email.policy.default)
        body = message.get_body(preferencelist=("html", "plain"))
        return str(body.get_content()) if body is not None else ""
    return (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<style>body{margin:0;background:#dfe3e8;font:15px/1.45 system-ui,sans-serif;padding:28px}"
        "div{background:#fff;border-radius:16px;padding:14px 18px;max-width:320px;"
        "box-shadow:0 1px 4px #0003;overflow-wrap:anywhere}b{display:block;font-size:12px;"
        "color:#667;margin-bottom:4px;text-transform:uppercase}</style>"
        f"<div><b>{escape(sample.channel)}</b>{_phone_text(sample)}</div>"
    )


def _phone_text(sample: Sample) -> str:
    if sample.channel == "sms":
        return escape(sample.received.body)
    import json

    document = json.loads(sample.received.body)
    shown = document.get("message", {}).get("notification", document)
    return f"<strong>{escape(shown['title'])}</strong><br>{escape(shown['body'])}"
