"""Where templates are found, from the file or field that names them.

`hero.html` is below `templates/` of the root that wrote the name (tenant, group, blueprint), never
shadowed by another; `group/X` is the tenant's group's, `platform/CHANNEL/X` is
`channels/CHANNEL/templates/X` and any other `platform/X` is `templates/X`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from handbill.diagnostics.suggest import closest
from handbill.source.text import SourceText
from handbill.source.tree import SourceTree


@dataclass(frozen=True)
class TemplateLibrary:
    """The templates of one revision as one tenant sees them; a file is decoded once."""

    tree: SourceTree
    group: str | None
    channels: Collection[str]
    paths: frozenset[str]
    read: dict[str, SourceText] = field(default_factory=dict, repr=False)
    replaced: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Path → path of the file to read instead: the localised ones."""

    def load(self, name: str, from_file: str) -> SourceText | None:
        """The template that `name` means in `from_file`, or None where there is none."""
        path = self.path_of(name, root_of(from_file))
        return self.at(path) if path in self.paths else None

    def at(self, path: str) -> SourceText | None:
        path = self.replaced.get(path, path)
        if path not in self.read:
            try:
                text = self.tree.read(path).decode("utf-8")
            except UnicodeDecodeError:
                return None
            self.read[path] = SourceText.of_file(path, text.replace("\r\n", "\n"))
        return self.read[path]

    def localised(self, path: str, locale: str) -> str:
        """`winback.es-US.html` beside `winback.html`, where there is one."""
        stem, dot, ending = path.rpartition(".")
        candidate = f"{stem}.{locale}{dot}{ending}"
        return candidate if dot and candidate in self.paths else path

    def suggest(self, name: str, from_file: str = "") -> str | None:
        root = root_of(from_file)
        folder = self.path_of("", root)
        return closest(name, [p.removeprefix(folder) for p in self.paths if p.startswith(folder)])

    def path_of(self, name: str, root: str) -> str:
        start, slash, rest = name.partition("/")
        if slash and start == "group" and self.group:
            return f"groups/{self.group}/templates/{rest}"
        if slash and start == "platform":
            channel, slash, below = rest.partition("/")
            if slash and channel in self.channels:
                return f"channels/{channel}/templates/{below}"
            return f"templates/{rest}"
        prefix = f"{root}/" if root else ""
        return f"{prefix}templates/{name.removeprefix('templates/')}"


def root_of(file: str) -> str:
    """`tenants/fresh-fields/templates/a.html` → `tenants/fresh-fields`; "" for the platform."""
    parts = file.split("/")
    owned = len(parts) > 2 and parts[0] in ("tenants", "groups", "blueprints", "channels")
    return "/".join(parts[:2]) if owned else ""
