"""The passage that is nearest to words: found, short, and nothing but the message's own words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handbill.assertions.excerpt import COLUMNS, LINES, SEE_ALL, excerpt, nearest_passage

FILLER = " ".join(f"Soup number {n} is on the shelf." for n in range(200))
MAIL = f"{FILLER} You came 51 times since March. {FILLER}"
HTML = f"<html><head><style>p{{}}</style></head><body><p>{MAIL}</p></body></html>"


def test_the_nearest_words_are_shown() -> None:
    lines = excerpt("You came 52 times", [("email.html", HTML)]).split("\n")
    assert lines[0].startswith("email.html: … ") and lines[-1] == SEE_ALL
    assert len(lines) <= LINES and all(len(line) <= COLUMNS for line in lines)
    assert "You came 51 times since March." in " ".join(lines)
    assert "<" not in "".join(lines)


def test_the_part_that_comes_nearest_is_shown() -> None:
    other = " ".join(f"Bread {n}." for n in range(300))
    shown = excerpt("You came 52 times", [("sms.body", other), ("email.text", MAIL)])
    assert shown.startswith("email.text: ")


def test_short_texts_are_shown_whole() -> None:
    assert excerpt("coupon", [("email.subject", "Your basket"), ("email.text", "A\nB")]) == ""
    assert excerpt("coupon", []) == ""
    assert excerpt("coupon", [("sms.body", "\n".join("abcdefg"))]) != ""


def test_letters_are_enough() -> None:
    assert "51 times" in nearest_passage("she CAME, 51x", MAIL, 60).text


def test_the_best_of_several_likenesses() -> None:
    text = f"{FILLER} times came You 51 {FILLER} You came 51 times {FILLER}"
    assert "You came 51 times" in nearest_passage("You came 52 times", text, 60).text


def test_nothing_alike_shows_the_beginning() -> None:
    passage = nearest_passage("ÄÖÜ", MAIL, 60)
    assert passage.likeness == 0 and passage.text.startswith("Soup number 0")
    assert passage.text.endswith(" …")


def test_words_longer_than_there_is_room_for() -> None:
    assert len(nearest_passage(MAIL, f"{MAIL} More.", 100).text) <= 104
    assert nearest_passage("word", "x" * 900, 100).text == "x" * 900


TEXTS = st.text(st.sampled_from("ab \n"), max_size=60)


@given(TEXTS, TEXTS, st.integers(1, 40))
def test_a_passage_is_part_of_the_text(words: str, text: str, room: int) -> None:
    passage = nearest_passage(words, text, room)
    shown = passage.text.removeprefix("… ").removesuffix(" …")
    assert shown in " ".join(text.split())
    if words.split() and " ".join(words.split()) in " ".join(text.split()) and passage.likeness:
        assert 0 < passage.likeness <= 1


@given(st.lists(st.sampled_from(["aaa", "bbb", "ccc", "ddd"]), min_size=1, max_size=20), st.data())
def test_words_that_are_there_are_found(there: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(there) - 1))
    words = " ".join(there[first : first + 4])
    assert words in nearest_passage(words, " ".join(there), 400).text
