"""A release of two: channels that only one side has, and channels that differ."""

from __future__ import annotations

import msgspec
from sample_release import channel, compiled

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.release import CompiledRelease
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.publish.mixture import ReleasePack, mix

OLD = compiled({"ann": "A", "dan": "D"}, channels={"ann": "push", "dan": "sms"})
NEW = compiled({"ann": "A2", "dan": "D2"}, channels={"ann": "push", "dan": "push"})


def _pack(release: CompiledRelease) -> ReleasePack:
    return ReleasePack(release.release, release.digest, release.packs[release.digest])


def _read(root: str):  # type: ignore[no-untyped-def]
    return {**OLD.packs, **NEW.packs}[root]


def _with_channel(release: CompiledRelease, name: str) -> ReleasePack:
    """The same release with another version of a channel."""
    data = canonical_bytes(msgspec.structs.replace(channel(name), batch=7))
    channels = {**release.release.channels, name: digest_of(data)}
    changed = msgspec.structs.replace(release.release, channels=channels)
    own = canonical_bytes(changed)
    objects = {**release.packs[release.digest], digest_of(data): data, digest_of(own): own}
    return ReleasePack(changed, digest_of(own), objects)


def test_a_channel_that_only_those_behind_use_is_kept() -> None:
    found = mix(_pack(NEW), _pack(OLD), lambda name: name == "ann", _read)
    assert isinstance(found, ReleasePack)
    assert found.release.tenants["ann"] == NEW.release.tenants["ann"]
    assert found.release.tenants["dan"] == OLD.release.tenants["dan"]
    assert set(found.release.channels) == {"push", "sms"}
    assert set(found.objects) == {found.digest, *found.release.channels.values()}


def test_everybody_is_the_target_itself() -> None:
    found = mix(_pack(NEW), _pack(OLD), lambda name: True, _read)
    assert isinstance(found, ReleasePack) and found.digest == NEW.digest


def test_a_channel_that_both_need_in_two_versions_is_refused() -> None:
    target = _with_channel(NEW, "push")
    running = _pack(compiled({"ann": "A", "dan": "D"}))
    read = {**OLD.packs, **NEW.packs, **compiled({"ann": "A", "dan": "D"}).packs}.__getitem__
    found = mix(target, running, lambda name: name == "ann", read)
    assert isinstance(found, Diagnostic) and found.code == "HB844"
    assert "`push`" in found.message and "--at-once" in (found.hint or "")
    whole = mix(target, running, lambda name: True, read)
    assert isinstance(whole, ReleasePack) and whole.digest == target.digest


def test_a_changed_channel_that_only_one_side_uses_is_that_sides() -> None:
    target = _with_channel(NEW, "push")
    ahead = mix(target, _pack(OLD), lambda name: name == "ann", _read)
    behind = mix(target, _pack(OLD), lambda name: False, _read)
    assert isinstance(ahead, ReleasePack) and isinstance(behind, ReleasePack)
    assert ahead.release.channels["push"] == target.release.channels["push"]
    assert behind.release.channels["push"] == OLD.release.channels["push"]
