"""A release of which some tenants already run the target and the others what they ran before.

Made as a held tenant is carried forward: plans are taken whole, by digest, from two releases. What
both share is the channels, one of each name. Where the two need different versions of one channel,
there is no release in which everybody keeps working, and so none is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Digest, Release
from handbill.publish.rings import Wanted, mixed
from handbill.store.release import StoredRelease


@dataclass(frozen=True, slots=True)
class ReleasePack:
    """A release object with its channels: what one pack of the store holds."""

    release: Release
    digest: Digest
    objects: Mapping[Digest, bytes]


ReadTenant = Callable[[Digest], Mapping[Digest, bytes]]
"""A tenant's objects, wherever they are; raises a StoreError."""


class _Plans(msgspec.Struct):
    plans: dict[str, Digest]


class _Sending(msgspec.Struct):
    senders: dict[str, msgspec.Raw] = {}


_tenant_decoder = msgspec.json.Decoder(_Plans)
_plan_decoder = msgspec.json.Decoder(_Sending)


def stored_pack(stored: StoredRelease) -> ReleasePack:
    return ReleasePack(stored.release, stored.digest, stored.objects)


def mix(
    target: ReleasePack, running: ReleasePack, wanted: Wanted, read_tenant: ReadTenant
) -> ReleasePack | Diagnostic:
    """The target itself where that is what everybody runs then."""
    tenants = mixed(target.release.tenants, running.release.tenants, wanted)
    channels: dict[str, Digest] = {**running.release.channels, **target.release.channels}
    for name in differing_channels(target.release, running.release):
        users = users_of(name, tenants, read_tenant)
        ahead = [tenant for tenant in users if wanted(tenant)]
        behind = [tenant for tenant in users if not wanted(tenant)]
        if ahead and behind:
            return _conflict(name, ahead, behind)
        if behind:
            channels[name] = running.release.channels[name]
    if tenants == target.release.tenants and channels.items() >= target.release.channels.items():
        return target
    release = Release(format=target.release.format, tenants=tenants, channels=channels)
    data = canonical_bytes(release)
    known = {**running.objects, **target.objects}
    digest = digest_of(data)
    return ReleasePack(
        release, digest, {**{each: known[each] for each in channels.values()}, digest: data}
    )


def differing_channels(target: Release, running: Release) -> tuple[str, ...]:
    """Channels of both that are not the same in both."""
    return tuple(
        sorted(
            name
            for name, digest in target.channels.items()
            if running.channels.get(name, digest) != digest
        )
    )


def users_of(channel: str, tenants: Mapping[str, Digest], read_tenant: ReadTenant) -> list[str]:
    """The tenants whose plans send on the channel, sorted."""
    return sorted(name for name, root in tenants.items() if channel in _channels(root, read_tenant))


def _channels(root: Digest, read_tenant: ReadTenant) -> frozenset[str]:
    """The channels that a tenant's plans send on; nothing else of them is decoded."""
    objects = read_tenant(root)
    plans = _tenant_decoder.decode(objects[root]).plans.values()
    return frozenset(name for plan in plans for name in _plan_decoder.decode(objects[plan]).senders)


def _conflict(channel: str, ahead: list[str], behind: list[str]) -> Diagnostic:
    return Diagnostic(
        "HB844",
        f"this changes the channel `{channel}`, which all tenants share: it cannot come out in rings",
        notes=(
            f"`{ahead[0]}` would send by the new contract while `{behind[0]}` still needs the old one",
            "everybody goes on with what they run",
        ),
        hint="publish it to everybody at once: handbill publish --at-once --reason TEXT",
    )
