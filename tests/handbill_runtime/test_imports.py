"""In production no YAML, no templates and no git are even loaded: every module of the runtime."""

from __future__ import annotations

import json
import subprocess
import sys

FORBIDDEN = ("yaml", "jinja2", "git", "jsonschema", "pydantic", "babel", "z3", "mjml")
PROGRAM = """
import importlib, json, pkgutil, sys
import handbill_runtime
names = [m.name for m in pkgutil.walk_packages(handbill_runtime.__path__, "handbill_runtime.")]
for name in names:
    importlib.import_module(name)
roots = sorted({name.partition(".")[0] for name in sys.modules})
ours = sorted(name for name in sys.modules if name.startswith("handbill."))
print(json.dumps({"names": names, "roots": roots, "ours": ours}))
"""


def loaded(program: str) -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_importing_all_of_the_runtime_loads_none_of_the_compilers_parts() -> None:
    found = loaded(PROGRAM)
    assert {"handbill_runtime.engine", "handbill_runtime.follow.follower"} <= set(found["names"])
    assert len(found["names"]) > 40
    assert set(FORBIDDEN) & set(found["roots"]) == set()
    assert all(name.startswith(("handbill.plan", "handbill.store")) for name in found["ours"])


def test_the_check_would_notice() -> None:
    found = loaded("import handbill.source.yaml\n" + PROGRAM)
    assert "yaml" in found["roots"]


def test_nor_does_serving_do() -> None:
    """What is imported late, when a runtime is at work."""
    found = loaded(
        "import watchfiles, uvicorn, starlette.applications, duckdb, aiosmtplib\n"
        "from handbill_runtime.links_server import links_app\n"
        "links_app(lambda: None, lambda: None)\n" + PROGRAM
    )
    assert set(FORBIDDEN) & set(found["roots"]) == set()
