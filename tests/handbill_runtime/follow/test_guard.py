"""What whoever holds the store, or a stolen key, cannot make a runtime do; after a restart and cold, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from followed_market import edit
from guarded_market import STRANGER, Guarded
from market import ENVIRONMENT, Market
from root_world import SUCCESSOR, Roots, first_root

from handbill.publish.publishing import publish
from handbill.publish.rooting import without_key
from handbill.store import dsse
from handbill.store.paths import root_path
from handbill.store.pause import sign_pause
from handbill.store.store import Stored
from handbill_runtime.follow.follower import Follower

BOTH = pytest.mark.parametrize("mode", ["flat", "root"])


@pytest.fixture
def guarded(market: Market, mode: str) -> Guarded:
    return Guarded(market, mode)


@pytest.fixture
def rooted(market: Market) -> Guarded:
    return Guarded(market, "root")


def start(guarded: Guarded, name: str = "one") -> Follower:
    follower = guarded.market.follower(name)
    follower.start()
    return follower


def second_release(guarded: Guarded) -> bytes:
    """Number 2 is published; the bytes of pointer number 1."""
    before = guarded.market.pointer_file.read_bytes()
    edit(guarded.market, "Second")
    guarded.market.publish()
    return before


def freeze(guarded: Guarded) -> None:
    guarded.market.clock.at += timedelta(days=31)


def mix(guarded: Guarded) -> None:
    """The new pointer's signature over the old pointer."""
    old = guarded.market.pointer_file.read_bytes()
    second_release(guarded)
    new = msgspec.json.decode(guarded.market.pointer_file.read_bytes())
    mixed = msgspec.json.decode(old) | {"signatures": new["signatures"]}
    guarded.market.pointer_file.write_bytes(msgspec.json.encode(mixed, order="sorted"))


def mix_packs(guarded: Guarded) -> None:
    """A sound pointer to a release whose pack is another's."""
    release = guarded.pointer.release
    second_release(guarded)
    new = guarded.market.pack_file(guarded.pointer.release)
    new.write_bytes(guarded.market.pack_file(release).read_bytes())


def take_another_environments(guarded: Guarded) -> None:
    guarded.put(guarded.next_pointer(environment="staging"), guarded.market.key)


def take_another_tenants(guarded: Guarded) -> None:
    """A release cannot name a tenant's object where a release belongs, nor another one's pack."""
    tenant = guarded.market.pack_file(guarded.pointer.release)
    tenants = [p for p in tenant.parent.iterdir() if p != tenant]
    digest = f"sha256:{tenants[0].name}"
    guarded.put(guarded.next_pointer(release=digest), guarded.market.key)


def strip(guarded: Guarded) -> None:
    second_release(guarded)
    stripped = msgspec.json.decode(guarded.market.pointer_file.read_bytes()) | {"signatures": []}
    guarded.market.pointer_file.write_bytes(msgspec.json.encode(stripped, order="sorted"))


def sign_as_a_stranger(guarded: Guarded) -> None:
    guarded.put(guarded.next_pointer(), STRANGER)


def bring_the_key_along(guarded: Guarded) -> None:
    """A stranger's signature, their key in the envelope and in the store."""
    guarded.put(guarded.next_pointer(), STRANGER)
    envelope = msgspec.json.decode(guarded.market.pointer_file.read_bytes())
    envelope["signatures"][0]["keyid"] = str(STRANGER.public)
    guarded.market.pointer_file.write_bytes(msgspec.json.encode(envelope, order="sorted"))
    guarded.market.store.put({"root/trusted.pub": str(STRANGER.public).encode()})


def jump_ahead(guarded: Guarded) -> None:
    guarded.put(guarded.next_pointer(sequence=9_999_999_999), guarded.market.key)


ATTACKS: dict[Callable[[Guarded], None], set[str]] = {
    freeze: {"HB815"},
    mix: {"HB811", "HB812"},
    mix_packs: {"HB805"},
    take_another_environments: {"HB813"},
    take_another_tenants: {"HB805", "HB804"},
    strip: {"HB812"},
    sign_as_a_stranger: {"HB812"},
    bring_the_key_along: {"HB812"},
    jump_ahead: {"HB885"},
}
ONCE_SEEN = {jump_ahead}
"""Recognised only by who has seen another pointer before."""


@BOTH
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_changes_nothing_and_is_told(
    guarded: Guarded, attack: Callable[[Guarded], None]
) -> None:
    guarded.market.publish()
    follower = start(guarded)
    active = follower.active
    attack(guarded)
    assert not follower.refresh()
    assert follower.active is active is not None
    assert follower.refusal is not None and follower.refusal.code in ATTACKS[attack]

    again = start(guarded)  # a restart: what was active still is, and nothing else
    assert again.active is not None and again.active.pointer == active.pointer
    assert again.refusal is not None and again.refusal.code in ATTACKS[attack]
    if attack not in ONCE_SEEN:
        cold = start(guarded, "cold")
        assert cold.active is None
        assert cold.refusal is not None and cold.refusal.code in ATTACKS[attack]


@BOTH
def test_an_older_pointer_is_never_gone_back_to(guarded: Guarded) -> None:
    guarded.market.publish()
    follower = start(guarded)
    before = second_release(guarded)
    assert follower.refresh()
    guarded.market.pointer_file.write_bytes(before)
    for runtime in (follower, start(guarded)):
        assert not runtime.refresh()
        assert runtime.active is not None and runtime.active.pointer.sequence == 2
        assert runtime.refusal is not None and runtime.refusal.code == "HB814"


@BOTH
def test_a_sound_pointer_is_followed(guarded: Guarded) -> None:
    """What the attacks are compared with."""
    guarded.market.publish()
    follower = start(guarded)
    second_release(guarded)
    assert follower.refresh() and follower.refusal is None
    assert start(guarded, "cold").active is not None


@BOTH
def test_what_was_seen_is_known_even_if_the_last_good_release_is_gone(guarded: Guarded) -> None:
    guarded.market.publish()
    follower = start(guarded)
    before = second_release(guarded)
    assert follower.refresh()
    folder = guarded.market.root / "state" / "one"
    (folder / "environments" / ENVIRONMENT / "pointer").unlink()
    guarded.market.pointer_file.write_bytes(before)
    again = start(guarded)
    assert again.active is None
    assert again.refusal is not None and again.refusal.code == "HB814"


@BOTH
def test_a_damaged_memory_is_told_and_the_last_good_release_is_the_floor(guarded: Guarded) -> None:
    guarded.market.publish()
    follower = start(guarded)
    before = second_release(guarded)
    assert follower.refresh()
    memory = guarded.market.root / "state" / "one" / "trusted.json"
    memory.write_bytes(memory.read_bytes()[:-3])
    guarded.market.pointer_file.write_bytes(before)
    again = start(guarded)
    assert again.active is not None and again.active.pointer.sequence == 2
    assert again.refusal is not None and again.refusal.code == "HB814"


# ── root documents ───────────────────────────────────────────────────────────────────────────────


def test_a_new_publisher_is_followed_from_the_next_version_on(rooted: Guarded) -> None:
    market, roots = rooted.market, rooted.roots
    assert roots is not None
    market.publish()
    follower = start(rooted)
    rooted.put(rooted.next_pointer(), SUCCESSOR)
    assert not follower.refresh()
    assert follower.refusal is not None and follower.refusal.code == "HB812"
    roots.add_publisher(SUCCESSOR, ENVIRONMENT)
    market.clock.at += timedelta(seconds=11)
    assert follower.refresh() and follower.refusal is None
    assert start(rooted).active is not None


def test_a_revoked_key_activates_nothing_and_stops_nobody(rooted: Guarded) -> None:
    market, roots = rooted.market, rooted.roots
    assert roots is not None
    roots.add_publisher(SUCCESSOR, ENVIRONMENT)
    market.publish()
    follower = start(rooted)
    active = follower.active
    roots.follow_up(without_key(roots.newest, market.key.public))
    market.clock.at += timedelta(seconds=11)
    assert not follower.refresh() and follower.active is active
    assert follower.refusal is not None and follower.refusal.code == "HB875"

    stolen = rooted.next_pointer()
    rooted.put(stolen, market.key)
    assert not follower.refresh() and follower.active is active
    assert follower.refusal.code == "HB875"
    again = start(rooted)
    assert again.active is not None and active is not None
    assert again.active.pointer == active.pointer  # the last good release goes on
    cold = start(rooted, "cold")
    assert cold.active is None and cold.refusal is not None and cold.refusal.code == "HB875"

    published = market.publish(key=SUCCESSOR)
    assert published.sequence > stolen.sequence
    assert follower.refresh() and follower.refusal is None
    assert again.refresh() and cold.refresh()


def test_an_expired_root_document_activates_nothing_and_stops_nobody(market: Market) -> None:
    rooted = Guarded(market, "root")
    market.publish()
    follower = start(rooted)
    market.clock.at += timedelta(days=366)
    second = rooted.next_pointer(issued="2027-12-05T00:00:00Z", expires="2028-01-05T00:00:00Z")
    assert not follower.refresh()
    assert follower.active is not None
    assert follower.refusal is not None and follower.refusal.code == "HB872"
    rooted.put(second, market.key)
    assert not follower.refresh() and follower.refusal.code == "HB872"


def test_a_root_document_that_was_seen_cannot_be_taken_away(rooted: Guarded) -> None:
    market, roots = rooted.market, rooted.roots
    assert roots is not None
    roots.add_publisher(SUCCESSOR, ENVIRONMENT)
    market.publish()
    start(rooted)
    roots.follow_up(without_key(roots.newest, market.key.public))
    start(rooted)
    stolen = rooted.next_pointer()
    rooted.put(stolen, market.key)
    for version in (2, 3):
        (market.root / "store" / root_path(version)).unlink()
    again = start(rooted)  # the chain is kept on its own disk
    assert again.refusal is not None and again.refusal.code == "HB875"
    for version in (2, 3):
        (market.root / "state" / "one" / root_path(version)).unlink()
    without = start(rooted)
    assert without.refusal is not None and without.refusal.code == "HB873"
    assert without.active is None or without.active.pointer.sequence == 1


@pytest.mark.parametrize("data", [b"damaged", None])
def test_a_forged_next_version_lets_nothing_new_in(rooted: Guarded, data: bytes | None) -> None:
    market, roots = rooted.market, rooted.roots
    assert roots is not None
    market.publish()
    follower = start(rooted)
    second_release(rooted)
    forged = data or dsse.countersign(roots.pinned, [STRANGER.private])
    market.store.put({root_path(2): forged})
    assert not follower.refresh() and follower.refusal is not None
    assert follower.refusal.code == ("HB870" if data else "HB871")


def test_two_publishers_must_sign_where_two_are_asked_for(market: Market) -> None:
    rooted = Guarded(market, "root")
    (market.root / "store" / root_path(1)).unlink()
    roots = Roots(market.store, first_root(ENVIRONMENT, threshold=2))
    market.pinned = roots.trust
    follower = start(rooted)
    compiled = market.compiled()
    assert compiled.release is not None
    two = replace(market.publisher(), cosigners=(SUCCESSOR,))
    publish(two, compiled.release, compiled.environments[ENVIRONMENT])
    assert follower.refresh() and follower.active is not None
    rooted.put(rooted.next_pointer(), market.key)
    assert not follower.refresh()
    assert follower.refusal is not None and "2 of its publishers" in follower.refusal.message


# ── the emergency stop ───────────────────────────────────────────────────────────────────────────


@BOTH
def test_a_stop_is_obeyed_at_the_next_look_and_survives_everything(guarded: Guarded) -> None:
    market = guarded.market
    market.publish()
    follower = start(guarded)
    assert not follower.guard.stops("corner")
    guarded.pause("corner")
    running = guarded.pause_file.read_bytes()
    follower.refresh()
    assert follower.guard.stops("corner") and not follower.guard.stops("other")

    forged = sign_pause(
        msgspec.structs.replace(follower.guard.pause, number=2_000_000_000, tenants=()),
        STRANGER.private,
    )
    lines = list(guarded.pause_file.with_name("pauses").iterdir())
    for line in lines:
        line.unlink()
    for data in (b"", b"damaged", forged, running[:-9], None):
        if data is None:
            guarded.pause_file.unlink()
        else:
            guarded.pause_file.write_bytes(data)
        follower.refresh()
        assert follower.guard.stops("corner")
        assert follower.guard.pause_problem is not None
        again = start(guarded)
        assert again.guard.stops("corner") and again.guard.pause_problem is not None


@BOTH
def test_an_older_pause_does_not_let_anybody_go_on(guarded: Guarded) -> None:
    guarded.market.publish()
    follower = start(guarded)
    guarded.pause("corner")
    guarded.pause(resume=("corner",))
    idle = guarded.pause_file.read_bytes()
    guarded.pause(everyone=True)
    follower.refresh()
    guarded.pause_file.write_bytes(idle)
    for runtime in (follower, start(guarded)):
        runtime.refresh()
        assert runtime.guard.stops("corner")
        problem = runtime.guard.pause_problem
        assert problem is None or problem.code == "HB878"


@BOTH
def test_a_resumption_is_obeyed(guarded: Guarded) -> None:
    guarded.market.publish()
    follower = start(guarded)
    guarded.pause("corner", "other")
    follower.refresh()
    guarded.pause(resume=("corner",))
    follower.refresh()
    assert not follower.guard.stops("corner") and follower.guard.stops("other")
    guarded.pause(everyone=False)
    assert start(guarded).guard.pause.is_idle  # type: ignore[union-attr]


def test_a_pause_that_is_known_is_not_transferred_again(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = Guarded(market, "flat")
    follower = start(guarded)
    guarded.pause("corner")
    follower.refresh()
    transferred: list[str] = []
    read, read_unless = type(follower.store).read, type(follower.store).read_unless

    def noted(store: object, path: str) -> object:
        transferred.append(path)
        return read(store, path)  # type: ignore[arg-type]

    def noted_unless(store: object, path: str, version: str) -> object:
        before = len(transferred)
        found = read_unless(store, path, version)  # type: ignore[arg-type]
        del transferred[before:]  # a folder compares the bytes themselves
        transferred.extend([path] if isinstance(found, Stored) else [])
        return found

    monkeypatch.setattr(type(follower.store), "read", noted)
    monkeypatch.setattr(type(follower.store), "read_unless", noted_unless)
    follower.refresh()
    assert follower.guard.stops("corner")
    assert not [path for path in transferred if path.endswith("/pause")]
    guarded.pause("other")
    follower.refresh()
    assert follower.guard.stops("other")


def test_only_operators_stop_and_resume(rooted: Guarded) -> None:
    rooted.market.publish()
    follower = start(rooted)
    stolen = rooted.pause("corner")
    rooted.pause_file.write_bytes(sign_pause(stolen, rooted.market.key.private))  # a publisher
    rooted.pause_file.with_name("pauses").joinpath(f"{stolen.number:010d}").unlink()
    follower.refresh()
    assert not follower.guard.stops("corner")
    assert follower.guard.pause_problem is not None
    assert follower.guard.pause_problem.code == "HB877"


@BOTH
def test_a_new_runtime_finds_the_stop_by_its_audit_line(guarded: Guarded) -> None:
    guarded.market.publish()
    guarded.pause("corner")
    guarded.pause_file.unlink()
    assert start(guarded, "cold").guard.stops("corner")


@BOTH
def test_an_unreadable_memory_of_a_stop_stops_everybody(guarded: Guarded) -> None:
    guarded.market.publish()
    guarded.pause("corner")
    start(guarded)
    for place in ("state/one", "store"):
        (guarded.market.root / place / "environments" / ENVIRONMENT / "pause").write_bytes(b"?")
    for line in guarded.pause_file.with_name("pauses").iterdir():
        line.unlink()
    again = start(guarded)
    assert again.guard.stops("anybody")
    guarded.market.clock.at += timedelta(minutes=1)
    guarded.pause(everyone=False)
    again.refresh()
    assert not again.guard.stops("anybody")


def test_under_an_expired_root_document_more_may_be_stopped_and_nobody_goes_on(
    rooted: Guarded,
) -> None:
    rooted.market.publish()
    follower = start(rooted)
    rooted.market.clock.at += timedelta(days=366)
    rooted.pause("corner")
    follower.refresh()
    assert follower.guard.stops("corner")
    rooted.pause(resume=("corner",))
    follower.refresh()
    assert follower.guard.stops("corner")
    assert follower.guard.pause_problem is not None
    assert follower.guard.pause_problem.code == "HB872"


@BOTH
def test_a_number_of_the_future_is_not_remembered(guarded: Guarded) -> None:
    guarded.market.publish()
    follower = start(guarded)
    now = guarded.market.clock.at
    guarded.market.clock.at = now + timedelta(days=900)
    guarded.pause("corner")
    guarded.market.clock.at = now
    follower.refresh()
    assert follower.guard.stops("corner") and follower.guard.memory.state.pause == 0
    assert follower.guard.pause_problem is not None


@BOTH
def test_the_receipt_says_which_stop_is_obeyed(guarded: Guarded) -> None:
    guarded.market.publish()
    follower = start(guarded)
    assert follower.receipt().pause is None
    pause = guarded.pause("corner")
    follower.refresh()
    told = follower.receipt().pause
    assert told is not None and (told.number, told.tenants) == (pause.number, ("corner",))
