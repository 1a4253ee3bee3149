"""pydantic's JSON Schemas of the models, as files of the package: a check of one file asks none of the
models for its schema, and pydantic builds only those that it reads something with.

`python -m handbill.schema.model_schemas` writes the files anew after a change to a model. A test
fails while they are not what the models say.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from handbill.schema.rewriting import Schema, tidy

FOLDER = Path(__file__).with_name("model_schemas")


@cache
def model_schema(model: type[BaseModel]) -> Schema:
    """The tidy JSON Schema (2020-12) of a document's model. Shared: nobody changes it."""
    schema: Schema = json.loads((FOLDER / f"{model.__name__}.json").read_bytes())
    return schema


def model_schema_files() -> dict[str, bytes]:
    """File name → content, of every model that has a schema of its own."""
    from handbill.schema.document_schema import MODELS
    from handbill.schema.models.effective import EffectiveCampaign

    models: tuple[type[BaseModel], ...] = (*MODELS.values(), EffectiveCampaign)
    return {
        f"{model.__name__}.json": _bytes(tidy(model.model_json_schema(by_alias=True)))
        for model in models
    }


def _bytes(schema: Schema) -> bytes:
    return (json.dumps(schema, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in model_schema_files().items():
        (FOLDER / name).write_bytes(content)
