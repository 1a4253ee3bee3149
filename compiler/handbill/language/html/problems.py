"""What is wrong with a template's HTML, in the words of its author."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handbill.diagnostics.diagnostic import Diagnostic, Related
from handbill.language.html.findings import (
    MALFORMED_MESSAGES,
    Hole,
    Problem,
    ProblemKind,
    Surroundings,
)
from handbill.language.html.tokens import VOID
from handbill.language.templates.draft import Draft, DraftFor, DraftIf, DraftPut, DraftText
from handbill.language.templates.marked import Marked, MarkedTemplate

_ADVICE = {
    Surroundings.STYLE_ATTRIBUTE: "choose between constants: {{ '#b00020' if … else '#1a7f37' }}",
    Surroundings.STYLE_ELEMENT: "choose between constants: {{ '#b00020' if … else '#1a7f37' }}",
    Surroundings.SETTING: "write it out, or use a constant such as {{ tenant.name }}",
    Surroundings.CODE: "remove the attribute: mail programs drop it",
    Surroundings.COMMENT: "remove it, or write the comment as {# … #}: that one is never sent",
    Surroundings.SCRIPT: "remove the <script>: mail programs drop it",
    Surroundings.RAW_TEXT: "put it between ordinary tags",
    Surroundings.UNFINISHED: "finish the tag with `>`",
    Surroundings.TAG_NAME: "write the tag out; to show a `<`, write &lt;",
    Surroundings.ATTRIBUTE_NAME: 'write the attribute out: name="{{ … }}"',
}


def refused_place(draft: DraftPut, hole: Hole, value: str = "") -> Diagnostic:
    """Says why nothing, or no customer's value, may be written where this hole stands. `value` is
    that of its attribute, as it was written."""
    text, place = draft.place.text, draft.place.range
    quoted = f'{hole.attribute}="{value}"'
    if hole.surroundings is Surroundings.UNQUOTED:
        message = f"`{text}` stands in an attribute without quotes, where a space would end it"
        return Diagnostic("HB561", message, place, hint=quoted)
    if hole.surroundings is Surroundings.SINGLE_QUOTED:
        message = f"`{text}` stands in single quotes: only double quotes are safe here"
        return Diagnostic("HB561", message, place, hint=quoted)
    where = _where(hole.surroundings, hole.attribute)
    if hole.surroundings in (
        Surroundings.STYLE_ATTRIBUTE,
        Surroundings.STYLE_ELEMENT,
        Surroundings.SETTING,
    ):
        message = f"`{text}` is not known before sending, so it cannot stand in {where}"
    else:
        message = f"`{text}` cannot stand in {where}"
    return Diagnostic("HB560", message, place, hint=_ADVICE.get(hole.surroundings))


def several_addresses(draft: DraftPut, hole: Hole) -> Diagnostic:
    """A customer's value in an attribute that is not one address to follow or to see."""
    message = f"`{draft.place.text}` is not known before sending, and `{hole.attribute}`"
    if hole.attribute.rpartition(":")[2] in ("href", "src"):
        message += f" of <{hole.element}>"
    hint = "write it out, or put the value into the `src` or `href` of an image or link"
    return Diagnostic("HB569", f"{message} takes constants only", draft.place.range, hint=hint)


def _where(surroundings: Surroundings, attribute: str) -> str:
    return f"`{attribute}`, {surroundings.value}" if attribute else surroundings.value


def independent(problems: Sequence[Problem], marked: MarkedTemplate) -> list[Problem]:
    """Each misplaced `if` or `for` once, and then nothing that may only follow from it."""
    turns: set[int] = set()
    result: list[Problem] = []
    for problem in problems:
        if problem.kind is ProblemKind.MISPLACED_TURN and problem.mark is not None:
            turn = id(marked.marks[problem.mark])
            if turn not in turns:
                result.append(problem)
            turns.add(turn)
        else:
            result.append(problem)
    if turns:
        return [each for each in result if each.kind is ProblemKind.MISPLACED_TURN]
    return result


def explain_problem(problem: Problem, marked: MarkedTemplate) -> Diagnostic:
    place = marked.place(problem.start, problem.end).range
    name = problem.name
    turn = marked.marks[problem.mark] if problem.mark is not None else None
    match problem.kind:
        case ProblemKind.MISPLACED_TURN:
            return _misplaced_turn(problem, turn)
        case ProblemKind.LESS_THAN:
            message = f"a `<` inside <{name}> may end it"
            return Diagnostic("HB566", message, place, hint="&lt;")
        case ProblemKind.MALFORMED:
            return Diagnostic("HB566", MALFORMED_MESSAGES[name], place)
        case ProblemKind.HALF_REFERENCE:
            message = f"`{name}` and the value after it may be read as one character"
            return Diagnostic("HB578", message, place, hint=f"&amp;{name[1:]}")
        case ProblemKind.COMMENT_END:
            message = "a value that ends with dashes would end this comment for Outlook at the `>`"
            return Diagnostic("HB570", message, place, hint="write &gt; for the `>`")
        case ProblemKind.RUNS_CODE:
            message = f"a mail cannot have `{name}`: mail programs drop what runs code"
            return Diagnostic("HB577", message, place, hint=f"remove `{name}`")
        case ProblemKind.SELF_CLOSED:
            message = f"<{name}/> does not close itself: to browsers it stays open"
            return Diagnostic("HB565", message, place, hint=f"<{name}></{name}>")
        case ProblemKind.UNCLOSED:
            message = f"<{name}> is never closed{_reader(problem)}"
            return Diagnostic("HB565", message, place, hint=f"</{name}>")
        case ProblemKind.STRAY_END:
            return _stray_end(problem, marked)
        case ProblemKind.MISNESTED:
            related = _other(problem, marked, f"<{problem.other_name}> is still open")
            message = (
                f"</{name}> comes while <{problem.other_name}> inside it is open{_reader(problem)}"
            )
            hint = f"close it first: </{problem.other_name}></{name}>"
            return Diagnostic("HB565", message, place, hint=hint, related=related)
        case ProblemKind.UNCLOSED_IN_BRANCH:
            message = f"<{name}> is opened in one branch and not closed there{_reader(problem)}"
            return Diagnostic(
                "HB564",
                message,
                place,
                hint=f"add </{name}>, or move <{name}> out",
                notes=("whatever is true, the same tags must be open where a branch ends",),
                related=_turn(turn),
            )
        case ProblemKind.CLOSED_FROM_OUTSIDE:
            related = _other(problem, marked, f"<{name}> is opened here, outside the branch")
            message = f"</{name}> closes in one branch what was opened outside{_reader(problem)}"
            return Diagnostic("HB564", message, place, related=related, hint=f"move </{name}> out")


def _stray_end(problem: Problem, marked: MarkedTemplate) -> Diagnostic:
    place = marked.place(problem.start, problem.end).range
    name = problem.name
    if name in VOID:
        message = f"<{name}> has no content, so it has no end tag"
        return Diagnostic("HB565", message, place, hint=f"remove </{name}>")
    related = _other(problem, marked, f"<{problem.other_name}> is open here")
    message = f"</{name}> closes nothing: no <{name}> is open{_reader(problem)}"
    return Diagnostic("HB565", message, place, related=related)


def _misplaced_turn(problem: Problem, turn: Marked | None) -> Diagnostic:
    assert turn is not None and problem.surroundings is not None
    word = "if" if isinstance(turn, DraftIf) else "for"
    in_tag = problem.surroundings is Surroundings.ATTRIBUTE_NAME
    hint = _inline(turn, in_tag) if isinstance(turn, DraftIf) else "put the loop around the element"
    message = f"`{word}` cannot stand in {_where(problem.surroundings, problem.name)}"
    return Diagnostic("HB563", message, turn.place.range, hint=hint)


_WHOLE_ATTRIBUTE = re.compile(r"""\s*([\w:-]+)\s*=\s*(["'])(.*)\2\s*\Z""")


def _inline(turn: DraftIf, in_tag: bool) -> str:
    """The same choice inside one attribute's value."""
    condition = turn.place.text.strip("{%-+} ").removeprefix("if ").strip()
    yes, no = _written(turn.branches[0].body), _written(turn.otherwise)
    if not in_tag:
        return f"{{{{ {_text(yes)} if {condition} else {_text(no)} }}}}"
    ways = [_WHOLE_ATTRIBUTE.match(way) if way else None for way in (yes, no)]
    names = {way[1] for way in ways if way}
    name = names.pop() if len(names) == 1 else "name"
    yes, no = (way[3] if way else None for way in ways)
    return (
        f'{name}="{{{{ {_text(yes)} if {condition} else {_text(no if turn.otherwise else "")} }}}}"'
    )


def _written(body: tuple[Draft, ...]) -> str | None:
    """What a branch writes, when that is nothing but text."""
    texts = [draft.text for draft in body if isinstance(draft, DraftText)]
    return "".join(texts) if len(texts) == len(body) else None


def _text(written: str | None) -> str:
    plain = written is not None and "'" not in written and "\\" not in written
    return f"'{written}'" if plain else "'…'"


def _other(problem: Problem, marked: MarkedTemplate, message: str) -> tuple[Related, ...]:
    if problem.other is None:
        return ()
    return (Related(message, marked.place(*problem.other).range),)


def _turn(turn: Marked | None) -> tuple[Related, ...]:
    if turn is None:
        return ()
    word = "for" if isinstance(turn, DraftFor) else "if"
    return (Related(f"the `{word}` starts here", turn.place.range),)


def _reader(problem: Problem) -> str:
    return ", as Outlook reads it" if problem.outlook else ""
