"""One tenant's own document: its file laid over its group's and the platform's.

Limits and holdout are merged here only for the tenant's share of all marketing; what holds for a
campaign is merged with the campaign, where its blueprint and category have a word too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import Diagnostic, Related, SourceRange, has_errors
from handbill.resolve.fields import retailer_law
from handbill.resolve.layers import Layer, Origin, Write
from handbill.resolve.merge import merge, nest
from handbill.resolve.permission import Lock, enforce_locks, locks_of
from handbill.resolve.places import Places
from handbill.resolve.references import missing_name
from handbill.resolve.traced import Traced
from handbill.resolve.typed import typed
from handbill.resolve.writes import writes_at
from handbill.schema.models.platform import CategoryDocument
from handbill.schema.models.tenant import TenantDocument
from handbill.source.located import LocatedDocument, Path, Value

SHARED = ("brand", "categories", "limits", "links", "holdout", "owners")
NOT_OF_THE_TENANT = ("categories", "limits", "links", "holdout")
NOT_MERGED = ("lock", "blueprints")
"""What speaks about other files, and reaches them by other ways."""

NEEDED: tuple[Path, ...] = (("brand", "postal_address"), ("brand", "link_domains"))


@dataclass(frozen=True, slots=True)
class Source:
    """One file as a layer."""

    layer: Layer
    root: str
    document: LocatedDocument

    def origin(self, *path: str | int) -> Origin:
        return Origin(self.layer, self.root, path, self.document)


@dataclass(frozen=True, slots=True)
class Retailer:
    """What a tenant's campaigns are resolved in. `sources` are platform, group (if any), tenant."""

    name: str
    sources: tuple[Source, ...]
    document: TenantDocument
    categories: Mapping[str, CategoryDocument]
    holdout: str
    locks: tuple[Lock, ...]
    traced: Traced

    @property
    def group(self) -> str | None:
        return self.document.group

    @property
    def platform(self) -> Source:
        return self.sources[0]

    @property
    def tenant(self) -> Source:
        return self.sources[-1]


def resolve_retailer(
    name: str, sources: Sequence[Source]
) -> tuple[Retailer | None, tuple[Diagnostic, ...]]:
    """Merge the layers, lowest first, the tenant's own file last."""
    locks = tuple(
        lock for source in sources for lock in locks_of(source.document, source.layer, source.root)
    )
    written = [write for source in sources for write in _writes(source)]
    writes, found = enforce_locks(written, locks)
    found += _redefined_categories(writes)
    cells, refused = merge(writes, retailer_law)
    traced = Traced(cells)
    value = nest(cells)
    found += [*refused, *(() if found else _missing(value, sources[-1]))]
    categories = value.get("categories")
    found += _classless(categories, traced)
    if has_errors(found):
        return None, tuple(found)
    own = {key: each for key, each in value.items() if key not in NOT_OF_THE_TENANT}
    document, wrong = typed(TenantDocument, own, Places(traced, sources[-1].document))
    if document is None:
        return None, (*found, *wrong)
    retailer = Retailer(
        name=name,
        sources=tuple(sources),
        document=document,
        categories=_categories(categories),
        holdout=str(value.get("holdout", "0%")),
        locks=locks,
        traced=traced,
    )
    return retailer, tuple(found)


def _writes(source: Source) -> Iterator[Write]:
    value = source.document.value
    for field in value if isinstance(value, dict) else ():
        if field in SHARED or (source.layer is Layer.TENANT and field not in NOT_MERGED):
            yield from writes_at(source.origin(field), (field,), retailer_law)


def _categories(value: Value) -> dict[str, CategoryDocument]:
    """Without their quiet hours, which reach the campaigns as limits."""
    found = value if isinstance(value, dict) else {}
    return {
        name: CategoryDocument.model_validate(
            {key: each for key, each in category.items() if key != "quiet_hours"}
        )
        for name, category in found.items()
        if isinstance(category, dict)
    }


def _redefined_categories(writes: Iterable[Write]) -> list[Diagnostic]:
    """Groups and tenants add categories; the class of an existing one decides about consent."""
    first: dict[Path, Write] = {}
    found = []
    for write in writes:
        if write.path[:1] != ("categories",) or write.path[-1] != "class":
            continue
        upper = first.setdefault(write.path, write)
        if upper.origin.layer is Layer.PLATFORM and upper is not write:
            found.append(_redefined(write, upper))
    return found


def _redefined(write: Write, upper: Write) -> Diagnostic:
    return Diagnostic(
        code="HB417",
        message=f"the class of `{write.path[1]}` is the platform's ({upper.origin.place})",
        range=write.origin.key_range,
        related=(Related("set here", upper.origin.key_range),),
        hint="take the line out, or add a category under another name",
    )


def _classless(categories: Value, traced: Traced) -> list[Diagnostic]:
    found = []
    for name, category in (categories if isinstance(categories, dict) else {}).items():
        if isinstance(category, dict) and "class" not in category:
            where = traced.key_range(("categories", name))
            others = set(categories) - {name} if isinstance(categories, dict) else set()
            hint = f"a new one is {name}: {{class: marketing}}"
            found.append(missing_name("HB431", "category", str(name), others, where, hint))
    return found


def _missing(value: Mapping[str, Value], tenant: Source) -> Iterator[Diagnostic]:
    """What the law asks of every sender, wherever it is written: tenant or group."""
    brand = value.get("brand")
    for path in NEEDED:
        if not isinstance(brand, dict) or path[-1] not in brand:
            yield Diagnostic(
                code="HB436",
                message=f"`{'.'.join(map(str, path))}` is missing: every message needs it",
                range=_start_of(tenant, "brand"),
                hint=f"brand: {{{path[-1]}: …}}, here or in the group's file",
            )


def _start_of(source: Source, field: str) -> SourceRange:
    origin = source.origin(field)
    if origin.value is not None:
        return origin.key_range
    return SourceRange(source.document.file, 1, 1, 1, 1)
