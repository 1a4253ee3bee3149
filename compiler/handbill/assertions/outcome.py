"""What came of one made-up customer: the messages that left, or what decided that none does."""

from __future__ import annotations

import datetime
import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handbill.assertions.visible_text import is_html, visible_text

INCLUDE, EXCLUDE, LIMIT = "audience.include", "audience.exclude.", "audience.limit"
NOT_STARTED, ENDED, QUARANTINED = "not_started", "ended", "quarantined"
REASONS = (
    INCLUDE, LIMIT, NOT_STARTED, ENDED, QUARANTINED,
    "reentry", "no_address", "unsubscribed", "suppressed", "no_consent", "duplicate_address",
    "no_channel", "held_out_global", "held_out_campaign",
    "expired", "quiet_hours", "outside_window", "cap", "no_offer", "offer_ended",
    "incomplete", "too_long",
)  # fmt: skip
"""What `because` may say, besides `audience.exclude.NAME`; docs/reasons.md explains the words."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """`at` is the customer's local time. `parts` as they left, by name."""

    channel: str
    locale: str
    at: datetime.datetime
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`because` is "" where a message left; `note` says more about it, for people."""

    customer: str
    because: str
    note: str = ""
    variant: str = ""
    offer: str = ""
    messages: tuple[SentMessage, ...] = ()
    """In the order of the plan's channels."""
    refused: tuple[tuple[str, str], ...] = ()
    """Channels on which a selected customer got nothing, with the reason."""

    @property
    def selected(self) -> bool:
        return bool(self.messages)

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(message.channel for message in self.messages)

    def texts(self, part: str | None) -> Iterator[tuple[str, str]]:
        """(CHANNEL.PART, text) of every part that `part` names: `subject`, `email.subject` or all."""
        for message in self.messages:
            for name, text in message.parts.items():
                full = f"{message.channel}.{name}"
                if part is None or part in (name, full):
                    yield full, text


def is_said(words: str, text: str) -> bool:
    """Whether a part holds the words, however often its lines break; in HTML as a reader sees it."""
    wanted = " ".join(words.split())
    readings = [text, html.unescape(text), *([visible_text(text)] if is_html(text) else [])]
    return any(wanted in " ".join(seen.split()) for seen in readings)
