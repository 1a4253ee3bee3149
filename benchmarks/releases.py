"""A published release of many retailers, without compiling each: what a runtime and a store have to hold.

A few retailers of the fleet (see fleet.py) are really compiled. Each of theirs stands for many: the
retailer's name, and with it hosts, links and salts, is another one, and in every plan other words stand
in place of those that the retailer's own texts are made of. So no two plans have a digest in common,
what blueprints and layouts say is shared as it is in a real fleet, and each plan is as the compiler
makes it: canonical bytes, and runnable.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.fleet import write_fleet
from benchmarks.generate import WORDS

if TYPE_CHECKING:
    from handbill.lower.release import CompiledRelease
    from handbill.pipeline import Compiled
    from handbill.plan.model import Digest, Environment, Tenant
    from handbill.plan.pointer import Pointer
    from handbill.publish.publisher import Publisher

    Objects = Mapping[Digest, bytes]

COMPILED = 4
"""So many retailers are really compiled."""
TOGETHER = 20
"""So many retailers' packs are in memory at a time."""
ENVIRONMENT = "demo"


@dataclass(frozen=True, slots=True)
class Original:
    """A compiled retailer, one of those that others are varied from."""

    tenant: Tenant
    root: Digest
    objects: Objects


@dataclass(frozen=True, slots=True)
class Originals:
    """`release` is the compiler's own, with the channels that all varied releases share."""

    tenants: Sequence[Original]
    release: CompiledRelease
    environment: Environment


def compile_originals(
    sample: Path, folder: Path, campaigns: int, tenants: int = COMPILED
) -> Originals:
    """Writes and compiles `tenants` × `campaigns` below `folder`; drafts are not among the plans."""
    from handbill.plan.canonical import decode_object
    from handbill.plan.model import Tenant

    compiled = _compiled(sample, folder, campaigns, tenants)
    release = compiled.release
    assert release is not None
    found = []
    for root in release.release.tenants.values():
        tenant = decode_object(release.packs[root][root])
        assert isinstance(tenant, Tenant)
        found.append(Original(tenant, root, release.packs[root]))
    return Originals(found, release, compiled.environments[ENVIRONMENT])


def publish_varied(
    publisher: Publisher, originals: Originals, tenants: int, plans: int, commit: str = "0" * 40
) -> Pointer:
    """Stores a release of `tenants` retailers with exactly `plans` plans each, and points at it.

    Plans that one original lacks are taken from it again, in other words.
    """
    from handbill.plan.canonical import canonical_bytes, digest_of
    from handbill.plan.model import Release
    from handbill.publish.advance import read_standing
    from handbill.store.pack import write_packs

    roots: dict[str, Digest] = {}
    waiting: dict[Digest, Objects] = {}
    for name, root, objects in varied_tenants(originals, tenants, plans):
        roots[name], waiting[root] = root, objects
        if len(waiting) == TOGETHER:
            write_packs(publisher.store, waiting)
            waiting = {}
    release = originals.release.release
    data = canonical_bytes(Release(format=release.format, tenants=roots, channels=release.channels))
    channels = originals.release.packs[originals.release.digest]
    waiting[digest_of(data)] = {
        digest_of(data): data,
        **{digest: channels[digest] for digest in release.channels.values()},
    }
    settings = canonical_bytes(originals.environment)
    waiting[digest_of(settings)] = {digest_of(settings): settings}
    write_packs(publisher.store, waiting)
    standing = read_standing(publisher.store, publisher.environment, publisher.trust)
    pointer = publisher.move_pointer(standing, digest_of(data), digest_of(settings), commit, ())
    assert pointer is not None
    return pointer


def varied_tenants(
    originals: Originals, tenants: int, plans: int, seed: int = 23
) -> Iterator[tuple[str, Digest, Objects]]:
    """Each retailer's name, its root and its pack, one after another."""
    for number in range(tenants):
        original = originals.tenants[number % len(originals.tenants)]
        name = f"shop-{5000 + number:04d}"
        yield name, *_varied(original, name, plans, random.Random(f"{seed}/{number}"))


def _varied(
    original: Original, name: str, plans: int, chance: random.Random
) -> tuple[Digest, Objects]:
    import msgspec

    from handbill.plan.canonical import canonical_bytes, decode_object, digest_of
    from handbill.plan.model import Tenant

    renamed = (original.tenant.name.encode(), name.encode())
    objects: dict[Digest, bytes] = {}
    links: dict[str, Digest] = {}
    campaigns = sorted(original.tenant.plans.items())
    for place in range(plans):
        campaign, digest = campaigns[place % len(campaigns)]
        again = place // len(campaigns)
        fresh = f"{campaign}-{again}" if again else campaign
        data = _in_other_words(original.objects[digest].replace(*renamed), chance)
        data = data.replace(b'"%s"' % campaign.encode(), b'"%s"' % fresh.encode())
        links[fresh] = digest_of(data)
        objects[links[fresh]] = data
    tables = {one.table for one in original.tenant.datasets.values() if one.table is not None}
    objects |= {table: original.objects[table] for table in tables}
    tenant = decode_object(canonical_bytes(original.tenant).replace(*renamed))
    assert isinstance(tenant, Tenant)
    root = canonical_bytes(msgspec.structs.replace(tenant, plans=links))
    objects[digest_of(root)] = root
    return digest_of(root), objects


def _in_other_words(plan: bytes, chance: random.Random) -> bytes:
    """Words that stand between spaces: only texts have those."""
    for word, other in zip(chance.sample(WORDS, k=24), chance.choices(WORDS, k=24), strict=True):
        plan = plan.replace(f" {word} ".encode(), f" {other} ".encode())
    return plan


def _compiled(sample: Path, folder: Path, campaigns: int, tenants: int) -> Compiled:
    from handbill.pipeline import compile_tree
    from handbill.source.working_tree import open_working_tree

    write_fleet(sample, folder, tenants, campaigns)
    tree, found = open_working_tree(folder)
    assert tree is not None
    compiled = compile_tree(tree, found)
    if compiled.has_errors:
        raise AssertionError([each.message for each in compiled.diagnostics][:3])
    return compiled
