"""A diff as a page: what it says, and that nothing in it is anybody's but ours."""

from __future__ import annotations

import msgspec
import pytest
from comment_world import diff_of
from page_reading import HOSTILE, comments, elements, foreign, text_of

from handbill.diff.model import (
    ContentChange,
    Entry,
    Held,
    PartDiff,
    ReleaseDiff,
    Rendering,
    RenderingPair,
    Side,
    Stretch,
    Subject,
)
from handbill.diff.renderers.html import MAX_ENTRIES, render_html


def mail_diff(word: str, kind: str = "changed", tenants: int = 1) -> ReleaseDiff:
    """A mail whose every word is `word` reads differently."""

    def mail(more: str) -> Rendering:
        parts = {"subject": word, "html": f"<p>{word}{more}</p>", "link": word}
        return Rendering(persona=word, variant="only", channel="email", locale="en-US", parts=parts)

    said = (Stretch(kind="removed", text=word), Stretch(kind="added", text=f"{word}!"))
    parts = (PartDiff(part="subject", stretches=said), PartDiff(part="html", stretches=said))
    pair = RenderingPair(before=mail(""), after=mail("!"), parts=parts)
    content = ContentChange(
        message="main", channel="email", where=(("only", "en-US"),), pairs=(pair,)
    )
    subjects = tuple(Subject(tenant=f"shop-{n}", campaign=word) for n in range(tenants))
    entry = Entry(kind=kind, subjects=subjects, aspects=(content,))  # type: ignore[arg-type]
    side = Side(label=word, digest="sha256:0123", commit=word)
    return ReleaseDiff(
        base=side,
        head=side,
        at="2026-12-01T00:00:00Z",
        entries=(entry,),
        plans=412,
        changed=3,
        identical=409,
    )


def test_what_a_page_says_first() -> None:
    page = render_html(mail_diff("hello"))
    text = text_of(page)
    assert "1 campaign of shop-0 changes" in text
    assert "3 of 412 plans change; 409 are identical" in text
    assert text.count("sha256:0123") == 2


@pytest.mark.parametrize("word", HOSTILE)
def test_no_word_is_markup(word: str) -> None:
    for diff in (mail_diff(word), mail_diff(word, tenants=9), diff_of(word)):
        page = render_html(diff)
        assert foreign(page) == []
        assert comments(page) == 0
        assert " ".join(word.split()) in " ".join(text_of(page).split())
        frames = [each for each in elements(page) if each.tag == "iframe"]
        assert all(each.attrib["sandbox"] == "" for each in frames)


def test_a_word_that_is_not_escaped_is_seen() -> None:
    """What the test above is worth: a planted fault."""
    page = render_html(mail_diff("hello")).replace("hello", '<img src=x onerror="alert(1)">')
    assert foreign(page) != []


def test_the_policy_forbids_everything_but_styles_and_its_own_pictures() -> None:
    page = render_html(mail_diff("hello"))
    (policy,) = (
        each.attrib["content"]
        for each in elements(page)
        if each.attrib.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "script" not in policy
    assert not [each for each in elements(page) if each.tag == "script"]


def test_alike_in_many() -> None:
    text = text_of(render_html(mail_diff("hello", tenants=9)))
    assert "9 retailers alike" in text
    assert "Happens alike in 9 campaigns" in text
    assert "and 3 more" in text and "shop-8/hello" in text
    assert "Messages are shown as shop-0/hello sends them." in text


def test_entries_without_end_are_counted() -> None:
    diff = mail_diff("hello")
    many = msgspec.structs.replace(diff, entries=diff.entries * (MAX_ENTRIES + 7))
    page = render_html(many)
    assert "7 more changes are not on this page" in text_of(page)
    assert sum(each.tag == "article" for each in elements(page)) == MAX_ENTRIES


def test_what_could_not_be_compared() -> None:
    base = Side(label="main", digest=None, commit="c" * 40, instead_of="d" * 40)
    head = Side(
        label="topic",
        digest="sha256:1",
        failed=("away", "old"),
        held=(Held(tenant="old", commit="e" * 40),),
    )
    diff = msgspec.structs.replace(mail_diff("x"), base=base, head=head, not_compared=("away",))
    text = text_of(render_html(diff))
    assert "Nothing could be compiled of what was before." in text
    assert "dddddddddddd, does not compile: this compares with cccccccccccc" in text
    assert "old has errors after: compared as it was at eeeeeeeeeeee" in text
    assert "With errors after: away" in text
    assert "Not compared, because of errors: away" in text


def test_everything_of_a_diff_is_on_the_page() -> None:
    text = text_of(render_html(diff_of("wordy")))
    assert "customers match" in text and "Joins, for example" in text
    assert "Nothing of this changes today, but" in text
    assert "Retailer" in text or "Channel" in text or "Table" in text


def test_nothing_changes() -> None:
    diff = msgspec.structs.replace(mail_diff("x"), entries=(), changed=0, plans=1, identical=1)
    text = text_of(render_html(diff))
    assert "Nothing changes for customers" in text and "0 of 1 plan changes; 1 is identical" in text
