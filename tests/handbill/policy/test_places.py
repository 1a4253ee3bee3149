from __future__ import annotations

from policy_world import HELLO, TENANT, campaign, compiled, tenant_file

from handbill.policy.places import CHANGED_AT, WRITTEN_AT, Places
from handbill.policy.vocabulary import CHANGE_RECORD, PLAN_RECORD


def test_every_place_is_of_a_field() -> None:
    assert set(WRITTEN_AT) <= set(PLAN_RECORD.fields)
    assert set(CHANGED_AT) <= set(CHANGE_RECORD.fields)


def test_the_line_that_decides() -> None:
    places = Places(compiled({HELLO: campaign(more="priority: 9\n")}).repository)
    hello = places.named("fresh-fields", "hello")
    assert hello.file == HELLO
    assert str(places.of(hello, [("plan", "priority")])) == f"{HELLO}:5:11"
    assert str(places.of(hello, [("plan", "holdout")])) == f"{HELLO}:1:1"
    assert str(places.of(hello, [("change", "audience", "growth")])) == f"{HELLO}:4:11"
    assert str(places.of_campaign(hello, ["window", "trigger"])) == f"{HELLO}:3:10"


def test_what_another_file_decides_is_shown_at_the_campaigns_first_line() -> None:
    group = {
        TENANT: tenant_file("group: g\n"),
        "groups/g/group.yaml": "name: G\n",
        "groups/g/campaigns/hello.yaml": campaign(more="priority: 9\n"),
        "groups/g/templates/hello.html": "<p>{{ brand.postal_address }}</p>",
        HELLO: "status: paused\n",
    }
    places = Places(compiled(group).repository)
    hello = places.named("fresh-fields", "hello")
    found = places.of(hello, [("plan", "priority")])
    assert found is not None and found.line in (1, 5)


def test_a_store_knows_no_places() -> None:
    places = Places(None)
    subject = places.named("fresh-fields", "hello")
    assert subject.file == "" and places.of(subject) is None
