"""What lowering hands to publishing: one commit's release as bytes, ready to be stored.

Everything is canonical bytes under their digests, grouped into packs by root object, so that
publishing neither encodes nor compiles. Nothing here knows an environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handbill.language.reasoning.claims import Claims
from handbill.plan.model import Digest, Release


@dataclass(frozen=True, slots=True)
class CompiledRelease:
    """All that one commit compiled to.

    `packs` is root digest → (digest → canonical bytes) and each pack holds its own root: one pack
    per tenant (the Tenant, its plans and its git tables), one whose root is the Release itself
    (with the channels). `failed` names the tenants left out because their sources have errors.
    """

    release: Release
    digest: Digest
    packs: Mapping[Digest, Mapping[Digest, bytes]]
    failed: tuple[str, ...]
    commit: str
    drafts: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    """Tenant → campaign → plan of what is not released yet, for tests."""
    assets: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Name → bytes of every picture that the tenants' plans show, read when it is asked for."""
    claims: tuple[Claims, ...] = field(default=(), repr=False)
    """What its campaigns take for granted about customers, to be examined by `language.reasoning`."""
