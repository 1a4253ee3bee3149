from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handbill.store.folder import FolderStore
from handbill.store.keys import public_key_of
from handbill.store.receipts import (
    RECEIPT_FORMAT,
    ActiveReceipt,
    Receipt,
    RefusalReceipt,
    read_receipts,
    write_receipt,
)
from handbill.store.store import MAX_FILE_BYTES

KEY = Ed25519PrivateKey.generate()


def signed(receipt: Receipt) -> Receipt:
    """As it is read: with the key in it."""
    return msgspec.structs.replace(receipt, key=str(public_key_of(KEY)))


def _receipt(runtime: str = "web-1", environment: str = "production") -> Receipt:
    return Receipt(
        format=RECEIPT_FORMAT,
        runtime=runtime,
        environment=environment,
        written="2026-12-05T10:00:00.250Z",
        active=ActiveReceipt(
            sequence=7, release="sha256:a", commit="c", at="2026-12-05T09:00:00.000Z"
        ),
        refused=RefusalReceipt(code="HB805", message="damaged", at="2026-12-05T10:00:00.250Z"),
    )


def test_receipts_are_kept_by_runtime(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert read_receipts(store, "production").receipts == {}
    one, two = _receipt("web-1"), _receipt("web-2")
    for receipt in (one, two, two):
        write_receipt(store, receipt, KEY)
    assert read_receipts(store, "production").receipts == {
        "web-1": signed(one),
        "web-2": signed(two),
    }
    assert read_receipts(store, "staging").receipts == {}


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"\xff", b'{"format":99}', b"x" * 70_000], ids=["a", "b", "c", "d", "e"]
)
def test_an_unreadable_receipt_hides_no_other(tmp_path: Path, data: bytes) -> None:
    store = FolderStore(tmp_path)
    write_receipt(store, _receipt("web-1"), KEY)
    store.put({"environments/production/receipts/web-2": data})
    found = read_receipts(store, "production")
    assert list(found.receipts) == ["web-1"]
    assert "`web-2` cannot be read" in str(found.unreadable["web-2"])


def test_a_receipt_too_large_to_be_one_is_not_even_fetched(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    write_receipt(store, _receipt("web-1"), KEY)
    huge = tmp_path / "environments/production/receipts/web-2"
    with huge.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    found = read_receipts(store, "production")
    assert list(found.receipts) == ["web-1"]
    assert "larger than 65536 bytes" in str(found.unreadable["web-2"])


def test_a_link_that_leads_to_itself_hides_no_other(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    write_receipt(store, _receipt("web-1"), KEY)
    (tmp_path / "environments/production/receipts/web-2").symlink_to("web-2")
    assert list(read_receipts(store, "production").receipts) == ["web-1"]


def test_a_thousand_receipts_are_all_read_few_at_a_time(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    write_receipt(store, _receipt("web-1"), KEY)
    store.put({f"environments/production/receipts/no-{n}": b"{}" for n in range(1000)})
    found = read_receipts(store, "production")
    assert len(found.unreadable) == 1000 and list(found.receipts) == ["web-1"]


def test_a_receipt_moved_here_from_elsewhere_is_not_believed(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    write_receipt(store, _receipt("web-1", "staging"), KEY)
    moved = store.read("environments/staging/receipts/web-1")
    assert moved is not None
    store.put({"environments/production/receipts/web-1": moved.data})
    found = read_receipts(store, "production")
    assert not found.receipts and list(found.unreadable) == ["web-1"]
