"""Which campaigns read what they only name: audiences, templates, customer fields, a retailer's fields.

Found in the texts themselves, without compiling: whoever names a thing reads it, however many names
lie between. A name in free text outside of holes counts too, so rather one campaign too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from handbill.lower.templates import TemplateLibrary, root_of
from handbill.resolve.layers import Origin
from handbill.resolve.model import ResolvedCampaign, ResolvedTenant
from handbill.source.located import Path, Value
from handbill.source.tree import SourceTree

_NAME = re.compile(r"\b(customer|event|audiences|tenant|brand)\.([A-Za-z][\w-]*(?:\.[A-Za-z]\w*)*)")
_INCLUDED = re.compile(r"\b(?:include|extends|import|from)\s+['\"]([^'\"]+)['\"]")
_TEMPLATE, _BLOCKS = "template", "blocks"


@dataclass(frozen=True)
class Reader:
    """One campaign with everything that its texts lead to."""

    tenant: ResolvedTenant
    campaign: ResolvedCampaign
    tree: SourceTree
    channels: frozenset[str]

    @cached_property
    def names(self) -> frozenset[str]:
        """`customer.state`, `audiences.lapsed`, `brand.colors.primary`: all that is named."""
        self._follow()
        return frozenset(self._names)

    @cached_property
    def templates(self) -> frozenset[str]:
        """The files of its templates, in every language, and of what they include."""
        self._follow()
        return frozenset(self._templates)

    @cached_property
    def _names(self) -> set[str]:
        return set()

    @cached_property
    def _templates(self) -> set[str]:
        return set()

    @cached_property
    def _library(self) -> TemplateLibrary:
        paths = frozenset(self.tree.paths)
        return TemplateLibrary(self.tree, paths, self.channels, group=self.tenant.group)

    def _follow(self) -> None:
        if self._names or self._templates:
            return
        for variant in self.campaign.variants.values():
            for offer in variant.offers.values():
                self._read_value(offer.traced.cells[()].value, offer.root)
            for path, cell in variant.traced.cells.items():
                for write in cell.deciding:
                    self._read_cell(path, write.value, write.origin)

    def _read_cell(self, path: Path, value: Value, origin: Origin) -> None:
        is_template = path[-1] == _TEMPLATE or (len(path) > 1 and path[-2] == _BLOCKS)
        if is_template and isinstance(value, str):
            self._read_template(value, origin.root)
        else:
            self._read_value(value, origin.root)

    def _read_template(self, name: str, root: str) -> None:
        path = self._library.path_of(name, root)
        stem, dot, ending = path.rpartition(".")
        localised = re.compile(
            re.escape(stem) + r"(\.[A-Za-z]{2,3}(-\w+)*)?" + re.escape(dot + ending)
        )
        for file in self.tree.paths:
            if file not in self._templates and localised.fullmatch(file):
                self._templates.add(file)
                self._read_text(self.tree.read(file).decode("utf-8", "replace"), root_of(file))

    def _read_value(self, value: Value, root: str) -> None:
        for text in texts_in(value):
            self._read_text(text, root)

    def _read_text(self, text: str, root: str) -> None:
        for found in _NAME.finditer(text):
            self._name(found[1], found[2])
        for found in _INCLUDED.finditer(text):
            self._read_template(found[1], root)

    def _name(self, owner: str, name: str) -> None:
        full = f"{owner}.{name}"
        if full in self._names:
            return
        self._names.add(full)
        first = name.partition(".")[0]
        audience = self.campaign.audiences.get(name) if owner == "audiences" else None
        if audience is not None:
            self._read_value(audience.traced.cells[()].value, audience.root)
        computed = self.tenant.computed.cells.get(("customer", first))
        if owner == "customer" and computed is not None:
            self._read_value(computed.value, "")


def texts_in(value: Value) -> Iterator[str]:
    """Every text of a value."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from texts_in(item)
        case dict():
            for inner in value.values():
                yield from texts_in(inner)
