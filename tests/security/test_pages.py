"""HTML and MJML mails of hostile customers, read by html5lib: the same page, with their name in it."""

from __future__ import annotations

import pytest
from browser_addresses import Address, read_address
from corpus_files import FAMILIES
from read_back import (
    ADDRESSES,
    HARMLESS,
    Node,
    read_again,
    read_page,
    whitespace_folded,
    with_name,
)
from retailer import Retailer

MAILS = [("hello", "email", "html"), ("mjml", "email", "html")]


@pytest.mark.parametrize("mail", MAILS, ids=["html", "mjml"])
@pytest.mark.parametrize("family", FAMILIES)
def test_the_page_is_the_same(retailer: Retailer, family: str, mail: tuple[str, str, str]) -> None:
    harmless = read_page(retailer.parts[mail](HARMLESS))
    for value in FAMILIES[family]:
        page = retailer.parts[mail](value)
        assert read_page(page) == with_name(harmless, value), repr(value)


@pytest.mark.parametrize("mail", MAILS, ids=["html", "mjml"])
@pytest.mark.parametrize("family", FAMILIES)
def test_it_stays_so_when_a_program_writes_it_anew(
    retailer: Retailer, family: str, mail: tuple[str, str, str]
) -> None:
    for value in FAMILIES[family]:
        page = retailer.parts[mail](value)
        assert whitespace_folded(read_again(page)) == whitespace_folded(read_page(page)), repr(
            value
        )


@pytest.mark.parametrize("mail", MAILS, ids=["html", "mjml"])
@pytest.mark.parametrize("family", FAMILIES)
def test_every_link_and_picture_leads_where_it_should(
    retailer: Retailer, family: str, mail: tuple[str, str, str]
) -> None:
    harmless = addresses(read_page(retailer.parts[mail](HARMLESS)))
    assert len(harmless) >= 7
    for value in FAMILIES[family]:
        found = addresses(read_page(retailer.parts[mail](value)))
        assert [outline(each) for each in found] == [outline(each) for each in harmless], repr(
            value
        )


def addresses(nodes: list[Node]) -> list[Address]:
    found: list[Address] = []
    for node in nodes:
        if node[0] == "#comment" and isinstance(node[1], list):
            found += addresses(node[1])
        elif not node[0].startswith("#"):
            found += [read_address(value) for key, value in node[1] if key in ADDRESSES]
            found += addresses(node[2])
    return found


def outline(address: Address) -> tuple[object, ...]:
    """All that no customer may change: host, depth, the fixed segments, the names in the query."""
    fixed = tuple(
        each if each in ("p", "i", "b", "m", "more") else None for each in address.path[:-1:2]
    )
    names = (
        None if address.query is None else [p.partition("=")[0] for p in address.query.split("&")]
    )
    return (address.host, len(address.path), fixed, names, address.fragment is None)
