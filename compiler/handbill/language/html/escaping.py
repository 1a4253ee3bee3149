"""What a hole becomes once its surroundings are known, and what is said of one that may not stand there.

Shared by HTML (`escape_html`) and by everything that is not HTML (`escape_plain`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import assert_never

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.html.address_reading import Reading, Standing, standing
from handbill.language.html.split_holes import hides_link
from handbill.language.templates.draft import (
    Draft,
    DraftFor,
    DraftIf,
    DraftPut,
    DraftSet,
    DraftText,
    Place,
)
from handbill.plan.escapes import URL_ESCAPES, escape_text
from handbill.plan.ir import Const, Escape, Expression, Field, Put, Text

GENERATED_LINKS = frozenset({("unsubscribe_url",), ("view_url",)})
"""Context fields whose value the runtime makes: always one complete, safe address."""
_REFUSED = (
    Standing.RELATIVE,
    Standing.IN_HOST,
    Standing.OTHER_SCHEME,
    Standing.BAD_HOST,
    Standing.INSECURE,
    Standing.HALF_ESCAPE,
    Standing.TOO_MANY,
)


def is_generated_link(expression: Expression) -> bool:
    return isinstance(expression, Field) and expression.path in GENERATED_LINKS


def put_value(expression: Expression, escape: Escape) -> Text | Put:
    """The operation that writes a string expression; a constant is escaped here and now."""
    if isinstance(expression, Const):
        text = str(expression.value)
        return Text(text if escape is Escape.PLAIN else escape_text(text, escape))
    return Put(expression, escape)


def open_put(expression: Expression, escape: Escape) -> Text | Put:
    """The same with a constant kept apart from the text around it: see `assembly.closed`."""
    if isinstance(expression, Const) and str(expression.value).isprintable():
        return Put(expression, escape)
    return put_value(expression, escape)


def plain_put(put: Put) -> Put:
    """What a hole of HTML becomes where the same is said in plain text; in a link it stays as it is."""
    return put if put.escape in URL_ESCAPES else Put(put.expression, Escape.PLAIN)


def value_in_address(draft: DraftPut, readings: Collection[Reading]) -> Escape | Diagnostic:
    """For a customer's value in an address that can have been read so far in these ways."""
    return _value_at(draft, readings, prose=False)


def value_in_prose(
    draft: DraftPut, readings: Collection[Reading], outside: Escape
) -> Escape | Diagnostic:
    """The same in a text: `outside` is the escape where the value is part of no link."""
    found = _value_at(draft, readings, prose=True)
    return outside if found is Escape.NONE else found


def _value_at(
    draft: DraftPut, readings: Collection[Reading], *, prose: bool
) -> Escape | Diagnostic:
    ways = {standing(reading, prose=prose): reading for reading in sorted(readings, key=repr)}
    for refused in _REFUSED:
        if refused in ways:
            code = "HB567" if prose else "HB571"
            return _refused(code, draft, refused, ways[refused])
    if ways.keys() == {Standing.OUTSIDE}:
        return Escape.NONE
    if Standing.OUTSIDE in ways:
        return _partly_in_link(draft)
    return Escape.URL_SEGMENT if Standing.IN_SEGMENT in ways else Escape.URL


def _refused(code: str, draft: DraftPut, way: Standing, reading: Reading) -> Diagnostic:
    message, hint = _why_refused(draft.place.text, way, reading)
    return Diagnostic(code, message, draft.place.range, hint=hint)


def _why_refused(text: str, way: Standing, reading: Reading) -> tuple[str, str]:
    written_out = f"{{{{ brand.site }}}}/{{{{ {text} }}}}"
    where = "so it would decide where the address leads"
    if way is Standing.RELATIVE:
        if not reading.text:
            return f"`{text}` begins an address, {where}", f"write the domain out: {written_out}"
        message = f"`{text}` stands in an address that does not begin with https:// and a domain"
        return message, f"write it out: {written_out}"
    if way is Standing.IN_HOST:
        message = f"`{text}` stands before the end of the domain, {where}"
        return message, f"end the domain with a slash: https://…/{{{{ {text} }}}}"
    if way is Standing.OTHER_SCHEME:
        message = (
            f"`{text}` is not known before sending, and `{reading.scheme}:` takes constants only"
        )
        return message, f"use a web address: {written_out}"
    if way is Standing.BAD_HOST:
        message = f"`{text}` stands in an address whose domain, `{reading.host}`, cannot be read"
        return message, "write the domain in plain letters: https://www.example.com/…"
    if way is Standing.INSECURE:
        message = f"`{text}` would travel in the clear: the address begins with http://"
        return message, f"https://{reading.host}/…"
    if way is Standing.HALF_ESCAPE:
        message = f"the `%` before `{text}` would take the beginning of its value for a code"
        return message, "write %25 for a percent sign"
    return (
        f"`{text}` stands in more than 64 different addresses",
        "write fewer alternatives into it",
    )


def _partly_in_link(draft: DraftPut) -> Diagnostic:
    message = f"`{draft.place.text}` is part of a link in one branch, and no part of one in another"
    return Diagnostic(
        "HB568",
        message,
        draft.place.range,
        hint="write the whole link inside the branch, or a space after it",
    )


def links_in_expressions(drafts: Iterable[Draft], *, holes: bool) -> Iterator[Diagnostic]:
    """Links that are put together where nobody can escape them: in a `set`, and with `holes` in a
    filter's value."""
    for draft in drafts:
        match draft:
            case DraftSet(expression=expression, place=place):
                if place is not None and hides_link(expression):
                    yield _link_in_expression(place)
            case DraftPut(expression=expression, place=place):
                if holes and hides_link(expression):
                    yield _link_in_expression(place)
            case DraftIf(branches=branches, otherwise=otherwise):
                for branch in branches:
                    yield from links_in_expressions(branch.body, holes=holes)
                yield from links_in_expressions(otherwise, holes=holes)
            case DraftFor(body=body, otherwise=otherwise):
                yield from links_in_expressions(body, holes=holes)
                yield from links_in_expressions(otherwise, holes=holes)
            case DraftText():
                pass
            case _:
                assert_never(draft)


def _link_in_expression(place: Place) -> Diagnostic:
    return Diagnostic(
        "HB579",
        "a link with a value in it is put together inside an expression, where it cannot be escaped",
        place.range,
        hint="write it out where it is used: {{ brand.site }}/{{ … }}",
    )


def before_scheme(draft: DraftPut) -> Diagnostic:
    message = f"`{draft.place.text}` stands right before `://`, so it would decide what that is"
    return Diagnostic("HB567", message, draft.place.range, hint="write a space between")


def link_is_not_whole(draft: DraftPut) -> Diagnostic:
    return Diagnostic(
        "HB571",
        f"`{draft.place.text}` is a complete address: nothing can stand before or after it",
        draft.place.range,
        hint='href="{{ ' + draft.place.text + ' }}"',
    )


def too_many_alternatives(draft: DraftPut, limit: int) -> Diagnostic:
    message = f"this can become more than {limit} different texts"
    return Diagnostic("HB571", message, draft.place.range, hint="write fewer alternatives into it")
