"""The frame of a page, and its switches that need no script."""

from __future__ import annotations

from page_reading import elements, foreign

from handbill.diff.renderers.html_page import escaped, name, page, switch, width_switch
from handbill.diff.renderers.html_style import COLORS, DIFF, MESSAGES, PAGE


def test_a_page_is_one_document() -> None:
    made = page("A < B", (COLORS, PAGE, DIFF, MESSAGES), width_switch(), "<p>hello</p>")
    assert made.startswith("<!doctype html>") and foreign(made) == []
    (title,) = (each.text for each in elements(made) if each.tag == "title")
    assert title == "A < B"
    assert "url(" not in made and "@import" not in made


def test_every_switch_that_the_style_looks_at_is_there() -> None:
    made = page("x", (COLORS, MESSAGES), width_switch(desktop=True), "")
    ids = {each.attrib["id"] for each in elements(made) if "id" in each.attrib}
    assert ids == {"c-auto", "c-light", "c-dark", "w-phone", "w-desktop"}
    chosen = [each.attrib["id"] for each in elements(made) if "checked" in each.attrib]
    assert chosen == ["w-desktop", "c-auto"]


def test_switches_are_grouped_by_name() -> None:
    made = switch("A & B", "g", [("one", "One"), ("two", '"Two"')], chosen=1)
    names = {each.attrib["name"] for each in elements(made) if each.tag == "input"}
    assert names == {"g"}
    assert "A &amp; B" in made and "&quot;Two&quot;" in made


def test_names_keep_to_themselves() -> None:
    assert name("\u202ea<b") == "<bdi>\u202ea&lt;b</bdi>"
    assert escaped("'\"") == "&#x27;&quot;"
