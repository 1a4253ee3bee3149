"""What the records of a vocabulary say of one another: references and relations must lead somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handbill.diagnostics.diagnostic import Diagnostic, Related
from handbill.diagnostics.suggest import closest
from handbill.language.vocabulary.records import Member, Record, Relation, Vocabulary
from handbill.language.vocabulary.words import describe
from handbill.plan.types import DatetimeType, DateType, StringType


def check_links(vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Findings about fields that name a dataset, or columns of one, that there is not."""
    datasets = vocabulary.datasets
    for record in (vocabulary.customer, *datasets.values(), *vocabulary.events.values()):
        for name, member in record.fields.items():
            if member.references is not None and member.references not in datasets:
                yield _no_dataset("HB520", name, member, member.references, datasets)
            if member.relation is not None:
                yield from _relation(name, member, member.relation, vocabulary)


def _no_dataset(
    code: str, name: str, member: Member, dataset: str, datasets: Iterable[str]
) -> Diagnostic:
    near = closest(dataset, datasets)
    hint = f"did you mean `{near}`?" if near else f"add schemas/data/{dataset}.schema.json"
    message = f"`{name}` refers to the dataset `{dataset}`, which is not declared"
    return Diagnostic(code, message, member.range, hint=hint)


def _relation(
    name: str, member: Member, relation: Relation, vocabulary: Vocabulary
) -> Iterator[Diagnostic]:
    rows = vocabulary.datasets.get(relation.dataset)
    if rows is None:
        yield _no_dataset("HB526", name, member, relation.dataset, vocabulary.datasets)
        return
    yield from _column(name, member, relation, "key", rows)
    if relation.time is not None:
        yield from _column(name, member, relation, "time", rows)


def _column(
    name: str, member: Member, relation: Relation, role: str, rows: Record
) -> Iterator[Diagnostic]:
    """The key is a text, the time a date or an instant; every row has both."""
    wanted = relation.key if role == "key" else relation.time
    column = rows.fields.get(str(wanted))
    if column is None:
        if rows.complete:
            near = closest(str(wanted), rows.fields)
            hint = f"did you mean `{near}`?" if near else f"declare `{wanted}` in that schema"
            message = f"`{name}`: `{relation.dataset}` has no column `{wanted}`"
            yield Diagnostic("HB526", message, member.range, hint=hint)
        return
    related = (Related("declared here", column.range),) if column.range is not None else ()
    kinds = (StringType,) if role == "key" else (DateType, DatetimeType)
    if not isinstance(column.type, kinds):
        message = f"`{name}`: the {role} `{wanted}` is {describe(column.type)}"
        hint = (
            "the key is a text, as the customer's id" if role == "key" else "a date, or date-time"
        )
        yield Diagnostic("HB526", message, member.range, hint=hint, related=related)
    elif not column.required:
        message = f"`{name}`: the {role} `{wanted}` of a row may be missing"
        hint = f"list `{wanted}` under `required` of schemas/data/{relation.dataset}.schema.json"
        yield Diagnostic("HB526", message, member.range, hint=hint, related=related)
