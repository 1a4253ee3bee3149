"""Where templates are found, from the file or field that names them.

`hero.html` is below `templates/` of the root that wrote the name (tenant, group, blueprint), never
shadowed by another; `group/X` is the tenant's group's, `platform/CHANNEL/X` is
`channels/CHANNEL/templates/X` and any other `platform/X` is `templates/X`. In a locale `hero.es-US.html`
stands for `hero.html`, wherever that is named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.diagnostics.suggest import closest
from handbill.lower.assets import AssetLibrary
from handbill.source.text import SourceText
from handbill.source.tree import SourceTree


@dataclass(frozen=True)
class TemplateLibrary:
    """The templates of one revision as one tenant sees them in one locale; a file is decoded once.

    `unreadable` gathers what is wrong with files that were asked for, by path.
    """

    tree: SourceTree
    paths: frozenset[str]
    channels: Collection[str]
    group: str | None = None
    locale: str | None = None
    fallback: tuple[str, ...] = ()
    read: dict[str, SourceText] = field(default_factory=dict, repr=False)
    unreadable: dict[str, Diagnostic] = field(default_factory=dict, repr=False)
    damaged: dict[str, Diagnostic] = field(default_factory=dict, repr=False)
    """What is wrong with those of `read`, whoever asked."""
    assets: AssetLibrary = field(default_factory=AssetLibrary, repr=False)

    def in_locale(self, locale: str, fallback: tuple[str, ...] = ()) -> TemplateLibrary:
        """`fallback` are the locales whose files stand in for those that `locale` lacks, in order."""
        return replace(self, locale=locale, fallback=fallback)

    def load(self, name: str, from_file: str) -> SourceText | None:
        """The template that `name` means in `from_file`, or None where there is none.

        `hero.es-US.html` may build on `hero.html`: a file never means itself.
        """
        path = self.path_of(name, root_of(from_file))
        localised = self.localised(path)
        return self.at(path if localised == from_file else localised)

    def at(self, path: str) -> SourceText | None:
        """The file at `path` itself."""
        if path not in self.paths:
            return None
        if path not in self.read:
            self.read[path] = SourceText.of_file(path, self._decoded(path))
        if path in self.damaged:
            self.unreadable[path] = self.damaged[path]
        return self.read[path]

    def _decoded(self, path: str) -> str:
        data = self.tree.read(path)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            where = SourceRange(path, line, 1, line, 1)
            message = "this template is not UTF-8"
            self.damaged[path] = Diagnostic("HB459", message, where, hint="save it as UTF-8")
            text = data.decode("utf-8", "replace")
        return text.replace("\r\n", "\n")

    def localised(self, path: str) -> str:
        """`winback.es-US.html` beside `winback.html`, where there is one, or one that stands in."""
        stem, dot, ending = path.rpartition(".")
        for locale in (self.locale, *self.fallback):
            candidate = f"{stem}.{locale}{dot}{ending}"
            if locale and dot and candidate in self.paths:
                return candidate
        return path

    def asset(self, path: str, from_file: str, where: SourceRange) -> str | Diagnostic:
        """The symbolic address of a picture that `from_file` shows, or what is wrong with it."""
        return self.asset_at(path, root_of(from_file), where)

    def asset_at(self, path: str, root: str, where: SourceRange) -> str | Diagnostic:
        """The same for a path that a document of `root` holds."""
        target = self._asset_path(path, root)
        return self.assets.address(self.tree, self.paths, target, where)

    def _asset_path(self, path: str, root: str) -> str:
        """`group/assets/x`, `platform/assets/x`, `platform/CHANNEL/assets/x`, or of the root."""
        start, _, name = path.partition("assets/")
        if start == "group/" and self.group:
            return f"groups/{self.group}/assets/{name}"
        if start.startswith("platform/"):
            channel = start.removeprefix("platform/")
            return f"channels/{channel}assets/{name}" if channel else f"assets/{name}"
        return f"{root}/assets/{name}" if root else f"assets/{name}"

    def names_in(self, root: str) -> frozenset[str]:
        """Every name that means a template where `root` writes it."""
        return frozenset(self._names(root))

    def suggest(self, name: str, from_file: str = "") -> str | None:
        """The name that means a template in `from_file` and is nearest to `name`."""
        return closest(name, self._names(root_of(from_file)))

    def _names(self, root: str) -> Iterator[str]:
        shelves = {self.path_of("", root): ""}
        shelves |= {self.path_of(f"platform/{channel}/", root): f"platform/{channel}/"
                    for channel in self.channels}  # fmt: skip
        shelves["templates/"] = "platform/"
        if self.group:
            shelves[self.path_of("group/", root)] = "group/"
        for path in self.paths:
            for folder, prefix in shelves.items():
                if path.startswith(folder):
                    yield prefix + path.removeprefix(folder)

    def path_of(self, name: str, root: str) -> str:
        """The path that `name` means where `root` wrote it, whether it is there or not."""
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
