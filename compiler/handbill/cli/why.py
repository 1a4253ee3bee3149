"""`handbill why`, both ways: the layers behind a value, and what a line of a file reaches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli import names
from handbill.cli.output import output_option
from handbill.cli.selected_paths import inside_of
from handbill.cli.why_line_report import commit_as_json
from handbill.cli.workspace import find_root, open_tree, revision_option, root_option
from handbill.source.admission import printable
from handbill.source.git_blame import open_blame

if TYPE_CHECKING:
    from handbill.cli.why_line import Configuration
    from handbill.resolve.model import ResolvedRepository, ResolvedTenant
    from handbill.resolve.why import ExplainedValue
    from handbill.source.git_blame import Blame
    from handbill.source.located import Value

REPORT_VERSION = 1
"""Of the JSON that `--output json` prints."""
COMMIT_SHOWN = 12
"""Characters of a commit's id."""
SHOWN = 72
"""Characters of a value that the text output shows."""


@click.command()
@click.argument("campaign", shell_complete=names.campaigns)
@click.argument("field", required=False)
@root_option
@revision_option
@output_option
def why(campaign: str, field: str | None, root: Path, revision: str | None, output: str) -> None:
    """Show every layer that had a say in FIELD of CAMPAIGN, and which one won; or, asked for
    FILE:LINE alone, every campaign and field that this line reaches.

    CAMPAIGN is TENANT/NAME, the path of its file, or NAME alone where one tenant has it. FIELD is a
    path such as message.email.subject, limits or audience.exclude. Where the configuration is in git,
    each line says which commit wrote it.
    """
    from handbill.cli.why_line import FILE_LINE

    at = FILE_LINE.match(campaign) if field is None else None
    if field is None and at is None:
        raise click.UsageError("say a FIELD, or FILE:LINE to see what a line reaches")
    top = find_root(root)
    asked = _asked(top, revision)
    blame = open_blame(top, asked.tree)
    if at is not None:
        _line(asked, inside_of(at["file"], top), int(at["line"]), blame, output)
    elif field is not None:
        _value(asked, campaign, field, blame, output)


def _value(
    asked: Configuration, campaign: str, field: str, blame: Blame | None, output: str
) -> None:
    from handbill.resolve.why import default_of, explain_value, is_field

    tenant, name = find_campaign(asked.repository, campaign)
    found = tenant.campaigns[name]
    explained = explain_value(tenant, found, field)
    if not explained and not is_field(field):
        raise click.ClickException(f"no campaign has a field `{field}`; {_suggestion(field)}")
    if output == "json":
        report = _report(tenant.name, name, field, explained, blame)
        click.echo(json.dumps(report, ensure_ascii=False))
    elif explained:
        click.echo("\n\n".join(_shown(each, blame) for each in explained))
    else:
        default = default_of(found, field)
        holds = "nothing holds by default" if default is None else f"by default {_text(default)}"
        click.echo(f"{field}: no layer sets it; {holds}")


def _line(asked: Configuration, file: str, line: int, blame: Blame | None, output: str) -> None:
    from handbill.cli.why_line import NoSuchLine, report_of
    from handbill.cli.why_line_report import line_as_json, line_as_text

    try:
        report = report_of(asked, file, line)
    except NoSuchLine as reason:
        raise click.ClickException(str(reason)) from reason
    written = blame.of(file, line) if blame else None
    if output == "json":
        click.echo(json.dumps(line_as_json(report, written), ensure_ascii=False))
    else:
        click.echo(line_as_text(report, commit_text(blame, file, line)))


def _asked(root: Path, revision: str | None) -> Configuration:
    from handbill.cli.why_line import Configuration
    from handbill.resolve.resolve import resolve_repository
    from handbill.schema.documents import check_documents
    from handbill.source.documents import load_documents

    tree, _ = open_tree(root, revision)
    if tree is None:
        raise click.ClickException("no configuration can be read here; see handbill check")
    loaded, _ = load_documents(tree)
    checked, _ = check_documents(loaded)
    repository, _ = resolve_repository(checked.documents, checked.places)
    return Configuration(tree, checked, repository)


def commit_text(blame: Blame | None, file: str, line: int) -> str:
    """Who wrote a line, as the text output shows it; empty without git."""
    if blame is None:
        return ""
    written = blame.of(file, line)
    if written is None:
        return "not committed"
    return f"{written.commit[:COMMIT_SHOWN]} {printable(written.author)}, {written.day}"


def find_campaign(repository: ResolvedRepository, asked: str) -> tuple[ResolvedTenant, str]:
    """The tenant and the name of the campaign that `asked` means."""
    tenants = {**repository.partial, **repository.tenants}
    wanted, name = _parts(asked)
    having = [
        tenant
        for key, tenant in sorted(tenants.items())
        if wanted in (None, key) and name in tenant.campaigns
    ]
    if len(having) == 1:
        return having[0], name
    if having:
        choices = ", ".join(f"{tenant.name}/{name}" for tenant in having)
        raise click.ClickException(f"several tenants have `{name}`: say {choices}")
    raise click.ClickException(_not_found(tenants, asked))


def _parts(asked: str) -> tuple[str | None, str]:
    steps = asked.removesuffix(".yaml").split("/")
    if len(steps) >= 4 and steps[-4] == "tenants" and steps[-2] == "campaigns":
        return steps[-3], steps[-1]
    if len(steps) >= 4 and steps[-4] == "groups":
        return None, steps[-1]
    return (steps[0], steps[1]) if len(steps) == 2 else (None, steps[-1])


def _not_found(tenants: Mapping[str, ResolvedTenant], asked: str) -> str:
    from handbill.diagnostics.suggest import closest

    known = [f"{name}/{each}" for name, tenant in tenants.items() for each in tenant.campaigns]
    near = closest(asked, known)
    end = f"did you mean {near}?" if near else "say TENANT/CAMPAIGN"
    return f"there is no campaign `{asked}` without errors; {end} (see handbill check)"


def _suggestion(field: str) -> str:
    from handbill.diagnostics.suggest import closest
    from handbill.resolve.fields import FIELDS
    from handbill.resolve.patterns import dotted

    near = closest(field, (dotted(known) for known in FIELDS))
    return f"did you mean `{near}`?" if near else "fields look like message.email.subject"


def _shown(explained: ExplainedValue, blame: Blame | None) -> str:
    whose = "" if explained.of == "campaign" else f" ({explained.of})"
    value = "removed" if explained.value is None else _text(explained.value)
    places = [str(writing.range) for writing in explained.writings]
    width = max(map(len, places), default=0)
    lines = [f"{explained.field}{whose}: {value}", f"  law: {explained.law}"]
    for place, writing in zip(places, explained.writings, strict=True):
        written = "null" if writing.value is None else _text(writing.value)
        commit = commit_text(blame, writing.range.file, writing.range.line)
        line = f"  {writing.layer:<9} {place:<{width}}  {written}  ({writing.effect})"
        lines.append(f"{line}  {commit}".rstrip())
    return "\n".join(lines)


def _text(value: Value) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _report(
    tenant: str,
    campaign: str,
    field: str,
    explained: Sequence[ExplainedValue],
    blame: Blame | None,
) -> dict[str, object]:
    values = [
        {
            "field": each.field,
            "of": each.of,
            "value": _plain(each.value),
            "law": each.law,
            "writings": [
                {
                    "layer": writing.layer,
                    "file": writing.range.file,
                    "line": writing.range.line,
                    "column": writing.range.column,
                    "value": _plain(writing.value),
                    "effect": writing.effect,
                    "written": commit_as_json(
                        blame.of(writing.range.file, writing.range.line) if blame else None
                    ),
                }
                for writing in each.writings
            ],
        }
        for each in explained
    ]
    return {
        "version": REPORT_VERSION,
        "tenant": tenant,
        "campaign": campaign,
        "field": field,
        "values": values,
    }


def _plain(value: Value) -> object:
    """The value as JSON has it; a decimal keeps its digits as text."""
    return json.loads(json.dumps(value, default=str))
