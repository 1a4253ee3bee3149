"""`handbill preview`: what it prints, writes and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tested_base import Base

from handbill.cli import preview as module
from handbill.cli.preview import preview


@pytest.fixture
def world(base: Base) -> Base:
    base.write(
        "personas/ann.yaml",
        """
        description: Has come for years
        customer:
          first_name: Ann
          lifetime_orders: 7
          email: ann@shop.example
          consent: [email.promotions]
        """,
    )
    base.write("personas/bob.yaml", "customer: {lifetime_orders: 1, email: bob@shop.example}\n")
    return base


def run(base: Base, *arguments: str) -> Result:
    command = ["fresh-fields/hello", "--root", str(base.folder), "--at", "2026-12-05T15:00Z"]
    return CliRunner().invoke(preview, [*command, *arguments], catch_exceptions=False)


def test_a_line_each(world: Base) -> None:
    world.write("personas/cat.yaml", "customer: {lifetime_orders: 2, email: cat@shop.example}\n")
    done = run(world)
    assert done.exit_code == 0
    first, _, heading, ann, bob, cat = done.stdout.rstrip("\n").split("\n")
    assert first == "fresh-fields/hello (active), as of 2026-12-05 15:00 UTC"
    assert heading == "email, en-US"
    assert ann.startswith("  ann  ") and ann.strip() != "ann"
    assert bob == "  bob  – would not be sent: no_consent"
    assert cat == "  cat  – would not be sent: no_consent"


def test_one_message_in_full(world: Base) -> None:
    done = run(world, "--persona", "ann")
    lines = done.stdout.split("\n")
    assert lines[3:5] == ["  to ann", lines[4]]
    assert lines[4].startswith("  subject: ")
    assert "Hello Ann" in done.stdout and "<p" not in done.stdout


def test_a_draft_is_shown(world: Base) -> None:
    world.edit("tenants/fresh-fields/campaigns/hello.yaml", "status: active", "status: draft")
    assert "fresh-fields/hello (draft)" in run(world).stdout


def test_a_page(world: Base, tmp_path: Path) -> None:
    done = run(world, "--out", str(tmp_path / "out"), "--device", "desktop")
    page = tmp_path / "out/fresh-fields.hello.html"
    assert done.stdout == f"{page}\n"
    text = page.read_text("utf-8")
    assert "Has come for years" in text and "<script" not in text
    assert '<input type="radio" name="w" id="w-desktop" checked>' in text
    named = tmp_path / "named.html"
    assert run(world, "--out", str(named)).stdout == f"{named}\n" and named.is_file()


def test_a_real_customer(world: Base, tmp_path: Path) -> None:
    folder = tmp_path / "data/fresh-fields"
    folder.mkdir(parents=True)
    head = "id,email,consent,first_name,lifetime_orders,is_employee,spend_90d\n"
    row = 'c1,eve@shop.example,"[email.promotions]",Eve,5,false,0\n'
    (folder / "customers.csv").write_text(head + row, encoding="utf-8")
    asked = ("--customer", "c1", "--customers", str(folder))
    done = run(world, *asked)
    assert "to c1" in done.stdout and "Hello Eve" in done.stdout
    nobody = run(world, "--customer", "c2", "--customers", str(folder))
    assert "would not be selected: quarantined" in nobody.stdout
    assert "there is no such customer" in nobody.stdout
    nothing = run(world, "--customer", "c1", "--customers", str(tmp_path))
    assert "has no customers: neither customers.parquet nor .csv" in nothing.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--persona", "anne"], "there is no persona `anne`; did you mean `ann`?"),
        (["--variant", "b"], "there is no variant `b`; it has: only"),
        (["--channel", "fax"], "there is no channel `fax`; it has: email"),
        (["--locale", "en-UK"], "there is no locale `en-UK`; did you mean `en-US`?"),
        (["--customer", "c1"], "say --customer ID and --customers PATH together"),
        (["--png"], "say where with --out"),
    ],
)
def test_what_is_asked_for_wrongly(world: Base, arguments: list[str], says: str) -> None:
    done = run(world, *arguments)
    assert done.exit_code in (1, 2)
    assert says in " ".join(done.stderr.replace("│", "").split())


def test_a_persona_or_a_customer(world: Base) -> None:
    asked = ("--customer", "c1", "--customers", str(world.folder), "--persona", "ann")
    assert "not both" in run(world, *asked).stderr


def test_a_tenant_with_errors(world: Base) -> None:
    world.campaign("audience: customer.nothing > 1")
    done = run(world)
    assert done.exit_code == 1
    assert "handbill check tenants/fresh-fields" in " ".join(done.stderr.replace("│", "").split())


def test_no_configuration(tmp_path: Path) -> None:
    done = CliRunner().invoke(preview, ["x/y", "--root", str(tmp_path)])
    assert done.exit_code == 1


def chromium(folder: Path, script: str) -> str:
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


WRITES = 'for each in "$@"; do case "$each" in --screenshot=*) echo png > "${each#*=}";; esac; done'


def test_pictures(world: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDBILL_CHROMIUM", chromium(tmp_path, WRITES))
    done = run(world, "--out", str(tmp_path / "out"), "--png")
    names = sorted(path.name for path in (tmp_path / "out").glob("*.png"))
    assert names == [f"fresh-fields.hello.{each}.only.email.en-US.png" for each in ("ann", "bob")]
    assert done.exit_code == 0
    monkeypatch.setattr(module, "MOST_PICTURES", 1)
    done = run(world, "--out", str(tmp_path / "fewer"), "--png")
    assert done.exit_code == 1 and "no pictures of 1 more" in done.stderr


def test_no_chromium(world: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HANDBILL_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run(world, "--out", str(tmp_path / "out"), "--png")
    assert done.exit_code == 1
    assert "--png needs Chromium" in done.stderr
    assert (tmp_path / "out/fresh-fields.hello.html").is_file()


def test_opening(world: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(module.click, "launch", opened.append)
    done = run(world, "--open")
    assert opened == [done.stdout.strip()] and Path(opened[0]).is_file()


def test_the_tenant_s_pictures_are_in_the_page(world: Base, tmp_path: Path) -> None:
    template = "tenants/fresh-fields/templates/hello.html"
    world.edit(template, "</body>", '<img src="assets/logo.png" alt="Logo"></body>')
    run(world, "--out", str(tmp_path))
    page = (tmp_path / "fresh-fields.hello.html").read_text("utf-8")
    assert "data:image/png;base64," in page and "assets.example" not in page
