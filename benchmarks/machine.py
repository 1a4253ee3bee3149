"""What the figures were taken on: no figure means anything without it."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

PACKAGES = (
    "handbill", "duckdb", "msgspec", "jinja2", "minijinja", "pyyaml", "check-jsonschema",
    "aiosmtplib", "watchfiles", "cryptography", "common-expression-language", "cel-python",
)  # fmt: skip


def describe_machine(folder: Path) -> dict[str, str]:
    """Label → value; `folder` is where the benchmarks write."""
    return {
        "processor": f"{_processor()}, {_cores()} cores",
        "memory": _memory(),
        "system": f"{_distribution()}, {platform.system()} {platform.release()}",
        "disk": _file_system(folder),
        "load": _load(),
    }


def describe_versions() -> dict[str, str]:
    versions = {"python": f"{platform.python_version()} ({platform.python_implementation()})"}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    versions["git"] = _git("version").removeprefix("git version ")
    versions["commit"] = _git("-C", str(Path(__file__).parent), "rev-parse", "--short=12", "HEAD")
    return versions


def _processor() -> str:
    for line in _lines("/proc/cpuinfo"):
        label, _, value = line.partition(":")
        if label.strip() == "model name":
            return value.strip()
    return platform.processor() or platform.machine()


def _cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory() -> str:
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return f"{pages * size / 2**30:.1f} GiB"


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError, AttributeError):
        return platform.platform(terse=True)


def _file_system(folder: Path) -> str:
    """The type of the longest mount point above `folder`: on tmpfs an fsync costs nothing."""
    best, kind = "", "unknown file system"
    for line in _lines("/proc/mounts"):
        _, point, found, *_ = line.split(" ")
        below = point == "/" or str(folder.resolve()).startswith(f"{point}/")
        if below and len(point) >= len(best):
            best, kind = point, found
    return kind


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f} when it began"


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
