"""Each aspect as its section."""

from __future__ import annotations

from page_reading import text_of

from handbill.diff.model import (
    AudienceChange,
    ClauseChange,
    ContentChange,
    PartDiff,
    Rendering,
    RenderingPair,
    Stretch,
    TextChange,
    TimingChange,
    Witness,
)
from handbill.diff.renderers.html_aspects import MAX_PAIRS, MOST_PAIRS, section

NO = Witness(answer="no")


def test_a_time_line() -> None:
    change = TimingChange(
        fields=(),
        next_before=("2026-12-05T10:00", "2026-12-06T10:00"),
        next_after=("2026-12-06T10:00", "2026-12-07T08:30", "soon"),
        zone="America/New_York",
    )
    shown = section(change, "changed", {})
    assert '<li class="was"><time><bdi>Sat 5 Dec 2026, 10:00</bdi></time>' in shown
    assert '<li class=""><time><bdi>Sun 6 Dec 2026, 10:00</bdi></time>' in shown
    assert '<li class="is"><time><bdi>Mon 7 Dec 2026, 08:30</bdi></time>' in shown
    assert "soon" in shown and "America/New_York" in shown
    untimed = TimingChange(fields=(), next_before=(), next_after=(), zone="")
    assert text_of(section(untimed, "changed", {})) == "When it is sent"


def test_an_audience_and_who_joins() -> None:
    yes = Witness(answer="yes", customer={"tier": "gold", "points": 12, "consent": ["email.all"]})
    rule = ClauseChange(name="include", before="", after="customer.points > 10")
    change = AudienceChange(relation="widened", lost=NO, gained=yes, kept=NO, clauses=(rule,))
    text = text_of(section(change, "changed", {}))
    assert "More customers" in text
    assert 'Joins, for exampletiergoldpoints12consent["email.all"]' in text
    assert "Leaves" not in text and "Stays" not in text
    assert "Joins" not in text_of(section(change, "started", {}))


def test_a_limit_cuts_and_an_example_of_nothing() -> None:
    limit = ClauseChange(name="limit", before="5", after="6")
    change = AudienceChange(relation="equal", lost=NO, gained=NO, kept=NO, clauses=(limit,))
    assert "a limit cuts among them differently" in text_of(section(change, "changed", {}))
    nobody = Witness(answer="yes", customer={})
    change = AudienceChange(relation="mixed", lost=nobody, gained=NO, kept=NO, clauses=())
    assert "of whom nothing more is known" in text_of(section(change, "changed", {}))


def pair(persona: str, note: str = "") -> RenderingPair:
    shown = Rendering(
        persona=persona,
        variant="b",
        channel="sms",
        locale="en-US",
        parts={"body": "Hi"},
        segments=1,
        note=note,
    )
    said = (PartDiff(part="body", stretches=(Stretch(kind="added", text="Hi"),)),)
    return RenderingPair(before=None, after=shown, parts=said)


def test_who_gets_it_comes_first_and_the_others_are_folded() -> None:
    text = TextChange(
        where=tuple(("only", f"l-{n}") for n in range(9)),
        parts=(PartDiff(part="body", stretches=(Stretch(kind="added", text="written"),)),),
    )
    reached = tuple(pair(f"in-{n}") for n in range(MAX_PAIRS + 1))
    others = tuple(pair(f"out-{n}", "would not be sent: no_consent") for n in range(9))
    change = ContentChange(
        message="second", channel="sms", where=text.where, texts=(text,), pairs=reached + others
    )
    shown = text_of(section(change, "changed", {}))
    assert "What it says: sms “second”" in shown
    assert "l-7 and 1 more" in shown and "written" in shown
    assert "1 more who get it" in shown and "7 who would not get it" in shown
    assert f"{len(reached + others) - MOST_PAIRS} more of these are not on this page" in shown
    assert "To in-0en-US · variant b" in shown and "No message" in shown
    assert "written" not in text_of(section(change, "started", {}))


def test_a_pair_of_nothing_shows_nothing() -> None:
    none = RenderingPair(before=None, after=None, parts=())
    change = ContentChange(message="main", channel="sms", where=(), pairs=(none,))
    assert "No message" not in section(change, "changed", {})
