"""The pictures that have to be in the store before a release that shows them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from handbill.lower.release import CompiledRelease
from handbill.plan.model import Digest


class _Showing(msgspec.Struct):
    """The little of a tenant that matters here."""

    assets: tuple[str, ...] = ()


_decoder = msgspec.json.Decoder(_Showing)


def pictures_of(compiled: CompiledRelease, tenants: Iterable[Digest]) -> tuple[str, ...]:
    """The names of the pictures of those tenants that `compiled` has; those of tenants that are
    carried forward were stored when they were published."""
    found = {
        name
        for tenant in tenants
        if tenant in compiled.packs
        for name in _decoder.decode(compiled.packs[tenant][tenant]).assets
    }
    return tuple(sorted(found))
