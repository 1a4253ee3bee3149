from __future__ import annotations

import re
from pathlib import Path

import handbill_runtime
from handbill_runtime.errors import LeaseFault, RuntimeFault

DOCS = Path(__file__).parents[2] / "docs" / "diagnostics"
STAGES = ("ledger", "stages", "drivers")


def test_a_fault_reads_as_one_line() -> None:
    assert str(RuntimeFault("HB940", "no data", "put it there")) == "HB940: no data (put it there)"
    assert str(LeaseFault("HB901", "in use")) == "HB901: in use"


def test_every_code_is_explained() -> None:
    source = Path(handbill_runtime.__file__).parent
    used = {
        code
        for part in STAGES
        for path in (source / part).glob("*.py")
        for code in re.findall(r'"(HB9\d\d)"', path.read_text(encoding="utf-8"))
    }
    explained = set(re.findall(r"^## (HB9\d\d)$", (DOCS / "HB9-stages.md").read_text(), re.M))
    assert len(used) >= 10
    assert used == explained
