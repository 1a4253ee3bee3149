import pytest

from handbill.schema.document_schema import MODELS
from handbill.schema.model_schemas import FOLDER, model_schema, model_schema_files
from handbill.schema.models.effective import EffectiveCampaign
from handbill.schema.rewriting import tidy

EVERY = (*MODELS.values(), EffectiveCampaign)


def test_the_files_are_what_the_models_say():
    """Else: python -m handbill.schema.model_schemas"""
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == model_schema_files()


@pytest.mark.parametrize("model", EVERY, ids=lambda model: model.__name__)
def test_a_file_says_as_much_as_the_model(model):
    assert model_schema(model) == tidy(model.model_json_schema(by_alias=True))
