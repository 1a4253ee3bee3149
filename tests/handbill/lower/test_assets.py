"""Pictures by their paths: found, judged, named by their bytes, and bound only when a mail is written."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from pictures import GIF, png

from handbill.language.templates.asset_paths import SYMBOLIC
from handbill.lower.assets import MAX_BYTES, assets_of, bound
from handbill.plan.ir import Branch, Const, Escape, Field, For, If, Local, Op, Put, Text
from handbill.plan.row import compile_template
from handbill.plan.types import BoolType, ListType, StringType

HERO = png(600, 200)
NAME = f"{hashlib.sha256(HERO).hexdigest()}.png"
ROOT = "tenants/fresh-fields"
FOOT = '<p>{{ brand.postal_address }} <a href="{{ unsubscribe_url }}">Stop</a></p>'
CONTEXT = {("unsubscribe_url",): "https://u.example/u", ("assets_url",): "https://cdn.example"}
Compile = Callable[..., Any]


@pytest.fixture
def mail(configuration: Any) -> Compile:
    """Compiles a mail of this HTML beside these files."""

    def compiled(html: str, files: Mapping[str, bytes | str] | None = None) -> Any:
        template = {f"{ROOT}/templates/hello.html": html + FOOT}
        return configuration.lay({**template, **(files or {})}).compile()

    return compiled


def html_of(outcome: Any) -> str:
    plan = outcome.plan()
    ops = plan.variants[0].messages["main"]["email"].locales["en-US"]["html"]
    return compile_template(ops, plan.fields)((None,) * len(plan.fields), CONTEXT)


def test_a_picture_is_named_by_its_bytes(mail: Compile) -> None:
    outcome = mail('<img src="assets/hero.png" alt="">', {f"{ROOT}/assets/hero.png": HERO})
    assert f'<img src="https://cdn.example/{NAME}" alt="">' in html_of(outcome)
    assert outcome.plan().assets == (NAME,)
    assert outcome.tenant().assets == (NAME,)
    release = outcome.compiled.release
    assert dict(release.assets) == {NAME: HERO}
    assert (len(release.assets), release.assets[NAME]) == (1, HERO)


def test_the_same_bytes_are_one_picture(mail: Compile) -> None:
    html = '<img src="assets/a.png" alt=""><img src="assets/b.png" alt="">'
    outcome = mail(html, {f"{ROOT}/assets/a.png": HERO, f"{ROOT}/assets/b.png": HERO})
    assert outcome.plan().assets == (NAME,)


def test_a_path_starts_where_it_was_written(mail: Compile, configuration: Any) -> None:
    other = png(10, 10)
    outcome = mail(
        '{% include "platform/email/part.html" %}<img src="platform/email/assets/a.png" alt="">'
        '<img src="assets/a.png" alt=""><img src="platform/assets/a.png" alt="">',
        {
            "channels/email/templates/part.html": '<img src="assets/a.png" alt="part">',
            "channels/email/assets/a.png": other,
            f"{ROOT}/assets/a.png": HERO,
            "assets/a.png": GIF_AS_PNG,
        },
    )
    shown = html_of(outcome)
    part = f'<img src="https://cdn.example/{hashlib.sha256(other).hexdigest()}.png" alt="part">'
    assert part in shown
    assert len(outcome.plan().assets) == 3


GIF_AS_PNG = png(7, 7)


def test_constants_may_be_part_of_a_path(mail: Compile, configuration: Any) -> None:
    configuration.campaign(with_="{hero: hero.png}")
    html = '<img src="assets/{{ params.hero }}" alt="">'
    outcome = mail(html, {f"{ROOT}/assets/hero.png": HERO})
    assert outcome.plan().assets == (NAME,)


def test_only_what_is_shown_is_part_of_a_plan(mail: Compile) -> None:
    outcome = mail("<p>Hi</p>", {f"{ROOT}/assets/hero.png": HERO, f"{ROOT}/assets/x.svg": "<svg/>"})
    assert outcome.plan().assets == ()


def test_drafts_bring_no_pictures_into_a_release(mail: Compile, configuration: Any) -> None:
    configuration.campaign(status="draft")
    outcome = mail('<img src="assets/hero.png" alt="">', {f"{ROOT}/assets/hero.png": HERO})
    assert outcome.tenant().assets == ()
    assert dict(outcome.compiled.release.assets) == {}


@pytest.mark.parametrize(
    ("path", "files", "code", "hint"),
    [
        ("assets/heroo.png", {"hero.png": HERO}, "HB490", "did you mean assets/hero.png?"),
        ("assets/Hero.png", {"hero.png": HERO}, "HB490", "did you mean assets/hero.png?"),
        ("assets/hero.png", {}, "HB490", f"put the file there: {ROOT}/assets/hero.png"),
        ("assets/a.svg", {"a.svg": "<svg/>"}, "HB491", "save it as .png"),
        ("assets/a.bmp", {"a.bmp": "BM"}, "HB491", "save it as .png"),
        ("assets/a.png", {"a.png": "<svg/>"}, "HB492", "save it again"),
        ("assets/a.png", {"a.png": HERO[:20]}, "HB492", "save it again"),
        ("assets/a.png", {"a.png": GIF}, "HB492", f"rename it to {ROOT}/assets/a.gif"),
        ("assets/a.png", {"a.png": HERO + b"x" * MAX_BYTES}, "HB493", "make it smaller"),
        ("assets/a.png", {"a.png": png(5000, 1)}, "HB493", "make it smaller"),
        ("assets/../tenant.yaml", {}, "HB494", f"{ROOT}/assets/tenant.yaml"),
        ("assets//a.png", {"a.png": HERO}, "HB494", f"{ROOT}/assets/a.png"),
    ],
)
def test_what_is_wrong_with_a_picture(
    mail: Compile, path: str, files: Mapping[str, bytes], code: str, hint: str
) -> None:
    laid = {f"{ROOT}/assets/{name}": data for name, data in files.items()}
    finding = mail(f'<p></p>\n<img src="{path}" alt="">', laid).only()
    assert (finding.code, finding.range.line, finding.range.column) == (code, 2, 11)
    assert finding.hint.startswith(hint)


def test_a_capital_letter_is_said(mail: Compile) -> None:
    found = mail('<img src="assets/Hero.png" alt="">', {f"{ROOT}/assets/hero.png": HERO}).only()
    assert "capital letters count" in found.message


def test_a_picture_is_no_link(mail: Compile) -> None:
    html = '<a href="assets/hero.png">See</a>'
    assert mail(html, {f"{ROOT}/assets/hero.png": HERO}).only().code == "HB498"


def test_a_symbolic_address_means_nothing_by_itself(mail: Compile) -> None:
    """What no path led to is bound to nothing, and leads nowhere."""
    outcome = mail('<img src="https://asset.invalid/x.png" alt="">')
    assert "https://asset.invalid/x.png" in html_of(outcome)
    assert outcome.plan().assets == ()


# ── operations ───────────────────────────────────────────────────────────────────────────────────

URL = Put(Field(("assets_url",), StringType(60, "link")), Escape.HTML_ATTRIBUTE)


def test_addresses_are_bound_wherever_they_stand() -> None:
    text = Text(f"a {SYMBOLIC}{NAME} b")
    hole, yes = Put(Const(StringType(1), "x"), Escape.NONE), Const(BoolType(), True)
    items = Const(ListType(StringType(1), 1), ("a",))
    ops: tuple[Op, ...] = (
        hole,
        If((Branch(yes, (text,)),), (text,)),
        For("i", items, 1, (text, Put(Local("i", StringType(1)), Escape.NONE)), (text,)),
    )
    want = (Text("a "), URL, Text(f"/{NAME} b"))
    first, choice, loop = bound(ops, Escape.HTML_ATTRIBUTE)
    assert first == hole
    assert isinstance(choice, If) and (choice.branches[0].body, choice.otherwise) == (want, want)
    assert isinstance(loop, For) and (loop.body[:3], loop.otherwise) == (want, want)
    assert bound((Text(f"{SYMBOLIC}{NAME}"),), Escape.HTML_ATTRIBUTE) == (URL, Text(f"/{NAME}"))


def test_names_are_found_in_every_branch(mail: Compile) -> None:
    html = (
        '{% if customer.tier is defined %}<img src="assets/a.png" alt="">'
        '{% else %}<img src="assets/b.png" alt="">{% endif %}'
        "{% for each in customer.departments | default([]) %}"
        '<img src="assets/c.png" alt="{{ each }}">{% endfor %}'
    )
    files = {f"{ROOT}/assets/{name}.png": png(size, 1) for size, name in enumerate("abc", 1)}
    html = html.replace("customer.departments | default([])", "customer.departments")
    html = "{% if customer.departments is defined %}" + html + "{% endif %}"
    plan = mail(html, files).plan()
    assert len(plan.assets) == 3
    assert assets_of(plan.variants) == plan.assets
