"""Permitted writes → the effective campaign: parameters, merge, and what the tenant cannot send.

Runs once for the campaign and once more for each variant, whose writes come on top.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import Diagnostic, Related, Severity, has_errors
from handbill.resolve.defaults import channel_defaults, retailer_limits, retailer_links
from handbill.resolve.fields import CHANNELS, campaign_law
from handbill.resolve.gather import Gathered
from handbill.resolve.layers import Write
from handbill.resolve.merge import Cell, merge, nest
from handbill.resolve.own_limits import removes_limits
from handbill.resolve.parameters import Parameter, fill_in, give_parameters
from handbill.resolve.permission import enforce_locks
from handbill.resolve.setting import Setting
from handbill.resolve.traced import Traced
from handbill.source.located import Path, Value


@dataclass(frozen=True, slots=True)
class Settled:
    """`value` is the normalised campaign; the rules of single channels are only in `traced`."""

    value: Mapping[str, Value]
    parameters: Mapping[str, Parameter]
    traced: Traced
    removes_limits: bool = False
    """Whether a layer takes limits away."""

    @property
    def category(self) -> str:
        return str(self.value.get("category", ""))

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that it has messages on."""
        messages = self.value.get("messages")
        each = messages.values() if isinstance(messages, dict) else ()
        return tuple(dict.fromkeys(name for channels in each for name in _keys(channels)))


def settle(
    setting: Setting, gathered: Gathered, on_top: Sequence[Write] = ()
) -> tuple[Settled, tuple[Diagnostic, ...]]:
    """Merge everything that speaks about the campaign. `on_top` are a variant's permitted writes."""
    writes, parameters, found = _with_parameters(gathered, [*gathered.writes, *on_top])
    channels = [channel for name, channel in setting.channels.items() if name in setting.sends_on]
    by_channel, locked = enforce_locks(
        list(channel_defaults(channels, writes)), setting.retailer.locks
    )
    limits = retailer_limits(setting.retailer, _category_of(writes))
    links = retailer_links(setting.retailer)
    everything = sorted(
        [*limits, *links, *by_channel, *writes], key=lambda write: write.origin.layer
    )
    cells, refused = merge(everything, campaign_law)
    cells |= _parameter_cells(parameters)
    cells, left_out = _drop_channels(cells, setting)
    traced = Traced(cells)
    value = nest({path: cell for path, cell in cells.items() if path[0] != CHANNELS})
    _write_out_variants(value)
    settled = Settled(value, parameters, traced, removes_limits(everything))
    return settled, (*found, *_once(locked), *_once(refused), *left_out)


def _keys(value: Value) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, dict) else ()


def _with_parameters(
    gathered: Gathered, writes: Sequence[Write]
) -> tuple[list[Write], dict[str, Parameter], list[Diagnostic]]:
    """The writes with their parameters filled in. One that needs an unknown one is dropped."""
    given, found = merge([write for write in writes if write.path[0] == "with"], campaign_law)
    parameters, wrong = give_parameters(given, gathered.declared, gathered.user)
    diagnostics = [*found, *wrong]
    missing = set(gathered.declared.schemas) - set(parameters) if gathered.declared else set()
    filled = []
    for write in writes:
        done, unknown = fill_in(write, parameters)
        diagnostics.extend(each for name, each in unknown if name not in missing)
        if not unknown:
            filled.append(done)
    return filled, parameters, diagnostics


def _category_of(writes: Sequence[Write]) -> str | None:
    named = [write.value for write in writes if write.path == ("category",)]
    return str(named[-1]) if named else None


def _parameter_cells(parameters: Mapping[str, Parameter]) -> dict[Path, Cell]:
    """`with` as it takes effect, the blueprint's defaults included."""
    cells: dict[Path, Cell] = {}
    for name, parameter in parameters.items():
        path: Path = ("with", name)
        history = tuple(Write(path, origin.value, origin) for origin in parameter.origins)
        cells[path] = Cell(parameter.value, history[-1:], history)
    return cells


def _write_out_variants(value: dict[str, Value]) -> None:
    """A variant's `message` is its `messages.main`."""
    experiment = value.get("experiment")
    variants = experiment.get("variants") if isinstance(experiment, dict) else None
    if not isinstance(experiment, dict) or not isinstance(variants, dict):
        return
    written: dict[str, Value] = {}
    for name, variant in variants.items():
        if isinstance(variant, dict) and "message" in variant:
            rest = {key: each for key, each in variant.items() if key != "message"}
            variant = {**rest, "messages": {"main": variant["message"]}}
        written[name] = variant
    value["experiment"] = {**experiment, "variants": written}


# ── messages that the tenant cannot send ─────────────────────────────────────────────────────────


def _drop_channels(
    cells: dict[Path, Cell], setting: Setting
) -> tuple[dict[Path, Cell], list[Diagnostic]]:
    """Without the messages on channels that the tenant lacks: a note where only shared files ask
    for one, an error where the tenant's own file does."""
    lacking: dict[Path, list[Write]] = {}
    for path, cell in cells.items():
        if _is_message(path, cell) and len(path) > 2 and path[2] not in setting.sends_on:
            lacking.setdefault(path[:3], []).extend(cell.history)
    kept = {path: cell for path, cell in cells.items() if path[:3] not in lacking}
    found = [_lacking(path, writes, setting) for path, writes in lacking.items()]
    before = [path for path, cell in cells.items() if _is_message(path, cell)]
    left = any(_is_message(path, cell) for path, cell in kept.items())
    if before and not left and not has_errors(found):
        return kept, [_nothing_left(cells[before[0]].history[0], setting)]
    return kept, found


def _is_message(path: Path, cell: Cell) -> bool:
    return path[0] == "messages" and cell.value is not None


def _lacking(path: Path, writes: Sequence[Write], setting: Setting) -> Diagnostic:
    own_root = f"tenants/{setting.tenant}"
    own = next((write for write in writes if write.origin.root == own_root), None)
    write = own or writes[0]
    name = setting.retailer.document.name
    return Diagnostic(
        code="HB434",
        message=f"{name} has no {path[2]} channel"
        + ("" if own else ", so this message is left out for it"),
        range=write.origin.above(len(write.path) - len(path)).key_range,
        severity=Severity.ERROR if own else Severity.NOTE,
        hint=f"add `{path[2]}` to `channels` in {own_root}/tenant.yaml"
        + (", or take the message out" if own else ""),
    )


def _nothing_left(write: Write, setting: Setting) -> Diagnostic:
    channels = setting.retailer.tenant.origin("channels")
    return Diagnostic(
        code="HB435",
        message=f"no message is left: {setting.retailer.document.name} sends on none of this "
        "campaign's channels",
        range=write.origin.above(len(write.path) - 2).key_range,
        related=(Related("its channels", channels.key_range),),
        hint=f"write a message for {' or '.join(setting.sends_on)}",
    )


def _once(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """One finding per place: a write that was copied for several channels is still one line."""
    return list({(each.code, each.range): each for each in diagnostics}.values())
