"""What a side of configuration would be in a runtime: an active release, bound to nothing real.

The plans, tables and channels are those that would be published. Providers exist, with the rates that
the environment gives them, but whatever is sent through them only gets written down.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from handbill.diff.sides import OpenSide
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Channel, Digest, Environment, Plan, Provider, Table
from handbill.plan.pointer import Pointer
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.stages.compiled import CompiledTenant, compile_plan

NOTHING_REAL = "rehearsal://nothing"
NEVER = "2199-12-31T00:00:00Z"


def virtual_release(
    side: OpenSide, environment: Environment, tenants: Collection[str], issued: str
) -> ActiveRelease:
    """The released plans of `tenants`; `issued` is when it became active, UTC ISO with a Z.

    `environment` must come from `virtual_environment`, so that no provider of it is real.
    """
    assert all(each.url == NOTHING_REAL for each in environment.providers.values())
    channels = {name: side.channel(name) for name in side.release.channels}
    return ActiveRelease(
        pointer=Pointer(
            environment=environment.name,
            environment_digest=digest_of(canonical_bytes(environment)),
            sequence=1,
            release=side.about.digest or "",
            commit=side.about.commit,
            compiler="",
            issued=issued,
            expires=NEVER,
        ),
        release=side.release,
        environment=environment,
        tenants={name: virtual_tenant(side, name) for name in sorted(tenants)},
        channels={name: channel for name, channel in channels.items() if channel is not None},
    )


def virtual_tenant(side: OpenSide, name: str) -> CompiledTenant:
    """A tenant of the side with its released plans; nothing of its data is ever too old."""
    tenant = side.tenant(name)
    assert tenant is not None
    plans: dict[str, tuple[Plan, Digest]] = {}
    for campaign, digest in tenant.plans.items():
        plan = side.plan(name, campaign)
        assert plan is not None
        plans[campaign] = (plan, digest)
    tables: dict[Digest, Table] = {
        dataset.table: side.table(name, dataset.table)
        for dataset in tenant.datasets.values()
        if dataset.table is not None
    }
    datasets = {
        dataset: msgspec.structs.replace(each, fresh_seconds=None)
        for dataset, each in tenant.datasets.items()
    }
    return CompiledTenant(
        msgspec.structs.replace(tenant, datasets=datasets),
        {campaign: compile_plan(plan, digest) for campaign, (plan, digest) in plans.items()},
        tables,
    )


def virtual_environment(
    like: Environment | None,
    data_root: str,
    senders: Collection[tuple[str, str]],
    channels: Mapping[str, Channel],
    secret: str,
) -> Environment:
    """An environment that reads the data at `data_root` and reaches nobody.

    `like` gives rates and names; `senders` are the channel and provider of every plan, so that plans
    run whichever environment they were meant for. `secret` is a reference that can be read.
    """
    known = like.providers if like is not None else {}
    providers: dict[str, Provider] = {}
    for channel, name in sorted(senders):
        vendors = channels[channel].vendors if channel in channels else {}
        given = known.get(name)
        contract = given.contract if given is not None else min(vendors, default="")
        rate = given.rate if given is not None else None
        providers[name] = Provider(contract=contract, url=NOTHING_REAL, secret=secret, rate=rate)
    return Environment(
        name=like.name if like is not None else "rehearsal",
        recipients="everyone",
        data_root=data_root,
        store="",
        ledger="",
        public_url="https://links.example",
        assets_url="https://assets.example",
        providers=providers,
    )


def senders_of(active_plans: Collection[Plan]) -> set[tuple[str, str]]:
    """The (channel, provider) of every plan."""
    return {
        (channel, provider)
        for plan in active_plans
        for channel, sender in plan.senders.items()
        for provider in sender.providers
    }
