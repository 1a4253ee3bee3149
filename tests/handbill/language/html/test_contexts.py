"""Where holes stand, and which HTML is out of order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.language.html.contexts import scan_html
from handbill.language.html.findings import Problem, ProblemKind, Surroundings


def surroundings(html: str) -> list[Surroundings]:
    """`hb0p`, `hb1p`, … in order."""
    holes = scan_html(html, "hb").holes
    return [holes[number].surroundings for number in sorted(holes)]


def problems(html: str) -> list[tuple[ProblemKind, str]]:
    return [(each.kind, html[each.start : each.end]) for each in scan_html(html, "hb").problems]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>hb0p</p>", Surroundings.TEXT),
        ("hb0p", Surroundings.TEXT),
        ("<title>a hb0p</title>", Surroundings.TEXT),
        ("<textarea>hb0p</textarea>", Surroundings.TEXT),
        ('<p title="x hb0p">a</p>', Surroundings.ATTRIBUTE),
        ('<img alt = "hb0p">', Surroundings.ATTRIBUTE),
        ('<a href="hb0p">a</a>', Surroundings.URL),
        ('<p style="color:hb0p">a</p>', Surroundings.STYLE_ATTRIBUTE),
        ("<style>a{color:hb0p}</style>", Surroundings.STYLE_ELEMENT),
        ('<meta content="hb0p">', Surroundings.SETTING),
        ('<p onclick="hb0p">a</p>', Surroundings.CODE),
        ("<p title='hb0p'>a</p>", Surroundings.SINGLE_QUOTED),
        ("<p title=hb0p>a</p>", Surroundings.UNQUOTED),
        ("<p title=xhb0p>a</p>", Surroundings.UNQUOTED),
        ("<p hb0p>a</p>", Surroundings.ATTRIBUTE_NAME),
        ('<p hb0p="x">a</p>', Surroundings.ATTRIBUTE_NAME),
        ('<p data-hb0p="x">a</p>', Surroundings.ATTRIBUTE_NAME),
        ("<hb0p>", Surroundings.TAG_NAME),
        ("<bhb0p>", Surroundings.TAG_NAME),
        ("<b></hb0p>", Surroundings.TAG_NAME),
        ("<!-- hb0p -->", Surroundings.COMMENT),
        ("<!hb0p>", Surroundings.COMMENT),
        ("<?hb0p>", Surroundings.COMMENT),
        ("</ hb0p>", Surroundings.COMMENT),
        ("<!DOCTYPE hb0p>", Surroundings.TAG_NAME),
        ("<script>hb0p</script>", Surroundings.SCRIPT),
        ("<xmp>hb0p</xmp>", Surroundings.RAW_TEXT),
        ("<iframe>hb0p</iframe>", Surroundings.RAW_TEXT),
        ("<plaintext>hb0p", Surroundings.RAW_TEXT),
        ('<p title="hb0p', Surroundings.UNFINISHED),
        ("<!--[if mso]><td>hb0p</td><![endif]-->", Surroundings.TEXT),
        ('<!--[if gte mso 9]><v:rect href="hb0p"/><![endif]-->', Surroundings.URL),
        ("<!--[if mso]><!-- hb0p --><![endif]-->", Surroundings.COMMENT),
    ],
)
def test_where_a_hole_stands(html: str, expected: Surroundings) -> None:
    assert surroundings(html) == [expected]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a &hb0p</p>", [(ProblemKind.HALF_REFERENCE, "&")]),
        ("<p>a &#xhb0p</p>", [(ProblemKind.HALF_REFERENCE, "&#x")]),
        ('<p title="&lhb0p">a</p>', [(ProblemKind.HALF_REFERENCE, "&l")]),
        ('<a href="https://x/?a&hb0p=1">a</a>', [(ProblemKind.HALF_REFERENCE, "&")]),
        ('<a href="https://x/?a&b=hb0p">a</a>', []),
        ("<p>&amp;hb0p & hb1p &lt;hb2p</p>", []),
        ("<!--[if mso]>hb0p><![endif]-->", [(ProblemKind.COMMENT_END, "hb0p>")]),
        ("<!--[if mso]>hb0phb1p-!><![endif]-->", [(ProblemKind.COMMENT_END, "hb0phb1p-!>")]),
        ('<!--[if mso]><b title="hb0p">hb1p</b><![endif]-->', []),
        ("<p>hb0p></p>", []),
        ('<p ONCLICK="x()">a</p>', [(ProblemKind.RUNS_CODE, '<p ONCLICK="x()">')]),
        ('<p onclick="hb0p">a</p>', []),
    ],
)
def test_what_a_value_would_finish(html: str, expected: list[tuple[ProblemKind, str]]) -> None:
    assert problems(html) == expected


def test_a_reference_that_spells_a_mark_is_noticed() -> None:
    holes = scan_html('<a href="hb0phb1p" title="&#104;b0phb2p">x</a>', "hb").holes
    assert [holes[number].nth for number in (0, 1, 2)] == [0, 1, -1]


def test_several_holes_of_one_tag() -> None:
    html = '<a title="hb0phb1p" href="https://x/hb2p" class=hb3p>hb4p</a>'
    assert surroundings(html) == [
        Surroundings.ATTRIBUTE,
        Surroundings.ATTRIBUTE,
        Surroundings.URL,
        Surroundings.UNQUOTED,
        Surroundings.TEXT,
    ]
    scan = scan_html(html, "hb")
    assert (scan.holes[2].element, scan.holes[2].attribute) == ("a", "href")
    assert scan.holes[2].value == "https://x/hb2p"
    assert [address.value for address in scan.addresses] == ["https://x/hb2p"]


@pytest.mark.parametrize(
    ("html", "kind", "under"),
    [
        ("<p><b>x</p>", ProblemKind.MISNESTED, "</p>"),
        ("<div>", ProblemKind.UNCLOSED, "<div>"),
        ("a</b>", ProblemKind.STRAY_END, "</b>"),
        ("<p>a</b></p>", ProblemKind.STRAY_END, "</b>"),
        ("<p/>", ProblemKind.SELF_CLOSED, "<p/>"),
        ("</br>", ProblemKind.STRAY_END, "</br>"),
        ("hb0o<p>hb1nhb2c</p>", ProblemKind.UNCLOSED_IN_BRANCH, "<p>"),
        ("<p>hb0o</p>hb1n</p>hb2c", ProblemKind.CLOSED_FROM_OUTSIDE, "</p>"),
        ("<ul>hb0o<li>xhb1nhb2c</ul>", ProblemKind.UNCLOSED_IN_BRANCH, "<li>"),
        ("<title>a<hb0p</title>", ProblemKind.LESS_THAN, "<"),
        ("<p title=\"a\"class='b'>x</p>", ProblemKind.MALFORMED, "<p title=\"a\"class='b'>x</p>"),
        ("<!--[if mso]><td><![endif]-->", ProblemKind.UNCLOSED, "<td>"),
    ],
)
def test_html_out_of_order(html: str, kind: ProblemKind, under: str) -> None:
    assert problems(html) == [(kind, under)]


@pytest.mark.parametrize(
    "html",
    [
        "<p>a<br>b<img src='x'><input></p>",
        "<svg><path d='x'/><g><circle/></g></svg>",
        "hb0o<p>a</p>hb1n<b>c</b>hb2c",
        "<table>hb0o<tr><td>a</td></tr>hb1nhb2c</table>",
        "<title>hb0oahb1nbhb2c</title>",
        "<!--[if mso]><table><tr><td><![endif]--><p>a</p><!--[if mso]></td></tr></table><![endif]-->",
        "<!--[if !mso]><!--><div><!--<![endif]--><!--[if !mso]><!--></div><!--<![endif]-->",
        "<![if !mso]><b>a</b><![endif]>",
        "<!--[if mso]><v:rect href='x'/><o:p/><![endif]-->",
        "<!--[if mso]>hb0o<p>a</p>hb1nhb2c<![endif]-->",
        "<!--[if !mso]><div><![endif]-->",
        "a < b & c > d",
    ],
)
def test_html_in_order(html: str) -> None:
    assert problems(html) == []


def test_outlook_sees_other_html() -> None:
    html = "<!--[if mso]><td><![endif]-->hb0o<!--[if mso]></td><![endif]-->hb1nhb2c"
    (problem,) = scan_html(html, "hb").problems
    assert problem.outlook and problem.kind is ProblemKind.CLOSED_FROM_OUTSIDE


@pytest.mark.parametrize(
    ("html", "where"),
    [
        ("<p hb0oclass='x'hb1nhb2c>a</p>", Surroundings.ATTRIBUTE_NAME),
        ('<p class="hb0oxhb1nhb2c">a</p>', Surroundings.ATTRIBUTE),
        ("<style>hb0oxhb1nhb2c</style>", Surroundings.STYLE_ELEMENT),
        ("<!-- hb0oxhb1nhb2c -->", Surroundings.COMMENT),
        ("hb0o<hb1nhb2cb>", Surroundings.TAG_NAME),
    ],
)
def test_control_flow_stands_between_tags(html: str, where: Surroundings) -> None:
    found = [each for each in scan_html(html, "hb").problems if each.mark is not None]
    assert found[0].kind is ProblemKind.MISPLACED_TURN
    assert found[0].surroundings is where


HTML = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<b ", ">", '"', "'", "=", "x", " ", "<", "/", "<!--", "-->", "<title>",
         "</title>", "<style>", "</style>", "<script>", "</script>", "href", "<!--[if mso]>",
         "<![endif]-->", "&", "HOLE", "OPEN", "NEXT", "CLOSE"]
    ),
    max_size=25,
)  # fmt: skip


@given(HTML)
def test_every_hole_is_placed_and_nothing_crashes(parts: list[str]) -> None:
    letters = {"HOLE": "p", "OPEN": "o", "NEXT": "n", "CLOSE": "c"}
    marks = 0
    html, holes = "", []
    for part in parts:
        if part in letters:
            if part == "HOLE":
                holes.append(marks)
            html += f"hb{marks}{letters[part]}"
            marks += 1
        else:
            html += part
    scan = scan_html(html, "hb")
    assert sorted(scan.holes) == holes
    assert all(isinstance(problem, Problem) for problem in scan.problems)
