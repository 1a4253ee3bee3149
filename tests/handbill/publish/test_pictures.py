"""Which pictures a publish has to bring: those of the tenants that this commit compiled."""

from __future__ import annotations

from handbill.lower.release import CompiledRelease
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Release, Tenant
from handbill.publish.pictures import pictures_of


def tenant(name: str, *assets: str) -> bytes:
    return canonical_bytes(
        Tenant(
            name=name, display_name=name, locale="en-US", timezone="UTC", postal_address="",
            seeds=(), datasets={}, plans={}, assets=assets,
        )
    )  # fmt: skip


def test_pictures_of_what_was_compiled() -> None:
    packs = {}
    for data in (tenant("a", "2.png", "1.png"), tenant("b", "2.png"), tenant("c")):
        packs[digest_of(data)] = {digest_of(data): data}
    release = CompiledRelease(
        Release(format=1, tenants={}, channels={}), "sha256:r", packs, (), "commit"
    )
    held = "sha256:held"
    assert pictures_of(release, [*packs, held]) == ("1.png", "2.png")
    assert pictures_of(release, [held]) == ()
