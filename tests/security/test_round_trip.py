"""For any customer at all: what each surrounding is read back as is exactly the value."""

from __future__ import annotations

from urllib.parse import unquote

from browser_addresses import read_address
from hypothesis import given, settings
from hypothesis import strategies as st
from read_back import HARMLESS, on_one_line, read_page, text_with, with_name
from retailer import Retailer

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(
    "<>&\"'`=/\\.%?#:@;-!\0\r\n\t\x0b\x85\u202e\u2066\u2028aqé☃😀 ", max_size=12
)


@settings(max_examples=150)
@given(NAMES)
def test_pages(retailer: Retailer, name: str) -> None:
    for mail in (("hello", "email", "html"), ("mjml", "email", "html")):
        harmless = read_page(retailer.parts[mail](HARMLESS))
        assert read_page(retailer.parts[mail](name)) == with_name(harmless, name)


@settings(max_examples=300)
@given(NAMES)
def test_addresses(retailer: Retailer, name: str) -> None:
    address = read_address(retailer.parts["hello", "push", "link"](name))
    assert len(address.path) == 2
    if name.strip("."):
        assert unquote(address.path[1], errors="strict") == name
    assert unquote((address.query or "").removeprefix("a="), errors="strict") == name


@settings(max_examples=300)
@given(NAMES)
def test_texts(retailer: Retailer, name: str) -> None:
    for part in (
        ("hello", "email", "subject"),
        ("hello", "sms", "body"),
        ("hello", "email", "text"),
    ):
        harmless = retailer.parts[part](HARMLESS)
        assert retailer.parts[part](name) == text_with(harmless, on_one_line(name), name)
