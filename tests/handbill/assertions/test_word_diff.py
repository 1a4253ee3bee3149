"""Which words differ, and how little of what is equal is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handbill.assertions.word_diff import CHANGED, CONTEXT, MAX_WORDS, Stretch, marked, word_diff

TEXTS = st.lists(st.sampled_from(["a", "b", "c", " ", "\n", "é"]), max_size=12).map("".join)


def test_words_are_marked_where_they_differ() -> None:
    diff = word_diff("Your spring basket is here", "Your holiday basket is not here")
    assert marked(diff) == "Your [-spring-]{+holiday+} basket is{+ not+} here"


def test_equal_texts_are_one_stretch() -> None:
    assert word_diff("a b", "a b") == (Stretch("same", "a b"),)
    assert word_diff("", "") == ()


def test_long_equal_stretches_are_cut() -> None:
    words = [f"w{n}" for n in range(100)]
    shown = marked(word_diff(" ".join([*words, "old", *words]), " ".join([*words, "new", *words])))
    assert shown.startswith("[… 94 words …]") and shown.endswith("[… 94 words …]")
    assert "w99 [-old-]{+new+} w0" in shown
    assert len(shown.split()) < 4 * CONTEXT + 10


def test_a_mark_of_the_text_itself_is_told_from_a_cut() -> None:
    assert marked(word_diff("Soup … old", "Soup … new")) == "Soup … [-old-]{+new+}"


def test_headings_of_what_is_cut_stay() -> None:
    words = " ".join(["word"] * 50)
    text = f"── sms.body (en)\n{words}\n\n── email.html (en)\n{words} {{}} {words}"
    shown = marked(word_diff(text.format("old"), text.format("new")))
    assert shown.startswith("[… 53 words …]\n── email.html (en)\n[… 44 words …]word")
    alone = marked(word_diff(f"── a\n{words} old", f"── a\n{words} new"))
    assert alone.startswith("── a\n[… 44 words …]")


def test_long_differences_are_cut_as_well_unless_all_is_wanted() -> None:
    old = " ".join(["old"] * 500)
    shown = marked(word_diff(old, "new"))
    assert shown.count("old") == 2 * CHANGED and "[… 380 words …]" in shown
    assert marked(word_diff(old, "new"), full=True) == f"[-{old}-]{{+new+}}"


def test_a_difference_far_down_is_found() -> None:
    words = " ".join(["same"] * (3 * MAX_WORDS))
    shown = marked(word_diff(f"{words} old {words}", f"{words} new {words}"))
    assert "[-old-]{+new+}" in shown
    many = [" ".join(f"{side}{n}" for n in range(MAX_WORDS + 50)) for side in "ab"]
    diff = word_diff(*many)
    assert [each.text for each in diff if each.kind == "missing"][-1].endswith(f"a{MAX_WORDS + 49}")
    assert "".join(each.text for each in diff if each.kind == "added") == many[1]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_diff(expected: str, actual: str) -> None:
    diff = word_diff(expected, actual)
    assert "".join(each.text for each in diff if each.kind != "added") == expected
    assert "".join(each.text for each in diff if each.kind != "missing") == actual
