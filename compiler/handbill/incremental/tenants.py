"""Some tenants compiled, each to a record of its own: only those of their campaigns that changed.

The stages are the pipeline's; what is different is that the campaigns which are remembered are not
among their input, and that what was found is kept by tenant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.incremental.cache import Cache
from handbill.incremental.platform_defaults import PlatformDefaults, is_apart
from handbill.incremental.records import (
    CampaignRecord,
    TenantRecord,
    keep,
    keep_object,
    recall,
    recall_object,
)
from handbill.lower.repository import Workshop, open_workshop
from handbill.lower.tenant import BegunTenant, LoweredCampaign, begin_tenant, lower_campaigns
from handbill.plan.canonical import digest_of
from handbill.plan.model import Digest
from handbill.resolve.resolve import Resolution, TenantOutcome, gathered, resolve_tenants
from handbill.schema.documents import check_documents
from handbill.source.documents import load_documents
from handbill.source.layout import PLATFORM_FILE, tenant_of
from handbill.source.memory import Keys, Memory, Recall, keys_of
from handbill.source.narrowed import NarrowedTree
from handbill.source.tree import SourceTree


@dataclass(frozen=True, slots=True)
class Remembered:
    """A campaign that need not be compiled: its record. The plan's bytes stay where they are.

    `before` is a plan of the same content under other defaults of the platform; the record's is not
    made yet.
    """

    record: CampaignRecord
    before: bytes | None = None

    @property
    def lowered(self) -> LoweredCampaign:
        record = self.record
        return LoweredCampaign(
            None, record.in_plan, record.unreadable, (), record.assets, record.draft, record.plan
        )


def compile_tenants(
    names: Sequence[str],
    tree: SourceTree,
    memory: Memory,
    cache: Cache,
    defaults: PlatformDefaults | None,
    *,
    with_plans: bool = False,
) -> dict[str, TenantRecord]:
    """The records of the tenants `names`. `tree` holds the shared files and all of theirs.

    `with_plans`: a campaign whose plan the cache has lost is compiled again.
    """
    keys = _Keys.of(tree, defaults)
    known = {name: _known(name, keys, cache, with_plans) for name in names}
    changed = _without(tree, known)
    remembered = memory.of(changed)
    loaded, in_files = load_documents(changed, remembered)
    checked, in_schema = check_documents(loaded, remembered)
    resolution = resolve_tenants(checked.documents, checked.places, remembered, known)
    workshop, _ = open_workshop(resolution.repository, changed, remembered)
    assert workshop is not None, "what all tenants share was found sound"
    found = by_owner((*in_files, *in_schema, *resolution.diagnostics))
    made = {
        name: _Tenant(name, known[name], found.get(name, ()), keys, defaults, cache).record(
            resolution, workshop, changed, memory
        )
        for name in names
    }
    memory.forget_unused()
    return made


def owner_of(found: Diagnostic) -> str | None:
    """The tenant that a finding about a single file belongs to."""
    return found.tenant or (tenant_of(f"{found.range.file}/") if found.range else None)


def by_owner(found: Iterable[Diagnostic]) -> dict[str | None, tuple[Diagnostic, ...]]:
    """The findings by tenant; None: what concerns them all."""
    owned: dict[str | None, list[Diagnostic]] = {}
    for each in found:
        owned.setdefault(owner_of(each), []).append(each)
    return {owner: tuple(each) for owner, each in owned.items()}


@dataclass(frozen=True, slots=True)
class _Keys:
    """`whole` of everything that a tenant and a campaign are made from, `apart` of all but the
    defaults of the platform."""

    whole: Keys
    apart: Keys | None

    @classmethod
    def of(cls, tree: SourceTree, defaults: PlatformDefaults | None) -> _Keys:
        return cls(keys_of(tree), keys_of(tree, defaults.content) if defaults else None)

    def of_campaign(self, name: str, campaign: str) -> tuple[str, ...]:
        return _campaign_key("campaign", name, campaign, self.whole)

    def of_content(self, name: str, campaign: str) -> tuple[str, ...]:
        """Empty where there is none."""
        return _campaign_key("content", name, campaign, self.apart) if self.apart else ()

    def of_lists(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Under which the campaigns are listed that have no file of the tenant's own."""
        return tuple(
            ("campaigns", name, keys.tenants[name].rest)
            for keys in (self.whole, self.apart)
            if keys
        )


def _campaign_key(kind: str, name: str, campaign: str, keys: Keys) -> tuple[str, ...]:
    key = keys.tenants[name]
    return kind, name, campaign, key.rest, key.campaigns.get(campaign, "")


def _known(name: str, keys: _Keys, cache: Cache, with_plans: bool) -> dict[str, Remembered]:
    """The tenant's campaigns, its group's among them, that are remembered as they are now."""
    if name not in keys.whole.tenants:
        return {}
    lists = (cache.get(*key) for key in keys.of_lists(name))
    of_group = next((each.decode().split() for each in lists if each is not None), [])
    known: dict[str, Remembered] = {}
    for campaign in dict.fromkeys((*keys.whole.tenants[name].campaigns, *of_group)):
        found = _recalled(name, campaign, keys, cache, with_plans)
        if found is not None:
            known[campaign] = found
    return known


def _recalled(
    name: str, campaign: str, keys: _Keys, cache: Cache, with_plans: bool
) -> Remembered | None:
    record = recall(cache, CampaignRecord, *keys.of_campaign(name, campaign))
    if record is not None:
        lost = with_plans and record.plan and recall_object(cache, record.plan) is None
        return None if lost else Remembered(record)
    content = keys.of_content(name, campaign)
    record = recall(cache, CampaignRecord, *content) if content else None
    before = recall_object(cache, record.plan) if record and record.plan else None
    if record is None or before is None or record.own_limits is None:
        return None
    return Remembered(record, before)


def _without(tree: SourceTree, known: Mapping[str, Collection[str]]) -> SourceTree:
    """The tree without the tenants' own files of campaigns that are known."""
    left_out = {f"tenants/{name}/campaigns/{each}.yaml" for name in known for each in known[name]}
    return NarrowedTree(
        tree, tuple(path for path in tree.paths if path not in left_out), tree.refused
    )


def _file(record: CampaignRecord) -> str:
    return record.identity[1].file if record.identity else ""


@dataclass(frozen=True, slots=True)
class _Tenant:
    """One tenant, its known campaigns, and what was found in its other files by themselves."""

    name: str
    known: Mapping[str, Remembered]
    in_files: tuple[Diagnostic, ...]
    keys: _Keys
    defaults: PlatformDefaults | None
    cache: Cache

    def record(
        self, resolution: Resolution, workshop: Workshop, tree: SourceTree, memory: Memory
    ) -> TenantRecord:
        outcome = resolution.outcomes.get(self.name)
        if outcome is None:
            return TenantRecord(
                in_files=self.in_files,
                in_layers=(),
                in_plans=(),
                digest=None,
                failed=self.name in resolution.repository.failed,
            )
        begun = begin_tenant(outcome.tenant, workshop.shared) if outcome.tenant else None
        in_files = (
            *self.in_files,
            *(f for each in self.known.values() for f in each.record.in_file),
        )
        settled = replace(self, known=self._under_defaults(begun))
        return settled._record(outcome, begun, in_files, workshop, memory.of(tree))

    def _under_defaults(self, begun: BegunTenant | None) -> dict[str, Remembered]:
        """What is known, each with its plan as it is now; nothing of a tenant with nothing to lower
        its campaigns with."""
        known: dict[str, Remembered] = {}
        for name, each in self.known.items():
            own = each.record.own_limits
            if each.before is None:
                known[name] = each
            elif begun is not None and begun.lowering is not None:
                assert self.defaults is not None and own is not None, "else it was not looked for"
                plan = self.defaults.plan(each.before, own, begun.tenant.holdout)
                record = msgspec.structs.replace(each.record, plan=digest_of(plan))
                keep_object(self.cache, digest_of(plan), plan)
                keep(self.cache, record, *self.keys.of_campaign(self.name, name))
                known[name] = Remembered(record)
        return known

    def _record(
        self,
        outcome: TenantOutcome,
        begun: BegunTenant | None,
        in_files: tuple[Diagnostic, ...],
        workshop: Workshop,
        remembered: Recall,
    ) -> TenantRecord:
        fresh = lower_campaigns(begun, remembered) if begun else {}
        fresh = {name: each for name, each in fresh.items() if name not in self.known}
        self._keep_campaigns(outcome, begun, fresh)
        records = self._records(fresh, outcome)
        in_layers = self._in_layers(outcome, records)
        parts = TenantRecord(
            in_files=in_files,
            in_layers=in_layers,
            in_plans=(),
            digest=None,
            failed=True,
            files=_files(records),
            group=(outcome.tenant.group or "") if outcome.tenant else "",
        )
        if begun is None:
            return parts
        known = {name: each.lowered for name, each in self.known.items()}
        lowered, in_plans = begun.finish({**known, **fresh})
        resolved = all(each.record.identity for each in self.known.values())
        sound = outcome.whole and resolved and not has_errors(in_layers)
        wanted = begun.tenant.document.channels.keys()
        if lowered is None or not sound or not workshop.channels.digests.keys() >= wanted:
            return msgspec.structs.replace(parts, in_plans=in_plans)
        for digest, data in lowered.objects.items():
            keep_object(self.cache, digest, data)
        for data in lowered.drafts.values():
            keep_object(self.cache, digest_of(data), data)
        plans = {name: each.plan for name, each in records.items() if each.plan is not None}
        drafts = {name: plan for name, plan in plans.items() if records[name].draft}
        linked = (plan for name, plan in plans.items() if name not in drafts)
        return TenantRecord(
            in_files=in_files,
            in_layers=in_layers,
            in_plans=in_plans,
            digest=lowered.digest,
            failed=False,
            objects=tuple(dict.fromkeys((*linked, *lowered.objects))),
            drafts=drafts,
            assets=dict(lowered.assets),
            files=parts.files,
            group=parts.group,
        )

    def _in_layers(
        self, outcome: TenantOutcome, records: Mapping[str, CampaignRecord]
    ) -> tuple[Diagnostic, ...]:
        in_campaigns = dict(outcome.in_campaigns)
        in_campaigns |= {name: each.record.in_layers for name, each in self.known.items()}
        identities = [each.identity for each in records.values() if each.identity]
        return gathered(self.name, outcome.base, in_campaigns, outcome.own, identities)

    def _records(
        self, fresh: Mapping[str, LoweredCampaign], outcome: TenantOutcome
    ) -> dict[str, CampaignRecord]:
        """Of all campaigns that could be resolved, in the order of their names."""
        known = {name: each.record for name, each in self.known.items()}
        return dict(sorted({**self._of_outcome(outcome, fresh), **known}.items()))

    def _of_outcome(
        self, outcome: TenantOutcome, fresh: Mapping[str, LoweredCampaign]
    ) -> dict[str, CampaignRecord]:
        identities = outcome.identities
        campaigns = outcome.tenant.campaigns if outcome.tenant else {}
        records = {}
        for name, in_layers in outcome.in_campaigns.items():
            made = fresh.get(name)
            file = f"tenants/{self.name}/campaigns/{name}.yaml"
            records[name] = CampaignRecord(
                in_file=tuple(
                    each for each in self.in_files if each.range and each.range.file == file
                ),
                in_layers=in_layers,
                in_plan=made.findings if made else (),
                unreadable=made.unreadable if made else {},
                identity=identities.get(name),
                plan=digest_of(made.plan) if made and made.plan is not None else None,
                draft=made.draft if made else False,
                assets=dict(made.assets) if made else {},
                own_limits=campaigns[name].own_limits if name in campaigns else None,
            )
        return records

    def _keep_campaigns(
        self,
        outcome: TenantOutcome,
        begun: BegunTenant | None,
        fresh: Mapping[str, LoweredCampaign],
    ) -> None:
        if begun is None or begun.lowering is None:
            return
        records = self._of_outcome(outcome, fresh)
        own = self.keys.whole.tenants[self.name].campaigns
        group = sorted({name for name in (*records, *self.known) if name not in own})
        for key in self.keys.of_lists(self.name):
            self.cache.put(" ".join(group).encode(), *key)
        for name, record in records.items():
            if name in self.known:
                continue
            keep(self.cache, record, *self.keys.of_campaign(self.name, name))
            content = self.keys.of_content(self.name, name)
            if content and is_apart(record, PLATFORM_FILE):
                keep(self.cache, record, *content)
            if record.plan is not None and (data := fresh[name].plan) is not None:
                keep_object(self.cache, record.plan, data)


def _files(records: Mapping[str, CampaignRecord]) -> dict[str, str]:
    return {name: _file(record) for name, record in records.items() if record.identity}


def objects_of(cache: Cache, digests: Iterable[Digest]) -> dict[Digest, bytes] | None:
    """The bytes of all of them; None where one is missing."""
    found: dict[Digest, bytes] = {}
    for digest in digests:
        data = recall_object(cache, digest)
        if data is None:
            return None
        found[digest] = data
    return found
