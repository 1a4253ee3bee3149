"""What lowering hands to publishing stands by itself: every digest is there and names its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbill.plan.canonical import decode_object, digest_of

if TYPE_CHECKING:
    from conftest import Configuration


def test_everything_that_the_release_names_is_in_its_packs(configuration: Configuration) -> None:
    compiled = configuration.compile().compiled.release
    assert compiled is not None
    own = compiled.packs[compiled.digest]
    assert decode_object(own[compiled.digest]) == compiled.release
    assert own.keys() == {compiled.digest, *compiled.release.channels.values()}
    assert compiled.packs.keys() == {compiled.digest, *compiled.release.tenants.values()}
    for root, pack in compiled.packs.items():
        assert root in pack
        assert all(digest_of(data) == digest for digest, data in pack.items())


def test_nothing_of_the_place_is_inside(configuration: Configuration) -> None:
    compiled = configuration.compile().compiled.release
    assert compiled is not None
    assert (compiled.commit, compiled.failed) == ("working tree", ())
    every = b"".join(data for pack in compiled.packs.values() for data in pack.values())
    for word in (b"staging", b"working tree", str(configuration.folder).encode(), b"localhost"):
        assert word not in every
