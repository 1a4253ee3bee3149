"""The layers of one campaign that its author and its blueprint's write, as permitted writes.

What platform, channels, group and tenant set for every campaign comes later (defaults.py), because
it depends on the category and on the channels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve.fields import LETTERS, campaign_field
from handbill.resolve.layers import Layer, Origin, Write, value_at
from handbill.resolve.parameters import Declared
from handbill.resolve.patterns import dotted
from handbill.resolve.permission import Closure, closure_of, enforce_closure, enforce_locks
from handbill.resolve.references import missing_name
from handbill.resolve.retailer import Source
from handbill.resolve.setting import Setting
from handbill.resolve.writes import campaign_writes
from handbill.source.layout import DocumentKind
from handbill.source.located import LocatedDocument


@dataclass(frozen=True, slots=True)
class Gathered:
    """`writes` are lowest layer first, parameters not yet filled in. `document` is the campaign's
    own file, the tenant's where its group has one as well; `user` the line that uses a blueprint."""

    writes: tuple[Write, ...]
    declared: Declared | None
    closure: Closure | None
    user: Origin
    root: str
    document: LocatedDocument = field(repr=False)

    @property
    def blueprint(self) -> str | None:
        return self.declared.blueprint if self.declared else None


def gather(
    setting: Setting, files: Sequence[Source]
) -> tuple[Gathered | None, tuple[Diagnostic, ...]]:
    """The writes of a campaign's `files` (the group's first) and of the blueprint they use.

    None without a finding: the blueprint's file is broken, which was reported with that file.
    """
    own = [write for file in files for write in _of_file(file)]
    used = [write for write in own if write.path == ("uses",)]
    top = files[-1]
    if not used or not isinstance(used[-1].value, str):
        allowed, found = permitted(own, setting, None)
        user = top.origin()
        return Gathered(tuple(allowed), None, None, user, top.root, top.document), tuple(found)
    name, user = used[-1].value, used[-1].origin
    blueprints = setting.catalogue.main(DocumentKind.BLUEPRINT)
    if name not in blueprints:
        hint = f"write blueprints/{name}/blueprint.yaml, or take `uses` out"
        return None, (missing_name("HB430", "blueprint", name, blueprints, user.range, hint),)
    document = blueprints[name].document
    if document is None:
        return None, ()
    root = blueprints[name].place.root
    declared, closure = Declared(name, document, root), closure_of(name, document, root)
    writes = [
        *campaign_writes(document, (), Layer.BLUEPRINT, root),
        *_instance_defaults(setting, name),
        *own,
    ]
    allowed, found = permitted(writes, setting, closure)
    return Gathered(tuple(allowed), declared, closure, user, top.root, top.document), tuple(found)


def permitted(
    writes: Sequence[Write],
    setting: Setting,
    closure: Closure | None,
    beneath: Sequence[Write] = (),
) -> tuple[list[Write], list[Diagnostic]]:
    """The writes that layer, locks and blueprint allow. `beneath` are permitted ones below them."""
    allowed, found = _of_right_layer(writes)
    allowed, locked = enforce_locks(allowed, setting.retailer.locks)
    if closure is None:
        return allowed, [*found, *locked]
    allowed, closed = enforce_closure(allowed, closure, beneath)
    return allowed, [*found, *locked, *closed]


def _of_file(file: Source) -> Iterator[Write]:
    return campaign_writes(file.document, (), file.layer, file.root)


def _instance_defaults(setting: Setting, blueprint: str) -> Iterator[Write]:
    """What group and tenant set for every instance of the blueprint."""
    for source in setting.retailer.sources:
        place = ("blueprints", blueprint)
        if value_at(source.document.value, place) is not None:
            yield from campaign_writes(source.document, place, source.layer, source.root)


def _of_right_layer(writes: Iterable[Write]) -> tuple[list[Write], list[Diagnostic]]:
    allowed, found = [], []
    for write in writes:
        field = campaign_field(write.path)
        if field is None or LETTERS[write.origin.layer] in field.layers:
            allowed.append(write)
        else:
            found.append(_wrong_layer(write))
    return allowed, found


def _wrong_layer(write: Write) -> Diagnostic:
    name = dotted(write.path)
    return Diagnostic(
        code="HB418",
        message=f"a {write.origin.layer} cannot set `{name}`",
        range=write.origin.key_range,
        hint=f"set `{name}` in the blueprint or in the campaign",
    )
