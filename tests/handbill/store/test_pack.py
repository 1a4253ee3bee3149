"""Packs: whatever is done to their bytes, what is read is what was stored or a refusal."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_release import channel, compiled, environment

from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.store import pack, part
from handbill.store.errors import NotInStore, PackDamaged, StoreError, TooLarge
from handbill.store.folder import FolderStore
from handbill.store.pack import encode_pack, read_pack, read_packs, write_packs
from handbill.store.part import encode_part, open_part
from handbill.store.paths import part_path
from handbill.store.store import Stored


def _tenant(texts: dict[str, str]) -> tuple[str, dict[str, bytes]]:
    release = compiled({"fresh": texts})
    root = release.release.tenants["fresh"]
    return root, dict(release.packs[root])


def _part(further: tuple[str, ...], order: tuple[str, ...], objects: dict[str, bytes]) -> bytes:
    return encode_part(further, {digest: objects[digest] for digest in order})


SMALL = _tenant({"hello": "Hello", "winback": "We miss you"})


@given(
    st.dictionaries(st.text("abcdefgh-", min_size=1), st.text(max_size=40), min_size=1, max_size=8)
)
def test_what_is_packed_is_read(tmp_path_factory, texts: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    root, objects = _tenant(texts)
    store = FolderStore(tmp_path_factory.mktemp("store"))
    assert write_packs(store, {root: objects}) == 1
    assert read_pack(store, root) == objects
    assert write_packs(store, {root: objects}) == 0


def test_packing_depends_on_the_objects_alone() -> None:
    root, objects = SMALL
    assert encode_pack(root, dict(reversed(objects.items()))) == encode_pack(root, objects)


@pytest.mark.parametrize("root", ["release", "environment"])
def test_other_roots(tmp_path: Path, root: str) -> None:
    release = compiled({"fresh": "Hello"})
    data = canonical_bytes(environment())
    packs = {
        "release": (release.digest, release.packs[release.digest]),
        "environment": (digest_of(data), {digest_of(data): data}),
    }
    digest, objects = packs[root]
    store = FolderStore(tmp_path)
    write_packs(store, {digest: objects})
    assert read_pack(store, digest) == objects


def test_every_flipped_bit_and_every_cut_of_a_pack_is_refused(tmp_path: Path) -> None:
    root, objects = SMALL
    store = FolderStore(tmp_path)
    write_packs(store, {root: objects})
    path = tmp_path / part_path(root)
    whole = path.read_bytes()
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << (at % 8)
        path.write_bytes(damaged)
        with pytest.raises((PackDamaged, NotInStore)):
            read_pack(store, root)
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(PackDamaged):
            read_pack(store, root)
    path.write_bytes(whole + b"x")
    with pytest.raises(PackDamaged):
        read_pack(store, root)
    path.write_bytes(whole)
    assert read_pack(store, root) == objects


def test_packs_of_format_1_are_still_read(tmp_path: Path) -> None:
    """As an earlier version left them: plain, in parts, beside compressed ones."""
    store = FolderStore(tmp_path)
    root, objects = _large(1)
    parts = encode_pack(root, objects)
    plain = {part_path(p.name): open_part(p.name, p.data).plain for p in parts}
    assert all(data.startswith(b"handbill-pack 1\n") for data in plain.values())
    assert all(digest_of(plain[part_path(p.name)]) == p.name for p in parts[:-1])
    store.put(plain)
    assert read_pack(store, root) == objects
    assert write_packs(store, {root: objects}, repair=True) == 0
    store.put({part_path(parts[0].name): parts[0].data})
    assert read_pack(store, root) == objects


def test_several_packs_are_read_in_order(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    packs = dict([SMALL, _large(1), _tenant({"other": "text"})])
    write_packs(store, packs)
    assert dict(read_packs(store, list(packs))) == packs
    assert [root for root, _ in read_packs(store, list(reversed(packs)))] == list(reversed(packs))


def test_another_pack_under_this_name_is_refused(tmp_path: Path) -> None:
    root, objects = SMALL
    other_root, other = _tenant({"hello": "Something else"})
    store = FolderStore(tmp_path)
    write_packs(store, {root: objects, other_root: other})
    os.replace(tmp_path / part_path(other_root), tmp_path / part_path(root))
    with pytest.raises(PackDamaged, match="does not begin with its root"):
        read_pack(store, root)
    with pytest.raises(NotInStore, match="missing"):
        read_pack(store, other_root)


def test_a_pack_forged_with_an_object_left_out_is_refused(tmp_path: Path) -> None:
    """Every digest in it is right; only what the root links to says that one is missing."""
    root, objects = SMALL
    fewer = dict(objects)
    del fewer[next(digest for digest in fewer if digest != root)]
    more = objects | {digest_of(data := canonical_bytes(channel())): data}
    for forged in (fewer, more):
        with pytest.raises(ValueError, match="exactly what its root links to"):
            encode_pack(root, forged)
        order = (root, *sorted(forged.keys() - {root}))
        store = FolderStore(tmp_path)
        store.put({part_path(root): _part((), order, forged)})
        with pytest.raises(PackDamaged, match="missing, or one is too many"):
            read_pack(store, root)


def test_nothing_more_is_fetched_of_a_pack_once_it_holds_what_nobody_links_to(
    tmp_path: Path,
) -> None:
    """Whoever can write a store must not make a reader fetch half a gigabyte of anything."""
    root, objects = SMALL
    store = FolderStore(tmp_path)
    bogus = [b'{"n":%d}' % n for n in range(50)]
    parts = [encode_part((), {digest_of(each): each}) for each in bogus]
    names = tuple(digest_of(each) for each in parts)
    store.put({part_path(name): each for name, each in zip(names, parts, strict=True)})
    store.put({part_path(root): encode_part(names, {root: objects[root]})})
    opened: list[str] = []

    class Counting(FolderStore):
        def read(self, path: str) -> Stored | None:
            opened.append(path)
            return super().read(path)

    with pytest.raises(PackDamaged, match="one is too many"):
        read_pack(Counting(tmp_path), root)
    assert len(opened) == 2


def test_a_root_that_is_no_object_is_refused(tmp_path: Path) -> None:
    data = b'{"object":"surprise"}'
    root = digest_of(data)
    store = FolderStore(tmp_path)
    store.put({part_path(root): _part((), (root,), {root: data})})
    with pytest.raises(PackDamaged):
        read_pack(store, root)


def _large(seed: int, changed: str = "") -> tuple[str, dict[str, bytes]]:
    noise = random.Random(seed)
    texts = {f"c{n}": noise.randbytes(20_000).hex() for n in range(120)}
    return _tenant(texts | ({changed: "changed"} if changed else {}))


def test_a_large_pack_is_split_and_a_small_change_rewrites_little(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    root, objects = _large(1)
    write_packs(store, {root: objects})
    parts = store.names("packs")
    assert len(parts) >= 5
    assert all((store.size(f"packs/{part}") or 0) < 1.2 * pack.SPLIT_BYTES for part in parts)
    assert read_pack(store, root) == objects
    changed_root, changed = _large(1, "c60")
    write_packs(store, {changed_root: changed})
    assert read_pack(store, changed_root) == changed
    assert len(store.names("packs")) - len(parts) <= len(parts) // 2 + 1


@pytest.mark.parametrize("harm", ["missing", "cut", "swapped"])
def test_a_harmed_further_part_is_refused_and_repaired(tmp_path: Path, harm: str) -> None:
    store = FolderStore(tmp_path)
    root, objects = _large(2)
    write_packs(store, {root: objects})
    further = [name for name in store.names("packs") if name != root.removeprefix("sha256:")]
    part = tmp_path / "packs" / further[0]
    match harm:
        case "missing":
            part.unlink()
        case "cut":
            part.write_bytes(part.read_bytes()[:-1])
        case _:
            part.write_bytes((tmp_path / "packs" / further[1]).read_bytes())
    with pytest.raises((PackDamaged, NotInStore)):
        read_pack(store, root)
    assert write_packs(store, {root: objects}, repair=True) == 1
    assert read_pack(store, root) == objects
    assert write_packs(store, {root: objects}, repair=True) == 0


def test_a_pack_cut_off_between_its_parts_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    root, objects = _large(4)
    whole_put = store.put

    def put_once(files: dict[str, bytes], **options: bool) -> None:
        whole_put(files, **options)
        raise KeyboardInterrupt

    store.put = put_once  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        write_packs(store, {root: objects})
    del store.put
    assert write_packs(store, {root: objects}) == 1
    assert read_pack(store, root) == objects


def test_a_cut_pack_is_written_anew_even_without_repair(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    root, objects = SMALL
    write_packs(store, {root: objects})
    path = tmp_path / part_path(root)
    path.write_bytes(path.read_bytes()[:-1])
    assert write_packs(store, {root: objects}) == 1
    assert read_pack(store, root) == objects


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"handbill-pack 2\n",
        b"handbill-pack 1\nparts 01\n",
        b"handbill-pack 1\nparts 9999999\n",
        b"handbill-pack 1\nobjects 0\nparts 0\n",
        b"handbill-pack 1\nparts 0\nobjects 0\n",
        b"handbill-pack 1\nparts 0\nobjects 1\nsha256:" + b"a" * 64 + b" 999999999\n",
        b"handbill-pack 1\nparts 0\nobjects 1\nsha256:" + b"a" * 64 + b" -1\n",
    ],
)
def test_headers_that_lie_are_refused(tmp_path: Path, header: bytes) -> None:
    store = FolderStore(tmp_path)
    root, _ = SMALL
    store.put({part_path(root): header})
    with pytest.raises(StoreError):
        read_pack(store, root)


def test_a_part_within_a_part_and_the_same_object_twice_are_refused(tmp_path: Path) -> None:
    root, objects = SMALL
    order = (root, *sorted(objects.keys() - {root}))
    nested = _part((digest_of(b"x"),), order[1:], objects)
    doubled = _part((), order, objects)
    for further in (nested, doubled):
        store = FolderStore(tmp_path)
        first = order[:1] if further is nested else order
        name = digest_of(further)
        store.put(
            {
                part_path(name): further,
                part_path(root): _part((name,), first, objects),
            }
        )
        with pytest.raises(PackDamaged, match="overlap"):
            read_pack(store, root)


def test_bounds_hold_on_both_sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, objects = _large(3)
    store = FolderStore(tmp_path)
    write_packs(store, {root: objects})
    monkeypatch.setattr(pack, "MAX_PACK_BYTES", 1024 * 1024)
    with pytest.raises(TooLarge):
        read_pack(store, root)
    with pytest.raises(TooLarge):
        encode_pack(root, objects)
    monkeypatch.undo()
    monkeypatch.setattr(pack, "MAX_PARTS", 2)
    with pytest.raises(TooLarge):
        encode_pack(root, objects)
    monkeypatch.setattr(part, "MAX_PARTS", 2)
    with pytest.raises(PackDamaged):
        read_pack(store, root)
