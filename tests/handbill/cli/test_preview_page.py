"""The page of previews: pickers without a script, and no foreign word that is markup."""

from __future__ import annotations

import datetime
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "diff/renderers"))

from page_reading import HOSTILE, elements, foreign, text_of

from handbill.cli.preview_page import message_page, preview_page
from handbill.cli.rehearsal.shown import Shown
from handbill.diff.model import Rendering

AT = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)


def shown(*personas: str, word: str = "hello", left_out: int = 0) -> Shown:
    plan: Any = SimpleNamespace(tenant=word, campaign=word)
    found = tuple(
        Rendering(
            persona=persona,
            variant=variant,
            channel=channel,
            locale=locale,
            parts={"subject": word, "html": f"<p>{word}</p>"}
            if channel == "email"
            else {"body": word},
            segments=1 if channel == "sms" else None,
            note="would not be sent: cap" if channel == "sms" else "",
        )
        for channel in ("email", "sms", "push")
        for persona in personas
        for variant in ("a", "b")
        for locale in ("en-US", "fr-CA")
    )
    return Shown(plan, "draft", found, left_out)


def test_every_choice_has_a_switch_and_a_rule_that_hides_the_others() -> None:
    page = preview_page(shown("ann", "bob"), {}, AT, {"ann": "Comes often"})
    ids = [each.attrib["id"] for each in elements(page) if each.tag == "input"]
    assert ids[2:] == ["c-auto", "c-light", "c-dark", "p0", "p1", "v0", "v1", "l0", "l1"]
    rules = re.findall(r":root:has\(#(\w+):checked\) \.set:not\(\.(\w+)\)", page)
    assert rules == [(each, each) for each in ids[5:]]
    sets = [
        e.attrib["class"] for e in elements(page) if e.attrib.get("class", "").startswith("set")
    ]
    assert len(sets) == len(set(sets)) == 8 and "set p1 v0 l1" in sets
    assert "Comes often" in text_of(page)


def test_one_of_a_kind_needs_no_picker() -> None:
    found = shown("ann")
    one = Shown(found.plan, "active", found.renderings[:1])
    page = preview_page(one, {}, AT, {})
    names = {each.attrib["name"] for each in elements(page) if each.tag == "input"}
    assert names == {"w", "c"}


def test_nobody_and_too_many() -> None:
    assert "Nobody to show it to" in preview_page(shown(), {}, AT, {})
    assert "7 more are not on this page" in preview_page(shown("ann", left_out=7), {}, AT, {})


@pytest.mark.parametrize("word", HOSTILE)
def test_no_word_is_markup(word: str) -> None:
    page = preview_page(shown(word, "bob", word=word), {}, AT, {word: word})
    assert foreign(page) == []
    assert not [each for each in elements(page) if each.tag == "script"]
    assert " ".join(word.split()) in " ".join(text_of(page).split())


def test_a_message_alone_is_there_at_once() -> None:
    rendering = shown("ann").renderings[0]
    page = message_page(rendering, {}, desktop=True)
    assert 'class="alone desktop"' in page and 'loading="lazy"' not in page
    assert 'class="alone handheld"' in message_page(rendering, {}, desktop=False)
