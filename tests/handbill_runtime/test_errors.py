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


def test_every_reason_is_explained() -> None:
    source = Path(handbill_runtime.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in (source / "stages").glob("*.py"))
    used = set(re.findall(r'(?:Stop|Refusal)\("(\w+)"\)', text))
    used |= set(re.findall(r'(?:"suppressed"|"excluded"), "(\w+)"', text))
    used |= set(re.findall(r'return "(held_out_\w+|quiet_hours|outside_window|too_long)"', text))
    explained = set(re.findall(r"`(\w+)`", (DOCS.parent / "reasons.md").read_text()))
    assert len(used) >= 15
    assert used <= explained
