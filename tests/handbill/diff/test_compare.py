from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from diff_world import AT, BASE, CAMPAIGN, HELLO, SECOND, campaign, changed, compared, many, side
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.diff.compare import compare_releases
from handbill.diff.model import (
    Aspect,
    AudienceChange,
    AudienceCounts,
    ContentChange,
    Entry,
    Rendering,
    SettingsChange,
    Subject,
    TimingChange,
)
from handbill.diff.protocols import Hands
from handbill.diff.sides import OpenSide
from handbill.language.reasoning.reasoner import Reasoner
from handbill.plan.canonical import canonical_bytes, digest_of

PLATFORM = (BASE / "handbill.yaml").read_text("utf-8")
TENANT = (BASE / "tenants/fresh-fields/tenant.yaml").read_text("utf-8")
STRICTER = PLATFORM.replace("4 per 7", "2 per 7")
STORES = "tenants/fresh-fields/data/stores.csv"
OPPOSITE = {"started": "stopped", "stopped": "started", "added": "removed", "removed": "added"}
TURNED = {"widened": "narrowed", "narrowed": "widened"}
EDITS = {
    "a stricter cap": {"handbill.yaml": PLATFORM.replace("4 per 7", "2 per 7")},
    "another subject": {HELLO: campaign(("Double points", "Triple points"))},
    "fewer customers": {HELLO: campaign((">= 1", ">= 9"))},
    "other customers": {HELLO: campaign(("customer.lifetime_orders >= 1", "everyone"))},
    "later": {HELLO: campaign(("2026-12-05", "2026-12-06"))},
    "paused": {HELLO: campaign(("active", "paused"))},
    "a draft": {HELLO: campaign(("active", "draft"))},
    "gone": {HELLO: None},
    "a second one": {SECOND: campaign(("Double", "Second"))},
    "a second one, paused": {SECOND: campaign(("active", "paused"))},
    "renamed": {
        HELLO: None,
        "tenants/fresh-fields/campaigns/twice.yaml": campaign(more="was: [hello]\n"),
    },
    "an experiment": {
        HELLO: campaign(
            more="experiment:\n  variants:\n    a: {weight: 1}\n"
            '    b: {weight: 1, message: {email: {subject: "Bonus points"}}}\n'
        )
    },
    "an experiment by another name": {
        HELLO: campaign(
            more="experiment:\n  name: warmth\n  variants:\n    a: {weight: 1}\n"
            '    b: {weight: 1, message: {email: {subject: "Bonus points"}}}\n'
        )
    },
    "another zone": {
        "tenants/fresh-fields/tenant.yaml": TENANT.replace("America/New_York", "America/Chicago")
    },
    "a row": {STORES: (BASE / STORES).read_text("utf-8").replace("Riverfront", "Harbor")},
}
SIDES = {name: side(edits) for name, edits in EDITS.items()} | {"nothing": side()}


@given(st.sampled_from(sorted(SIDES)))
@settings(max_examples=len(SIDES))
def test_a_side_does_not_differ_from_itself(name: str) -> None:
    diff = compared(SIDES[name], side(EDITS.get(name, {})))
    assert (diff.entries, diff.shared, diff.changed) == ((), (), 0)
    assert diff.identical == diff.plans


@given(st.sampled_from(sorted(SIDES)), st.sampled_from(sorted(SIDES)))
@settings(max_examples=40)
def test_swapped_sides_give_the_same_the_other_way_round(one: str, other: str) -> None:
    there, back = compared(SIDES[one], SIDES[other]), compared(SIDES[other], SIDES[one])
    assert Counter(map(_forwards, there.entries)) == Counter(map(_backwards, back.entries))
    assert (there.plans, there.identical) == (back.plans, back.identical)
    assert len(there.shared) == len(back.shared)


@given(st.sampled_from(sorted(SIDES)), st.sampled_from(sorted(SIDES)))
@settings(max_examples=40)
def test_each_plan_that_differs_is_told_once_with_what_differs(one: str, other: str) -> None:
    diff = compared(SIDES[one], SIDES[other])
    subjects = [subject for entry in diff.entries for subject in entry.subjects]
    assert len(subjects) == diff.changed
    assert diff.changed + diff.identical == diff.plans
    assert all(subject.before != subject.after for subject in subjects)
    assert all(entry.aspects for entry in diff.entries)
    assert all(each.before != each.after for entry in diff.entries for each in _fields(entry))


def _fields(entry: Entry) -> list[Any]:
    return [field for aspect in entry.aspects for field in getattr(aspect, "fields", ())]


def _forwards(entry: Entry) -> bytes:
    return msgspec.json.encode((entry.kind, sorted(map(_aspect, entry.aspects))))


def _backwards(entry: Entry) -> bytes:
    kind = OPPOSITE.get(entry.kind, entry.kind)
    return msgspec.json.encode((kind, sorted(_aspect(_turned(each)) for each in entry.aspects)))


def _aspect(aspect: Aspect) -> str:
    """What both directions must agree in: names of fields in any order, no examples."""
    match aspect:
        case AudienceChange():
            answers = [each.answer for each in (aspect.lost, aspect.gained, aspect.kept)]
            clauses = sorted((each.name, each.before, each.after) for each in aspect.clauses)
            return repr((aspect.relation, answers, clauses))
        case ContentChange():
            return repr((aspect.message, aspect.channel, aspect.where))
        case TimingChange():
            return repr((_sorted(aspect.fields), aspect.next_before, aspect.next_after))
        case SettingsChange():
            return repr((aspect.about, _sorted(aspect.fields)))


def _sorted(fields: Any) -> list[tuple[str, str, str]]:
    return sorted((each.field, each.before, each.after) for each in fields)


def _turned(aspect: Aspect) -> Aspect:
    replace = msgspec.structs.replace
    match aspect:
        case AudienceChange(relation=relation, lost=lost, gained=gained):
            clauses = tuple(replace(c, before=c.after, after=c.before) for c in aspect.clauses)
            turned = TURNED.get(relation, relation)
            return replace(aspect, relation=turned, lost=gained, gained=lost, clauses=clauses)
        case ContentChange():
            return aspect
        case TimingChange():
            return replace(
                aspect,
                fields=_swapped(aspect),
                next_before=aspect.next_after,
                next_after=aspect.next_before,
            )
        case SettingsChange():
            return replace(aspect, fields=_swapped(aspect))


def _swapped(aspect: TimingChange | SettingsChange) -> Any:
    replace = msgspec.structs.replace
    return tuple(replace(each, before=each.after, after=each.before) for each in aspect.fields)


# ── what is told ─────────────────────────────────────────────────────────────────────────────────


def test_a_reordered_file_changes_nothing() -> None:
    lines = CAMPAIGN.splitlines()
    reordered = "\n".join([*lines[4:], "# a comment", *reversed(lines[:4])]) + "\n"
    assert compared({}, {HELLO: reordered}).entries == ()


def test_a_default_of_the_platform_shows_at_every_campaign_once() -> None:
    second = {SECOND: campaign(("Double", "Second"))}
    diff = compared(second, {**second, **EDITS["a stricter cap"]})
    (entry,) = diff.entries
    assert [each.campaign for each in entry.subjects] == ["hello", "second"]
    (limits,) = entry.aspects
    assert isinstance(limits, SettingsChange) and limits.about == "limits"
    assert [(each.before, each.after) for each in limits.fields] == [
        ("4 per 7 days", "2 per 7 days")
    ]
    assert (diff.plans, diff.changed, diff.identical) == (2, 2, 0)


def test_a_campaign_that_narrows_says_who_leaves() -> None:
    (audience,) = changed(campaign((">= 1", ">= 9"))).aspects
    assert isinstance(audience, AudienceChange)
    assert audience.relation == "narrowed"
    assert audience.lost.customer == {"lifetime_orders": 1}
    assert (audience.gained.answer, audience.gained.customer) == ("no", None)


def test_a_renamed_campaign_is_one() -> None:
    (entry,) = compared({}, EDITS["renamed"]).entries
    assert (entry.kind, entry.subjects[0].campaign) == ("changed", "twice")
    lifecycle = entry.aspects[0]
    assert isinstance(lifecycle, SettingsChange)
    assert [(each.field, each.before, each.after) for each in lifecycle.fields] == [
        ("name", "hello", "twice")
    ]


def test_a_campaign_that_is_renamed_again_is_matched_by_its_oldest_name() -> None:
    twice = {
        HELLO: None,
        "tenants/fresh-fields/campaigns/twice.yaml": campaign(more="was: [hello]\n"),
    }
    thrice = {
        HELLO: None,
        "tenants/fresh-fields/campaigns/thrice.yaml": campaign(more="was: [hello, twice]\n"),
    }
    (entry,) = compared(twice, thrice).entries
    assert (entry.kind, entry.subjects[0].campaign) == ("changed", "thrice")


def test_an_experiment_by_another_name_assigns_anew() -> None:
    before, after = SIDES["an experiment"], SIDES["an experiment by another name"]
    ((experiment,),) = (entry.aspects for entry in compared(before, after).entries)
    assert isinstance(experiment, SettingsChange)
    assert [(each.field, each.after) for each in experiment.fields] == [
        ("experiment.name", "warmth")
    ]


def test_a_tenant_with_errors_is_not_said_to_be_unchanged() -> None:
    diff = compared({}, {HELLO: campaign(("lifetime_orders", "lifetime_order"))})
    assert (diff.entries, diff.not_compared) == ((), ("fresh-fields",))
    assert (diff.plans, diff.identical) == (0, 0)


def test_types_that_are_declared_otherwise_are_told_as_data() -> None:
    schema = (BASE / "schemas/customer.schema.json").read_text("utf-8")
    wider = schema.replace('"first_name": {"type": "string", "maxLength": 40}',
                           '"first_name": {"type": "string", "maxLength": 50}')  # fmt: skip
    assert wider != schema
    entry = compared({}, {"schemas/customer.schema.json": wider}).entries[0]
    (data,) = entry.aspects
    assert isinstance(data, SettingsChange) and data.about == "data"
    assert [(each.field, each.after) for each in data.fields] == [
        ("customer.first_name", "a text of at most 50 characters")
    ]


def test_plans_that_only_another_compiler_made_differ_in_their_form() -> None:
    base = SIDES["nothing"]
    (entry,) = compared(base, _compiled_otherwise(base)).entries
    (form,) = entry.aspects
    assert isinstance(form, SettingsChange) and form.about == "data"
    (told,) = form.fields
    assert told.field == "compiled form" and told.before != told.after


def _compiled_otherwise(side: OpenSide) -> OpenSide:
    """The side as a compiler with other tables of letters would make it."""
    tenant, plan = side.tenant("fresh-fields"), side.plan("fresh-fields", "hello")
    assert tenant is not None and plan is not None
    replace, objects = (
        msgspec.structs.replace,
        dict(side.packs(side.release.tenants["fresh-fields"])),
    )
    made = canonical_bytes(replace(plan, cases=f"{plan.cases}9"))
    owner = canonical_bytes(replace(tenant, plans={"hello": digest_of(made)}))
    objects |= {digest_of(made): made, digest_of(owner): owner}
    release = replace(side.release, tenants={"fresh-fields": digest_of(owner)})
    return OpenSide(side.about, release, lambda root: objects, side.drafts, side.compiled)


# ── what is handed in ────────────────────────────────────────────────────────────────────────────


class Given:
    """Renderings and counts that are known beforehand, and of whom they were asked."""

    def __init__(self) -> None:
        self.counted: list[str] = []

    def renderings(
        self, side: OpenSide, subject: Subject, message: str, channel: str
    ) -> tuple[Rendering, ...]:
        text = f"{side.about.label} {subject.campaign}"
        return (Rendering(persona="ann", variant="only", channel=channel, locale="en-US",
                          parts={"subject": text}),)  # fmt: skip

    def counts(self, base: OpenSide, head: OpenSide, subject: Subject) -> AudienceCounts | None:
        self.counted.append(subject.campaign)
        return AudienceCounts(
            before=9, after=8, joining=0, leaving=1, reached_before=7, reached_after=6
        )


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_several_processes_say_what_one_says(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of them leaves undone what it was given."""
    monkeypatch.setattr("handbill.diff.compare.AT_ONCE", at_once)
    fewer, later = campaign((">= 1", ">= 9")), campaign(("12-05", "12-08"), ("Double", "Triple"))
    base, head = side(many(6)), side({**many(6, fewer, later), "handbill.yaml": STRICTER})
    asked: list[int] = []

    def work(jobs: Sequence[Callable[[], bytes]]) -> list[bytes | None]:
        asked.append(len(jobs))
        return [job() if place != 1 else None for place, job in enumerate(jobs)]

    with Reasoner() as reasoner:
        alone = compare_releases(base, head, reasoner, at=AT)
    with Reasoner() as reasoner:
        found = compare_releases(base, head, reasoner, at=AT, hands=Hands(work, 3))
    assert found == alone
    assert asked == [min(3, -(-7 // at_once))], "the base's own retailer is the seventh"
    assert sum(len(entry.subjects) for entry in found.entries) == found.changed == 7
    assert any(
        isinstance(each, AudienceChange) for entry in found.entries for each in entry.aspects
    )


def test_how_it_is_divided_changes_no_more_than_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = campaign((">= 1", ">= 9"), ("12-05", "12-08"))
    base, head = side(many(5)), side({**many(5, fewer), "handbill.yaml": STRICTER})
    whole = compared(base, head)
    monkeypatch.setattr("handbill.diff.compare.AT_ONCE", 2)
    assert compared(base, head) == whole


def test_what_personas_see_and_how_many_there_are_is_filled_in() -> None:
    both = (("Double points", "Triple points"), (">= 1", ">= 9"))
    base = side({SECOND: CAMPAIGN}, "base")
    head = side({HELLO: campaign(*both), SECOND: campaign(*both)}, "head")
    given = Given()
    with Reasoner() as reasoner:
        diff = compare_releases(base, head, reasoner, at=AT, previews=given, counts=given)
    (entry,) = diff.entries
    (content,) = (each for each in entry.aspects if isinstance(each, ContentChange))
    (audience,) = (each for each in entry.aspects if isinstance(each, AudienceChange))
    (pair,) = content.pairs
    assert pair.before is not None and pair.before.parts == {"subject": "base hello"}
    assert pair.after is not None and pair.after.parts == {"subject": "head hello"}
    assert audience.counts is not None and audience.counts.leaving == 1
    assert given.counted == ["hello"], "of two that change alike the first"


def test_without_them_there_are_none() -> None:
    entry = changed(campaign(("Double", "Triple"), (">= 1", ">= 9")))
    (content,) = (each for each in entry.aspects if isinstance(each, ContentChange))
    (audience,) = (each for each in entry.aspects if isinstance(each, AudienceChange))
    assert (content.pairs, audience.counts) == ((), None)
