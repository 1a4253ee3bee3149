"""The corpus is large, and would do harm if nobody escaped it."""

from __future__ import annotations

from corpus_files import FAMILIES, VALUES
from read_back import HARMLESS, read_page, with_name
from retailer import Retailer


def test_it_is_large() -> None:
    values = {value for _, value in VALUES}
    assert len(values) >= 370
    assert len(FAMILIES) >= 12
    assert all(len(family) >= 15 for family in FAMILIES.values())
    assert all(len(value) <= 160 for value in values), "longer than the vocabulary allows"
    assert not any(HARMLESS in value.lower() for value in values)


def test_escapes_in_the_files_are_characters() -> None:
    assert "Ann\r\nBcc: all@evil.example" in FAMILIES["headers"]
    assert "<\0script>alert(1)</script>" in FAMILIES["encodings"]
    assert "\u202e" in FAMILIES["invisible"]
    assert "..\\..\\admin" in FAMILIES["paths"]


def test_without_escaping_most_of_it_changes_the_page(retailer: Retailer) -> None:
    """The readers of the other tests see harm where there is some."""
    page = retailer.render(HARMLESS)["hello", "email", "html"]
    harmless = read_page(page)
    harmful = [
        value
        for _, value in VALUES
        if read_page(page.replace(HARMLESS, value)) != with_name(harmless, value)
    ]
    assert len(harmful) >= 300
    names = {
        node[0] for value in harmful for node in elements(read_page(page.replace(HARMLESS, value)))
    }
    assert {"script", "img", "iframe", "svg", "form", "style", "base", "meta"} <= names


def elements(nodes):
    for node in nodes:
        if not node[0].startswith("#"):
            yield node
            yield from elements(node[2])
