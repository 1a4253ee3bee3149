"""`python -m benchmarks [NAME…]`: measures, prints, and keeps results/latest.json.

Run it on a machine that does nothing else. `--page` also writes the results into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from benchmarks.activation import measure_activation
from benchmarks.audience import measure_audience
from benchmarks.campaigns import measure_campaigns
from benchmarks.cold_compile import measure_cold_compile
from benchmarks.compile_templates import measure_templates
from benchmarks.delivery import measure_delivery
from benchmarks.fresh_clone import measure_fresh_clone
from benchmarks.keystroke import measure_keystroke
from benchmarks.machine import describe_machine, describe_versions
from benchmarks.merge import measure_merge
from benchmarks.one_change import measure_one_change
from benchmarks.outcome import Benchmark, Broken, Result, Setting
from benchmarks.relations import measure_relations
from benchmarks.render import measure_render
from benchmarks.report import heading, result_text, results_json, write_page
from benchmarks.review import measure_review
from benchmarks.rules import measure_rules
from benchmarks.runtime_memory import measure_runtime_memory
from benchmarks.swap import measure_swap

ALL_BENCHMARKS: dict[str, Benchmark] = {
    "render": measure_render,
    "audience": measure_audience,
    "campaigns": measure_campaigns,
    "relations": measure_relations,
    "rules": measure_rules,
    "templates": measure_templates,
    "activation": measure_activation,
    "compile": measure_cold_compile,
    "clone": measure_fresh_clone,
    "change": measure_one_change,
    "merge": measure_merge,
    "swap": measure_swap,
    "review": measure_review,
    "keystroke": measure_keystroke,
    "delivery": measure_delivery,
    "runtime-memory": measure_runtime_memory,
}
LATEST = Path(__file__).parent / "results" / "latest.json"
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 1 where a benchmark is broken. A goal that is not met is a figure, not a failure."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - ALL_BENCHMARKS.keys():
        parser.error(
            f"no benchmark {', '.join(sorted(unknown))}: choose {', '.join(ALL_BENCHMARKS)}"
        )
    if options.page and (options.names or options.quick or options.campaigns):
        parser.error("--page is for all the benchmarks at full size")
    with tempfile.TemporaryDirectory(prefix="handbill-bench-", dir=options.folder) as scratch:
        machine, versions = describe_machine(Path(scratch)), describe_versions()
        print(heading(machine, versions), flush=True)
        results: list[Result] = []
        for name in options.names or ALL_BENCHMARKS:
            folder = Path(scratch) / name
            folder.mkdir()
            started = time.monotonic()
            results.append(
                _measure(name, Setting(folder, options.quick, campaigns=options.campaigns))
            )
            print(f"\n{result_text(results[-1])}", flush=True)
            print(f"   {time.monotonic() - started:.0f} s", file=sys.stderr)
    if options.quick:
        print("\nquick: these figures mean nothing")
    options.results.parent.mkdir(parents=True, exist_ok=True)
    options.results.write_text(results_json(machine, versions, results), encoding="utf-8")
    if options.page:
        write_page(PAGE, machine, versions, results)
    return 1 if any(isinstance(result, Broken) for result in results) else 0


def _measure(name: str, setting: Setting) -> Result:
    """One that breaks does not keep the others from being measured."""
    try:
        return ALL_BENCHMARKS[name](setting)
    except Exception as error:
        traceback.print_exc()
        return Broken(name, f"{type(error).__name__}: {error}")


def _setting(folder: Path, options: argparse.Namespace) -> Setting:
    return Setting(folder, options.quick, campaigns=options.campaigns, prepared=options.prepared)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Ratios against a peer or a physical floor."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ALL_BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="only see that everything works")
    parser.add_argument(
        "--campaigns", type=int, metavar="N", help="how many large repositories have, instead"
    )
    parser.add_argument("--page", action="store_true", help="write docs/benchmarks.md anew")
    parser.add_argument("--folder", type=Path, help="measure the disk below this folder")
    parser.add_argument("--prepared", type=Path, help="keep large repositories here, for next time")
    parser.add_argument("--results", type=Path, default=LATEST, help="where the JSON goes")
    return parser


if __name__ == "__main__":
    sys.exit(main())
