"""Debian's docker-registry as a process of its own, on a port that it chose.

`make unit` puts it into the virtual environment (tests/servers/docker_registry.sh); one in PATH does as
well.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
UNPACKED = Path(sys.prefix) / "debian" / "usr" / "bin" / "docker-registry"


def registry_program() -> Path:
    """Where it is; put there if it is nowhere yet."""
    if installed := shutil.which("docker-registry"):
        return Path(installed)
    if not UNPACKED.exists():
        script = ROOT / "tests" / "servers" / "docker_registry.sh"
        subprocess.run(["sh", str(script), str(Path(sys.prefix) / "debian")], check=True)
    return UNPACKED


@contextlib.contextmanager
def registry(folder: Path, *, deletes: bool = True) -> Iterator[str]:
    """`127.0.0.1:PORT` of a registry that keeps everything in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "config.yml"
    settings.write_text("version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n")
    variables = {
        "REGISTRY_HTTP_ADDR": "127.0.0.1:0",
        "REGISTRY_STORAGE": "filesystem",
        "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY": str(folder / "data"),
        "REGISTRY_STORAGE_DELETE_ENABLED": str(deletes).lower(),
        "OTEL_TRACES_EXPORTER": "none",
    }
    process = subprocess.Popen(
        [registry_program(), "serve", str(settings)],
        env={"PATH": os.environ["PATH"]} | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"127.0.0.1:{_port_of(process)}"
    finally:
        process.kill()
        process.wait()


def _port_of(process: subprocess.Popen[bytes]) -> int:
    """The port on which the process listens, out of /proc: it says so nowhere else."""
    for _ in range(1000):
        if process.poll() is not None:
            raise RuntimeError(f"docker-registry ended with {process.returncode}")
        sockets = set()
        for link in Path(f"/proc/{process.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                sockets.add(os.readlink(link))
        for table in ("tcp", "tcp6"):
            for line in Path(f"/proc/{process.pid}/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                    return int(fields[1].rpartition(":")[2], 16)
        time.sleep(0.01)
    raise RuntimeError("docker-registry does not listen")
