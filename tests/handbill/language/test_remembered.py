"""What is remembered of a layout from one retailer and campaign to the next changes nothing.

Mails with the same text and other constants are compiled one after another, and each again with
nothing remembered. A memory whose key leaves something out is planted, and must be noticed.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_world import UTM, document
from template_world import SCOPE, Templates

from handbill.language import template
from handbill.language.expressions.checked import value_of
from handbill.language.html import escape_html, events, text_links, text_part
from handbill.language.html.text_part import derive_text
from handbill.language.mail import link_tags, mjml
from handbill.language.mail.settings import LinkTags, MailSettings
from handbill.language.scope import ConstantRoot, Scope, ValueRoot
from handbill.language.template import CompiledTemplate, TemplateKind, compile_template
from handbill.language.templates import values
from handbill.lower import links
from handbill.lower.links import refused_in_html
from handbill.plan.ir import Const
from handbill.plan.types import StringType
from handbill.source.text import SourceText

BODY = (
    "<p>{{ tenant.name }}: {{ customer.name }} {% if customer.gold %}{{ params.word }}{% else %}you"
    '{% endif %}</p><a href="{{ brand.site }}/{{ params.word }}">{{ params.word }}</a>'
    '<p style="color:{{ brand.color }}">https://fresh.example/{{ customer.id }}</p>'
    '<a href="{{ unsubscribe_url }}">Stop</a>'
)
LAYOUTS = {
    "main.html": f'<html><head><style>p {{ margin: 0 }}</style></head><body>{BODY}<img src="https://fresh.example/a" alt="{{{{ params.word }}}}"></body></html>',
    "styled.html": '<p style="background:url(https://other.example/x.png)">{{ params.word }}</p><p style="width:expression(1)">{{ brand.site }}</p>',
    "main.mjml": document(f"<mj-section><mj-column><mj-text>{BODY}</mj-text></mj-column></mj-section>"),
    "other.mjml": document(f"<mj-section><mj-column><mj-text>More.</mj-text><mj-text>{BODY}</mj-text></mj-column></mj-section>"),
}  # fmt: skip
WORDS = ("Milk", "hb1p", "<b>&amp; more", "https://other.example/x", " two  words ", "é\n", "")


def made(
    file: str, word: str, color: str = "#1a7f37", tags: LinkTags = UTM, text: str | None = None
) -> CompiledTemplate:
    """The mail of a retailer with this word and colour."""
    constants = {
        "params": ConstantRoot({"word": word}),
        "brand": ConstantRoot({"site": "https://fresh.example", "color": color}),
        "preheader": ValueRoot(value_of(Const(StringType(1), "!"), StringType(1))),
    }
    scope = Scope({**SCOPE.roots, **constants})
    source = SourceText.of_file(f"t/{file}", text or LAYOUTS[file])
    mail = MailSettings(tags=tags, alt_text=True)
    return compile_template(source, scope, TemplateKind.HTML, Templates({}), mail=mail)


def forget() -> None:
    """Everything that the language and lowering remember."""
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper) and _is_ours(each):
            each.cache_clear()


def _is_ours(memory: object) -> bool:
    module = getattr(memory, "__module__", "")
    return module.startswith(("handbill.language.", "handbill.lower."))


Looks = Sequence[tuple[str, str, str, LinkTags]]
TENANTS: Looks = (
    ("main.mjml", "Milk", "#1a7f37", UTM),
    ("main.mjml", "Two words", "#000000", LinkTags()),
    ("main.mjml", "Milk", "#1a7f37", LinkTags()),
    ("main.mjml", "hb", "#1a7f37", UTM),
    ("other.mjml", "Milk", "#1a7f37", UTM),
    ("main.html", "Milk", "#1a7f37", UTM),
    ("main.html", "https://fresh.example", "#1a7f37", UTM),
    ("styled.html", "Milk", "#1a7f37", UTM),
)


def judged(look: tuple[str, str, str, LinkTags]) -> tuple[object, ...]:
    mail = made(*look)
    refused = refused_in_html(mail.page, ("fresh.example",))
    return mail.ops, mail.text, mail.diagnostics, mail.links, refused


def judged_alone(look: tuple[str, str, str, LinkTags]) -> tuple[object, ...]:
    forget()
    return judged(look)


def differences(looks: Looks, alone: Sequence[tuple[object, ...]]) -> list[int]:
    """Those that come out otherwise after the others than by themselves."""
    forget()
    found = []
    for place, look in enumerate(looks):
        try:
            same = judged(look) == alone[place]
        except (
            AssertionError,
            KeyError,
            IndexError,
            ValueError,
            TypeError,
        ):  # of what was read wrongly
            same = False
        if not same:
            found.append(place)
    return found


def test_every_look_is_a_mail() -> None:
    assert all(judged(look)[0] for look in TENANTS)


def test_a_layout_may_be_shared_in_any_order() -> None:
    for looks in permutations(TENANTS[1:6], 3):
        assert differences(looks, [judged_alone(look) for look in looks]) == []


@pytest.mark.parametrize(
    ("module", "name", "key"),
    [
        (events, "_read", lambda text, prefix: prefix),
        (escape_html, "scan_html", lambda text, prefix: prefix),
        (mjml, "parse_mjml", lambda text, prefix: prefix),
        (mjml, "convert_mjml", lambda written, prefix: written.style),
        (link_tags, "_links_of", lambda text: text[:5]),
        (text_links, "_after_text", lambda reading, text, html: html),
        (template, "compose_mail", lambda drafts, settings, whole, mjml: (settings, mjml)),
        (template, "compose_mail", lambda drafts, settings, whole, mjml: (drafts, mjml)),
        (links, "_noted", lambda text: len(text) > 300),
        (links, "_runs", bool),
        (links, "_addresses_in", bool),
        (values, "_text", len),
        (text_part, "_derived", len),
    ],
)
def test_a_key_that_is_too_narrow_is_noticed(
    module: object, name: str, key: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[object, object] = {}
    make = getattr(module, name)

    def remembered(*arguments: object, **named: object) -> object:
        asked = key(*arguments, **named)
        if asked not in known:
            known[asked] = make(*arguments, **named)
        return known[asked]

    by_themselves = [judged_alone(look) for look in TENANTS]
    monkeypatch.setattr(module, name, remembered)
    assert differences(TENANTS, by_themselves)


@given(st.sampled_from(sorted(LAYOUTS)), st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_constants_that_stand_apart_are_read_as_what_is_sent(
    file: str, word: str, more: str
) -> None:
    """The text part and the links of a mail are the same, read off one or the other."""
    text = LAYOUTS[file].replace("</p>", f" {more and '{{ params.word }}'}</p>")
    mail = made(file, word, text=text)
    if mail.ops is not None:
        assert derive_text(mail.page) == derive_text(mail.ops)
        domains = ("fresh.example",)
        assert refused_in_html(mail.page, domains) == refused_in_html(mail.ops, domains)
