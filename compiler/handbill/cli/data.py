"""`handbill data check`: the tenants' data against the vocabulary, before a run meets it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.counts import how_many
from handbill.cli.output import counted, output_option
from handbill.cli.workspace import find_root, open_tree, revision_option, root_option

if TYPE_CHECKING:
    from handbill.cli.dataset_report import DatasetReport, Quarantined
    from handbill.pipeline import Compiled
    from handbill.plan.model import Tenant

REPORT_VERSION = 1
"""Of the JSON that `--output json` prints."""


@click.group()
def data() -> None:
    """Look at the tenants' customer data."""


@data.command()
@click.argument("tenants", nargs=-1)
@root_option
@revision_option
@click.option("--env", "environment", help="Read below this environment's data root.")
@click.option("--data", "data_root", help="Read below this URL or folder; {tenant} is replaced.")
@output_option
def check(
    tenants: tuple[str, ...],
    root: Path,
    revision: str | None,
    environment: str | None,
    data_root: str | None,
    output: str,
) -> None:
    """Compare each tenant's data with the vocabulary, and count what a run would leave out.

    A row without a valid value in a required column that an active campaign of the tenant reads is
    quarantined: no campaign sees it, whichever is due. An optional value that is not valid counts as
    missing. Exit 1 where a tenant's data cannot be used at all.
    """
    from handbill.pipeline import compile_tree

    tree, found = open_tree(find_root(root), revision)
    if tree is None:
        raise click.ClickException(f"no configuration here: {counted(found)}; see handbill check")
    compiled = compile_tree(tree, found)
    place = data_root or _environment_root(compiled, environment)
    known = _tenants(compiled)
    _refuse_unknown(tenants, known, compiled)
    reports = [each for name in tenants or sorted(known) for each in known[name].reports(place)]
    _show(reports, output)
    failed = compiled.release.failed if compiled.release is not None and not tenants else ()
    if failed:
        click.echo(f"not looked at, see handbill check: {', '.join(failed)}", err=True)
    sys.exit(0 if reports and not failed and all(each.is_usable for each in reports) else 1)


# ── which tenants, and where their data is ───────────────────────────────────────────────────────


class _KnownTenant:
    """A tenant of the release with the tables that it keeps in git."""

    def __init__(self, tenant: Tenant, pack: Mapping[str, bytes]) -> None:
        self._tenant = tenant
        self._pack = pack

    def reports(self, data_root: str) -> tuple[DatasetReport, ...]:
        from handbill.cli.data_report import report_tenant
        from handbill.plan.canonical import decode_object
        from handbill.plan.model import Plan, Table
        from handbill_runtime.errors import DataFault
        from handbill_runtime.stages.sources import data_folder

        objects = {digest: decode_object(data) for digest, data in self._pack.items()}
        tables = {name: each for name, each in objects.items() if isinstance(each, Table)}
        try:
            folder = data_folder(_for_each_tenant(data_root), self._tenant.name)
        except DataFault as fault:
            raise click.ClickException(str(fault)) from fault
        plans = [each for each in objects.values() if isinstance(each, Plan)]
        active = [plan for plan in plans if plan.status == "active"]
        return report_tenant(self._tenant, tables, folder, active)


def _for_each_tenant(data_root: str) -> str:
    """A folder without `{tenant}` holds one folder for each."""
    return data_root if "{tenant}" in data_root else f"{data_root.rstrip('/')}/{{tenant}}"


def _tenants(compiled: Compiled) -> Mapping[str, _KnownTenant]:
    from handbill.plan.canonical import decode_object
    from handbill.plan.model import Tenant

    release = compiled.release
    if release is None:
        found = counted(compiled.diagnostics)
        raise click.ClickException(f"the configuration does not compile: {found}; handbill check")
    known = {}
    for name, digest in release.release.tenants.items():
        pack = release.packs[digest]
        tenant = decode_object(pack[digest])
        assert isinstance(tenant, Tenant)
        known[name] = _KnownTenant(tenant, pack)
    return known


def _refuse_unknown(
    tenants: Sequence[str], known: Mapping[str, object], compiled: Compiled
) -> None:
    from handbill.diagnostics.suggest import closest

    failed = compiled.release.failed if compiled.release is not None else ()
    for name in tenants:
        if name in failed:
            raise click.ClickException(f"`{name}` has errors; handbill check tenants/{name}")
        if name not in known:
            near = closest(name, known)
            hint = f"; did you mean {near}?" if near else ""
            raise click.UsageError(f"there is no tenant `{name}`{hint}")


def _environment_root(compiled: Compiled, name: str | None) -> str:
    environments = compiled.environments
    if name is None:
        names = ", ".join(sorted(environments))
        raise click.UsageError(f"say where the data is: --env ({names}), or --data FOLDER")
    if name not in environments:
        raise click.UsageError(f"there is no environments/{name}.yaml, or it has errors")
    return environments[name].data_root


# ── what is shown ────────────────────────────────────────────────────────────────────────────────


def _show(reports: Sequence[DatasetReport], output: str) -> None:
    if output == "json":
        rows = [asdict(each) for each in reports]
        document = {"version": REPORT_VERSION, "datasets": rows}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join("\n".join(_lines(each)) for each in reports))


def _lines(report: DatasetReport) -> Iterator[str]:
    title = f"{report.tenant} {report.dataset}"
    if report.fault is not None:
        yield f"{title}: cannot be used"
        yield f"  {report.fault}"
        return
    yield (
        f"{title}: {how_many(report.rows, 'row')}, {report.rows - report.left_out} good, "
        f"{report.left_out} left out"
    )
    for reason in report.quarantined:
        yield f"  quarantined         {reason.columns}: {how_many(reason.rows, 'row')} ({_keys(reason)})"
    for reason in report.unread:
        yield (
            f"  not read yet        {reason.columns}: {how_many(reason.rows, 'row')} ({_keys(reason)})"
            " would be left out if an active campaign read it"
        )
    if report.duplicates:
        yield f"  not unique          {how_many(report.duplicates, 'row')} with another row's key"
    for column, values in (report.invalid or {}).items():
        yield f"  treated as missing  {column}: {how_many(values, 'value')}"
    for relation, customers in (report.crowded or {}).items():
        count = how_many(customers, "customer")
        yield f"  too many rows       {relation}: {count} with more than the relation may hold"
    for column in report.only_days:
        yield (
            f"  only days           {column}: each is midnight in UTC, and west of it that is the "
            'evening before; where these are days, declare "format": "date"'
        )
    if report.unknown_consent:
        count = how_many(report.unknown_consent, "row")
        yield f"  allows nothing      consent: {count} with an entry that is not channel.category"
    for column, dataset in (report.unchecked or {}).items():
        yield f"  not checked         {column}: {report.tenant} has no {dataset} to find it in by one key"
    if report.absent:
        yield f"  not in the file     {', '.join(report.absent)}"
    if report.undeclared:
        yield f"  not declared        {', '.join(report.undeclared)}"


def _keys(reason: Quarantined) -> str:
    return ", ".join(reason.examples) + (", …" if reason.rows > len(reason.examples) else "")
