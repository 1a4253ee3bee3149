"""A cold compile of many retailers, beside a YAML reader and a schema checker on the same files, and
beside dbt's parser on models of its own.

Every contender is a process of its own, start-up included. Handbill begins with an empty cache, as in
a fresh clone, and uses all cores; the others use one, as they come.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.commands import Process
from benchmarks.dbt_project import NoDbt, find_dbt, versions, write_project
from benchmarks.fleet import commit_all
from benchmarks.generate import generate
from benchmarks.measure import interleave, paired_ratio, spread
from benchmarks.outcome import Line, Outcome, Ratio, Setting, Unavailable

TITLE = "cold compile of {tenants} retailers with {each} campaigns each, every text different"
HANDBILL, YAML, SCHEMA = "handbill compile", "PyYAML's CSafeLoader", "check-jsonschema"
DBT = "dbt parse"
EACH, CAMPAIGNS, MODELS = 20, 7_000, 5_000
AT_MOST = 4.0
LOOK = 0.2
READ_YAML = """
import sys
from pathlib import Path
import yaml
for path in Path(sys.argv[1]).rglob("*.yaml"):
    with path.open("rb") as file:
        yaml.load(file, Loader=yaml.CSafeLoader)
"""


def measure_cold_compile(setting: Setting) -> Outcome | Unavailable:
    checker = Path(sys.executable).with_name("check-jsonschema")
    each = 3 if setting.quick else EACH
    tenants = 2 if setting.quick else max(1, setting.campaigns_or(CAMPAIGNS) // each)
    title = TITLE.format(tenants=tenants, each=each)
    if not checker.is_file():
        return Unavailable(
            "compile", title, "check-jsonschema is not installed", "pip install check-jsonschema"
        )
    root = setting.folder / "configuration"
    root.mkdir()
    generate(setting.sample, root, tenants, each)
    commit_all(root)
    processes = make_processes(setting.sample, root, checker)
    dbt, absent = None, ""
    if not setting.quick:
        try:
            dbt = find_dbt()
            processes[DBT] = dbt_process(dbt, setting.folder / "dbt")
        except NoDbt as error:
            absent = f"dbt could not be installed, so it is not measured: {error}"
    repetitions = 1 if setting.quick else 3
    seconds = interleave(processes, repetitions, warm_up=0)
    compared = [_compared(root, tenants * each)]
    if dbt is not None:
        compared.append(_compared_dbt(dbt))
    ratios = [
        Ratio(f"{HANDBILL} ÷ {name}", paired_ratio(seconds[HANDBILL], seconds[name]), at_most=most)
        for name, most in ((YAML, AT_MOST), (SCHEMA, None), (DBT, None))
        if name in seconds
    ]
    notes = [absent] if absent else []
    return Outcome("compile", title, compared, lines_of(processes, seconds), ratios, notes)


def lines_of(
    processes: Mapping[str, Process], seconds: Mapping[str, Sequence[float]]
) -> list[Line]:
    """Wall and CPU of each, and memory: of its processes together where there are several."""
    lines = [Line(name, spread(found), "s") for name, found in seconds.items()]
    for name, process in processes.items():
        lines.append(Line(f"{name}, CPU", spread(process.cpu), "s"))
    for name, process in processes.items():
        if process.together:
            held = spread([process.together / 2**20])
            lines.append(Line(f"{name}, memory of all its processes, peak", held, "MiB"))
        else:
            lines.append(Line(f"{name}, peak memory", spread([process.peak / 2**20]), "MiB"))
    return lines


def make_processes(sample: Path, root: Path, checker: Path) -> dict[str, Process]:
    schema = sample / "schemas" / "documents" / "campaign.schema.json"
    files = sorted(map(str, root.glob("tenants/*/campaigns/*.yaml")))
    return {
        HANDBILL: handbill_compile(root),
        YAML: yaml_reader(root),
        SCHEMA: Process((str(checker), "--schemafile", str(schema), *files)),
    }


def handbill_compile(root: Path) -> Process:
    """With an empty cache each time."""
    cache, out = root.parent / "cache", root.parent / "out"

    def begin_anew() -> None:
        for folder in (cache, out):
            shutil.rmtree(folder, ignore_errors=True)

    command = (sys.executable, "-m", "handbill.cli.main", "compile", "--root", str(root))
    return Process(
        (*command, "--rev", "HEAD", "--out", str(out)),
        environment={"HANDBILL_CACHE": str(cache)},
        before=begin_anew,
        look_seconds=LOOK,
    )


def yaml_reader(root: Path) -> Process:
    return Process((sys.executable, "-c", READ_YAML, str(root)))


def dbt_process(dbt: Path, project: Path) -> Process:
    write_project(project, MODELS)
    where = ("--project-dir", str(project), "--profiles-dir", str(project))
    return Process(
        (str(dbt), "--quiet", "parse", "--no-partial-parse", *where),
        folder=project,
        before=lambda: shutil.rmtree(project / "target", ignore_errors=True),
    )


def _compared(root: Path, campaigns: int) -> str:
    files = [path for path in root.rglob("*.yaml") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    return (
        f"{campaigns:,} campaigns, {len(files):,} YAML files, {size / 1e6:.1f} MB. Handbill, from a "
        "git commit, on all cores and with an empty cache: reads, checks, resolves the layers, "
        "checks the types of every rule and template, and writes canonical plans under their "
        "digests. PyYAML turns the same files into Python values and keeps nothing. "
        "check-jsonschema checks the campaign files against schemas/documents/campaign.schema.json."
    )


def _compared_dbt(dbt: Path) -> str:
    return (
        f"dbt parse ({versions(dbt)}) reads {MODELS:,} SQL models with their descriptions and builds a "
        "manifest, without what an earlier run left: other files, for the scale."
    )
