from __future__ import annotations

import pytest

from handbill.diff.model import (
    Aspect,
    AudienceChange,
    AudienceCounts,
    ClauseChange,
    ContentChange,
    FieldChange,
    Moved,
    SettingsChange,
    TextChange,
    TimingChange,
    Witness,
)
from handbill.diff.renderers.text_aspects import aspect_lines, field_line
from handbill.diff.renderers.text_ink import Ink
from handbill.diff.words import part_diff

PLAIN = Ink(color=False)
NO = Witness(answer="no")
HOSTILE = "\x1b[2J"


def lines(aspect: Aspect, kind: str = "changed") -> list[str]:
    return list(aspect_lines(aspect, kind, PLAIN))


def field(name: str, before: str, after: str) -> FieldChange:
    return FieldChange(field=name, before=before, after=after)


def audience(*clauses: tuple[str, str, str], relation="mixed", **more) -> AudienceChange:
    changes = tuple(ClauseChange(name=n, before=b, after=a) for n, b, a in clauses)
    fields = {"lost": NO, "gained": NO, "kept": NO, **more}
    return AudienceChange(relation=relation, clauses=changes, **fields)


def content(before: str, after: str, part: str = "subject", **more) -> ContentChange:
    where = more.pop("where", (("only", "en-US"),))
    text = TextChange(where=where, parts=(part_diff(part, before, after),))
    given = {"message": "main", "channel": "email", **more}
    return ContentChange(where=where, texts=(text,), **given)


def timing(*fields: FieldChange, before=(), after=()) -> TimingChange:
    return TimingChange(fields=fields, next_before=before, next_after=after, zone="UTC")


# ── audiences ────────────────────────────────────────────────────────────────────────────────────


def test_whom_a_campaign_that_starts_goes_to() -> None:
    change = audience(("include", "", "customer.points > 1"), ("limit", "", "500"))
    assert lines(change, "started") == [
        "goes to customers with customer.points > 1",
        "  limit: 500",
    ]
    assert lines(audience(("include", "", "everyone")), "added") == ["goes to everyone"]


def test_whom_a_campaign_that_stops_went_to() -> None:
    assert lines(audience(("include", "everyone", "")), "stopped") == ["went to everyone"]


def test_an_audience_that_differs_while_a_campaign_starts_is_told_as_a_difference() -> None:
    change = audience(("include", "customer.points > 1", "customer.points > 2"))
    assert lines(change, "started")[1:] == ["  include: customer.points > 1 → customer.points > 2"]


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        ("equal", "the same customers as before, by another rule"),
        ("widened", "more customers: everybody who was in it, and others"),
        ("narrowed", "fewer customers: nobody new, and some no longer"),
        ("disjoint", "other customers: nobody who was in it is in it now"),
        ("mixed", "some customers join, others leave"),
        ("unknown", "who joins and who leaves could not be proved"),
    ],
)
def test_how_it_lies_to_the_one_before(relation, words: str) -> None:
    change = audience(("include", "a", "b"), relation=relation)
    assert lines(change)[0] == f"audience: {words}"


def test_a_clause_that_comes_or_goes() -> None:
    assert lines(audience(("limit", "", "500"), ("rank", "customer.points", "")))[1:] == [
        "  limit: 500 (new)",
        "  rank: customer.points (gone)",
    ]


def test_a_sample_of_who_moves_and_why() -> None:
    counts = AudienceCounts(
        before=9, after=9, joining=1, leaving=1, reached_before=8, reached_after=7,
        joining_sample=(Moved(customer="c1", because="audience.include"),),
        leaving_sample=(Moved(customer="c2", because=HOSTILE),),
    )  # fmt: skip
    told = lines(audience(("include", "a", "b"), counts=counts))
    assert told[-3:-1] == [
        "  9 → 9 customers: 1 join, 1 leave; 8 → 7 reached",
        "    c1 joins: audience.include",
    ]
    assert told[-1].startswith("    c2 leaves: ") and "\x1b" not in told[-1]


# ── messages ─────────────────────────────────────────────────────────────────────────────────────


def test_a_message_by_its_channel_and_where_it_differs() -> None:
    two = (("a", "en-US"), ("b", "en-US"))
    assert lines(content("x", "y", where=two)) == [
        "email (variant a, en-US; variant b, en-US):",
        "  subject: [-x-]{+y+}",
    ]
    assert lines(content("x", "y", message="reminder", where=()))[0] == "email reminder:"


def test_many_places_are_named_up_to_a_number() -> None:
    where = tuple((f"v{number}", "en-US") for number in range(9))
    assert lines(content("x", "y", where=where))[0].endswith("variant v5, en-US and 3 more):")


def test_a_message_of_a_campaign_that_stops_is_only_named() -> None:
    assert lines(content("x", "", channel="sms"), "stopped") == ["sms: no longer sent"]


def test_the_text_of_a_mail_is_not_told_beside_its_html() -> None:
    both = (part_diff("text", "x", "y"), part_diff("html", "<p>x", "<p>y"))
    where = (("only", "en-US"),)
    texts = (TextChange(where=where, parts=both),)
    change = ContentChange(message="main", channel="email", where=where, texts=texts)
    assert [each.split(":")[0] for each in lines(change)[1:]] == ["  html"]
    assert lines(content("x", "y", part="text"))[1] == "  text: [-x-]{+y+}"


# ── times and settings ───────────────────────────────────────────────────────────────────────────


def test_the_next_sends() -> None:
    one, two = "2026-12-05T10:00", "2026-12-06T10:00"
    moved = timing(field("trigger", "at one", "at two"), before=(one,), after=(two,))
    assert lines(moved) == [
        "trigger: at one → at two",
        "next sends: Sat 2026-12-05 10:00 → Sun 2026-12-06 10:00 (UTC)",
    ]
    assert lines(timing(before=(one,), after=(one,))) == [
        "next sends as before: Sat 2026-12-05 10:00 (UTC)"
    ]
    assert lines(timing()) == ["next sends as before: none"]
    assert lines(timing(after=(one,)), "started") == ["next sends: Sat 2026-12-05 10:00 (UTC)"]
    assert lines(timing(before=(one,)), "stopped") == [
        "would have been sent next: Sat 2026-12-05 10:00 (UTC)"
    ]
    assert lines(timing(), "removed") == ["nothing was due"]


def test_a_campaign_that_is_sent_when_it_is_published() -> None:
    change = timing(field("trigger", "", "at publish"))
    assert lines(change, "started") == [
        "trigger: at publish",
        "next sends: once, when it is published",
    ]


def test_what_surroundings_give_is_not_told_of_a_campaign_that_starts() -> None:
    given = field("timezone", "", "UTC"), field("deliver.to", "", "first")
    own = field("reentry", "", "after 30 days")
    change = SettingsChange(about="delivery", fields=(*given, own))
    assert lines(change, "started") == ["reentry: after 30 days"]
    assert lines(change) == [
        "timezone: UTC (new)", "deliver.to: first (new)", "reentry: after 30 days (new)"
    ]  # fmt: skip
    assert lines(change, "stopped") == []
    assert lines(timing(*given), "started") == ["next sends: none"]


def test_which_fields_of_customers_are_read() -> None:
    fields = (
        field("customer.tier", "", "one of basic, gold"),
        field("customer.state", "a text", ""),
        field("customer.points", "at most 9", "at most 99"),
    )
    assert lines(SettingsChange(about="data", fields=fields)) == [
        "now reads customer.tier",
        "no longer reads customer.state",
        "customer.points: at most 9 → at most 99",
    ]


def test_nothing_of_a_value_reaches_the_terminal_as_a_command() -> None:
    assert "\x1b" not in field_line(field(HOSTILE, HOSTILE, HOSTILE), PLAIN)
