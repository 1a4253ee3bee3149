"""Every figure comes with what it was taken on."""

from __future__ import annotations

from pathlib import Path

from benchmarks.machine import describe_machine, describe_versions


def test_the_machine_is_described(tmp_path: Path) -> None:
    machine = describe_machine(tmp_path)
    assert list(machine) == ["processor", "memory", "system", "disk", "load"]
    assert all(machine.values())
    assert "cores" in machine["processor"]
    assert machine["memory"].endswith("GiB")


def test_the_versions_of_all_peers_are_named() -> None:
    versions = describe_versions()
    assert {"python", "jinja2", "minijinja", "pyyaml", "duckdb", "git", "commit"} <= versions.keys()
    assert versions["jinja2"][0].isdigit()
