"""An outline of a plan's bytes is the outline of the plan, and nothing else passes for one."""

from __future__ import annotations

import msgspec
import pytest
from corner_shop import Shop

from handbill.plan.canonical import ObjectError, canonical_bytes, digest_of
from handbill.plan.outline import outline_of, outline_of_bytes
from handbill_runtime.errors import PlanFault
from handbill_runtime.stages.outline import refuse_foreign_format


@pytest.mark.parametrize(
    "change", [{}, {"starts": "2026-12-01T00:00", "priority": 7}, {"variants": ()}]
)
def test_bytes_and_plan_have_one_outline(shop: Shop, change: dict[str, object]) -> None:
    plan = msgspec.structs.replace(shop.plan("points").plan, **change)
    data = canonical_bytes(plan)
    outline = outline_of_bytes(data, digest_of(data))
    assert outline == outline_of(plan, digest_of(data))
    assert outline.late_seconds == max(each.expires_seconds for each in plan.senders.values())


def test_what_is_no_plan_has_no_outline(shop: Shop) -> None:
    tenant = canonical_bytes(shop.compiled().tenant.tenant)
    for data in (tenant, b"", b"{}", b'{"object":"plan","variants":[]}'):
        with pytest.raises(ObjectError):
            outline_of_bytes(data, digest_of(data))


def test_another_format_is_refused_before_anything_is_decoded(shop: Shop) -> None:
    plan = shop.plan("points").plan
    refuse_foreign_format(outline_of(plan, "sha256:"))
    with pytest.raises(PlanFault) as caught:
        refuse_foreign_format(msgspec.structs.replace(outline_of(plan, "sha256:"), operations=99))
    assert caught.value.code == "HB930"
