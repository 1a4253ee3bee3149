"""Any template that is accepted is inert, also one that nobody would write.

Templates are put together at random of what matters to a reader of HTML and of addresses. Most are
refused; whatever is not must read the same for a hostile customer as for a harmless one.
"""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Callable

from browser_addresses import read_address
from hypothesis import given, settings
from hypothesis import strategies as st
from read_back import ADDRESSES, HARMLESS, Node, read_page

from handbill.language.expressions.checked import value_of
from handbill.language.scope import ConstantRoot, Scope, ValueRoot
from handbill.language.template import TemplateKind, compile_template
from handbill.plan.ir import Field
from handbill.plan.row import compile_template as row_template
from handbill.plan.types import StringType
from handbill.source.text import SourceText

HOLE = "{{ note }}"
PIECES = [
    HOLE, HOLE, HOLE, "a", " ", "'", '"', "=", ">", "<", "/", "?", "#", "&", ";", "%", ".", ":", "@", "\\",
    "https://", "{{ site }}", "{{ site ~ '/' ~ note }}", "//", "www.", "javascript:", "mailto:", "%2e", "&#", "&lt",
    "<p>", "</p>", '<p title="', "<p title='", "<p title=", '<a href="', "</a>", '<img src="', '">', "'>", "<!--", "-->",
    "<!--[if mso]>", "<![endif]-->", "<!--[if !mso]><!-->", "<!--<![endif]-->", "<title>", "</title>", "<style>", "</style>", "<script>", "</script>",
    "<svg>", "</svg>", "<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>", '<td background="', '<v:rect href="', "<textarea>", "</textarea>",
    "{% if gold == 'x' %}", "{% else %}", "{% endif %}",
]  # fmt: skip
SENTENCES = [
    f"<p>{HOLE}</p>", f'<p title="{HOLE}">', f'<a href="{{{{ site }}}}/{HOLE}">a</a>', f"{{{{ site }}}}/{HOLE} ",
    f"<title>{HOLE}</title>", f'<td background="{{{{ site }}}}/{HOLE}?a={HOLE}"></td>', f"<!--[if mso]>{HOLE}<![endif]-->",
    f'<img src="{{{{ site }}}}{HOLE}">', f"<p>{{{{ site }}}}/.{HOLE}{HOLE}/{HOLE}</p>", "</p>", f'<a href="{{{{ site }}}}/.{HOLE}{HOLE}#{HOLE}">a</a>',
    f'<a title="{HOLE}" href="https:\\\\a.example?{HOLE}={HOLE}&amp;{HOLE}">{HOLE}</a>', f'<a href="{{{{ site }}}}/%2e{HOLE}/%{HOLE}">a</a>',
    f'<!--[if mso]><v:rect href="{{{{ site }}}}/{HOLE}" alt="{HOLE}">{HOLE}-</v:rect><![endif]-->',
]  # fmt: skip
VALUES = [
    "<img src=x onerror=alert(1)>", '"><script>alert(1)</script>', "' onclick=alert(1) '", "` onclick=alert(1)",
    "-->", "--", "-", "..", ".", "", "/", "//evil.example", "\\\\evil.example", "@evil.example", ".evil.example/", ":80@evil.example/",
    "javascript:alert(1)", "https://evil.example", "?a=b", "#a", "&lt;", "lt;b>", "#60;", "2e", "2f", "%2e%2e", " onclick=alert(1)", "=x",
    "</title><b>", "</style><b>", "</textarea><b>", "<![endif]--><b>", "]>", "\0", "\r\n", "\u202e", "{{ 1 }}", "hb0p",
]  # fmt: skip
TEMPLATES = st.lists(
    st.sampled_from(PIECES) | st.sampled_from(SENTENCES), min_size=1, max_size=7
).map("".join)
TEXT = StringType(60)
SCOPE = Scope(
    {
        "site": ConstantRoot("https://shop.example"),
        "note": ValueRoot(value_of(Field(("note",), TEXT), TEXT)),
        "gold": ValueRoot(value_of(Field(("gold",), TEXT), TEXT)),
    }
)


class NoFiles:
    """Nothing to include."""

    def load(self, name: str, from_file: str) -> SourceText | None:
        return None

    def suggest(self, name: str, from_file: str) -> str | None:
        return None


def renderer(template: str, kind: TemplateKind) -> Callable[[str, str], str] | None:
    if kind is TemplateKind.HTML:
        template = f"<!doctype html><html><head></head><body>{template}</body></html>"
    source = SourceText.of_file("t.html", template)
    compiled = compile_template(source, SCOPE, kind, NoFiles())  # type: ignore[arg-type]
    if compiled.ops is None:
        return None
    function = row_template(compiled.ops, ())
    today = datetime.date(2026, 12, 5)

    def render(note: str, gold: str) -> str:
        return function((), {("note",): note, ("gold",): gold, ("run", "date"): today})

    return render


@settings(max_examples=500)
@given(TEMPLATES)
def test_pages(template: str) -> None:
    render = renderer(template, TemplateKind.HTML)
    if render is None:
        return
    for gold in ("x", "y") if "gold" in template else ("x",):
        harmless = outline(read_page(render(HARMLESS, gold)))
        for value in VALUES:
            assert outline(read_page(render(value, gold))) == harmless, (value, render(value, gold))


def test_enough_of_them_are_accepted() -> None:
    dice = random.Random(20261205)
    drawn = [
        "".join(dice.choices(PIECES + SENTENCES * 4, k=dice.randint(1, 4))) for _ in range(400)
    ]
    accepted = [each for each in drawn if renderer(each, TemplateKind.HTML) is not None]
    assert len(accepted) >= 60
    assert sum(HOLE in each and "href" in each for each in accepted) >= 15
    assert sum(renderer(each, TemplateKind.TEXT) is not None for each in drawn) >= 60


@settings(max_examples=500)
@given(TEMPLATES)
def test_addresses(template: str) -> None:
    render = renderer(template, TemplateKind.URL)
    if render is None or "note" not in template:
        return
    harmless = read_address(render(HARMLESS, "x"))
    for value in VALUES:
        found = read_address(render(value, "x"))
        assert (found.host, len(found.path)) == (harmless.host, len(harmless.path)), value
        assert (found.query is None, found.fragment is None) == (
            harmless.query is None, harmless.fragment is None,
        )  # fmt: skip


@settings(max_examples=500)
@given(TEMPLATES)
def test_texts(template: str) -> None:
    """Whoever makes links of a text finds the same hosts in it, whatever is put in."""
    render = renderer(template, TemplateKind.TEXT)
    if render is None:
        return
    for gold in ("x", "y"):
        count = render("", gold).count("\n")
        for value in (
            "..",
            "/",
            "@evil.example",
            ".evil.example",
            "\\evil",
            " ",
            "%",
            "?",
            "#",
            "\n",
        ):
            text = render(value, gold)
            assert text.count("\n") == count
            assert hosts(text) == hosts(render(HARMLESS, gold)), (value, text)


def hosts(text: str) -> list[str]:
    """Of what begins with https:// in the text, as far as programs take it for a host."""
    return re.findall(r"https://([^\s/\\?#<>\"]*)", text)


def outline(nodes: list[Node]) -> list[object]:
    """Elements, attributes, and where addresses lead, without what is said."""
    found: list[object] = []
    for node in nodes:
        match node:
            case ("#text", _):
                continue
            case ("#comment", list(inside)):
                found.append(["comment", outline(inside)])
            case ("#comment" | "#doctype", text):
                found.append([node[0], text])
            case (name, attributes, children):
                names = [key for key, _ in attributes]
                leads = [lead(value) for key, value in attributes if key in ADDRESSES]
                found.append([name, names, leads, outline(children)])
    return found


def lead(address: str) -> object:
    try:
        found = read_address(address)
    except ValueError:
        return "nowhere"
    return (found.host, len(found.path), found.query is None, found.fragment is None)


def test_outlines_tell_pages_apart() -> None:
    one = '<a href="https://x.example/a">b</a>'
    for other in ("<b>b</b>", one.replace("x.", "y."), one.replace("/a", "/a/b"), f"{one}<!-- -->"):
        assert outline(read_page(one)) != outline(read_page(other))
    assert outline(read_page(one)) == outline(read_page(one.replace("/a", "/c")))
