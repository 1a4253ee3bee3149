"""A cold compile of many retailers, beside a YAML reader and a schema checker on the same files.

Reported as it is: the peers do a small part of the work, and give the scale. Every contender is a
process of its own, start-up included.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.generate import generate
from benchmarks.measure import interleave, paired_ratio, spread
from benchmarks.outcome import Line, Outcome, Ratio, Setting, Unavailable

TITLE = "cold compile of 350 retailers with 20 campaigns each, every text different"
HANDBILL, YAML, SCHEMA = "handbill compile", "PyYAML's CSafeLoader", "check-jsonschema"
READ_YAML = """
import sys
from pathlib import Path
import yaml
for path in Path(sys.argv[1]).rglob("*.yaml"):
    with path.open("rb") as file:
        yaml.load(file, Loader=yaml.CSafeLoader)
"""


LAUNCH = """
import json, resource, subprocess, sys, time
started = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
said = done.stdout[-2000:].decode(errors="replace")
print(json.dumps({"seconds": seconds, "peak": peak, "code": done.returncode, "said": said}))
"""
"""A small process in between: the peak that Linux counts for a child begins with its parent's."""


class Failed(Exception):
    """A contender did not do its work; the message holds what it said."""


@dataclass(slots=True)
class Process:
    """A command that is run once per repetition; `peak` is the most memory it ever took, in bytes."""

    command: Sequence[str]
    peak: int = field(default=0)

    def __call__(self) -> float:
        launcher = (sys.executable, "-S", "-c", LAUNCH, *self.command)
        launched = subprocess.run(launcher, stdout=subprocess.PIPE, check=True)
        found = json.loads(launched.stdout)
        if found["code"]:
            raise Failed(f"{self.command[:4]} ended with {found['code']}: {found['said']}")
        self.peak = max(self.peak, found["peak"] * (1 if sys.platform == "darwin" else 1024))
        return float(found["seconds"])


def measure_cold_compile(setting: Setting) -> Outcome | Unavailable:
    checker = Path(sys.executable).with_name("check-jsonschema")
    if not checker.is_file():
        return Unavailable(
            "compile", TITLE, "check-jsonschema is not installed", "pip install check-jsonschema"
        )
    tenants, campaigns = (2, 3) if setting.quick else (350, 20)
    root = setting.folder / "configuration"
    root.mkdir()
    generate(setting.sample, root, tenants, campaigns)
    _commit(root)
    processes = make_processes(setting.sample, root, checker)
    repetitions = 1 if setting.quick else 3
    seconds = interleave(processes, repetitions, warm_up=0)
    lines = [Line(name, spread(found), "s") for name, found in seconds.items()]
    lines += [
        Line(f"{name}, peak memory", spread([process.peak / 2**20]), "MiB")
        for name, process in processes.items()
    ]
    ratios = [
        Ratio(f"{HANDBILL} ÷ {name}", paired_ratio(seconds[HANDBILL], seconds[name]))
        for name in (YAML, SCHEMA)
    ]
    return Outcome("compile", TITLE, _compared(root, tenants * campaigns), lines, ratios)


def make_processes(sample: Path, root: Path, checker: Path) -> dict[str, Process]:
    schema = sample / "schemas" / "documents" / "campaign.schema.json"
    files = sorted(map(str, root.glob("tenants/*/campaigns/*.yaml")))
    compiler = (sys.executable, "-m", "handbill.cli.main", "compile")
    return {
        HANDBILL: Process((*compiler, "--no-cache", "--root", str(root), "--rev", "HEAD")),
        YAML: Process((sys.executable, "-c", READ_YAML, str(root))),
        SCHEMA: Process((str(checker), "--schemafile", str(schema), *files)),
    }


def _compared(root: Path, campaigns: int) -> tuple[str, ...]:
    files = [path for path in root.rglob("*.yaml") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    return (
        f"{campaigns:,} campaigns, {len(files):,} YAML files, {size / 1e6:.1f} MB. Handbill, from a "
        "git commit, in one process and without any cache: reads, checks, resolves the layers, "
        "checks the types of every rule and template, and writes canonical plans under their "
        "digests. PyYAML turns the same files into Python values and keeps nothing. "
        "check-jsonschema checks the campaign files against schemas/documents/campaign.schema.json.",
    )


def _commit(root: Path) -> None:
    identity = ("-c", "user.name=Bench", "-c", "user.email=bench@handbill.example")
    for command in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "-m", "All")):
        subprocess.run(
            ["git", *identity, "-c", "gc.auto=0", "-c", "commit.gpgsign=false", *command],
            cwd=root,
            check=True,
        )
