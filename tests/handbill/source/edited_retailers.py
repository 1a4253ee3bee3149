"""Three small retailers with a group and a blueprint, and random edits of their files."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

BASE = Path(__file__).parents[2] / "golden" / "base"
SHARED = {
    "groups/harvest/group.yaml": "name: Harvest\n",
    "groups/harvest/campaigns/recall.yaml": """\
category: service
status: active
trigger: {at: 2026-12-02T10:00}
audience: audiences.loyal
message: {sms: {body: "Please bring it back to {{ tenant.name }}"}}
""",
    "blueprints/winback/blueprint.yaml": """\
params: {discount: {type: integer, minimum: 5, maximum: 50, default: 10}}
open: [with, trigger]
category: promotions
trigger: {at: 2026-12-01T10:00}
audience: {include: customer.last_order_days is defined, exclude: {staff: customer.is_employee | default(false)}}
offer: comeback
message: {email: {subject: "{{ offer.summary }}", template: winback.html}}
""",
    "blueprints/winback/templates/winback.html": '{% extends "platform/email/base.html" %}'
    "{% block body %}<p>{{ customer.last_order_days }}</p>{% endblock %}",
    "blueprints/winback/offers/comeback.yaml": "reward: {percent: {param: discount}}\n"
    "valid: {for: 7 days}\nsummary: '{{ offer.reward.percent }}% off'\nterms: Once\n",
    "channels/email/templates/base.html": "<p>{% block body %}{% endblock %}</p>",
    "audiences/loyal.yaml": "include: customer.lifetime_orders >= 15\n",
}
TENANTS = {"amber": True, "blue": False, "green": True}


SWAPS = (
    ("10:00", "11:00"), ("status: active", "status: paused"), ("status: active", "status: draft"),
    ("the ", "this "), ("customer.", "custommer."), ("{{ ", "{{  "), (": ", ":  "), ("id,", "ID,"),
    ("marketing", "safety"), ("maxLength", "maxlength"), ("<p", "<div"), ("per 7 days", "per 9 days"),
    ("require", "requite"), ("default", "dafault"), ("15", "16"), ("2", "7"),
)  # fmt: skip


def write_retailers(folder: Path) -> None:
    """Three copies of the base's tenant; those of the group also use the blueprint."""
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    own = folder / "tenants" / "fresh-fields"
    for name, grouped in TENANTS.items():
        shutil.copytree(own, folder / "tenants" / name)
        if grouped:
            with (folder / "tenants" / name / "tenant.yaml").open("a") as document:
                document.write("group: harvest\n")
            campaign = folder / "tenants" / name / "campaigns" / "winback.yaml"
            campaign.write_text("uses: winback\nstatus: active\nwith: {discount: 15}\n")
    shutil.rmtree(own)
    for path, text in SHARED.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


class Edits:
    """Random changes of a configuration, each as a person or a tool might make it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, random.Random(seed)
        self.original = {path: path.read_bytes() for path in self.files()}
        self.kinds: tuple[Callable[[Path], None], ...] = (
            self.swap, self.swap, self.swap, self.delete, self.rename, self.copy, self.take_back,
            self.garble,
        )  # fmt: skip

    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())

    def step(self) -> None:
        for _ in range(self.random.choice((1, 1, 2))):
            self.random.choice(self.kinds)(self.random.choice(self.files()))

    def swap(self, path: Path) -> None:
        text = path.read_bytes().decode("utf-8", "replace")
        fitting = [(old, new) for old, new in SWAPS if old in text]
        if fitting:
            old, new = self.random.choice(fitting)
            path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def delete(self, path: Path) -> None:
        path.unlink()

    def rename(self, path: Path) -> None:
        path.rename(path.with_name(f"{self.random.choice('abc')}-{path.name}"))

    def copy(self, path: Path) -> None:
        others = [each for each in self.files() if each.suffix == path.suffix]
        path.write_bytes(self.random.choice(others).read_bytes())

    def garble(self, path: Path) -> None:
        data = path.read_bytes()
        at = self.random.randrange(len(data) + 1)
        path.write_bytes(data[:at] + self.random.choice((b"\xff", b"{{", b"\n", b"'")) + data[at:])

    def take_back(self, _: Path) -> None:
        for path in self.random.sample(sorted(self.original), len(self.original) * 3 // 4):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.original[path])


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
