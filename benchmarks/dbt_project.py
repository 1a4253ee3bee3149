"""A dbt project of many models, every text different, and dbt in an environment of its own.

dbt is no part of what Handbill is developed with: it is installed once, with pip, below the user's
cache folder. `dbt parse` reads SQL templates and YAML and builds a manifest: the part of its work that
resembles ours.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

from benchmarks.generate import WORDS

WANTED = ("dbt-core", "dbt-duckdb")
PINNED = ("dbt-core>=1.9,<1.11", "dbt-duckdb<1.11")
"""The last line of versions whose parser is not a download of its own."""
VARIABLE = "HANDBILL_BENCH_DBT"
PROFILE = """\
bench:
  target: dev
  outputs:
    dev: {type: duckdb, path: bench.duckdb}
"""
PROJECT = """\
name: bench
version: "1.0"
profile: bench
model-paths: [models]
flags: {send_anonymous_usage_stats: false}
"""


class NoDbt(Exception):
    """dbt could not be installed; the message says why."""


def find_dbt() -> Path:
    """The `dbt` command: HANDBILL_BENCH_DBT, or one of an environment that is made now if need be."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "handbill-benchmarks" / "dbt"
    command = folder / "bin" / "dbt"
    if not command.is_file():
        _run(sys.executable, "-m", "venv", str(folder))
        _run(str(folder / "bin" / "pip"), "install", "--quiet", "--only-binary", ":all:", *PINNED)
    return command


def versions(dbt: Path) -> str:
    """Such as "dbt-core 1.10.1, dbt-duckdb 1.9.4"."""
    listed = _run(str(dbt.with_name("pip")), "list", "--disable-pip-version-check")
    found = (line.split() for line in listed.splitlines())
    return ", ".join(" ".join(parts[:2]) for parts in found if parts and parts[0] in WANTED)


def write_project(root: Path, models: int, seed: int = 3) -> None:
    """Chains of models by reference, ten in a folder with one YAML file that describes them."""
    chance = random.Random(seed)
    root.mkdir()
    (root / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (root / "profiles.yml").write_text(PROFILE, encoding="utf-8")
    for start in range(0, models, 10):
        folder = root / "models" / f"shop_{start // 10:04d}"
        folder.mkdir(parents=True)
        described = ["version: 2", "models:"]
        for number in range(start, min(models, start + 10)):
            name = f"{chance.choice(WORDS)}_{number:05d}"
            before = names[-1] if (names := _names(folder)) else None
            (folder / f"{name}.sql").write_text(_model(chance, before), encoding="utf-8")
            words = " ".join(chance.choices(WORDS, k=9))
            described += [f"  - name: {name}", f'    description: "{words}"']
        (folder / "models.yml").write_text("\n".join(described) + "\n", encoding="utf-8")


def _names(folder: Path) -> list[str]:
    return sorted((each.stem for each in folder.glob("*.sql")), key=lambda name: name[-5:])


def _model(chance: random.Random, before: str | None) -> str:
    source = f"{{{{ ref('{before}') }}}}" if before else "(select 1 as id, 2 as spend)"
    label = " ".join(chance.choices(WORDS, k=4))
    return f"""\
{{{{ config(materialized='{chance.choice(("view", "table"))}') }}}}
{{% set least = {chance.randint(1, 400)} %}}
select id, spend, '{label}' as label
from {source}
where spend >= {{{{ least }}}} {{% if target.name == 'dev' %}} and id < {chance.randint(9, 999)} {{% endif %}}
"""


def _run(*command: str) -> str:
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", "") or str(error)
        raise NoDbt(said.strip()[-500:]) from error
    return done.stdout
