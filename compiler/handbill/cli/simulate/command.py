"""`handbill simulate`: every send of a period, on a virtual clock, with nothing sent."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.customers_place import customers_option, data_root_of
from handbill.cli.output import counted, fail, show, write_report
from handbill.cli.run import Instant
from handbill.cli.workspace import (
    find_root,
    git_location,
    line_reader,
    revision_option,
    root_option,
)

if TYPE_CHECKING:
    from handbill.cli.simulate.model import Simulation
    from handbill.diff.sides import OpenSide
    from handbill.plan.model import Environment
    from handbill_runtime.follow.active import ActiveRelease

LONGEST = timedelta(days=400)


@click.command()
@click.option(
    "--from",
    "begin",
    type=Instant(),
    required=True,
    help="Where the period begins, UTC or with an offset.",
)
@click.option("--to", "end", type=Instant(), required=True, help="Where it ends.")
@click.option(
    "--env",
    "environment",
    help="The environment whose customers are asked and whose provider rates hold.",
)
@customers_option
@click.option("--tenant", "tenants", multiple=True, help="Only this retailer; may be repeated.")
@click.option(
    "--output",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="For a terminal, for programs (versioned), or a calendar page.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write it to, instead of printing it.",
)
@root_option
@revision_option
def simulate(
    begin: datetime,
    end: datetime,
    environment: str | None,
    customers: str | None,
    tenants: tuple[str, ...],
    output: str,
    out: Path | None,
    root: Path,
    revision: str | None,
) -> None:
    """Run a period on a virtual clock, over real customers, and send nothing.

    Audiences, consent, caps, quiet hours, priorities, provider rates and expiry decide as they do in
    production. Reported are the messages of every hour, and campaigns that reach nobody, starve,
    overlap or are over.
    """
    if end <= begin:
        raise click.UsageError("--to must be later than --from")
    if end - begin > LONGEST:
        raise click.UsageError(f"simulate at most {LONGEST.days} days at once")
    if environment is None and customers is None:
        raise click.UsageError("say --env, or --customers and a folder of data")
    side = _side(find_root(root), revision)
    like = _environment(side, environment) if environment is not None else None
    names = _tenants(side, tenants)
    data_root = (
        data_root_of(customers) if customers is not None else (like.data_root if like else "")
    )
    with tempfile.TemporaryDirectory(prefix="handbill-simulate-") as folder:
        found = _simulate(side, like, data_root, names, begin, end, Path(folder))
    _write(_rendered(found, output), out)
    left_out = bool(side.about.failed) and not tenants
    trouble = any(finding.kind == "trouble" for finding in found.findings)
    sys.exit(1 if left_out or trouble else 0)


# ── what is simulated ────────────────────────────────────────────────────────────────────────────


def _side(root: Path, revision: str | None) -> OpenSide:
    from handbill.diagnostics.diagnostic import Diagnostic
    from handbill.diff.opening import Workplace, open_side

    repository, subfolder = git_location(root)
    side = open_side(revision, Workplace(root, repository, subfolder))
    if isinstance(side, Diagnostic):
        show([side], line_reader(None), "text")
        sys.exit(1)
    found = side.compiled.diagnostics if side.compiled is not None else ()
    if side.about.digest is None:
        show(found, line_reader(side.compiled.tree if side.compiled else None), "text")
        click.echo(f"nothing can be simulated: {counted(found)}", err=True)
        sys.exit(1)
    if side.about.failed:
        names = ", ".join(side.about.failed)
        click.echo(f"left out because of errors: {names}; see handbill check", err=True)
    return side


def _environment(side: OpenSide, name: str) -> Environment:
    from handbill.diagnostics.suggest import closest

    known = side.compiled.environments if side.compiled is not None else {}
    if name in known:
        return known[name]
    near = closest(name, known)
    hint = f"did you mean {near}?" if near else f"there are: {', '.join(sorted(known)) or 'none'}"
    raise click.UsageError(f"there is no sound environment `{name}`; {hint}")


def _tenants(side: OpenSide, asked: tuple[str, ...]) -> Collection[str]:
    from handbill.diagnostics.suggest import closest

    for name in asked:
        if name not in side.release.tenants:
            near = closest(name, side.release.tenants)
            hint = f"did you mean {near}?" if near else "see handbill check"
            raise click.UsageError(f"there is no sound retailer `{name}`; {hint}")
    return asked or tuple(side.release.tenants)


# ── running ──────────────────────────────────────────────────────────────────────────────────────


def _simulate(
    side: OpenSide,
    like: Environment | None,
    data_root: str,
    tenants: Collection[str],
    begin: datetime,
    end: datetime,
    folder: Path,
) -> Simulation:
    from handbill.cli.rehearsal.simulation import TooMuch, rehearse
    from handbill.cli.simulate.reading import read_simulation
    from handbill_runtime.errors import RuntimeFault
    from handbill_runtime.stages.hours import local_of

    active = _active(side, like, data_root, tenants, begin, folder)
    zones = {name: each.tenant.timezone for name, each in active.tenants.items()}

    def offset(tenant: str, at: datetime) -> timedelta:
        return local_of(at, zones[tenant]) - at.astimezone(UTC).replace(tzinfo=None)

    try:
        rehearsed = rehearse(active, folder, begin, end, offset, _progress())
    except TooMuch as much:
        raise click.UsageError(str(much)) from much
    except RuntimeFault as fault:
        fail(fault.code, fault.message, fault.hint)
    return read_simulation(side.about, active, rehearsed, begin, end)


def _active(
    side: OpenSide,
    like: Environment | None,
    data_root: str,
    tenants: Collection[str],
    begin: datetime,
    folder: Path,
) -> ActiveRelease:
    from handbill.cli.rehearsal.virtual_release import (
        senders_of,
        virtual_environment,
        virtual_release,
    )

    secret = folder / "secret"
    secret.write_text("-", encoding="utf-8")
    channels = {name: side.channel(name) for name in side.release.channels}
    plans = [
        plan
        for name in tenants
        for campaign in getattr(side.tenant(name), "plans", {})
        if (plan := side.plan(name, campaign)) is not None
    ]
    environment = virtual_environment(
        like,
        data_root,
        senders_of(plans),
        {name: each for name, each in channels.items() if each is not None},
        f"file:{secret}",
    )
    issued = begin.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return virtual_release(side, environment, tenants, issued)


def _progress() -> Callable[[datetime], None]:
    if not sys.stderr.isatty():
        return lambda at: None
    return lambda at: click.echo(f"\r  {at:%Y-%m-%d %H:%M} UTC ", nl=False, err=True)


# ── output ───────────────────────────────────────────────────────────────────────────────────────


def _rendered(found: Simulation, output: str) -> str:
    match output:
        case "json":
            import msgspec

            return msgspec.json.format(msgspec.json.encode(found)).decode() + "\n"
        case "html":
            from handbill.cli.simulate.page import render_page

            return render_page(found)
        case _:
            from handbill.cli.simulate.text import render_text

            return render_text(found)


def _write(text: str, out: Path | None) -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K" if not os.environ.get("NO_COLOR") else "\r", nl=False, err=True)
    write_report(text, out)
