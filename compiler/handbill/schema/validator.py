"""JSON Schema validation (jsonschema, 2020-12) with one keyword of our own: `x-kind`.

Where a kind has a parser, its verdict stands in place of the pattern, because it can say why.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from handbill.schema.kinds import KINDS
from handbill.schema.scalars import ScalarError


def _judge_kind(
    validator: Validator, kind: str, instance: object, schema: dict[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(instance, str):
        try:
            KINDS[kind].judge(instance)
        except ScalarError as error:
            yield ValidationError(str(error), cause=error)


KindValidator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"x-kind": _judge_kind}
)
"""A jsonschema validator class; an `x-kind` error's `cause` is the ScalarError."""
