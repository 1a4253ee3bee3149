from __future__ import annotations

from collections.abc import Callable

import pytest

from handbill.resolve.layers import Layer
from handbill.resolve.permission import (
    check_patterns,
    closure_of,
    enforce_closure,
    enforce_locks,
    locks_of,
)
from handbill.resolve.writes import campaign_writes
from handbill.source.located import LocatedDocument

Parse = Callable[[str, str], LocatedDocument]
BLUEPRINT = """\
open: [message.email.subject, with]
reentry: never
message: {email: {subject: "Hi", body: "Long"}}
"""


def closed(parse: Parse, text: str, blueprint: str = BLUEPRINT) -> list[tuple[str, str]]:
    """(code, place) of what the blueprint refuses in a campaign."""
    own = parse("blueprints/b/blueprint.yaml", blueprint)
    campaign = parse("tenants/t/campaigns/c.yaml", text)
    writes = [
        *campaign_writes(own, (), Layer.BLUEPRINT, "blueprints/b"),
        *campaign_writes(campaign, (), Layer.CAMPAIGN, "tenants/t"),
    ]
    allowed, found = enforce_closure(writes, closure_of("b", own, "blueprints/b"))
    assert len(allowed) + len(found) == len(writes)
    return [(each.message, str(each.range)) for each in found]


def test_what_is_open_may_be_written_and_what_only_tightens(parse: Parse) -> None:
    assert not closed(
        parse,
        """\
        uses: b
        status: active
        owner: crm
        description: mine
        tags: [a]
        starts: 2026-12-01T00:00
        ends: 2026-12-31T00:00
        was: [old]
        with: {discount: 5}
        message: {email: {subject: {en: "Hello"}}}
        audience: {exclude: {staff: customer.staff}}
        limits: {per_customer: 1 per 1 day, quiet_hours: {sms: "20:00-09:00"}}
        holdout: 10%
        """,
    )


def test_everything_else_is_closed_and_both_lines_are_named(parse: Parse) -> None:
    assert closed(
        parse, "reentry: always\nmessage: {email: {body: 'Short'}, sms: {body: 'Hi'}}"
    ) == [
        (
            "`reentry` is fixed by the blueprint (blueprints/b/blueprint.yaml:2)",
            "tenants/t/campaigns/c.yaml:1:1",
        ),
        (
            "`message.email.body` is fixed by the blueprint (blueprints/b/blueprint.yaml:3)",
            "tenants/t/campaigns/c.yaml:2:19",
        ),
        (
            "`message.sms.body` is not open in the blueprint b (blueprints/b/blueprint.yaml:1)",
            "tenants/t/campaigns/c.yaml:2:41",
        ),
    ]


def test_a_null_needs_to_be_allowed_as_well(parse: Parse) -> None:
    assert [message for message, _ in closed(parse, "message: null")] == [
        "`message` is fixed by the blueprint (blueprints/b/blueprint.yaml:3)"
    ]


def test_only_parameters_are_open_where_a_blueprint_opens_nothing(parse: Parse) -> None:
    blueprint = "category: promotions\nparams: {x: {type: integer}}\n"
    assert not closed(parse, "with: {x: 1}", blueprint)
    assert [place for _, place in closed(parse, "window: '09:00-20:00'", blueprint)] == [
        "tenants/t/campaigns/c.yaml:1:1"
    ]


def locked(parse: Parse, lock: str, text: str, layer: Layer = Layer.CAMPAIGN) -> list[str]:
    group = parse("groups/g/group.yaml", f"lock: [{lock}]")
    document = parse("tenants/t/campaigns/c.yaml", text)
    writes = list(campaign_writes(document, (), layer, "tenants/t"))
    allowed, found = enforce_locks(writes, locks_of(group, Layer.GROUP, "groups/g"))
    assert len(allowed) + len(found) == len(writes)
    assert all(each.code == "HB411" for each in found)
    assert all(str(each.related[0].range) == "groups/g/group.yaml:1:8" for each in found)
    return [each.message for each in found]


@pytest.mark.parametrize(
    ("lock", "text", "refused"),
    [
        ("reentry", "reentry: never", ["reentry"]),
        ("limits", "limits: {quiet_hours: {sms: '20:00-09:00'}}", ["limits.quiet_hours.sms"]),
        ("limits.per_customer", "limits: {quiet_hours: {sms: '20:00-09:00'}}", []),
        ("message.*.subject", "message: {email: {subject: 'Hi'}}", ["message.email.subject"]),
        ("message.email.subject", "message: {email: {body: 'Hi'}}", []),
        ("message.email.subject", "message: {email: null}", ["message.email"]),
        ("audience.exclude", "audience: {exclude: {a: customer.b}}", ["audience.exclude.a"]),
    ],
)
def test_a_lock_closes_its_path_and_all_below(
    parse: Parse, lock: str, text: str, refused: list[str]
) -> None:
    assert locked(parse, lock, text) == [
        f"`{path}` is locked (groups/g/group.yaml:1)" for path in refused
    ]


def test_a_lock_does_not_reach_the_layers_above_it(parse: Parse) -> None:
    assert not locked(parse, "reentry", "reentry: never", Layer.BLUEPRINT)


def test_a_lock_does_not_close_its_own_file(parse: Parse) -> None:
    tenant = parse("tenants/t/tenant.yaml", "lock: [reentry]\nblueprints: {b: {reentry: never}}")
    locks = locks_of(tenant, Layer.TENANT, "tenants/t")
    own = list(campaign_writes(tenant, ("blueprints", "b"), Layer.CAMPAIGN, "tenants/t"))
    assert enforce_locks(own, locks) == (own, [])


@pytest.mark.parametrize(
    ("path", "code", "hint"),
    [
        ("trigger.cron", "HB415", "list `trigger`"),
        ("message.email.subject.en-US", "HB415", "list `message.email.subject`"),
        ("reentri", "HB416", "did you mean `reentry`?"),
        ("limits.quiet", "HB416", "did you mean `limits.quiet_hours`?"),
        ("timezone", "HB416", "paths look like"),
    ],
)
def test_paths_that_close_nothing_are_refused(
    parse: Parse, path: str, code: str, hint: str
) -> None:
    (found,) = check_patterns("lock", parse("handbill.yaml", f"lock: [{path}]"))
    assert found.code == code
    assert found.hint is not None and found.hint.startswith(hint)
    assert str(found.range) == "handbill.yaml:1:8"


@pytest.mark.parametrize(
    "path",
    ["limits", "limits.quiet_hours.sms", "categories.*.class", "brand.colors.primary", "message",
     "messages.main.email", "audience.exclude.staff", "with.discount", "experiment"],
)  # fmt: skip
def test_paths_of_fields_are_taken(parse: Parse, path: str) -> None:
    assert not check_patterns("lock", parse("handbill.yaml", f"lock: [{path}]"))
