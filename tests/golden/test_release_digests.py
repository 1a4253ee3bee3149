"""A fixed configuration with one of everything has known digests: on every machine, in every version.

`release/digests.txt` names the digest of each object of `release/configuration/`. A change of it means
that what is published changes for everybody; `--update-golden` writes it, and its diff says what.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import warnings

import pytest

from handbill.pipeline import Compiled, compile_tree
from handbill.plan.canonical import canonical_bytes, decode_object, digest_of
from handbill.plan.model import Channel, Plan, Release, Table, Tenant
from handbill.source.working_tree import open_working_tree

ROOT = pathlib.Path(__file__).parents[2]
CONFIGURATION = pathlib.Path(__file__).parent / "release" / "configuration"
DIGESTS = CONFIGURATION.parent / "digests.txt"
OTHER_PYTHONS = "HANDBILL_OTHER_PYTHONS"
"""Further interpreters that have the locked packages, by path, with `:` between."""
PRINT_DIGEST = """
from pathlib import Path
import sys
from handbill.pipeline import compile_tree
from handbill.source.working_tree import open_working_tree
tree, found = open_working_tree(Path(sys.argv[1]))
compiled = compile_tree(tree, found)
assert not compiled.diagnostics, compiled.diagnostics
print(compiled.release.digest)
"""


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    tree, found = open_working_tree(CONFIGURATION)
    assert tree is not None
    compiled = compile_tree(tree, found)
    assert compiled.diagnostics == ()
    return compiled


def named_digests(compiled: Compiled) -> str:
    """One line an object, the release first."""
    assert compiled.release is not None
    lines = {
        f"environment {name}": digest_of(canonical_bytes(each))
        for name, each in compiled.environments.items()
    }
    for pack in compiled.release.packs.values():
        for digest, data in pack.items():
            match decode_object(data):
                case Release():
                    lines[" release"] = digest
                case Tenant(name=name):
                    lines[f"tenant {name}"] = digest
                case Plan(tenant=tenant, campaign=campaign):
                    lines[f"plan {tenant}/{campaign}"] = digest
                case Channel(name=name):
                    lines[f"channel {name}"] = digest
                case Table():
                    lines["table"] = digest
    return "".join(f"{digest} {name.strip()}\n" for name, digest in sorted(lines.items()))


def expected_digest() -> str:
    return DIGESTS.read_text(encoding="utf-8").split()[0]


def test_digests(compiled: Compiled, pytestconfig: pytest.Config) -> None:
    actual = named_digests(compiled)
    if pytestconfig.getoption("--update-golden"):
        DIGESTS.write_text(actual, encoding="utf-8")
    assert actual == DIGESTS.read_text(encoding="utf-8")


def other_pythons() -> list[str]:
    """Interpreters beside this one that can compile: `make pythons` makes them."""
    named = [each for each in os.environ.get(OTHER_PYTHONS, "").split(":") if each]
    made = [ready.parent / "bin" / "python" for ready in sorted(ROOT.glob(".venv-*/ready"))]
    return [*named, *map(str, made)]


def test_another_python_gives_the_same_release() -> None:
    """Where no other has the packages, the stored digest has to do: it holds in every version."""
    others = other_pythons()
    if not others:
        warnings.warn("no other Python has the packages: `make pythons`", stacklevel=1)
    sources = os.pathsep.join(str(ROOT / each) for each in ("compiler", "runtime"))
    for python in (sys.executable, *others):
        done = subprocess.run(
            [python, "-c", PRINT_DIGEST, str(CONFIGURATION)],
            env={**os.environ, "PYTHONPATH": sources},
            capture_output=True,
            text=True,
        )
        assert done.stdout.strip() == expected_digest(), (python, done.stderr)
