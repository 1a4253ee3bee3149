"""A link that is only written out is a link all the same, and leads where the retailer says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.lower.links_in_text import refused_in_text
from handbill.plan.ir import (
    Branch,
    Call,
    Const,
    Escape,
    Expression,
    Field,
    For,
    If,
    Local,
    Op,
    Operation,
    Put,
    Set,
    Text,
)
from handbill.plan.types import BoolType, ListType, StringType

if TYPE_CHECKING:
    from conftest import Configuration

HOME = ["shop.example"]
LONG = StringType(99)
GOLD = Field(("customer", "gold"), BoolType())
NAME = Field(("customer", "name"), LONG)


def const(text: str) -> Const:
    return Const(LONG, text)


def put(expression: Expression) -> Put:
    return Put(expression, Escape.NONE)


def refused(*ops: Op | str) -> list[tuple[str, str]]:
    written = tuple(Text(op) if isinstance(op, str) else op for op in ops)
    return [(each.code, each.written) for each in refused_in_text(written, HOME)]


def foreign(*hosts: str) -> list[tuple[str, str]]:
    return [("HB611", host) for host in hosts]


@pytest.mark.parametrize(
    "text",
    [
        "See https://shop.example",
        "See https://shop.example.",
        "(https://www.shop.example/a?b=c), or www.shop.example!",
        "HTTPS://SHOP.EXAMPLE:8443/a",
        "https://shop.example/go?to=https://evil.example/a",
        "https://shop.example/go#http://evil.example",
        "mailto:ann@evil.example and ann@evil.example/x",
        "shop.example/sale, and/or 1.5/kg, 24/7, p.m./a.m.",
        "http:///x and https:///",
        "https:// and www. are how links begin",
        "tel:+15185550100, whatsapp://send",
        "“https://shop.example”… https://shop.example’s",
        "https://shop.example。",
        "freshfields.example is a name",
    ],
)
def test_what_may_be_written(text: str) -> None:
    assert refused(text) == []


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("Now: https://bit.ly/abc", ["bit.ly"]),
        ("Now: http://bit.ly.", ["bit.ly"]),
        ("(see https://bit.ly), or https://evil.example:8443!", ["bit.ly", "evil.example"]),
        ("HTTPS://BIT.LY/abc and https://bit.ly/def", ["bit.ly"]),
        ("www.evil.example", ["www.evil.example"]),
        ("<https://evil.example>", ["evil.example"]),
        ("Tap bit.ly/abc", ["bit.ly"]),
        ("Tap Bit.Ly/", ["bit.ly"]),
        ("https://shop.example.evil.example/", ["shop.example.evil.example"]),
        ("https://notshop.example", ["notshop.example"]),
        ("https://xn--shp-1na.example/", ["xn--shp-1na.example"]),
        ("text\nhttps://evil.example\nmore", ["evil.example"]),
        ("“https://evil.example”", ["evil.example"]),
    ],
)
def test_what_leads_elsewhere(text: str, hosts: list[str]) -> None:
    assert refused(text) == foreign(*hosts)


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example@evil.example/",
        "https://ann:secret@shop.example/",
        "https://shöp.example/",
        "https://shop.example。evil.example/",
        "https://shop.example,https://evil.example",
        "https://shop.example:99999999/",
        "https://[::1]/",
    ],
)
def test_what_programs_read_differently(text: str) -> None:
    assert [code for code, _ in refused(text)] == ["HB612"]


def test_in_every_branch_and_across_their_ends() -> None:
    evil, own = (Text("evil.example"),), (Text("shop.example"),)
    assert refused("https://", If((Branch(GOLD, own),), own), "/a") == []
    assert refused("https://", If((Branch(GOLD, evil),), own), "/a") == foreign("evil.example")
    assert refused("https://", If((Branch(GOLD, own),), evil)) == foreign("evil.example")
    assert refused("https://shop.example", If((Branch(GOLD, (Text("/"),)),), (Text(".x/"),))) == (
        foreign("shop.example.x")
    )
    names = Const(ListType(StringType(1), 2), ("a", "b"))
    assert refused(For("n", names, 2, (Text("https://evil.example "),))) == foreign("evil.example")
    growing = refused("https://shop.example", For("n", names, 2, (Text(".x"),)))
    assert ("HB612", "") in growing
    assert refused(For("n", names, 2, (), (Text("bit.ly/x"),))) == foreign("bit.ly")


def test_in_what_expressions_write() -> None:
    link = const("https://evil.example")
    own = const("https://shop.example")
    choice = Call(Operation.IF, (GOLD, link, own), LONG)
    assert refused(put(choice)) == foreign("evil.example")
    assert refused(put(Call(Operation.DEFAULT, (NAME, link), LONG))) == foreign("evil.example")
    joined = Call(Operation.CONCAT, (link, const("/"), NAME), LONG)
    assert refused(put(joined)) == foreign("evil.example")
    either = Call(Operation.IF, (GOLD, NAME, joined), LONG)
    assert refused(put(either)) == foreign("evil.example")
    assert refused(Set("a", joined), put(Local("a", LONG))) == foreign("evil.example")
    assert refused(Set("a", Local("a", LONG)), put(Local("a", LONG))) == []


def test_values_and_generated_links_are_not_the_author_s() -> None:
    generated = put(Field(("unsubscribe_url",), LONG))
    assert refused(put(NAME), " https://shop.example/", put(NAME), "https://evil.example") == []
    assert refused(generated, "https://evil.example") == []
    assert refused("Stop: ", generated, " https://evil.example") == foreign("evil.example")


def test_too_many_hosts_to_tell_are_refused() -> None:
    ways = [If((Branch(GOLD, (Text(f"{letter}"),)),), ()) for letter in "abcdefgh"]
    assert ("HB612", "") in refused("https://", *ways, ".shop.example/")
    assert refused(*ways, " ", *ways) == []


@given(st.lists(st.sampled_from(["https", "://", "evil.example", "www.", "/a", " ", "é.", "?"])))
def test_pieces_say_what_their_whole_says(pieces: list[str]) -> None:
    whole = refused_in_text((Text("".join(pieces)),), HOME)
    schemes = [each for each in whole if f"://{each.written}" in "".join(pieces)]
    assert set(schemes) <= set(refused_in_text(tuple(map(Text, pieces)), HOME))


@pytest.mark.parametrize(
    "message",
    [
        '{sms: {body: "Now: https://bit.ly/abc. Reply STOP to end"}}',
        '{email: {subject: "See bit.ly/abc", body: "<p>Hi</p>"}}',
        '{email: {subject: "Hi", body: "<p>Hi. <b>https://bit.ly/abc</b></p>"}}',
        '{email: {subject: "Hi", body: "<p>Hi</p>", preheader: "At https://bit.ly"}}',
    ],
)
def test_in_every_part_of_a_message_and_at_its_place(
    configuration: Configuration, message: str
) -> None:
    configuration.campaign(message=message)
    (finding,) = [each for each in configuration.compile().findings if each.code == "HB611"]
    assert finding.range is not None
    lines = (configuration.folder / finding.range.file).read_text().split("\n")
    assert lines[finding.range.line - 1][
        finding.range.column - 1 : finding.range.end_column - 1
    ] == ("bit.ly")
