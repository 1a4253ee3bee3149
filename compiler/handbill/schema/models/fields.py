"""fields.yaml: fields of the customer that are computed, each from an expression."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import ConfigDict, Field, RootModel

from handbill.schema.models.values import Expr

COMPUTED_NAME_PATTERN = r"^customer\.[A-Za-z][A-Za-z0-9_]{0,59}$"
ComputedName: TypeAlias = Annotated[
    str,
    Field(
        pattern=COMPUTED_NAME_PATTERN,
        json_schema_extra={"x-kind": "computed-name", "examples": ["customer.display_name"]},
    ),
]


class FieldsDocument(RootModel[dict[ComputedName, Expr | None]]):
    """`customer.NAME: EXPRESSION`; a null takes away what an outer layer computes."""

    model_config = ConfigDict(frozen=True)
