"""Two sides of a diff: the base configuration of the golden cases, with edits to its files."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from handbill.diff.compare import compare_releases
from handbill.diff.model import Entry, ReleaseDiff
from handbill.diff.sides import OpenSide, open_folder
from handbill.language.reasoning.reasoner import Reasoner
from handbill.source.memory import Memory

BASE = Path(__file__).parents[2] / "golden" / "base"
HELLO = "tenants/fresh-fields/campaigns/hello.yaml"
SECOND = "tenants/fresh-fields/campaigns/second.yaml"
TENANT_FILE = "tenants/fresh-fields/tenant.yaml"
AT = datetime.datetime(2026, 11, 3, 9)
MEMORY = Memory()
CAMPAIGN = """\
category: promotions
status: active
trigger: {at: 2026-12-05T10:00}
audience: customer.lifetime_orders >= 1
message:
  email: {subject: "Double points this weekend", template: hello.html}
"""

Edits = Mapping[str, str | None]
"""File → its text; None removes it."""


def campaign(*replaced: tuple[str, str], more: str = "") -> str:
    """The base's campaign with pieces of its text replaced, and `more` below."""
    text = CAMPAIGN
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new)
    return text + more


def side(edits: Edits | None = None, label: str = "a side") -> OpenSide:
    """The base with edits, compiled without an error of its own making."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "configuration"
        shutil.copytree(BASE, folder)
        for file, text in (edits or {}).items():
            target = folder / file
            _begin_tenant(folder, file)
            if text is None:
                target.unlink()
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
        return open_folder(folder, label, MEMORY)


def _begin_tenant(folder: Path, file: str) -> None:
    """One that is not there yet begins like the base's."""
    match file.split("/"):
        case "tenants", name, *_ if not (folder / "tenants" / name).exists():
            shutil.copytree(BASE / "tenants/fresh-fields", folder / "tenants" / name)


def compared(before: Edits | OpenSide, after: Edits | OpenSide) -> ReleaseDiff:
    one = before if isinstance(before, OpenSide) else side(before)
    other = after if isinstance(after, OpenSide) else side(after)
    with Reasoner() as reasoner:
        return compare_releases(one, other, reasoner, at=AT)


def changed(text: str, before: str = CAMPAIGN) -> Entry:
    """The one entry that comes of giving the base's campaign another text."""
    (entry,) = compared({HELLO: before}, {HELLO: text}).entries
    return entry


def many(count: int, hello: str = CAMPAIGN, odd: str = CAMPAIGN) -> dict[str, str | None]:
    """Edits that make as many retailers like the base's; every other one's campaign is `odd`."""
    return {
        f"tenants/shop-{number}/campaigns/hello.yaml": odd if number % 2 else hello
        for number in range(count)
    }
