"""The least that has to happen between a commit and an active release, without a compiler.

The same files as Handbill's, as large, written as durably (beside, fsync, rename, fsync of the
folder) and in the same order, and the same notification; but the bytes are nobody's plans: nothing
is read from git but the branch's tip, nothing is compiled, signed, verified, decoded or tried.

`python -m benchmarks.activation_floor publish REPOSITORY STORE TENANT_BYTES RELEASE_BYTES`
`python -m benchmarks.activation_floor follow STORE STATE [NAME…]`: one for each name
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

POINTER_BYTES, RECEIPT_BYTES = 809, 276
INTERVAL = 0.005
STEP_MS, DEBOUNCE_MS = 5, 20


def write_durably(files: dict[Path, bytes]) -> None:
    """Beside, fsync, rename; then an fsync of each folder."""
    for path, data in files.items():
        beside = path.parent.parent / "temporary" / f"{path.name}-{os.getpid()}"
        beside.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(descriptor, data)
        os.fsync(descriptor)
        os.close(descriptor)
        os.rename(beside, path)
    for folder in {path.parent for path in files}:
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def publish(repository: Path, store: Path, tenant_bytes: int, release_bytes: int) -> None:
    """Asks for the tip as often as `handbill publish --watch` does."""
    common = repository / ".git" if (repository / ".git").is_dir() else repository
    ref, done, sequence = common / "refs" / "heads" / "main", "", 0
    while True:
        tip = ref.read_text().strip()
        if tip != done:
            done, sequence = tip, sequence + 1
            tenant, release = os.urandom(tenant_bytes), os.urandom(release_bytes)
            packs = store / "packs"
            write_durably({packs / f"t{sequence}": tenant, packs / f"r{sequence}": release})
            pointer = f"{tip} t{sequence} r{sequence}".ljust(POINTER_BYTES).encode()
            with locked(store):
                write_durably({store / "history" / f"{sequence:010}": pointer})
            with locked(store):
                write_durably({store / "environment" / "pointer": pointer})
        time.sleep(INTERVAL)


class locked:
    """An advisory lock on a file of its own."""

    def __init__(self, store: Path) -> None:
        self._descriptor = os.open(store / "lock", os.O_RDWR | os.O_CREAT)

    def __enter__(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


async def follow_all(store: Path, state: Path, names: Sequence[str]) -> None:
    await asyncio.gather(*(follow(store, state / name, name) for name in names))


async def follow(store: Path, state: Path, name: str) -> None:
    """Keeps what the pointer names on its own disk, then says so, as a runtime does."""
    from watchfiles import awatch

    environment = store / "environment"
    environment.mkdir(parents=True, exist_ok=True)
    print("ready", flush=True)
    async for _ in awatch(environment, step=STEP_MS, debounce=DEBOUNCE_MS, recursive=False):
        pointer = (environment / "pointer").read_bytes()
        await asyncio.to_thread(_keep, store, state, name, pointer)
        print(pointer.split()[0].decode(), time.monotonic_ns(), flush=True)


def _keep(store: Path, state: Path, name: str, pointer: bytes) -> None:
    _, *packs = pointer.decode().split()
    write_durably({state / "packs" / each: (store / "packs" / each).read_bytes() for each in packs})
    write_durably({state / "environment" / "pointer": pointer})
    receipt = store / "receipts" / name
    receipt.parent.mkdir(exist_ok=True)
    beside = store / "temporary" / name
    beside.write_bytes(b" " * RECEIPT_BYTES)
    beside.rename(receipt)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["publish", repository, store, tenant, release]:
            publish(Path(repository), Path(store), int(tenant), int(release))
        case ["follow", store, state, *names]:
            asyncio.run(follow_all(Path(store), Path(state), names or ["bench"]))
