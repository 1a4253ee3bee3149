"""Where the thing under the cursor is written down."""

from __future__ import annotations

import pytest
from aimed_world import BLUEPRINT, MJML, SAMPLES, WINBACK, around, marked

from handbill.editor.aim import aim_at
from handbill.editor.definition import definition

TEST = "tenants/fresh-fields/tests/winback.yaml"


def at(text: str, path: str = WINBACK) -> str | None:
    plain, offset = marked(text)
    aim = aim_at(plain, offset, around(path))
    found = definition(aim, around(path)) if aim else None
    return str(found) if found else None


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("uses: win¦back", WINBACK, "blueprints/winback/blueprint.yaml:1:1"),
        ("offer: come¦back", WINBACK, "blueprints/winback/offers/comeback.yaml:1:1"),
        ("offer: [{use: basket¦-10}]", WINBACK, "tenants/fresh-fields/offers/basket-10.yaml:1:1"),
        ("category: promo¦tions", WINBACK, "handbill.yaml:3:3"),
        ("message: {email: {template: double¦-points.mjml}}", WINBACK, f"{MJML}:1:1"),
        ("message: {email: {template: group/rec¦all.mjml}}", WINBACK,
         "groups/harvest-co/templates/recall.mjml:1:1"),
        ('{% include "platform/email/ba¦se.mjml" %}', MJML,
         "channels/email/templates/base.mjml:1:1"),
        ("audience: customer.st¦ore is defined", WINBACK, "schemas/customer.schema.json:63:5"),
        ("audience: customer.store.ci¦ty == 'x'", WINBACK, None),
        ("with: {disc¦ount: 3}", WINBACK, "blueprints/winback/blueprint.yaml:3:3"),
        ('message: {email: {subject: "{{ params.disc¦ount }}"}}', WINBACK,
         "blueprints/winback/blueprint.yaml:3:3"),
        ('message: {email: {subject: "{{ params.disc¦ount }}"}}', BLUEPRINT,
         "blueprints/winback/blueprint.yaml:3:3"),
        ("message:\n  email:\n    sub¦ject: x", WINBACK, "blueprints/winback/blueprint.yaml:14:5"),
        ("group: harv¦est-co", "tenants/fresh-fields/tenant.yaml",
         "groups/harvest-co/group.yaml:1:1"),
        ("campaign: win¦back", TEST, f"{WINBACK}:1:1"),
        ("customers: {a: {persona: regu¦lar}}", TEST, "personas/regular.yaml:1:1"),
        ("uses: nothing¦", WINBACK, None),
        ("message: {email: {template: nothing¦.mjml}}", WINBACK, None),
        ("audience: customer.nothing¦", WINBACK, None),
        ("<p>{{ brand.si¦te }}", MJML, "tenants/fresh-fields/tenant.yaml"),
        ("priority: 5¦0", WINBACK, None),
    ],
)  # fmt: skip
def test_definitions(text: str, path: str, expected: str | None) -> None:
    found = at(text, path)
    if expected is None or expected.count(":") == 2:
        if "store.ci" in text:
            assert found is not None
            assert found.startswith("schemas/data/stores.schema.json:")
            return
        assert found == expected
    else:
        assert found is not None
        assert found.startswith(f"{expected}:")


def test_a_computed_field_leads_to_its_rule() -> None:
    fields = SAMPLES / "tenants/fresh-fields/fields.yaml"
    name = next(
        line.strip().partition(":")[0].removeprefix("customer.").strip()
        for line in fields.read_text().splitlines()
        if line.startswith("customer.")
    )
    found = at(f"audience: customer.{name}¦")
    assert found is not None
    assert found.startswith("tenants/fresh-fields/fields.yaml:")
