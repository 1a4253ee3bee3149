"""What is shown of the thing under the cursor, and how it is found."""

from __future__ import annotations

import pytest
from aimed_world import BLUEPRINT, MJML, SAMPLES, WINBACK, around, marked

from handbill.editor.aim import aim_at
from handbill.editor.hover import hover


def at(text: str, path: str = WINBACK) -> str | None:
    plain, offset = marked(text)
    aim = aim_at(plain, offset, around(path))
    return hover(aim, around(path)) if aim else None


def test_a_value_with_its_layers() -> None:
    shown = at("uses: winback\nwith: {disc¦ount: 15}\n")
    assert shown == (
        "**with.discount**: a constant\n\n"
        "```text\n"
        "with.discount = 15\n"
        "  blueprint blueprints/winback/blueprint.yaml:3:63  10  (replaced)\n"
        "  group     groups/harvest-co/group.yaml:4:30  10  (replaced)\n"
        "  campaign  tenants/fresh-fields/campaigns/winback.yaml:3:18  15  (takes effect)\n"
        "```"
    )
    assert at("uses: winback\nwith: {discount: 1¦5}\n") == shown


def test_a_field_of_the_vocabulary() -> None:
    assert at("audience: customer.sta¦te == 'VT'") == (
        "**customer.state**: a text, always there\n\nState or province.\n\n"
        "declared at schemas/customer.schema.json:33"
    )


def test_a_filter_as_the_reference_has_it() -> None:
    shown = at("<p>{{ customer.first_name | trunc¦ate(3) }}", MJML)
    assert shown is not None
    assert shown.startswith("**truncate(n)**: at most n characters")
    assert "```text\ncustomer.first_name | truncate(20)\n```" in shown


@pytest.mark.parametrize(
    ("text", "path", "part"),
    [
        ("audience: customer.store is defi¦ned", WINBACK, "whether it is there"),
        ("<p>{{ offer.summ¦ary }}", MJML, "the offer in a few words"),
        ('message: {email: {subject: "{{ params.disc¦ount }}"', WINBACK, "= `15`"),
        ('message: {email: {subject: "{{ tenant.na¦me }}"', WINBACK, "Fresh Fields"),
        ("<p>{{ unsubscribe¦_url }}", MJML, "unsubscribe"),
        ("uses: winb¦ack", WINBACK, "uses = winback"),
        ("priority¦: 3", WINBACK, "by default `50`"),
        ("reen¦try: never", BLUEPRINT, "never"),
        ("message:\n  email:\n    sub¦ject: x", WINBACK, "blueprints/winback/blueprint.yaml:15:7"),
        ("mes¦sage: {}", WINBACK, "message.email.template"),
        ("li¦mits: {}", WINBACK, "limits"),
    ],
)
def test_something_is_said(text: str, path: str, part: str) -> None:
    assert part in (at(text, path) or "")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("¦", WINBACK),
        ("Hello¦", MJML),
        ("<p>{{ customer.nothing¦ }}", MJML),
        ("<p>{{ x | nothing¦ }}", MJML),
        ("nothing¦: 1", WINBACK),
        ("# Handbill¦", "README.md"),
        ('{"type¦": 1}', "schemas/customer.schema.json"),
    ],
)
def test_nothing_is_made_up(text: str, path: str) -> None:
    assert at(text, path) is None


def test_every_place_of_the_samples_is_answered() -> None:
    for path in (WINBACK, BLUEPRINT, MJML, "handbill.yaml", "groups/harvest-co/group.yaml"):
        text = (SAMPLES / path).read_text("utf-8")
        for offset in range(0, len(text), 7):
            aim = aim_at(text, offset, around(path))
            assert aim is None or (hover(aim, around(path)) or "x")
