"""Changes of small configurations, written as files laid over the base of the golden cases, and judged."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from handbill.diff.compare import compare_releases
from handbill.diff.model import AudienceChange, AudienceCounts, Entry, ReleaseDiff, Subject
from handbill.diff.sides import OpenSide, open_folder
from handbill.language.reasoning.reasoner import Reasoner
from handbill.pipeline import Compiled
from handbill.policy.model import Review
from handbill.policy.released import JudgedPlan, each_plan
from handbill.policy.review import judge
from handbill.policy.written import WrittenPolicy, read_policies

BASE = Path(__file__).parents[2] / "golden" / "base"
PLATFORM = "handbill.yaml"
TENANT = "tenants/fresh-fields/tenant.yaml"
HELLO = "tenants/fresh-fields/campaigns/hello.yaml"
SHOP = "tenants/corner-shop"
AT = datetime.datetime(2026, 11, 24, 12)
CATEGORIES = """\
categories:
  promotions: {class: marketing}
  service: {class: transactional}
"""
Files = Mapping[str, str | None]


def campaign(
    audience: str = "customer.lifetime_orders >= 1",
    subject: str = "Double points this weekend",
    trigger: str = "{at: 2026-12-05T10:00}",
    status: str = "active",
    more: str = "",
    message: str = "",
) -> str:
    said = message or f'  email: {{subject: "{subject}", template: hello.html}}\n'
    return (
        f"category: promotions\nstatus: {status}\ntrigger: {trigger}\n"
        f"audience: {audience}\n{more}message:\n{said}"
    )


def platform(*policies: str, more: str = "") -> str:
    """handbill.yaml with policies, each a line of YAML."""
    listed = "".join(f"  - {each}\n" for each in policies)
    return CATEGORIES + (f"policies:\n{listed}" if policies else "") + more


def tenant_file(more: str = "") -> str:
    return (BASE / TENANT).read_text("utf-8") + more


def another_shop(more: str = "") -> dict[str, str]:
    """A second tenant with a campaign of its own, `news`."""
    stores = (BASE / "tenants/fresh-fields/data/stores.csv").read_text("utf-8")
    return {
        f"{SHOP}/tenant.yaml": tenant_file(more).replace("Fresh Fields Market", "Corner Shop"),
        f"{SHOP}/data/stores.csv": stores,
        f"{SHOP}/campaigns/news.yaml": campaign(
            message='  email: {subject: "News", body: "<p>Hi</p>"}\n'
        ),
    }


def opened(files: Files, label: str = "a side") -> OpenSide:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "configuration"
        shutil.copytree(BASE, folder)
        for file, text in files.items():
            target = folder / file
            if text is None:
                target.unlink(missing_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return open_folder(folder, label)


def compiled(files: Files) -> Compiled:
    found = opened(files).compiled
    assert found is not None
    return found


def plan(files: Files, name: str = "hello", tenant: str = "fresh-fields") -> JudgedPlan:
    made = compiled(files)
    assert made.release is not None
    plans = dict(each_plan(made.release))
    assert (tenant, name) in plans, made.diagnostics
    return plans[tenant, name]


def policy(when: str, level: str = "warn", more: str = "") -> WrittenPolicy:
    text = f'{{name: a-policy, when: "{when}", level: {level}{more}}}'
    made = compiled({PLATFORM: platform(text)})
    assert made.repository is not None and made.repository.platform is not None
    assert made.documents is not None, made.diagnostics
    (found,), mistakes = read_policies(made.repository.platform, made.documents.documents[PLATFORM])
    assert not mistakes, mistakes
    return found


@dataclass(frozen=True)
class Change:
    """From `before` to `before` with `after` laid over it."""

    before: Files
    after: Files

    @cached_property
    def base(self) -> OpenSide:
        return opened(self.before, "base")

    @cached_property
    def head(self) -> OpenSide:
        return opened({**self.before, **self.after}, "head")

    @cached_property
    def diff(self) -> ReleaseDiff:
        with Reasoner() as reasoner:
            return compare_releases(self.base, self.head, reasoner, at=AT)

    def judged(
        self,
        approved_by: Sequence[str] = (),
        changed: Sequence[str] | None = None,
        diff: ReleaseDiff | None = None,
        count: Callable[[Subject], AudienceCounts | None] | None = None,
    ) -> Review:
        paths = tuple(self.after) if changed is None else changed
        counts = None if count is None else Counted(count)
        return judge(diff or self.diff, self.base, self.head, paths, approved_by, counts)

    def counted(self, before: int, after: int) -> ReleaseDiff:
        """The diff, with these counts at each audience that changes."""
        return with_counts(self.diff, counts(before, after))


@dataclass(frozen=True)
class Counted:
    """What the command line hands in: counts by subject."""

    count: Callable[[Subject], AudienceCounts | None]

    def counts(self, base: OpenSide, head: OpenSide, subject: Subject) -> AudienceCounts | None:
        return self.count(subject)


def counts(before: int, after: int) -> AudienceCounts:
    return AudienceCounts(
        before=before,
        after=after,
        joining=max(after - before, 0),
        leaving=max(before - after, 0),
        reached_before=before,
        reached_after=after,
    )


def with_counts(diff: ReleaseDiff, made: AudienceCounts) -> ReleaseDiff:
    entries = tuple(_counted(entry, made) for entry in diff.entries)
    return msgspec.structs.replace(diff, entries=entries)


def _counted(entry: Entry, made: AudienceCounts) -> Entry:
    aspects = tuple(
        msgspec.structs.replace(each, counts=made) if isinstance(each, AudienceChange) else each
        for each in entry.aspects
    )
    return msgspec.structs.replace(entry, aspects=aspects)


def codes(review: Review) -> list[tuple[str, str]]:
    return [(each.code, each.severity.value) for each in review.diagnostics]
