"""Which words differ, and how little of what is equal is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handbill.assertions.word_diff import CONTEXT, Stretch, marked, word_diff

TEXTS = st.lists(st.sampled_from(["a", "b", "c", " ", "\n", "é"]), max_size=12).map("".join)


def test_words_are_marked_where_they_differ() -> None:
    diff = word_diff("Your spring basket is here", "Your holiday basket is not here")
    assert marked(diff) == "Your [-spring-]{+holiday+} basket is {+not +}here"


def test_equal_texts_are_one_stretch() -> None:
    assert word_diff("a b", "a b") == (Stretch("same", "a b"),)
    assert word_diff("", "") == ()


def test_long_equal_stretches_are_cut() -> None:
    words = [f"w{n}" for n in range(100)]
    shown = marked(word_diff(" ".join([*words, "old", *words]), " ".join([*words, "new", *words])))
    assert shown.count("…") == 2
    assert "w99 [-old-]{+new+} w0" in shown
    assert len(shown.split()) < 4 * CONTEXT + 4


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_diff(expected: str, actual: str) -> None:
    diff = word_diff(expected, actual)
    assert "".join(each.text for each in diff if each.kind != "added") == expected
    assert "".join(each.text for each in diff if each.kind != "missing") == actual
