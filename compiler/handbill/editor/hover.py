"""What an editor shows of the thing under the cursor: a value with its layers, a field of the vocabulary,
a filter as the reference has it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from handbill.editor.aim import Aim, Field, Name, Word
from handbill.editor.fitting import description_at, nodes_at
from handbill.editor.phrase import Wants
from handbill.editor.surroundings import MESSAGE, OFFER, Surroundings
from handbill.language.filters.signature import Signature
from handbill.language.filters.table import FILTERS, TESTS
from handbill.language.scope import ConstantRoot
from handbill.language.vocabulary.located_json import JsonError, read_json
from handbill.language.vocabulary.records import Member
from handbill.language.vocabulary.words import describe as describe_type
from handbill.resolve.patterns import dotted
from handbill.resolve.why import ExplainedValue, default_of, explain_value
from handbill.schema.describe import describe
from handbill.source.located import Path, Value

MOST_VALUES = 6
LONGEST = 100
"""Characters of a value."""


def hover(aim: Aim, around: Surroundings) -> str | None:
    """Markdown, or None where there is nothing to say."""
    match aim:
        case Word():
            return _word(aim, around)
        case Name(path=path, name=name):
            return _field(path, around) or (f"`{name}`" if name else None)
        case Field(path=path):
            return _field(path, around)


# ── fields of documents ──────────────────────────────────────────────────────────────────────────


def _field(path: Path, around: Surroundings) -> str | None:
    parts = [part for part in (_meaning(path, around), _layers(path, around)) if part]
    return "\n\n".join(parts) or None


def _meaning(path: Path, around: Surroundings) -> str:
    if around.schema is None or not path:
        return ""
    nodes = nodes_at(around.schema, path)
    if not nodes:
        return ""
    title = f"**{dotted(path)}**: {describe(around.schema, nodes[0])}"
    about = description_at(around.schema, path)
    return f"{title}\n\n{about}" if about else title


def _layers(path: Path, around: Surroundings) -> str:
    """Only where one campaign is meant: a shared file's values differ from campaign to campaign."""
    tenant, campaign = around.tenant, around.campaign
    if tenant is None or campaign is None or around.place is None or around.place.blueprint:
        return ""
    field = dotted(tuple(step for step in path if isinstance(step, str)))
    found = explain_value(tenant, campaign, field)
    if not found:
        default = default_of(campaign, field)
        return f"by default `{_short(default)}`" if default is not None else ""
    shown = [_explained(each) for each in found[:MOST_VALUES]]
    if len(found) > MOST_VALUES:
        shown.append(f"… and {len(found) - MOST_VALUES} more: `handbill why` lists them")
    return "\n\n".join(shown)


def _explained(value: ExplainedValue) -> str:
    whose = "" if value.of == "campaign" else f" ({value.of})"
    lines = [f"{value.field}{whose} = {_short(value.value)}"]
    for each in value.writings:
        lines.append(f"  {each.layer:<9} {each.range}  {_short(each.value)}  ({each.effect})")
    return "```text\n" + "\n".join(lines) + "\n```"


def _short(value: Value) -> str:
    if value is None:
        return "null"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    line = " ".join(text.split()).replace("```", "'''")
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


# ── words of the language ────────────────────────────────────────────────────────────────────────


def _word(aim: Word, around: Surroundings) -> str | None:
    phrase = aim.phrase
    match phrase.wants:
        case Wants.FILTER:
            return signature_text(FILTERS[phrase.word]) if phrase.word in FILTERS else None
        case Wants.TEST:
            return signature_text(TESTS[phrase.word]) if phrase.word in TESTS else None
        case Wants.MEMBER:
            return _member(phrase.owner, phrase.word, around)
        case _:
            return f"`{phrase.word}`: {MESSAGE[phrase.word]}" if phrase.word in MESSAGE else None


def signature_text(one: Signature) -> str:
    """A filter or a test as the reference has it."""
    where = "messages" if one.templates_only else "rules and messages"
    usage = one.usage if one.kind != "test" else f"is {one.usage}"
    return (
        f"**{usage}**: {one.meaning}\n\ntakes {one.takes}, gives {one.gives}; in {where}\n\n"
        f"```text\n{one.example}\n```"
    )


def _member(owner: tuple[str, ...], name: str, around: Surroundings) -> str | None:
    full = ".".join((*owner, name))
    if member := around.member(owner, name):
        return "\n\n".join(_declared(full, member, around))
    if owner == ("customer",) and (at := around.computed_at(name)):
        return f"**{full}**: computed at {at.file}:{at.line}"
    if owner == ("offer",) and name in OFFER:
        return f"**{full}**: {OFFER[name]}"
    if owner == ("params",) and around.campaign and name in around.campaign.params:
        return f"**{full}** = `{_short(around.campaign.params[name])}`"
    if owner == ("audiences",) and around.scope and name in around.scope.audiences:
        return f"**{full}**\n\n```text\n{around.scope.audiences[name].include.text}\n```"
    value = _constant((*owner, name), around)
    return f"**{full}** = `{value}`" if value else None


def _declared(full: str, member: Member, around: Surroundings) -> Iterator[str]:
    required = "always there" if member.required else "may be missing"
    yield f"**{full}**: {describe_type(member.type)}, {required}"
    if about := _description(member, around):
        yield about
    if member.range is not None:
        yield f"declared at {member.range.file}:{member.range.line}"


def _description(member: Member, around: Surroundings) -> str:
    """What the schema says of the field: the vocabulary itself keeps no prose."""
    at, tree = member.range, around.look.tree
    if at is None or tree is None or at.file not in tree.paths:
        return ""
    try:
        document = read_json(at.file, tree.read(at.file))
    except JsonError:
        return ""
    path = next((path for path, where in document.keys.items() if where == at), None)
    if path is None:
        path = next((path for path, where in document.ranges.items() if where == at), None)
    value = document.value
    for step in path or ():
        value = value[step]  # type: ignore[index]
    about = value.get("description") if path and isinstance(value, dict) else None
    return about if isinstance(about, str) else ""


def _constant(path: tuple[str, ...], around: Surroundings) -> str:
    root = around.scope.roots.get(path[0]) if around.scope else None
    value = root.values if isinstance(root, ConstantRoot) else None
    for name in path[1:]:
        value = value.get(name) if isinstance(value, dict) else None
    return str(value) if isinstance(value, str | int) else ""
