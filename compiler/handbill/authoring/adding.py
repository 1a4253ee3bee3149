"""`handbill new`: files for one more tenant or campaign, judged beside what is there before they are
written, so that nothing that is written fails its first check."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from handbill.authoring.answers import TenantAnswers
from handbill.authoring.blueprint_parameters import parameters_of
from handbill.authoring.campaign_files import (
    CampaignPlan,
    Vocabulary,
    blueprint_campaign,
    campaign_files,
)
from handbill.authoring.formatting.repository import contracts_of
from handbill.authoring.overlay import Overlay
from handbill.authoring.placing import add_files
from handbill.authoring.refusals import exists_already, name_refused, unknown
from handbill.authoring.starter import starter_bytes
from handbill.authoring.tenant_files import tenant_files
from handbill.authoring.triggers import due_at
from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.pipeline import compile_tree
from handbill.schema.contracts import ChannelContract
from handbill.source.layout import PLATFORM_FILE, DocumentKind, classify
from handbill.source.located import LocatedDocument, Value
from handbill.source.tree import SourceTree
from handbill.source.yaml import load_document

PERSONAS = ("regular", "newcomer", "staff")
LAYOUT = "channels/email/templates/base.mjml"


@dataclass(frozen=True, slots=True)
class Added:
    """`paths` that were written, or none and what is wrong. `tree` holds the lines that findings are
    about."""

    paths: tuple[str, ...] = ()
    found: tuple[Diagnostic, ...] = ()
    tree: SourceTree | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The working tree at `root`, and what about it has to be known before adding to it."""

    root: Path
    tree: SourceTree

    def names(self, kind: DocumentKind) -> list[str]:
        places = (classify(path) for path in self.tree.paths)
        return [place.name for place in places if place and place.kind is kind]

    def document(self, path: str) -> LocatedDocument | None:
        return load_document(path, self.tree.read(path))[0] if path in self.tree.paths else None

    def fields(self, path: str) -> Mapping[str, Value]:
        """The fields of a YAML file; none where it cannot be read."""
        document = self.document(path)
        return document.value if document and isinstance(document.value, dict) else {}


def add_tenant(configuration: Configuration, answers: TenantAnswers) -> Added:
    """tenants/NAME/tenant.yaml."""
    if found := name_refused("a tenant", answers.name):
        return Added(found=(found,))
    folder = configuration.root / "tenants" / answers.name
    if os.path.lexists(folder):
        return Added(found=(exists_already("a tenant of this name", [f"tenants/{answers.name}/"]),))
    if answers.group is not None and answers.group not in configuration.names(DocumentKind.GROUP):
        groups = configuration.names(DocumentKind.GROUP)
        return Added(
            found=(unknown("group", answers.group, groups, "write groups/NAME/group.yaml first"),)
        )
    return _add(configuration, answers.name, tenant_files(answers))


@dataclass(frozen=True, slots=True)
class CampaignWish:
    """What was asked for: `uses` is a blueprint, else `trigger` is YAML; `category` None takes the
    first one that is marketing."""

    tenant: str
    name: str
    uses: str | None
    trigger: str
    category: str | None


def add_campaign(configuration: Configuration, wish: CampaignWish) -> Added:
    """tenants/T/campaigns/X.yaml, and where it is no blueprint's its template and its test."""
    tenants = configuration.names(DocumentKind.TENANT)
    if wish.tenant not in tenants:
        return Added(found=(unknown("tenant", wish.tenant, tenants, "handbill new tenant NAME"),))
    if found := name_refused("a campaign", wish.name):
        return Added(found=(found,))
    if wish.uses is not None:
        blueprints = configuration.names(DocumentKind.BLUEPRINT)
        if wish.uses not in blueprints:
            help_ = "leave --uses out to write a campaign of its own"
            return Added(found=(unknown("blueprint", wish.uses, blueprints, help_),))
        blueprint = configuration.fields(f"blueprints/{wish.uses}/blueprint.yaml")
        allowed = blueprint.get("open", ["with"])
        open_ = [str(path) for path in allowed] if isinstance(allowed, list) else []
        parameters = parameters_of(blueprint)
        files = blueprint_campaign(wish.tenant, wish.name, wish.uses, parameters, open_)
    else:
        files = campaign_files(_plan(configuration, wish))
    there = [path for path in files if os.path.lexists(configuration.root / path)]
    if there:
        return Added(found=(exists_already("a campaign of this name", there),))
    data = {path: text.encode("utf-8") for path, text in files.items()}
    return _add(configuration, wish.tenant, data)


def _plan(configuration: Configuration, wish: CampaignWish) -> CampaignPlan:
    tenant = configuration.fields(f"tenants/{wish.tenant}/tenant.yaml")
    fields = _vocabulary(configuration)
    personas = {f"personas/{name}.yaml" for name in PERSONAS} <= {*configuration.tree.paths}
    testable = personas and fields == Vocabulary()
    return CampaignPlan(
        tenant=wish.tenant,
        name=wish.name,
        trigger=wish.trigger,
        contracts=_first_channel(configuration, tenant),
        category=wish.category or _marketing(configuration),
        language=str(tenant.get("locale", "en")).partition("-")[0],
        now=due_at(wish.trigger) if testable else None,
        vocabulary=fields,
        layout=LAYOUT in configuration.tree.paths,
    )


def _first_channel(
    configuration: Configuration, tenant: Mapping[str, Value]
) -> tuple[ChannelContract, ...]:
    """Email where the tenant has it, since there is most to see of it; else its first channel."""
    channels = tenant.get("channels")
    names = [str(name) for name in channels] if isinstance(channels, dict) else []
    names.sort(key=lambda name: name != "email")
    contracts = contracts_of(configuration.tree)
    return tuple(contracts[name] for name in names if name in contracts)[:1]


def _marketing(configuration: Configuration) -> str:
    categories = configuration.fields(PLATFORM_FILE).get("categories")
    for name, category in categories.items() if isinstance(categories, dict) else ():
        if isinstance(category, dict) and category.get("class") == "marketing":
            return str(name)
    return "promotions"


def _vocabulary(configuration: Configuration) -> Vocabulary:
    """By what every customer has; a first name is used where it may be missing, with a default."""
    try:
        schema = json.loads(configuration.tree.read("schemas/customer.schema.json"))
        fields, required = {*schema["properties"]}, {*schema.get("required", ())}
    except (KeyError, ValueError, TypeError):
        return Vocabulary(False, False, False)
    return Vocabulary(
        first_name="first_name" in fields - required,
        lifetime_orders="lifetime_orders" in required,
        is_employee="is_employee" in required,
    )


def has_stores(configuration: Configuration) -> bool:
    """Whether stores are typed as in the starter, so that its table of them fits."""
    path = "schemas/data/stores.schema.json"
    tree = configuration.tree
    return path in tree.paths and tree.read(path) == starter_bytes(path)


def tables_of(configuration: Configuration, group: str) -> tuple[tuple[str, str], ...]:
    """The tables that a member of the group reads, but customers and those in git: what the group sends
    may need them."""
    for name in configuration.names(DocumentKind.TENANT):
        member = configuration.fields(f"tenants/{name}/tenant.yaml")
        if member.get("group") == group and isinstance(data := member.get("data"), dict):
            return tuple(_tables(data))
    return ()


def _tables(data: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    for name, table in data.items():
        if name != "customers" and isinstance(table, dict) and "file" not in table:
            key = table.get("key")
            yield name, f"[{', '.join(map(str, key))}]" if isinstance(key, list) else str(key)


def _add(configuration: Configuration, tenant: str, files: Mapping[str, bytes]) -> Added:
    """Writes what compiles; what was wrong before is not held against it."""
    tree = Overlay(configuration.tree, tenant, files)
    found = compile_tree(tree).diagnostics
    if has_errors(found):
        before = {
            *map(_identity, compile_tree(Overlay(configuration.tree, tenant, {})).diagnostics)
        }
        new = tuple(each for each in found if each.is_error and _identity(each) not in before)
        if new:
            return Added(found=new, tree=tree)
    add_files(configuration.root, files)
    return Added(tuple(files))


def _identity(found: Diagnostic) -> tuple[object, ...]:
    return found.code, found.message, found.range
