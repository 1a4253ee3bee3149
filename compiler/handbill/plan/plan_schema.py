"""The JSON Schema of plan objects, generated from the structs: `schemas/plan.schema.json`.

`python -m handbill.plan.plan_schema FILE` writes it; a test fails when the file has drifted.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import msgspec

from handbill.plan.model import PLAN_FORMAT, Object

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def plan_schema() -> str:
    """JSON Schema 2020-12 of any object of a release, as text that ends in a newline."""
    schema = {
        "$schema": DIALECT,
        "title": f"Handbill plan objects, format {PLAN_FORMAT}",
        **msgspec.json.schema(Object),
    }
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(plan_schema(), encoding="utf-8")
