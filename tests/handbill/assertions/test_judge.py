"""Expected against actual: every field can differ, and says what was there instead."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from handbill.assertions.judge import judge, listed
from handbill.assertions.outcome import Outcome, SentMessage
from handbill.schema.models.campaign_test import ExpectationDocument

AT = datetime.datetime(2026, 12, 5, 10)
MAIL = SentMessage(
    "email", "en-US", AT, {"subject": "Your basket", "html": "<p>A &amp; B</p>", "text": "A & B"}
)
SMS = SentMessage("sms", "es-US", AT + datetime.timedelta(hours=2), {"body": "x" * 200})
SENT = Outcome(
    "a", "", variant="plain", offer="ten", messages=(MAIL, SMS), refused=(("push", "no_address"),)
)
NOT_SENT = Outcome("b", "audience.include", "`customer.x > 2` does not hold")


@pytest.mark.parametrize(
    "expected",
    [
        {"selected": True},
        {"channel": ["sms", "email"], "variant": "plain", "offer": "ten"},
        {"at": "2026-12-05T10:00", "locale": "en-US"},
        {"contains": "Your basket"},
        {"contains": ["A & B", "basket"]},
        {"contains": {"html": "A & B", "email.subject": ["Your", "basket"]}},
        {"lacks": "coupon", "text": {"subject": "Your basket"}},
        {"segments": 2},
        {"snapshot": True},
    ],
)
def test_what_holds(expected: dict[str, Any]) -> None:
    assert judge(ExpectationDocument.model_validate(expected), SENT) == ()


@pytest.mark.parametrize(
    ("expected", "field", "actual"),
    [
        ({"selected": False}, "selected", "true, by email and sms"),
        ({"because": "cap"}, "because", "a message goes out"),
        ({"channel": "email"}, "channel", "email, sms; push: no_address"),
        ({"variant": "saving"}, "variant", "plain"),
        ({"offer": "none"}, "offer", "ten"),
        ({"at": "2026-12-05T11:00"}, "at", "2026-12-05T10:00"),
        ({"locale": "es-US"}, "locale", "en-US"),
        ({"contains": "coupon"}, "contains", "email.subject: Your basket\nemail.text: A & B"),
        ({"contains": {"subject": "x"}}, "contains.subject", "email.subject: Your basket"),
        ({"contains": {"html": "x"}}, "contains.html", "email.html: <p>A &amp; B</p>"),
        ({"lacks": "basket"}, "lacks", "email.subject says it"),
        ({"lacks": {"text": "A"}}, "lacks.text", "email.text says it"),
        ({"text": {"subject": "My basket"}}, "text.email.subject", "Your basket"),
        ({"segments": 1}, "segments", "2: body: x"),
    ],
)
def test_what_does_not_hold(expected: dict[str, Any], field: str, actual: str) -> None:
    (difference,) = judge(ExpectationDocument.model_validate(expected), SENT)
    assert difference.field == field
    assert difference.actual.startswith(actual)
    assert difference.words == field.startswith("text.")


def test_a_customer_who_gets_nothing() -> None:
    for expected in ({"selected": True}, {"contains": "x"}, {"snapshot": True}):
        (difference,) = judge(ExpectationDocument.model_validate(expected), NOT_SENT)
        assert (difference.field, difference.expected) == ("selected", "true")
        assert difference.actual == (
            "false, because audience.include: `customer.x > 2` does not hold"
        )
    said = {"selected": False, "because": "audience.include"}
    assert judge(ExpectationDocument.model_validate(said), NOT_SENT) == ()
    (other,) = judge(ExpectationDocument(because="cap"), NOT_SENT)
    assert (other.expected, other.actual) == ("cap", "audience.include")


def test_of_a_long_mail_the_nearest_passage_is_shown() -> None:
    words = "A soup a day. " * 200
    long = SentMessage(
        "email", "en-US", AT, {"html": f"<p>{words}<b>51</b> times</p>", "text": f"{words}51 times"}
    )
    sent = Outcome("a", "", messages=(long,))
    for part, name in ((None, "text"), ("html", "html")):
        wanted = "52 times" if part is None else {part: "52 times"}
        (difference,) = judge(ExpectationDocument.model_validate({"contains": wanted}), sent)
        assert difference.actual == f"email.{name}: {long.parts[name]}"
        assert difference.excerpt.startswith(f"email.{name}: …")
        assert "51 times" in difference.excerpt and "<" not in difference.excerpt


def test_segments_without_an_sms() -> None:
    only_mail = Outcome("a", "", messages=(MAIL,))
    (difference,) = judge(ExpectationDocument(segments=1), only_mail)
    assert difference.actual == "no SMS"


def test_words_however_they_are_written() -> None:
    assert list(listed({"a": ["x", "y"], "b": "z"})) == [("a", "x"), ("a", "y"), ("b", "z")]
    assert list(listed(None)) == []
