"""Where an address is at, as browsers and programs that make links would read it."""

from __future__ import annotations

import pytest

from handbill.language.html.address_reading import (
    MANY,
    START,
    Part,
    Reading,
    Standing,
    after_value,
    after_whole_address,
    in_address,
    in_prose,
    standing,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Standing.RELATIVE),
        ("x", Standing.RELATIVE),
        ("/p/", Standing.RELATIVE),
        ("#", Standing.RELATIVE),
        ("?a=", Standing.RELATIVE),
        ("//x.example/", Standing.RELATIVE),
        ("/a:b/", Standing.RELATIVE),
        ("https:", Standing.IN_HOST),
        ("https:/", Standing.IN_HOST),
        ("https://", Standing.IN_HOST),
        ("https://x.example", Standing.IN_HOST),
        ("https://x.example:", Standing.IN_HOST),
        ("https://x.example/", Standing.IN_SEGMENT),
        ("HTTPS://X.Example:8443/", Standing.IN_SEGMENT),
        (" \thttps://x.example/", Standing.IN_SEGMENT),
        ("ht\ntps://x.example/", Standing.IN_SEGMENT),
        ("https:\\\\x.example\\", Standing.IN_SEGMENT),
        ("https://x.example/.", Standing.IN_SEGMENT),
        ("https://x.example/a/%2E", Standing.IN_SEGMENT),
        ("https://x.example/a\\..", Standing.IN_SEGMENT),
        ("https://x.example/...", Standing.INSIDE),
        ("https://x.example/p-", Standing.INSIDE),
        ("https://x.example?", Standing.INSIDE),
        ("https://x.example/?a=/", Standing.INSIDE),
        ("https://x.example/#", Standing.INSIDE),
        ("https://x.example/?a#b?c", Standing.INSIDE),
        ("https://x.example/%", Standing.HALF_ESCAPE),
        ("https://x.example/a%2", Standing.HALF_ESCAPE),
        ("https://x.example/?a=%e", Standing.HALF_ESCAPE),
        ("https://x.example/%25", Standing.INSIDE),
        ("https://x.example/%g", Standing.INSIDE),
        ("http://x.example/", Standing.INSECURE),
        ("http://x.example", Standing.IN_HOST),
        ("https://a@x.example/", Standing.BAD_HOST),
        ("https:///", Standing.BAD_HOST),
        ("https:/x/", Standing.BAD_HOST),
        ("https:x.example/", Standing.BAD_HOST),
        ("https://é.example/", Standing.BAD_HOST),
        ("https://x.example:x/", Standing.BAD_HOST),
        ("https://[::1]/", Standing.BAD_HOST),
        ("mailto:", Standing.OTHER_SCHEME),
        ("java\nscript:", Standing.OTHER_SCHEME),
        ("app://x/", Standing.OTHER_SCHEME),
    ],
)
def test_a_hole_in_an_address(text: str, expected: Standing) -> None:
    assert standing(in_address(START, text), prose=False) is expected
    piecewise = START
    for character in text:
        piecewise = in_address(piecewise, character)
    assert standing(piecewise, prose=False) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi ", Standing.OUTSIDE),
        ("x.example/", Standing.OUTSIDE),
        ("tel:", Standing.OUTSIDE),
        ("and/or/", Standing.OUTSIDE),
        ("xwww.", Standing.OUTSIDE),
        ("see https://x.example/ ", Standing.OUTSIDE),
        ("https://x.example/\u201d", Standing.OUTSIDE),
        ("<https://x.example/>", Standing.OUTSIDE),
        ("(https://x.example/", Standing.IN_SEGMENT),
        ("HTTPS://X.example/", Standing.IN_SEGMENT),
        ("https://x.example/a,", Standing.INSIDE),
        ("www.x.example/", Standing.IN_SEGMENT),
        ("www.", Standing.IN_HOST),
        ("https://x.example", Standing.IN_HOST),
        ("http://x.example/", Standing.INSECURE),
        ("mailto:", Standing.OTHER_SCHEME),
        ("app://x/", Standing.OTHER_SCHEME),
        ("https://a@x.example/", Standing.BAD_HOST),
        ("https://x.example/%", Standing.HALF_ESCAPE),
    ],
)
def test_a_hole_in_a_text(text: str, expected: Standing) -> None:
    assert standing(in_prose(START, text), prose=True) is expected
    piecewise = START
    for character in text:
        piecewise = in_prose(piecewise, character)
    if text not in ("xwww.", "app://x/"):  # of a word only what can begin a link is remembered
        assert standing(piecewise, prose=True) is expected


def test_after_a_value() -> None:
    host = in_address(START, "https://x.example/")
    inside = after_value(host, 1, prose=False)
    assert standing(inside, prose=False) is Standing.INSIDE
    assert inside.host == "x.example"
    assert standing(in_address(inside, "/"), prose=False) is Standing.IN_SEGMENT
    query = after_value(in_address(host, "?a=%4"), 1, prose=False)
    assert standing(query, prose=False) is Standing.INSIDE
    assert standing(after_value(START, 1, prose=False), prose=False) is Standing.RELATIVE
    closed = in_address(START, "mailto:")
    assert after_value(closed, 1, prose=False) == in_address(closed, "x") == closed
    assert after_value(MANY, 1, prose=True) == MANY
    assert standing(MANY, prose=True) is Standing.TOO_MANY


def test_a_hole_glued_to_a_word() -> None:
    glued = after_value(START, 7, prose=True)
    assert glued == Reading(glued=7)
    assert in_prose(glued, "http").glued == 7
    assert in_prose(glued, "x").glued is None
    assert in_prose(glued, " http").glued is None


def test_after_a_whole_address() -> None:
    assert after_whole_address().part is Part.QUERY
    assert standing(after_whole_address(), prose=True) is Standing.INSIDE
    assert in_prose(after_whole_address(), " ") == START
