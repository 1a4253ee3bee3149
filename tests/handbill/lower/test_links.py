"""Links and images lead where the retailer says they may, however they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.lower.addresses import Refused
from handbill.lower.links import REFUSED_ELEMENTS, refused_in_html, refused_in_url
from handbill.plan.ir import Branch, Call, Const, Escape, Field, For, If, Operation, Put, Set, Text
from handbill.plan.types import BoolType, ListType, StringType

if TYPE_CHECKING:
    from conftest import Configuration

YES = Const(BoolType(), True)
NAMES = Const(ListType(StringType(1), 1), ("a",))
HOME = ["shop.example"]


def html(*written: str | Put) -> str | None:
    """The code of what is refused."""
    ops = tuple(Text(each) if isinstance(each, str) else each for each in written)
    return first_code(refused_in_html(ops, HOME))


def first_code(refused: tuple[Refused, ...]) -> str | None:
    return refused[0].code if refused else None


def link(address: str) -> Text:
    return Text(f'<a class="b" HREF="{address}">x</a>')


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://shop.example/a", None),
        ("https://www.shop.example", None),
        ("HTTPS://SHOP.EXAMPLE:8443/a?b=https://evil.example#c", None),
        (" https://shop.example/a ", None),
        ("https://shop.example/@evil.example", None),
        ("https:\\\\shop.example\\a", "HB612"),
        ("https://shop.example.evil.example/a", "HB611"),
        ("https://notshop.example/a", "HB611"),
        ("http://other.example", "HB611"),
        ("https:\\\\evil.example", "HB612"),
        ("https://shop.example\\@evil.example", "HB612"),
        ("https://shop.example/?a=b\\c", None),
        ("https://evil.example\\.shop.example/", "HB612"),
        ("ht\ntps://evil.example", "HB611"),
        ("https://shop.example:x@evil.example/", "HB612"),
        ("https://shop.example@evil.example/", "HB612"),
        ("https:/evil.example", "HB612"),
        ("https:evil.example", "HB612"),
        ("https:///evil.example", "HB612"),
        ("https://shop.example\u3002evil.example/", "HB612"),
        ("https://evil%2eshop.example/", "HB612"),
        ("https://[evil.example/", "HB612"),
        ("https://shop.example:99999/", "HB612"),
    ],
)
def test_hosts_in_mails_and_in_parts(address: str, code: str | None) -> None:
    assert html(link(address).text) == code
    assert first_code(refused_in_url((Text(address),), HOME)) == code


@pytest.mark.parametrize(
    ("address", "in_mail"),
    [
        ("/relative", "HB596"),
        ("sale.html", "HB596"),
        ("?x", "HB596"),
        ("", "HB596"),
        ("#top", None),
        ("mailto:a@b.example", None),
        ("tel:+15185550188", None),
        ("sms:+15185550188", None),
        ("cid:logo", None),
        ("//evil.example", "HB612"),
        ("/\\evil.example", "HB612"),
        ("\t/\n/evil.example", "HB612"),
        ("intent://x", "HB612"),
        ("javascript:alert(1)", "HB612"),
        ("data:text/html,x", "HB612"),
        ("data:image/png;base64,AA", "HB612"),
    ],
)
def test_what_is_no_web_address(address: str, in_mail: str | None) -> None:
    assert html(link(address).text) == in_mail
    assert first_code(refused_in_url((Text(address),), HOME)) == "HB612"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('<a href="https&#58;//evil.example/">x</a>', "HB611"),
        ('<a href="&#104;ttps://evil.example/">x</a>', "HB611"),
        ('<a href="https://evil.example&sol;.shop.example/">x</a>', "HB611"),
        ('<a href="https://shop.example&commat;evil.example/">x</a>', "HB612"),
        ("<a href=https://evil.example/>x</a>", "HB611"),
        ("<a href='https://evil.example/'>x</a>", "HB611"),
        ('<a xlink:href="https://evil.example">x</a>', "HB611"),
        ('<area href="https://evil.example/">', "HB611"),
        ('<img src="https://evil.example/a.png">', "HB611"),
        ('<img src="https://img.shop.example/a.png">', None),
        ('<img src="data:image/png;base64,AA">', None),
        ('<img src="data:text/html,x">', "HB612"),
        ('<img srcset="https://shop.example/a.png 1x, https://evil.example/b.png 2x">', "HB611"),
        ('<img srcset="https://shop.example/a.png 1.5x,  https://shop.example/b.png">', None),
        ('<table background="https://evil.example/a.png"></table>', "HB611"),
        ('<!--[if mso]><a href="https://evil.example/">x</a><![endif]-->', "HB611"),
        ('<!-- <a href="https://evil.example/">x</a> -->', None),
        ('<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns="http://www.w3.org/1999/xhtml">', None),
        ('<meta http-equiv=" Refresh" content="0;url=https://shop.example/">', "HB613"),
        ('<meta http-equiv="content-type" content="text/html">', None),
        ("<p>https://evil.example/</p>", None),
    ],
)  # fmt: skip
def test_html_is_read_as_browsers_read_it(written: str, code: str | None) -> None:
    assert html(written) == code


@pytest.mark.parametrize("name", sorted(REFUSED_ELEMENTS))
def test_elements_that_no_mail_has(name: str) -> None:
    assert html(f"<p>x</p><{name.upper()}>") == "HB613"


def choice(*texts: str) -> Put:
    kind = StringType(99)
    return Put(
        Call(Operation.IF, (YES, *(Const(kind, text) for text in texts)), kind),
        Escape.HTML_ATTRIBUTE,
    )


def test_every_text_that_an_address_can_become() -> None:
    both = ("https://shop.example", "https://evil.example")
    assert html('<a href="', choice(*both), '/a">x</a>') == "HB611"
    assert html('<a href="', choice(both[0], "mailto:a@shop.example"), '/a">x</a>') is None
    assert html('<a href="https://shop.example', choice("/", "@evil.example"), '">x</a>') == "HB612"
    assert html('<meta http-equiv="', choice("x", "refresh"), '">') == "HB613"


def test_holes() -> None:
    generated = Put(Field(("unsubscribe_url",), StringType(99)), Escape.HTML_ATTRIBUTE)
    value = Put(Field(("customer", "name"), StringType(99)), Escape.HTML_ATTRIBUTE)
    assert html('<a href=" ', generated, '">x</a>') is None
    assert html('<a title="', value, '">x</a>', value) is None
    assert html('<a href="', value, '">x</a>') == "HB612"
    assert html('<a href="https://shop.example/', generated, '">x</a>') == "HB612"
    assert refused_in_url((generated,), HOME) == ()


def test_every_branch_and_loop_is_looked_into() -> None:
    bad = (link("https://bad.example/"),)
    good = (link("https://shop.example/"),)
    for ops in (
        (If((Branch(YES, good), Branch(YES, bad))),),
        (If((Branch(YES, good),), bad),),
        (For("n", NAMES, 1, bad),),
        (For("n", NAMES, 1, good, bad),),
    ):
        (refused,) = refused_in_html(ops, HOME)
        assert "bad.example" in refused.message
    assert refused_in_html((Set("a", YES), If((Branch(YES, good),), good)), HOME) == ()


def test_every_host_is_told_and_each_once() -> None:
    hosts = ("a.example", "b.example", "a.example", "shop.example")
    ops = tuple(link(f"https://{host}/{number}") for number, host in enumerate(hosts))
    assert [each.written for each in refused_in_html(ops, HOME)] == ["a.example", "b.example"]
    assert first_code(refused_in_html((Text("<form>"), *ops), HOME)) == "HB613"


def test_a_campaign_with_a_foreign_link_is_refused(configuration: Configuration) -> None:
    configuration.campaign(
        message='{email: {subject: "Hi", body: "<p><a href=\'https://evil.example/x\'>go</a></p>"}}'
    )
    finding = configuration.compile().only()
    assert finding.code == "HB611"
    assert "evil.example" in finding.message


@pytest.mark.parametrize(
    ("css", "code"),
    [
        ("background: url(https://shop.example/a.png)", None),
        ("background: url('https://sub.shop.example/a.png')", None),
        ("background: url(a.png)", "HB596"),
        ("clip-path: url(#round)", None),
        ("background: url()", None),
        ("background: url(data:image/png;base64,AA==)", None),
        ("background: url(https://evil.example/a.png)", "HB611"),
        ("background: url(//evil.example/a.png)", "HB612"),
        (r"background: u\72l(https://evil.example/a.png)", "HB611"),
        ("background: url(javascript:alert(1))", "HB612"),
        ("width: expression(alert(1))", "HB613"),
        ("behavior: url(a.htc)", "HB613"),
        ("-moz-binding: url(https://shop.example/a)", "HB613"),
    ],
)
def test_styles(css: str, code: str | None) -> None:
    assert html(f'<p style="{css}">x</p>') == code
    assert html(f"<style>p {{ {css} }}</style>") == code
    assert html(f"<!--[if mso]><style>p {{ {css} }}</style><![endif]-->") == code


def test_fonts_from_elsewhere() -> None:
    assert html("<style>@import 'https://fonts.example/a.css';</style>") == "HB611"
    assert html("<p>@import 'https://fonts.example/a.css'</p>") is None


def test_choices_in_styles() -> None:
    chosen = Call(
        Operation.IF,
        (
            Field(("customer", "gold"), BoolType()),
            Const(StringType(30), "https://evil.example/"),
            Const(StringType(30), "red"),
        ),
        StringType(30),
    )
    hole = Put(chosen, Escape.HTML_ATTRIBUTE)
    assert html('<p style="background: url(', hole, ')">x</p>') == "HB611"
    value = Put(Field(("customer", "name"), StringType(99)), Escape.HTML_ATTRIBUTE)
    assert html('<p style="background: url(', value, ')">x</p>') == "HB612"


def test_values_behind_the_host() -> None:
    value = Put(Field(("customer", "name"), StringType(99)), Escape.URL)
    assert html('<a href="https://shop.example/p/', value, '">x</a>') is None
    assert html('<a href="https://evil.example/?q=', value, '">x</a>') == "HB611"
    assert html('<a href="https://shop.example', value, '">x</a>') == "HB612"


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("/sale", "{{ brand.site }}/sale"),
        ("?x=1", "{{ brand.site }}/?x=1"),
        ("sale", "{{ brand.site }}/sale"),
        ("../../a.png", "{{ brand.site }}/a.png"),
        ("./a/../b", "{{ brand.site }}/a/../b"),
    ],
)
def test_a_link_without_a_domain_is_told_with_what_to_write(written: str, hint: str) -> None:
    (refused,) = refused_in_html((link(written),), HOME)
    assert refused.code == "HB596"
    assert f"`{written}` names no website" in refused.message
    assert refused.hint == f"{hint}, or an address that begins with https://"


@pytest.mark.parametrize("written", ["www.other.example/a", "shop.example", "Shop.example?a=b"])
def test_a_domain_without_its_scheme_is_told_the_scheme(written: str) -> None:
    (refused,) = refused_in_html((link(written),), HOME)
    assert (refused.code, refused.hint) == ("HB596", f"https://{written}")


def test_pictures_without_an_address_are_none() -> None:
    assert html('<td background="">x</td>') is None
    assert html('<img src="logo.png">') == html('<img srcset="a.png 1x, b.png 2x">') == "HB596"
