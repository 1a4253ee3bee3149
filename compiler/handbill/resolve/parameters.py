"""Parameters: what a blueprint declares, what its instance gives, and `{param: name}` filled in.

Filling in happens before the merge, in each write, so that a parameter may stand wherever a
constant may. The values are checked against the blueprint's own JSON Schema properties.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from handbill.diagnostics.diagnostic import Diagnostic, Related
from handbill.diagnostics.suggest import closest
from handbill.resolve.layers import Layer, Origin, Write, value_at
from handbill.resolve.merge import Cell
from handbill.schema.derive import derived, form_of
from handbill.schema.param_rules import parameter_errors
from handbill.source.located import LocatedDocument, Path, Value


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value of `params` with every place that gave it, lowest layer first."""

    value: Value
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Declared:
    """The parameters that a blueprint declares."""

    blueprint: str
    document: LocatedDocument
    root: str

    @property
    def schemas(self) -> Mapping[str, Value]:
        found = value_at(self.document.value, ("params",))
        return found if isinstance(found, dict) else {}

    def origin(self, *path: str) -> Origin:
        return Origin(Layer.BLUEPRINT, self.root, ("params", *path), self.document)


def give_parameters(
    cells: Mapping[Path, Cell], declared: Declared | None, user: Origin
) -> tuple[dict[str, Parameter], tuple[Diagnostic, ...]]:
    """The parameters of one campaign from the merged `with` cells and the declared defaults.

    Without a blueprint `with` holds constants of any kind. `user` is the line that uses it.
    """
    given = {
        str(path[1]): Parameter(cell.value, tuple(write.origin for write in cell.history))
        for path, cell in cells.items()
        if len(path) == 2 and path[0] == "with" and cell.value is not None
    }
    if declared is None:
        return given, ()
    diagnostics: list[Diagnostic] = []
    parameters: dict[str, Parameter] = {}
    for name, schema in declared.schemas.items():
        default = _default(declared, name, schema)
        parameter = given.get(name) or default
        if parameter is None:
            diagnostics.append(_missing(name, declared, user))
            continue
        if name in given:
            diagnostics.extend(_check(name, schema, given[name], declared))
            if default is not None:
                parameter = replace(parameter, origins=(*default.origins, *parameter.origins))
        parameters[name] = parameter
    unknown = [name for name in given if name not in declared.schemas]
    diagnostics.extend(_unknown(name, given[name], declared) for name in unknown)
    return parameters, tuple(diagnostics)


def _default(declared: Declared, name: str, schema: Value) -> Parameter | None:
    if not isinstance(schema, dict) or "default" not in schema:
        return None
    return Parameter(schema["default"], (declared.origin(name, "default"),))


def _check(
    name: str, schema: Value, parameter: Parameter, declared: Declared
) -> Iterator[Diagnostic]:
    for reason in parameter_errors(schema if isinstance(schema, dict) else {}, parameter.value):
        yield Diagnostic(
            code="HB441",
            message=f"`{name}` is not what the blueprint {declared.blueprint} declares: {reason}",
            range=parameter.origins[-1].range,
            related=(Related("declared here", declared.origin(name).key_range),),
            hint=_hint(name, schema, parameter.value),
            notes=_declaration(schema),
        )
        return


def _hint(name: str, schema: Value, value: Value) -> str:
    """The nearest value that the declaration allows, else that there is one to choose."""
    rules = schema if isinstance(schema, dict) else {}
    low, high, words = rules.get("minimum"), rules.get("maximum"), rules.get("enum")
    better: object = derived({}, dict(rules), name, value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        if isinstance(high, int | Decimal) and value > high:
            better = high
        elif isinstance(low, int | Decimal) and value < low:
            better = low
    if isinstance(words, list):
        is_word = str(value).isalpha()
        near = closest(str(value), map(str, words)) if is_word else None
        better = better or near or " or ".join(map(str, words))
    if better is None and isinstance(value, str) and rules.get("type") == "string":
        return f"{name}: …"
    return f"{name}: {better if better is not None else form_of({}, dict(rules))}"


def _declaration(schema: Value) -> tuple[str, ...]:
    """The simple rules of a declaration, as they are written."""
    rules = schema.items() if isinstance(schema, dict) else ()
    simple = [f"{key}: {_flow(value)}" for key, value in rules if not isinstance(value, dict)]
    return (f"declared as {{{', '.join(simple)}}}",) if simple else ()


def _flow(value: Value) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


def _missing(name: str, declared: Declared, user: Origin) -> Diagnostic:
    return Diagnostic(
        code="HB442",
        message=f"the blueprint {declared.blueprint} needs the parameter `{name}`",
        range=user.range,
        related=(Related("declared here", declared.origin(name).key_range),),
        hint=f"with: {{{name}: …}}",
    )


def _unknown(name: str, parameter: Parameter, declared: Declared) -> Diagnostic:
    near = closest(name, declared.schemas)
    known = ", ".join(declared.schemas) or "none"
    return Diagnostic(
        code="HB443",
        message=f"the blueprint {declared.blueprint} has no parameter `{name}`",
        range=parameter.origins[-1].key_range,
        notes=(f"its parameters: {known}",),
        hint=f"did you mean `{near}`?" if near else "take the line out",
    )


def fill_in(
    write: Write, parameters: Mapping[str, Parameter]
) -> tuple[Write, tuple[tuple[str, Diagnostic], ...]]:
    """The write with every `{param: name}` in its value replaced, and the names there are none of.
    `with` itself is left alone."""
    if write.path[:1] == ("with",):
        return write, ()
    filled: dict[Path, tuple[Origin, ...]] = {}
    unknown: list[tuple[str, Diagnostic]] = []

    def walk(value: Value, path: Path) -> Value:
        match value:
            case {"param": str(name), **others} if not others:
                if name in parameters:
                    filled[path] = parameters[name].origins
                    return parameters[name].value
                origin = write.origin.below(path)
                unknown.append((name, _no_parameter(name, origin, parameters)))
                return None
            case dict():
                return {key: walk(each, (*path, key)) for key, each in value.items()}
            case list():
                return [walk(each, (*path, index)) for index, each in enumerate(value)]
            case _:
                return value

    value = walk(write.value, ())
    if not filled and not unknown:
        return write, ()
    return replace(write, value=value, parameters=filled), tuple(unknown)


def _no_parameter(name: str, origin: Origin, parameters: Mapping[str, Parameter]) -> Diagnostic:
    near = closest(name, parameters)
    return Diagnostic(
        code="HB444",
        message=f"there is no parameter `{name}` here",
        range=origin.range,
        notes=(f"there are: {', '.join(parameters)}",) if parameters else (),
        hint=f"did you mean {{param: {near}}}?" if near else f"give it: with: {{{name}: …}}",
    )
