from handbill.plan.import_source import Normalisation


def test_the_optional_form_of_a_normalisation():
    assert Normalisation("v").optional() == "v"
    assert Normalisation("v", "ok").optional() == "CASE WHEN ok THEN v END"
    assert Normalisation("v", "ok", "short").optional() == "short"
