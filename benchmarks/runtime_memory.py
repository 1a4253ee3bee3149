"""What a runtime of a thousand retailers holds in memory, and how soon it runs after a cold start.

Each figure comes from a process of its own that follows as `handbill run` does: first with an empty
disk and a store in a folder, then the same out of a bucket (moto's stand-in for S3, in a process of
its own), then from its own disk with the store away, and then with 5,000 plans decoded. The runtime's
imports are not counted: from when the follower is made until something is active.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.measure import spread
from benchmarks.outcome import Line, Outcome, Ratio, Result, Setting
from benchmarks.releases import ENVIRONMENT, compile_originals, publish_varied

NAME = "runtime-memory"
TITLE = "A runtime with very many plans"
TENANTS, PLANS, DECODED = 1_000, 100, 5_000
MEMORY_MB, DISK_SECONDS, BUCKET_SECONDS = 400, 2.0, 5.0
BUCKET = "handbill-bench"


def measure_runtime_memory(setting: Setting) -> Result:
    from handbill.publish.keys import generate_key
    from handbill.publish.publisher import Publisher
    from handbill.store.bundle import renew_bundles
    from handbill.store.folder import FolderStore
    from handbill.store.release import read_release
    from handbill.store.store import open_store

    tenants, plans = (4, 10) if setting.quick else (TENANTS, PLANS)
    decoded = min(DECODED, tenants * plans)
    key = generate_key()
    folder = FolderStore(setting.folder / "store")
    originals = compile_originals(setting.sample, setting.folder / "fleet", plans)
    publisher = Publisher(folder, ENVIRONMENT, key, lambda: datetime.now(UTC))
    pointer = publish_varied(publisher, originals, tenants, plans)
    release = read_release(folder, pointer.release).release
    trust, state = str(key.public), setting.folder / "state"

    def start(store: str, **more: object) -> Mapping[str, Any]:
        return _in_a_process({"store": store, "trust": trust, "state": str(state), **more})

    from_folder = start(folder.url)
    shutil.rmtree(state)
    with _bucket(setting.folder) as url:
        bucket = open_store(url)
        for paths in _chunks(folder):
            bucket.put(paths)
        roots = tuple(release.tenants.values())
        renew_bundles(bucket, ENVIRONMENT, pointer.release, roots, [key.private])
        from_bucket = start(url)
        here = open_store(url).url
    from_disk = start(here, decoded=0)
    used = start(here, decoded=decoded)
    return Outcome(
        name=NAME,
        title=TITLE,
        compared=(
            f"{tenants:,} retailers × {plans} plans, {from_disk['bytes'] / 2**30:.1f} GiB of canonical "
            "bytes; every plan is hashed before it is used",
            "out of the stand-in it begins with the outlines that are signed, and reads the packs after",
            "from its own disk: the store does not answer; what was proved is remembered beside the packs",
        ),
        lines=(
            Line("start out of a folder, nothing on disk", spread([from_folder["seconds"]]), "s"),
            Line(
                "start out of the S3 stand-in, nothing on disk",
                spread([from_bucket["seconds"]]),
                "s",
            ),
            Line("until all packs are on disk and proved", spread([from_bucket["whole"]]), "s"),
            Line("start from its own disk, the store away", spread([from_disk["seconds"]]), "s"),
            Line("memory before the start", spread([from_disk["before"]]), "MB"),
            Line("memory when active", spread([from_disk["memory"]]), "MB"),
            Line(f"memory with {decoded:,} plans decoded", spread([used["memory"]]), "MB"),
        ),
        ratios=(
            Ratio("memory against 400 MB", spread([used["memory"] / MEMORY_MB]), at_most=1.0),
            Ratio(
                "from disk against 2 s", spread([from_disk["seconds"] / DISK_SECONDS]), at_most=1.0
            ),
            Ratio(
                "from the stand-in against 5 s",
                spread([from_bucket["seconds"] / BUCKET_SECONDS]),
                at_most=1.0,
            ),
        ),
        notes=(f"{used['decode_ms']:.1f} ms to read, prove and decode one more plan (median)",),
    )


def _chunks(folder: Any) -> Iterator[dict[str, bytes]]:
    """Every file of the store, some at a time, the pointer last."""
    paths = [
        path.relative_to(folder.root).as_posix()
        for path in sorted(folder.root.rglob("*"), reverse=True)
        if path.is_file() and path.relative_to(folder.root).parts[0] in ("packs", "environments")
    ]
    for at in range(0, len(paths), 500):
        yield {path: (folder.root / path).read_bytes() for path in paths[at : at + 500]}


@contextmanager
def _bucket(folder: Path) -> Iterator[str]:
    import socket
    import urllib.request

    with socket.create_server(("127.0.0.1", 0)) as opened:
        port = opened.getsockname()[1]
    server = subprocess.Popen(
        [str(Path(sys.executable).with_name("moto_server")), "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_REGION": "us-east-1",
    }
    try:
        for _ in range(200):
            time.sleep(0.1)
            try:
                request = urllib.request.Request(
                    f"http://127.0.0.1:{port}/{BUCKET}", method="PUT", data=b""
                )
                urllib.request.urlopen(request, timeout=10).close()
                break
            except OSError:
                continue
        yield f"s3://{BUCKET}/store"
    finally:
        server.terminate()
        server.wait()


def _in_a_process(asked: Mapping[str, object]) -> Mapping[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.runtime_memory", json.dumps(asked)],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[1],
    )
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def _follow(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    from handbill.cli.run import open_follower
    from handbill_runtime.sending import Sending  # noqa: F401  what a runtime has imported

    before = _resident()
    most = max(asked.get("decoded", 0), 1)
    started = time.perf_counter()
    follower = open_follower(
        asked["store"], ENVIRONMENT, (asked["trust"],), Path(asked["state"]), "bench", most
    )
    starting = threading.Thread(target=follower.start)
    starting.start()
    while follower.active is None and starting.is_alive():
        time.sleep(0.001)
    seconds = time.perf_counter() - started
    starting.join()
    while follower.incomplete:
        time.sleep(0.05)
        follower.refresh()
    whole = time.perf_counter() - started
    active = follower.active
    assert active is not None
    memory = _resident()
    times = []
    plans = [(tenant, name) for tenant in active.tenants.values() for name in tenant.plans]
    step = max(1, len(plans) // most)
    for tenant, name in plans[::step][: asked.get("decoded", 0)]:
        begun = time.perf_counter()
        tenant.plans[name].outline  # noqa: B018
        times.append(time.perf_counter() - begun)
    return {
        "seconds": seconds,
        "whole": whole,
        "before": before,
        "memory": _resident() if times else memory,
        "decode_ms": 1000 * sorted(times)[len(times) // 2] if times else 0.0,
        "kept": len(follower.decoded),
        "bytes": _canonical_bytes(Path(asked["state"])),
    }


def _canonical_bytes(state: Path) -> int:
    """Uncompressed, as the first line of each part says."""
    found = 0
    for path in state.rglob("packs/*"):
        with path.open("rb") as file:
            found += int(file.readline().split()[2])
    return found


def _resident() -> float:
    """In MB, of this process now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    print(json.dumps(_follow(json.loads(sys.argv[1]))))
