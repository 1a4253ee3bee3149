"""Expected against actual, for one customer: every difference, in the order of the fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handbill.assertions.excerpt import excerpt
from handbill.assertions.outcome import Outcome, SentMessage, is_said
from handbill.assertions.visible_text import is_html
from handbill.plan.segments import sms_size
from handbill.schema.models.campaign_test import ExpectationDocument

SMS = "sms"
NONE = "none"
"""How a test says that there is no offer."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`field` is where in the expectation it stands: `text.subject`. `words`: both are texts whose
    words are worth comparing. `excerpt`: what of `actual` is worth showing, where that is long."""

    field: str
    expected: str
    actual: str
    words: bool = False
    excerpt: str = ""


def judge(expected: ExpectationDocument, actual: Outcome) -> tuple[Difference, ...]:
    """Empty where everything that was written holds. Snapshots are compared elsewhere."""
    return tuple(_differences(expected, actual))


def _differences(expected: ExpectationDocument, actual: Outcome) -> Iterator[Difference]:
    if expected.selected is not None and expected.selected != actual.selected:
        yield Difference("selected", _yes(expected.selected), _selected(actual))
    if expected.because is not None and expected.because != actual.because:
        yield Difference("because", expected.because, actual.because or "a message goes out")
    if _about_message(expected) and not actual.selected:
        if expected.selected is None:
            yield Difference("selected", "true", _selected(actual))
        return
    if expected.channel is not None:
        yield from _channels(expected.channel, actual)
    for name, wanted, got in (
        ("variant", expected.variant, actual.variant),
        ("offer", expected.offer, actual.offer or NONE),
    ):
        if wanted is not None and wanted != got:
            yield Difference(name, wanted, got or NONE)
    yield from _first_message(expected, actual.messages)
    yield from _wordings(expected, actual)
    if expected.segments is not None:
        yield from _segments(expected.segments, actual)


def _about_message(expected: ExpectationDocument) -> bool:
    said = expected.model_dump(exclude_none=True, exclude={"selected", "because", "snapshot"})
    return bool(said) or bool(expected.snapshot)


def _yes(value: bool) -> str:
    return "true" if value else "false"


def _selected(actual: Outcome) -> str:
    if actual.selected:
        return f"true, by {' and '.join(actual.channels)}"
    return f"false, because {actual.because}" + (f": {actual.note}" if actual.note else "")


def _channels(expected: str | list[str], actual: Outcome) -> Iterator[Difference]:
    wanted = [expected] if isinstance(expected, str) else list(expected)
    if sorted(wanted) != sorted(actual.channels):
        refused = "".join(f"; {channel}: {reason}" for channel, reason in actual.refused)
        yield Difference("channel", ", ".join(wanted), ", ".join(actual.channels) + refused)


def _first_message(
    expected: ExpectationDocument, messages: Sequence[SentMessage]
) -> Iterator[Difference]:
    if not messages:
        return
    first = min(messages, key=lambda message: message.at)
    if expected.at is not None and f"{first.at:%Y-%m-%dT%H:%M}" != expected.at:
        yield Difference("at", expected.at, f"{first.at:%Y-%m-%dT%H:%M}")
    if expected.locale is not None and first.locale != expected.locale:
        yield Difference("locale", expected.locale, first.locale)


def _wordings(expected: ExpectationDocument, actual: Outcome) -> Iterator[Difference]:
    for part, words in listed(expected.contains):
        texts = list(actual.texts(part))
        if not any(is_said(words, text) for _, text in texts):
            shown = _readable(texts)
            whole = "\n".join(f"{name}: {text}" for name, text in shown)
            yield Difference(_place("contains", part), words, whole, excerpt=excerpt(words, shown))
    for part, words in listed(expected.lacks):
        for name, text in actual.texts(part):
            if is_said(words, text):
                yield Difference(_place("lacks", part), f"not: {words}", f"{name} says it")
                break
    for part, words in (expected.text or {}).items():
        for name, text in actual.texts(part):
            if text != words:
                yield Difference(f"text.{name}", words, text, words=True)


def listed(written: object) -> Iterator[tuple[str | None, str]]:
    """(part or None, words) of `contains` and `lacks`, however they are written."""
    match written:
        case str():
            yield None, written
        case list():
            for words in written:
                yield None, words
        case dict():
            for part, inner in written.items():
                for _, words in listed(inner):
                    yield part, words


def _place(field: str, part: str | None) -> str:
    return field if part is None else f"{field}.{part}"


def _readable(texts: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """Without the HTML where a mail has its text beside it."""
    plain = [(name, text) for name, text in texts if not is_html(text)]
    return plain or texts


def _segments(expected: int, actual: Outcome) -> Iterator[Difference]:
    for message in actual.messages:
        if message.channel == SMS:
            for name, text in message.parts.items():
                if (found := sms_size(text).segments) != expected:
                    yield Difference("segments", str(expected), f"{found}: {name}: {text}")
            return
    yield Difference("segments", str(expected), "no SMS")
