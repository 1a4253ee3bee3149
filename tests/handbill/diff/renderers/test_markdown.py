"""The comment: within its limit, nothing in it but what is ours, and readable."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from comment_world import OURS, acts, attributes, comments, diff_of, elements, remarks_of

from handbill.diff.model import (
    ContentChange,
    Entry,
    Held,
    PartDiff,
    ReleaseDiff,
    Side,
    Stretch,
    TextChange,
)
from handbill.diff.renderers.markdown import (
    LEAST,
    MARKER,
    MAX_COMMENT,
    Remark,
    render_markdown,
    render_without_diff,
)
from handbill.diff.renderers.markdown_text import size

URL = "https://git.example/shop/config/actions/runs/7"
HOSTILE = [
    "@anna",
    "@shop/everybody",
    "fixes #12",
    "GH-12",
    "shop/config#3",
    "https://evil.example/",
    "www.evil.example",
    "a@evil.example",
    ":tada:",
    "$`x`$ $$x$$",
    "[click](https://evil.example)",
    "![](https://evil.example/pixel)",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</details></table></code></pre><h1>hi",
    "<!-- handbill:review -->",
    "--> <b>out</b>",
    "<!--",
    "a | b | c",
    "a\\|b`",
    "a\n\n# heading\n\n- item\n\n> quote\n\n    code",
    "```\n\n@anna\n```",
    "~~~\n@anna",
    "`@anna` ``@anna`` ```@anna",
    "`" * 400 + "@anna",
    "*bold* _it_ ~~gone~~ **x**",
    "\u202egnol",
    "\x00\x1b[31m\r@anna\u2028@anna\u0085@anna",
    "&commat;anna &#64;anna &lt;b&gt;",
    "\\`@anna\\`",
    "1. one\n2. two\n===\n---",
    "[x]: https://evil.example\n\n[x]",
    "[^1]: foot\n\n[^1]",
    "\udce9@anna",
    "",
    " ",
]


@pytest.fixture(scope="module")
def harmless() -> str:
    return render_markdown(diff_of("word"), remarks_of("word"), artifact_url=URL)


def test_it_begins_with_its_marker_and_says_who_is_not_touched(harmless: str) -> None:
    assert harmless.split("\n")[0] == MARKER
    assert "3 of 412 plans change; 409 digests are identical" in harmless
    assert "2 campaigns of 2 retailers change for customers" in harmless
    assert "1,204 → 1,380 customers match (**190 join, 14 leave**)" in harmless


def test_only_the_link_to_the_report_has_attributes(harmless: str) -> None:
    assert attributes(harmless) == {("a", "href", URL)}
    assert set(elements(harmless)) <= OURS and acts(harmless) == []


@pytest.mark.parametrize("word", HOSTILE)
def test_no_element_but_ours_and_nothing_that_acts(word: str, harmless: str) -> None:
    comment = render_markdown(diff_of(word), remarks_of(word), artifact_url=URL)
    found = elements(comment)
    assert set(found) <= OURS
    assert (found["table"], found["tr"], found["td"], found["h3"], found["a"]) == (
        *(elements(harmless)[each] for each in ("table", "tr", "td", "h3")),
        1,
    )
    assert acts(comment) == []
    assert attributes(comment) == {("a", "href", URL)}
    assert comments(comment) == [" handbill:review "]


@settings(max_examples=60)
@given(st.text(st.sampled_from("`<>&|\\*_~ \n#@a1$![]()-:/.=\r\u2028"), max_size=40))
def test_no_word_at_all_gets_out(word: str) -> None:
    comment = render_markdown(diff_of(word), remarks_of(word))
    assert set(elements(comment)) <= OURS - {"a"}
    assert acts(comment) == [] and attributes(comment) == set()
    assert comments(comment) == [" handbill:review "]


@pytest.mark.parametrize("word", ["word", "🌈" * 200, "`<&" * 90, "\x00" * 100, "`" * 400])
@pytest.mark.parametrize("limit", [LEAST, MAX_COMMENT])
def test_a_comment_that_would_be_too_long_says_what_is_left_out(word: str, limit: int) -> None:
    long = render_markdown(diff_of(word, 3_000), remarks_of(word), limit=limit, artifact_url=URL)
    assert size(long) <= limit
    assert "have no room here**; the report below has all" in long
    assert set(elements(long)) <= OURS and "Changes: " in long


def test_what_has_no_room_in_full_is_shown_by_its_heading() -> None:
    big, small = diff_of("word" + " word" * 30, 1), diff_of("small", 1)
    diff = msgspec.structs.replace(big, entries=(*big.entries * 20, *small.entries))
    comment = render_markdown(diff, limit=MAX_COMMENT)
    assert "<summary>Changes: <code>word word" in comment and "\n- Changes: `word word" in comment
    assert "Changes: <code>small<" in comment or "Changes: `small`" in comment
    assert "no room" not in comment


def test_without_an_address_the_artifact_is_named() -> None:
    assert "artifact `handbill-review`" in render_markdown(diff_of("w", 3_000))


def test_long_entries_are_folded() -> None:
    comment = render_markdown(diff_of("word " * 20))
    assert "<details><summary>Changes: <code>word" in comment and "<h4>" not in comment


def test_many_remarks_are_counted() -> None:
    remarks = [Remark(level="warns", says="w" * 150)] * 1_000
    comment = render_markdown(diff_of("w"), remarks)
    shown = comment.count("**Mind**")
    assert 100 < shown < 1_000 and f"- {1_000 - shown} more have no room here" in comment
    assert "<h4>Changes: " in comment and size(comment) <= MAX_COMMENT


def nothing(**changes: object) -> ReleaseDiff:
    side = Side(label="main", digest="ab" * 32)
    diff = ReleaseDiff(
        base=side, head=side, at="2026-11-02T09:00:00Z", entries=(), plans=1, changed=0, identical=1
    )
    return msgspec.structs.replace(diff, **changes)


def test_nothing_changes() -> None:
    comment = render_markdown(nothing())
    assert "### Nothing changes for customers" in comment
    assert "0 of 1 plan change; 1 digest is identical" in comment


def test_nothing_compiles() -> None:
    comment = render_markdown(nothing(head=Side(label="HEAD", digest=None, failed=("a",))))
    assert "### Nothing can be compiled here" in comment
    assert "In the head, `a` has errors." in comment and "release none" in comment


def test_mistakes_keep_from_saying_what_changes() -> None:
    comment = render_markdown(nothing(not_compared=("fresh-fields",)))
    assert "cannot be said before the mistakes are mended" in comment
    assert "nobody else" not in comment


def test_a_base_with_mistakes_is_compared_as_it_last_was() -> None:
    held = Side(label="main", digest="ab", held=(Held(tenant="fresh-fields", commit="12"),))
    assert "`fresh-fields`: compared as last without errors" in render_markdown(nothing(base=held))


def test_without_a_diff_there_are_still_remarks() -> None:
    comment = render_without_diff("@a", "b", remarks_of("@anna"))
    assert comment.startswith(MARKER) and comment.count("`@anna`") == 16
    assert acts(comment) == [] and set(elements(comment)) <= OURS


def test_blanks_alone_are_told() -> None:
    part = PartDiff(part="subject", stretches=(Stretch(kind="added", text=" "),))
    text = TextChange(where=(("", ""),), parts=(part,))
    change = ContentChange(message="m", channel="email", where=(("", ""),), texts=(text,))
    entry = Entry(kind="changed", subjects=diff_of("w").entries[0].subjects[:1], aspects=(change,))
    assert "`subject`: only blanks and line breaks differ." in render_markdown(
        nothing(entries=(entry,))
    )


def test_only_what_is_shared_changes() -> None:
    diff = nothing(shared=diff_of("w").shared)
    assert "what campaigns share does" in render_markdown(diff)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "https://x.example/)[y](z", "https://x/\n", "https://x/?a=<b>"],
)
def test_no_other_address_stands_in_a_comment(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        render_markdown(nothing(), artifact_url=address)


def test_a_limit_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        render_markdown(nothing(), limit=LEAST - 1)
