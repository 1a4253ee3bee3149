"""What the file at hand can name: its retailer and campaign, the words of its expressions, the documents
and templates that it sees.

Read from the last look, which may be a keystroke old: nothing here fails because a file does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from handbill.diagnostics.diagnostic import SourceRange
from handbill.editor.configuration import Look
from handbill.language.scope import Scope
from handbill.language.vocabulary.records import Member, Record, Shape, Vocabulary, shape_of
from handbill.lower.names import RUN, campaign_scope, tenant_scope
from handbill.lower.shared import read_shared
from handbill.lower.templates import TemplateLibrary, root_of
from handbill.resolve.catalogue import Catalogue, Found, catalogue_of
from handbill.resolve.model import ResolvedCampaign, ResolvedTenant
from handbill.resolve.named import Shelves, visible
from handbill.schema.check import ContractsKey
from handbill.schema.contracts import read_contracts
from handbill.schema.document_schema import MODELS, document_schema
from handbill.schema.rewriting import Schema
from handbill.source.layout import DocumentKind, DocumentPlace, classify
from handbill.source.located import LocatedDocument, Value

OFFER = {
    "summary": "the offer in a few words",
    "terms": "its conditions",
    "code": "the code that redeems it",
}
"""What a message can say of its offer."""
MESSAGE = {
    "channel": "the channel of this message",
    "unsubscribe_url": "where the customer can unsubscribe",
    "view_url": "this mail as a page",
}


@dataclass(frozen=True)
class Surroundings:
    """Of the file at `path`."""

    look: Look
    path: str

    @cached_property
    def place(self) -> DocumentPlace | None:
        return classify(self.path)

    @cached_property
    def tenants(self) -> Mapping[str, ResolvedTenant]:
        repository = self.look.compiled.repository
        return {**repository.partial, **repository.tenants} if repository else {}

    @cached_property
    def tenant(self) -> ResolvedTenant | None:
        """The retailer whose file it is; of a shared file the first that it can concern."""
        place = self.place
        if place is None:
            return None
        if place.tenant:
            return self.tenants.get(place.tenant)
        groups = (None, place.group) if not place.group else (place.group,)
        having = (each for each in self.tenants.values() if None in groups or each.group in groups)
        of_blueprint = place.blueprint
        found = list(having)
        if of_blueprint:
            found.sort(key=lambda each: not _uses(each, of_blueprint))
        return found[0] if found else None

    @cached_property
    def campaign(self) -> ResolvedCampaign | None:
        """The campaign whose file it is; of a blueprint or a template the first that reads it."""
        place, tenant = self.place, self.tenant
        if place is None or tenant is None:
            return None
        if place.kind in (DocumentKind.CAMPAIGN, DocumentKind.TEST):
            named = tenant.campaigns.get(place.name)
            return named if named or place.kind is DocumentKind.CAMPAIGN else None
        if place.blueprint:
            return _uses(tenant, place.blueprint)
        return None

    @property
    def documents(self) -> Mapping[str, LocatedDocument]:
        return self.look.compiled.documents.documents if self.look.compiled.documents else {}

    @cached_property
    def places(self) -> Mapping[str, DocumentPlace]:
        paths = self.look.tree.paths if self.look.tree else ()
        return {path: place for path in paths if (place := classify(path))}

    @cached_property
    def catalogue(self) -> Catalogue:
        return catalogue_of(self.documents, self.places)

    @cached_property
    def schema(self) -> Schema | None:
        """JSON Schema of the document, with the channels that there are."""
        if self.place is None or self.place.kind not in MODELS:
            return None
        contracts = read_contracts(self.documents, self.places)
        return _schema(self.place.kind, ContractsKey(contracts))

    # ── documents that it can name ───────────────────────────────────────────────────────────────

    @property
    def group(self) -> str | None:
        if self.place and self.place.group:
            return self.place.group
        return self.tenant.group if self.tenant and self.place and self.place.tenant else None

    def blueprint_named_by(self, uses: Value) -> Found | None:
        return self.named(DocumentKind.BLUEPRINT).get(uses) if isinstance(uses, str) else None

    def named(self, kind: DocumentKind, blueprint: str | None = None) -> Mapping[str, Found]:
        """The documents of a kind that can be named here, by name."""
        place = self.place
        if place is None:
            return {}
        if kind in (DocumentKind.BLUEPRINT, DocumentKind.GROUP, DocumentKind.CHANNEL):
            return self.catalogue.main(kind)
        if kind in (DocumentKind.PERSONA, DocumentKind.CAMPAIGN, DocumentKind.ENVIRONMENT):
            return dict(self._of_kind(kind, place))
        shelves = Shelves(place.tenant or "", self.group, place.blueprint or blueprint)
        return visible(self.catalogue, kind, shelves)

    def _of_kind(self, kind: DocumentKind, place: DocumentPlace) -> Iterator[tuple[str, Found]]:
        for path, each in self.places.items():
            own = each.tenant == place.tenant or (self.group and each.group == self.group)
            if each.kind is kind and (kind is not DocumentKind.CAMPAIGN or own):
                yield each.name, Found(path, each, self.documents.get(path))

    @cached_property
    def templates(self) -> TemplateLibrary | None:
        tree = self.look.tree
        if tree is None:
            return None
        channels = self.catalogue.main(DocumentKind.CHANNEL)
        return TemplateLibrary(tree, frozenset(tree.paths), frozenset(channels), group=self.group)

    def template_file(self, name: str) -> str | None:
        """The file that a template's name means here."""
        if self.templates is None:
            return None
        path = self.templates.path_of(name, root_of(self.path))
        return path if path in self.templates.paths else None

    # ── what expressions can say ─────────────────────────────────────────────────────────────────

    @cached_property
    def vocabulary(self) -> Vocabulary:
        repository, tree = self.look.compiled.repository, self.look.tree
        if repository is None or tree is None:
            return Vocabulary(Record({}))
        shared, _ = read_shared(repository, tree)
        tenant = self.tenant
        return shared.vocabulary_of(tenant.name)[0] if tenant else shared.vocabulary

    @cached_property
    def scope(self) -> Scope | None:
        tenant, campaign = self.tenant, self.campaign
        if tenant is None:
            return None
        if campaign is None:
            return tenant_scope(tenant, self.vocabulary)
        return campaign_scope(campaign, tenant, self.vocabulary)

    def record(self, owner: tuple[str, ...]) -> Record | None:
        """The declared fields after `customer.`, `customer.store.`, `run.` and their like."""
        vocabulary = self.vocabulary
        records = {"customer": vocabulary.customer, "run": RUN}
        record = records.get(owner[0])
        for name in owner[1:]:
            member = record.fields.get(name) if record else None
            shape: Shape | None = shape_of(member, vocabulary.datasets) if member else None
            record = shape.record if shape else None
        return record

    def member(self, owner: tuple[str, ...], name: str) -> Member | None:
        record = self.record(owner) if owner else None
        return record.fields.get(name) if record else None

    def computed_at(self, name: str) -> SourceRange | None:
        """Where a computed field of the customer is written."""
        path = ("customer", name)
        tenant = self.tenant
        if tenant is None or path not in tenant.computed:
            return None
        return tenant.computed.origin(path).key_range


@lru_cache(maxsize=32)
def _schema(kind: DocumentKind, key: ContractsKey) -> Schema:
    return document_schema(kind, key.contracts)


def _uses(tenant: ResolvedTenant, blueprint: str) -> ResolvedCampaign | None:
    return next((each for each in tenant.campaigns.values() if each.blueprint == blueprint), None)
