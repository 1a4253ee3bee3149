"""What campaigns compile to outlives a change of the platform's defaults, and no change of anything
else; and what is laid under known plans is what a cold compile would have made."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "source"))

from edited_retailers import Edits, write_retailers

from handbill.diagnostics.diagnostic import Diagnostic, Related, SourceRange
from handbill.diagnostics.order import in_order
from handbill.incremental import platform_defaults
from handbill.incremental.build import Builder
from handbill.incremental.cache import Cache
from handbill.incremental.platform_defaults import is_apart
from handbill.incremental.records import CampaignRecord
from handbill.pipeline import Compiled, compile_tree
from handbill.resolve import settle
from handbill.resolve.model import OwnLimits
from handbill.source.working_tree import open_working_tree

PLATFORM = {
    "categories": "categories:\n  promotions: {class: marketing}\n  service: {class: transactional}\n",
    "limits": "limits: {per_customer: 4 per 7 days}\n",
    "holdout": "holdout: 2%\n",
    "links": 'links: {utm: {utm_source: "handbill", utm_campaign: "{{ campaign.name }}"}}\n',
}
CHOICES = {
    "categories": (
        "categories:\n  promotions: {class: marketing, consent: opt_out}\n"
        "  service: {class: transactional, quiet_hours: {sms: '23:00-05:00'}}\n",
        "categories:\n  service: {class: transactional}\n",
    ),
    "limits": (
        "limits: {per_customer: 2 per 7 days}\n",
        "limits: {per_customer: 9 per 9 days, quiet_hours: {sms: '22:00-06:00'}}\n",
        "limits:\n  # none of both\n  quiet_hours: {email: '01:00-02:00', sms: '22:00-06:00'}\n",
        "limits: {per_customer: often}\n",
        "",
    ),
    "holdout": ("holdout: 7%\n", "", "holdout: 120%\n"),
    "links": ('links: {utm: {utm_source: "bill"}}\n', "", "links: {utm: {utm_source: '{{ cam }}'}}\n"),
    "lock": ("lock: [limits.quiet_hours]\n", "lock: [limits]\n", "lock: [trigger]\n"),
    "owners": ('owners: ["@a/b"]\n', "\n\n"),
}  # fmt: skip
LINKED = """\
category: promotions
status: active
trigger: {at: 2026-12-05T10:00}
audience: customer.lifetime_orders >= 3
message: {email: {subject: "Hello", body: "<p><a href='https://freshfields.example/a'>Go</a></p>"}}
"""
OWN = {
    "capped": "limits: {per_customer: 1 per 2 days, quiet_hours: {email: '20:00-21:00'}}\n",
    "held": "holdout: 5%\n",
    "linked": "",
}
LOOSE = LINKED + "limits: {per_customer: null}\n"


def write(folder: Path) -> None:
    write_retailers(folder)
    write_platform(folder, PLATFORM)
    for name, more in OWN.items():
        (folder / f"tenants/blue/campaigns/{name}.yaml").write_text(LINKED + more)
    recall = folder / "groups/harvest/campaigns/recall.yaml"
    text = recall.read_text().replace("bring it back", "keep it")
    recall.with_name("recalled.yaml").write_text(text)


def write_platform(folder: Path, parts: dict[str, str]) -> None:
    (folder / "handbill.yaml").write_text("".join(parts.values()))


def said(compiled: Compiled) -> tuple[object, ...]:
    """Everything that a build says."""
    release = compiled.release
    if release is None:
        return None, in_order(compiled.diagnostics)
    packs = {root: dict(pack) for root, pack in release.packs.items()}
    drafts = {name: dict(each) for name, each in release.drafts.items()}
    about = (release.digest, release.failed, packs, drafts, dict(release.assets))
    return about, in_order(compiled.diagnostics)


def cold(folder: Path) -> tuple[object, ...]:
    tree, found = open_working_tree(folder)
    assert tree is not None
    return said(compile_tree(tree, found))


class Counting(Cache):
    """Notes which campaigns had to be compiled."""

    missed: set[str]

    def __init__(self, folder: Path) -> None:
        self.missed = set()
        super().__init__(folder)

    def get(self, *parts: str) -> bytes | None:
        found = super().get(*parts)
        if found is None and parts[0] == "content":
            self.missed.add("/".join(parts[1:3]))
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    write(folder)
    return folder


@pytest.fixture
def built(folder: Path, tmp_path: Path) -> Builder:
    builder = Builder(Counting(tmp_path / "cache"))
    builder.folder(folder)
    missed(builder).clear()
    return builder


def missed(builder: Builder) -> set[str]:
    assert isinstance(builder.cache, Counting)
    return builder.cache.missed


@pytest.mark.parametrize("part", ["limits", "holdout", "owners"])
@pytest.mark.parametrize("choice", [0, 1, 2])
def test_a_default_is_laid_under_plans_that_are_known(
    folder: Path, built: Builder, part: str, choice: int
) -> None:
    text = CHOICES[part][choice % len(CHOICES[part])]
    write_platform(folder, PLATFORM | {part: text})
    assert said(built.folder(folder)) == cold(folder)
    assert missed(built) == set()
    assert said(built.folder(folder)) == cold(folder)


def test_what_else_the_platform_says_is_compiled_anew(folder: Path, built: Builder) -> None:
    write_platform(folder, PLATFORM | {"links": CHOICES["links"][0]})
    assert said(built.folder(folder)) == cold(folder)
    assert {"blue/linked", "amber/winback"} <= missed(built)


def test_an_environment_reaches_no_plan(folder: Path, built: Builder) -> None:
    file = next((folder / "environments").glob("*.yaml"))
    file.write_text(file.read_text() + "# another\n")
    assert said(built.folder(folder)) == cold(folder)
    assert missed(built) == set()


@settings(max_examples=5)
@given(seed=st.integers(0, 2**32))
def test_random_edits_of_the_platforms_file(seed: int) -> None:
    chance = random.Random(seed)
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        folder = Path(one)
        write(folder)
        (folder / "tenants/amber/campaigns/loose.yaml").write_text(LOOSE)
        builder = Builder(Cache(Path(other)))
        for _ in range(7):
            parts = dict(PLATFORM)
            for part in chance.sample(sorted(CHOICES), k=chance.choice((0, 1, 1, 2, 3))):
                parts[part] = chance.choice(CHOICES[part])
            order = chance.sample(sorted(parts), k=len(parts))
            write_platform(folder, {part: parts[part] for part in order})
            assert said(builder.folder(folder)) == cold(folder), parts


@settings(max_examples=5)
@given(seed=st.integers(0, 2**32))
def test_random_edits_of_shared_files(seed: int) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        folder = Path(one)
        write(folder)
        edits = Edits(folder, seed)
        everything = edits.files
        edits.files = lambda: [  # type: ignore[method-assign]
            path for path in everything() if "tenants" not in path.parts
        ]
        builder = Builder(Cache(Path(other)))
        for _ in range(6):
            assert said(builder.folder(folder)) == cold(folder), seed
            edits.step()


# ── planted bugs ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("forgotten", "file", "old", "new"),
    [
        (3, "channels/email/channel.yaml", "max: 150", "max: 1"),
        (3, "blueprints/winback/blueprint.yaml", "10:00", "11:00"),
        (3, "handbill.yaml", '"handbill"', '"bill"'),
        (3, "handbill.yaml", "{class: marketing}", "{class: marketing, consent: opt_out}"),
        (3, "tenants/blue/tenant.yaml", "America/New_York", "America/Chicago"),
        (4, "tenants/blue/campaigns/linked.yaml", "Hello", "Good evening"),
    ],
)
def test_a_key_that_leaves_something_out_would_be_caught(
    folder: Path, tmp_path: Path, forgotten: int, file: str, old: str, new: str
) -> None:
    """Of each part of the second key. (The tenant's name stands in its third part as well, in the
    paths of the files; that part is also under what a group's campaigns are listed.)"""

    class Stale(Cache):
        def get(self, *parts: str) -> bytes | None:
            return super().get(*stale(parts))

        def put(self, value: bytes, *parts: str) -> None:
            super().put(value, *stale(parts))

    def stale(parts: tuple[str, ...]) -> tuple[str, ...]:
        left = (*parts[:forgotten], *parts[forgotten + 1 :])
        return left if parts[0] == "content" else parts

    builder = Builder(Stale(tmp_path / "cache"))
    assert said(builder.folder(folder)) == cold(folder)
    path = folder / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    assert said(Builder(Cache(tmp_path / "sound")).folder(folder)) == cold(folder)
    assert said(builder.folder(folder)) != cold(folder)


def test_a_key_without_the_campaigns_name_would_be_caught(folder: Path, tmp_path: Path) -> None:
    """What a group sends has no file of the tenant's own that would tell it apart."""

    class Stale(Cache):
        def get(self, *parts: str) -> bytes | None:
            return super().get(*((*parts[:2], *parts[3:]) if parts[0] == "content" else parts))

        def put(self, value: bytes, *parts: str) -> None:
            super().put(value, *((*parts[:2], *parts[3:]) if parts[0] == "content" else parts))

    builder = Builder(Stale(tmp_path / "cache"))
    builder.folder(folder)
    write_platform(folder, PLATFORM | {"holdout": "holdout: 7%\n"})
    assert said(builder.folder(folder)) != cold(folder)


@pytest.mark.parametrize(
    ("part", "choice"), [("links", 0), ("lock", 2), ("categories", 0), ("categories", 1)]
)
def test_a_part_that_is_read_after_all_would_be_caught(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, choice: int
) -> None:
    apart = platform_defaults.APART | {part}
    monkeypatch.setattr(platform_defaults, "APART", apart)
    builder = Builder(Cache(tmp_path / "cache"))
    builder.folder(folder)
    write_platform(folder, PLATFORM | {part: CHOICES[part][choice]})
    assert said(builder.folder(folder)) != cold(folder)


def test_a_layer_that_takes_limits_away_would_be_missed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_platform(folder, PLATFORM | {"limits": ""})
    (folder / "tenants/blue/campaigns/loose.yaml").write_text(LOOSE)
    for caught in (True, False):
        if not caught:
            monkeypatch.setattr(settle, "removes_limits", lambda _: False)
        write_platform(folder, PLATFORM | {"limits": ""})
        builder = Builder(Cache(tmp_path / str(caught)))
        builder.folder(folder)
        write_platform(folder, PLATFORM)
        assert (said(builder.folder(folder)) == cold(folder)) == caught


def test_what_speaks_of_the_platforms_file_is_not_kept_apart() -> None:
    sound = CampaignRecord(
        in_file=(),
        in_layers=(),
        in_plan=(),
        unreadable={},
        identity=("a", SourceRange("tenants/a/campaigns/a.yaml", 1, 1, 1, 1), ()),
        plan="sha256:1",
        draft=False,
        assets={},
        own_limits=OwnLimits("promotions", (), {}),
    )
    assert is_apart(sound, "handbill.yaml")
    for without in ("plan", "identity", "own_limits"):
        assert not is_apart(msgspec.structs.replace(sound, **{without: None}), "handbill.yaml")
    place = SourceRange("handbill.yaml", 3, 1, 3, 5)
    for found in (
        Diagnostic("HB999", "no", place),
        Diagnostic("HB999", "no", related=(Related("here", place),)),
        Diagnostic("HB999", "it is set at handbill.yaml:3"),
    ):
        for where in ("in_file", "in_layers", "in_plan"):
            record = msgspec.structs.replace(sound, **{where: (found,)})
            assert not is_apart(record, "handbill.yaml")
        record = msgspec.structs.replace(sound, unreadable={"a.html": found})
        assert not is_apart(record, "handbill.yaml")
    elsewhere = Diagnostic("HB999", "no", SourceRange("tenants/a/tenant.yaml", 1, 1, 1, 1))
    assert is_apart(msgspec.structs.replace(sound, in_plan=(elsewhere,)), "handbill.yaml")
