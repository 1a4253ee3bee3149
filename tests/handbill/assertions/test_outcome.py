"""What came of a customer, and when words count as said."""

from __future__ import annotations

import datetime

import pytest

from handbill.assertions.outcome import Outcome, SentMessage, is_said

AT = datetime.datetime(2026, 12, 5, 10)
BOTH = Outcome(
    "a",
    "",
    messages=(
        SentMessage("email", "en-US", AT, {"subject": "Hi", "text": "Hello"}),
        SentMessage("sms", "en-US", AT, {"text": "Ho"}),
    ),
)


def test_parts_by_name_and_by_channel() -> None:
    assert [name for name, _ in BOTH.texts(None)] == ["email.subject", "email.text", "sms.text"]
    assert dict(BOTH.texts("text")) == {"email.text": "Hello", "sms.text": "Ho"}
    assert dict(BOTH.texts("sms.text")) == {"sms.text": "Ho"}
    assert (BOTH.selected, BOTH.channels) == (True, ("email", "sms"))
    assert not Outcome("b", "cap").selected


@pytest.mark.parametrize(
    ("words", "text", "said"),
    [
        ("holiday basket", "Your holiday\n  basket", True),
        ("Ben & Jerry", "<p>Ben &amp; Jerry</p>", True),
        ("You came 52 times", "<p>You came <b>52</b> times</p>", True),
        ("color: red", "<style>p {color: blue}</style><p>red</p>", False),
        ("a  b", "a b", True),
        ("Basket", "basket", False),
        ("basket", "bask et", False),
    ],
)
def test_words_are_said(words: str, text: str, said: bool) -> None:
    assert is_said(words, text) is said
