from __future__ import annotations

import pytest

from handbill.diff.model import (
    Aspect,
    AudienceChange,
    ClauseChange,
    ContentChange,
    Entry,
    FieldChange,
    Rendering,
    RenderingPair,
    SettingsChange,
    SharedChange,
    Subject,
    TextChange,
    TimingChange,
    Witness,
)
from handbill.diff.renderers.markdown_entry import (
    MAX_FIELDS,
    MAX_NAMES,
    MAX_PAIRS,
    body,
    heading,
    named,
    shared_change,
)
from handbill.diff.renderers.markdown_text import code
from handbill.diff.words import part_diff

NO = Witness(answer="no")
HEAD_ROW = "<tr><th></th><th>before</th><th>after</th></tr>"


def entry(*aspects: Aspect, kind="changed", campaigns=("hello",), tenants=("ff",), **more) -> Entry:
    subjects = tuple(Subject(tenant=t, campaign=c) for t in tenants for c in campaigns)
    return Entry(kind=kind, subjects=subjects, aspects=aspects, **more)


def fields(count: int) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(field=f"f{n}", before="a", after="") for n in range(count))


def rendering(persona: str, note: str = "") -> Rendering:
    return Rendering(
        persona=persona, variant="only", channel="email", locale="en-US", parts={}, note=note
    )


def content(*pairs: RenderingPair, texts=()) -> ContentChange:
    return ContentChange(
        message="main", channel="email", where=(("warm", "en-US"),), texts=texts, pairs=pairs
    )


def pair(name: str, old: str, new: str, **more) -> RenderingPair:
    sides = {"before": rendering(name), "after": rendering(name), **more}
    return RenderingPair(parts=(part_diff("subject", old, new),), **sides)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (entry(), "Changes: `hello` · `ff`"),
        (entry(kind="added"), "New, not active: `hello` · `ff`"),
        (entry(kind="removed"), "Removed: `hello` · `ff`"),
        (entry(kind="started", tenants=("ff", "gg")), "Starts: `hello` · 2 retailers alike"),
        (entry(kind="stopped", campaigns="abcde"), "Stops: `a`, `b`, `c` and 2 more · `ff`"),
    ],
)
def test_a_heading_says_whose_and_what(given: Entry, said: str) -> None:
    assert heading(given, code) == said


def test_many_names_are_counted() -> None:
    assert named(["a", "b"]) == "`a`, `b`"
    assert named([str(n) for n in range(MAX_NAMES + 2)]).endswith("`11` and 2 more")


def test_to_whom_it_happens_alike_and_that_it_is_no_marketing() -> None:
    assert body(entry(tenants=("ff", "gg"), marketing=False)) == [
        "Happens alike in `ff/hello`, `gg/hello`.",
        "",
        "It is no marketing: consent to marketing does not matter for it.",
        "",
    ]
    assert body(entry()) == []


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        ("equal", "the same customers"),
        ("widened", "more customers can get it, and nobody loses it"),
        ("narrowed", "fewer customers can get it, and nobody joins"),
        ("disjoint", "entirely other customers"),
        ("mixed", "some customers join and some leave"),
        ("unknown", "how many join or leave could not be proved"),
    ],
)
def test_an_audience_with_an_example_of_who_leaves(relation, words: str) -> None:
    leaves = Witness(answer="yes", customer={"points": 3})
    clause = ClauseChange(name="include", before="a < b", after="")
    change = AudienceChange(relation=relation, lost=leaves, gained=NO, kept=NO, clauses=(clause,))
    assert body(entry(change)) == [
        f"**Audience**: {words}.",
        "",
        'A customer like `{"points": 3}` got it before, and does not now.',
        "",
        "<table>",
        HEAD_ROW,
        "<tr><td><code>include</code></td><td><code>a &lt; b</code></td><td>—</td></tr>",
        "</table>",
        "",
    ]


def test_words_of_a_message_and_of_one_reader_more() -> None:
    written = TextChange(where=(), parts=(part_diff("subject", "old", "new"),))
    same, other = pair("ann", "old", "new"), pair("bob", "hi old", "hi new")
    lines = body(entry(content(same, other, pair("cyd", "x", "y"), texts=(written,))))
    assert lines[0] == "**Words** of `main` on `email` (`warm · en-US`)"
    assert "As `bob` reads it:" in lines
    assert not [line for line in lines if "`ann`" in line or "`cyd`" in line]
    assert "1 more messages that personas get change; the page shows them." in lines


def test_readers_alone_where_nothing_is_written_otherwise() -> None:
    pairs = [pair(f"p{n}", "old", f"new{n}") for n in range(MAX_PAIRS + 1)]
    told = [line for line in body(entry(content(*pairs))) if line.startswith("As ")]
    assert told == [f"As `p{n}` reads it:" for n in range(MAX_PAIRS)]


def test_a_reader_who_gets_it_on_one_side_only() -> None:
    noted = rendering("ann", note="would not be selected")
    gone = pair("ann", "old", "", before=noted, after=None)
    new = pair("bob", "", "new", before=None)
    neither = pair("cyd", "", "", before=None, after=None)
    told = [line for line in body(entry(content(gone, new, neither))) if line.startswith("As ")]
    assert told == [
        "As `ann` gets it no longer (`would not be selected`):",
        "As `bob` gets it now:",
    ]


def test_a_part_in_which_only_blanks_differ() -> None:
    lines = body(entry(content(pair("ann", "", "\n"))))
    assert "`subject`: only blanks and line breaks differ." in lines


def test_when_it_is_sent() -> None:
    change = TimingChange(fields=(), next_before=("one",), next_after=(), zone="UTC")
    assert body(entry(change)) == [
        "**When it is sent** (`UTC`)",
        "",
        "Next sends were `one`; they are none.",
        "",
    ]


def test_fields_beyond_a_number_are_counted() -> None:
    lines = body(entry(SettingsChange(about="limits", fields=fields(MAX_FIELDS + 2))))
    assert lines[0] == "**Limits**"
    assert lines.count(HEAD_ROW) == 1
    assert lines[-3] == "<tr><td>2 more</td><td></td><td></td></tr>"
    assert len(lines) == MAX_FIELDS + 7


@pytest.mark.parametrize(
    ("what", "word"), [("tenant", "Retailer"), ("channel", "Channel"), ("table", "Table")]
)
def test_what_campaigns_share(what, word: str) -> None:
    lines = shared_change(SharedChange(what=what, names=("a",), fields=fields(1)))
    assert lines[0] == f"**{word}** `a`"
