"""Some tenants compiled, each to a record of its own: only those of their campaigns that changed.

The stages are the pipeline's; what is different is that the campaigns which are remembered are not
among their input, and that what was found is kept by tenant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.incremental.cache import Cache
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
from handbill.source.layout import tenant_of
from handbill.source.memory import Keys, Memory, keys_of
from handbill.source.narrowed import NarrowedTree
from handbill.source.tree import SourceTree


@dataclass(frozen=True, slots=True)
class Remembered:
    """A campaign that need not be compiled: its record. The plan's bytes stay where they are."""

    record: CampaignRecord

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
    *,
    with_plans: bool = False,
) -> dict[str, TenantRecord]:
    """The records of the tenants `names`. `tree` holds the shared files and all of theirs.

    `with_plans`: a campaign whose plan the cache has lost is compiled again.
    """
    keys = keys_of(tree)
    known = {name: _known(name, keys, cache, with_plans) for name in names}
    changed = _without(tree, known, alone=len(names) == 1)
    remembered = memory.of(changed)
    loaded, in_files = load_documents(changed, remembered)
    checked, in_schema = check_documents(loaded, remembered)
    resolution = resolve_tenants(checked.documents, checked.places, remembered)
    workshop, _ = open_workshop(resolution.repository, changed, remembered)
    assert workshop is not None, "what all tenants share was found sound"
    found = by_owner((*in_files, *in_schema, *resolution.diagnostics))
    made = {
        name: _Tenant(name, known[name], found.get(name, ()), keys, cache).record(
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


def _campaign_key(name: str, campaign: str, keys: Keys) -> tuple[str, ...]:
    key = keys.tenants[name]
    return "campaign", name, campaign, key.rest, key.campaigns.get(campaign, "")


def _known(name: str, keys: Keys, cache: Cache, with_plans: bool) -> dict[str, Remembered]:
    """The tenant's campaigns, its group's among them, that are remembered as they are now."""
    if name not in keys.tenants:
        return {}
    listed = cache.get("campaigns", name, keys.tenants[name].rest)
    of_group = listed.decode().split() if listed else []
    known: dict[str, Remembered] = {}
    for campaign in (*keys.tenants[name].campaigns, *of_group):
        record = recall(cache, CampaignRecord, *_campaign_key(name, campaign, keys))
        if record is None:
            continue
        if with_plans and record.plan and recall_object(cache, record.plan) is None:
            continue
        known[campaign] = Remembered(record)
    return known


def _without(
    tree: SourceTree, known: Mapping[str, Mapping[str, Remembered]], alone: bool
) -> SourceTree:
    """The tree without the files of campaigns that are known; a group's stay where other tenants
    may need them."""
    left_out = {f"tenants/{name}/campaigns/{each}.yaml" for name in known for each in known[name]}
    if alone:
        left_out |= {
            file
            for campaigns in known.values()
            for each in campaigns.values()
            if (file := _file(each.record)) and file.startswith("groups/")
        }
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
    keys: Keys
    cache: Cache
    _new: dict[str, CampaignRecord] = field(default_factory=dict)

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
        fresh = lower_campaigns(begun, memory.of(tree)) if begun else {}
        fresh = {name: each for name, each in fresh.items() if name not in self.known}
        self._keep_campaigns(outcome, begun, fresh)
        records = self._records(fresh, outcome)
        in_layers = self._in_layers(outcome, records)
        in_files = (
            *self.in_files,
            *(f for each in self.known.values() for f in each.record.in_file),
        )
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
        own = self.keys.tenants[self.name].campaigns
        group = {name for name in (*records, *self.known) if name not in own}
        self.cache.put(
            " ".join(sorted(group)).encode(),
            "campaigns",
            self.name,
            self.keys.tenants[self.name].rest,
        )
        for name, record in records.items():
            if name in self.known:
                continue
            keep(self.cache, record, *_campaign_key(self.name, name, self.keys))
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
